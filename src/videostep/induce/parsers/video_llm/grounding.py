"""Boxes and tracks of another scene parser under a Video-LLM's words: each says what it knows best.

A thing that both see in one place is one: it has the other parser's box, track and times, and the
Video-LLM's label, by the vote of all keyframes of the track. What only the other parser sees is listed with
its label, and asked about and checked like everything else; what only the Video-LLM sees stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from videostep.graph import FrameGraph, FrameObject, Kind
from videostep.induce.boxes import overlap
from videostep.induce.identity import assign
from videostep.induce.parsers.video_llm.draft import Draft, Thing
from videostep.induce.parsers.video_llm.vote import left_to_right
from videostep.induce.parsers.video_llm.words import may_be_called

MIN_OVERLAP = 0.5
"""Boxes that share less (intersection over union) show two things ..."""
SAME_WORD = 0.2
"""... but this much less is enough where both may call it the same: a Video-LLM places things roughly ..."""
OTHER_WORD = 0.25
"""... and this much more is needed where they do not: a rider and her bicycle share half of their boxes."""

_Match = tuple[FrameObject, Thing | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matched:
    """One keyframe, seen by both."""

    matches: tuple[_Match, ...]
    """Every object that the other parser sees, and what the Video-LLM saw there."""
    loose: tuple[Thing, ...]
    """What only the Video-LLM sees."""
    doubts: frozenset[str]
    """Labels of which the Video-LLM, which cannot point, names more than the other parser sees."""


def ground(drafts: Sequence[Draft], frames: Sequence[FrameGraph]) -> list[Draft]:
    """The things of a clip's keyframes with the other parser's boxes, tracks and times."""
    matched = [_match(draft, frame) for draft, frame in zip(drafts, frames, strict=True)]
    words = _words_of_tracks([match for of_frame in matched for match in of_frame.matches])
    return [
        _grounded(draft, frame, of_frame, words)
        for draft, frame, of_frame in zip(drafts, frames, matched, strict=True)
    ]


def _match(draft: Draft, frame: FrameGraph) -> _Matched:
    objects = [found for found in frame.objects if found.box is not None]
    scores = np.array([[_likeness(found, thing) for thing in draft.things] for found in objects])
    pairs = dict(assign(scores, MIN_OVERLAP))
    claimed = set(pairs.values())
    doubts: set[str] = set()
    for label in sorted({found.label for found in objects}):
        rows = _from_left([row for row, found in enumerate(objects) if found.label == label], objects)
        free = [row for row in rows if row not in pairs]
        columns = _placeless(label, draft.things)
        claimed |= set(columns)
        if len({draft.things[column].label for column in columns}) == 1 and len(columns) == len(free):
            pairs |= dict(zip(free, columns, strict=True))
        if len(columns) > len(free):
            doubts |= {label}
    return _Matched(
        matches=tuple(
            (found, draft.things[pairs[row]] if row in pairs else None) for row, found in enumerate(objects)
        ),
        loose=tuple(thing for column, thing in enumerate(draft.things) if column not in claimed),
        doubts=frozenset(doubts),
    )


def _from_left(rows: Sequence[int], objects: Sequence[FrameObject]) -> list[int]:
    return sorted(rows, key=lambda row: objects[row].box or ())


def _placeless(label: str, things: Sequence[Thing]) -> list[int]:
    """Things without a place that may be what the other parser calls `label`: they are some of those.

    Which is which is known only where all have one name and there are as many, listed from left to right.
    """
    return [
        column
        for column, thing in enumerate(things)
        if thing.box is None and may_be_called(label, thing.label)
    ]


def _likeness(found: FrameObject, thing: Thing) -> float:
    if found.box is None or thing.box is None:
        return 0.0
    common = overlap(found.box, thing.box)
    if not common:
        return 0.0
    return common + (SAME_WORD if may_be_called(found.label, thing.label) else -OTHER_WORD)


def _words_of_tracks(matches: Sequence[_Match]) -> dict[str, tuple[str, Kind]]:
    """Track to the label and kind that the Video-LLM gives most often; without any, the other parser's."""
    words: dict[str, tuple[str, Kind]] = {}
    for track, group in groupby(sorted(matches, key=_track), key=_track):
        of_track = list(group)
        said = Counter((thing.label, thing.kind) for _, thing in of_track if thing is not None)
        found = of_track[0][0]
        words[track] = min(said, key=lambda word: (-said[word], word)) if said else (found.label, found.kind)
    return words


def _track(match: _Match) -> str:
    return match[0].track or match[0].node


def _grounded(
    draft: Draft, frame: FrameGraph, matched: _Matched, words: dict[str, tuple[str, Kind]]
) -> Draft:
    tracked = [_with_track(found, thing, *words[_track((found, thing))]) for found, thing in matched.matches]
    things = sorted((*tracked, *matched.loose), key=left_to_right)
    return replace(
        draft,
        things=tuple(replace(thing, number=number) for number, thing in enumerate(things, start=1)),
        doubts=draft.doubts | matched.doubts | {doubt.label for doubt in frame.doubts},
    )


def _with_track(found: FrameObject, thing: Thing | None, label: str, kind: Kind) -> Thing:
    return Thing(
        number=0,
        label=label,
        kind=kind,
        box=found.box,
        confidence=thing.confidence if thing is not None else found.confidence,
        track=found.track,
        spans_s=found.spans_s,
        appearance=found.appearance,
    )
