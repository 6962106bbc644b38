"""Semantics parsing: the SceneParser protocol, the door by which every parser joins.

Source: STEP section 3.1, "semantics parsing". One decoding pass feeds a parser while it runs,
so a parser sees pictures as they come and never holds a whole clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from videostep.graph import ClipGraph, Coverage, Event, FrameGraph, ObjectNode
from videostep.media.picture import Picture
from videostep.store.graph_drops import GraphDrop
from videostep.video import Clip, Video


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An object of a clip as bridging compares it with one of another clip."""

    object: ObjectNode
    attributes: tuple[tuple[str, str], ...]
    """(name, value) pairs, sorted."""
    appearance: tuple[float, ...]


class ClipParse(Protocol):
    """One clip being watched."""

    def see(self, picture: Picture) -> None:
        """Take the next picture of the clip; times rise."""

    def finish(self, clip: Clip) -> tuple[FrameGraph, ...]:
        """The clip has ended: one FrameGraph per keyframe of `clip`, in order.

        Every keyframe's `time_s` is the time of a picture that was seen.
        """


@runtime_checkable
class MayLeaveOut(Protocol):
    """A parser that goes on where a question got no answer, and owns up to it."""

    def take_unanswered(self) -> tuple[str, ...]:
        """What got no answer since the last call, and why; the graph lacks what it would have said."""


@runtime_checkable
class KeepsAccount(Protocol):
    """A parser that tells what it was told, or took for seen, and did not confirm."""

    def take_dropped(self) -> tuple[GraphDrop, ...]:
        """What was dropped since the last call: nodes, edges and events that no graph holds."""


@runtime_checkable
class ComparesTogether(Protocol):
    """A parser that compares many pairs at the price of a few, if it knows them beforehand."""

    def expect_pairs(self, pairs: Sequence[tuple[Sighting, Sighting]]) -> None:
        """`same_thing` will be asked about these pairs, of one clip and clips before it."""


@runtime_checkable
class HoldsOpen(Protocol):
    """A parser that holds connections, files or a model's memory."""

    def close(self) -> None:
        """Let go of them; a second call does nothing."""


@runtime_checkable
class SceneParser(Protocol):
    """Turns pictures into FrameGraphs and answers the two questions of bridging."""

    @property
    def name(self) -> str:
        """Goes into provenance and stamps: model, version, whatever changes its answers."""

    @property
    def coverage(self) -> Coverage:
        """What it looks for in every picture.

        Read when a video has been watched: `sampled_every_s` may be that video's.
        """

    def open_clip(self, video: Video, start_s: float) -> ClipParse:
        """Begin a clip that starts at `start_s`."""

    def same_thing(self, first: Sighting, second: Sighting) -> float:
        """How sure it is, 0..1, that two objects are the same thing, judged by their looks alone.

        Asked for objects of different clips, and for two that are seen side by side: how sure it is
        there tells how far its word can be trusted.
        """

    def event_of(self, graph: ClipGraph) -> Event:
        """What happens in this clip, in one sentence."""


def close_parser(parser: SceneParser) -> None:
    """Let a parser that is not needed any more let go of what it holds open, if anything."""
    if isinstance(parser, HoldsOpen):
        parser.close()
