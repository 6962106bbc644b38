"""Induction of one video: a single decoding pass splits, parses and merges; bridging ends it.

Source: STEP section 3.1, its four operations in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import videostep
from videostep.graph import ClipGraph, Provenance, VideoGraph
from videostep.induce.bridge import BridgeConfig, bridge_video
from videostep.induce.merge import MergeConfig, merge_clip
from videostep.induce.parse import ClipParse, KeepsAccount, MayLeaveOut, SceneParser
from videostep.induce.split import (
    ClipClosed,
    ClipOpened,
    KeyframeChosen,
    PictureTaken,
    SplitConfig,
    SplitEvent,
    Splitter,
    open_for_splitting,
)
from videostep.induce.vetting import Unvouched, vet_clip, vouched
from videostep.store.graph_drops import GraphDrop
from videostep.store.stamps import sha256_of_config
from videostep.video import Clip, Video

REPORT_EVERY_S = 1.0
"""Progress is reported about once per second of video."""

ProgressListener = Callable[[str, float, float | None, dict[str, int]], None]
"""Gets the stage now running (`split`, `parse`, `merge`, `bridge`), the seconds of video done, the total
seconds or None where the file declares none, and counts of clips, keyframes and pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InduceConfig:
    """How a video becomes a graph; the parser has a config of its own."""

    split: SplitConfig = field(default_factory=SplitConfig)
    merge: MergeConfig = field(default_factory=MergeConfig)
    bridge: BridgeConfig = field(default_factory=BridgeConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class Induced:
    """What came out of one video."""

    graph: VideoGraph
    warnings: tuple[str, ...]
    """What the decoder could not read, in plain words; empty for a sound file."""
    unanswered: tuple[str, ...] = ()
    """Questions that the parser got no answer to: the graph lacks what they would have said."""
    dropped: tuple[GraphDrop, ...] | None = None
    """What was said and is not in the graph: not confirmed, or it cannot be; None: the parser keeps no
    account, and nothing it said was impossible."""


def induce_video(
    path: str | Path,
    parser: SceneParser,
    config: InduceConfig | None = None,
    *,
    seed: int = 0,
    write_keyframe: Callable[[str, bytes], None] | None = None,
    on_progress: ProgressListener | None = None,
) -> Induced:
    """Make the spatio-temporal scene graph (STSG) of one video.

    Args:
        path: The video file.
        parser: Turns pictures into FrameGraphs.
        config: Of splitting, merging and bridging; the defaults if None.
        seed: Goes into the graph's provenance; induction itself draws nothing at random.
        write_keyframe: Gets each keyframe's path (relative to the run folder) and JPEG bytes, as soon
            as it is chosen; None: no pictures are kept.
        on_progress: Hears how far the work is.

    Raises:
        MediaError: the file cannot be opened or decoded.
        ParserError: the parser failed.
    """
    config = config or InduceConfig()
    # What a video that broke off has left behind is not this one's.
    _account_of(parser)
    with open_for_splitting(path, config.split) as reader:
        declared_s = reader.video.duration_s or None
        progress = _Progress(listener=on_progress, total_s=declared_s)
        induction = _Induction(reader.video, parser, config, write_keyframe, progress)
        progress.enter("split")
        splitter = Splitter(reader.video.id, config.split, reader.look_again)
        progress.enter("parse")
        for frame in reader.frames():
            for event in splitter.see(frame):
                induction.take(event)
            progress.advance(frame.time_s)
        video = reader.final_video()
        for event in splitter.finish(video.duration_s):
            induction.take(event)
        progress.done_s = video.duration_s
    graph = induction.bridge(video, seed)
    unanswered, unconfirmed = _account_of(parser)
    dropped = (
        None if unconfirmed is None and not induction.dropped else (*(unconfirmed or ()), *induction.dropped)
    )
    return Induced(graph=graph, warnings=tuple(reader.warnings), unanswered=unanswered, dropped=dropped)


def _account_of(parser: SceneParser) -> tuple[tuple[str, ...], tuple[GraphDrop, ...] | None]:
    """What a parser left out and dropped since the last call."""
    unanswered = parser.take_unanswered() if isinstance(parser, MayLeaveOut) else ()
    return unanswered, parser.take_dropped() if isinstance(parser, KeepsAccount) else None


@dataclass(slots=True, kw_only=True)
class _Progress:
    """Says which stage runs and how far the video is."""

    listener: ProgressListener | None
    total_s: float | None
    stage: str = ""
    done_s: float = 0.0
    counts: dict[str, int] = field(default_factory=lambda: {"clips": 0, "keyframes": 0, "pictures": 0})

    def enter(self, stage: str) -> None:
        self.stage = stage
        self._report()

    def advance(self, time_s: float) -> None:
        if time_s - self.done_s >= REPORT_EVERY_S:
            self.done_s = time_s
            self._report()

    def _report(self) -> None:
        if self.listener is not None:
            self.listener(self.stage, self.done_s, self.total_s, dict(self.counts))


class _Induction:
    """Hands the events of splitting to the parser, and what it says to merging."""

    def __init__(
        self,
        video: Video,
        parser: SceneParser,
        config: InduceConfig,
        write_keyframe: Callable[[str, bytes], None] | None,
        progress: _Progress,
    ) -> None:
        self._video = video
        self._parser = parser
        self._config = config
        self._write_keyframe = write_keyframe
        self._progress = progress
        self._parse: ClipParse | None = None
        self._graphs: list[ClipGraph] = []
        self._unvouched: set[Unvouched] = set()
        self.dropped: list[GraphDrop] = []
        """What the parser said that cannot be."""

    def take(self, event: SplitEvent) -> None:
        match event:
            case ClipOpened():
                self._parse = self._parser.open_clip(self._video, event.start_s)
            case PictureTaken():
                assert self._parse is not None
                self._parse.see(event.frame.picture())
                self._progress.counts["pictures"] += 1
            case KeyframeChosen():
                if self._write_keyframe is not None:
                    self._write_keyframe(event.path, event.jpeg)
                self._progress.counts["keyframes"] += 1
            case ClipClosed():
                self._close(event.clip)

    def _close(self, clip: Clip) -> None:
        assert self._parse is not None
        vetted = vet_clip(clip, self._parse.finish(clip))
        self._parse = None
        self.dropped += vetted.dropped
        self._unvouched |= vetted.unvouched
        self._progress.enter("merge")
        self._graphs.append(merge_clip(clip, vetted.frames, self._config.merge))
        self._progress.counts["clips"] += 1
        self._progress.enter("parse")

    def bridge(self, video: Video, seed: int) -> VideoGraph:
        self._progress.enter("bridge")
        provenance = Provenance(
            generator="videostep",
            version=videostep.__version__,
            model=self._parser.name,
            config_sha256=sha256_of_config(self._config),
            seed=seed,
        )
        graph = bridge_video(video, self._graphs, self._parser, self._config.bridge, provenance)
        return replace(graph, coverage=vouched(graph.coverage, self._unvouched))
