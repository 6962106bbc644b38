"""Boxes and tracks of another scene parser under a Video-LLM's words: each says what it knows best.

A thing that both see in one place is one: it has the other parser's box, track and times, and the
Video-LLM's label, by the vote of all keyframes of the track. What only the other parser sees is listed with
its label, and asked about and checked like everything else; what only the Video-LLM sees stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from videostep.graph import FrameGraph, FrameObject, Kind
from videostep.induce.boxes import overlap
from videostep.induce.identity import assign
from videostep.induce.parsers.video_llm.draft import Draft, Thing
from videostep.induce.parsers.video_llm.vote import left_to_right

MIN_OVERLAP = 0.5
"""Boxes that share less (intersection over union) show two things ..."""
SAME_LABEL = 0.2
"""... but this much less is enough where both call it the same: a Video-LLM places things roughly."""

_Match = tuple[FrameObject, Thing | None]


def ground(drafts: Sequence[Draft], frames: Sequence[FrameGraph]) -> list[Draft]:
    """The things of a clip's keyframes with the other parser's boxes, tracks and times."""
    matches = [_matches(draft, frame) for draft, frame in zip(drafts, frames, strict=True)]
    words = _words_of_tracks([match for of_frame in matches for match in of_frame])
    return [
        _grounded(draft, frame, of_frame, words)
        for draft, frame, of_frame in zip(drafts, frames, matches, strict=True)
    ]


def _matches(draft: Draft, frame: FrameGraph) -> list[_Match]:
    """Every object that the other parser sees at the keyframe's moment, and what the Video-LLM saw there."""
    objects = [found for found in frame.objects if found.box is not None]
    scores = np.array([[_likeness(found, thing) for thing in draft.things] for found in objects])
    pairs = dict(assign(scores, MIN_OVERLAP))
    pairs |= dict(_by_label_alone(objects, draft.things, pairs))
    return [(found, draft.things[pairs[row]] if row in pairs else None) for row, found in enumerate(objects)]


def _likeness(found: FrameObject, thing: Thing) -> float:
    if found.box is None or thing.box is None:
        return 0.0
    common = overlap(found.box, thing.box)
    return common + SAME_LABEL if common and found.label == thing.label else common


def _by_label_alone(
    objects: Sequence[FrameObject], things: Sequence[Thing], pairs: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Things without a place are the objects of their label, in the order in which both are listed."""
    free = sorted(
        (row for row in range(len(objects)) if row not in pairs), key=lambda row: objects[row].box or ()
    )
    placeless = [column for column, thing in enumerate(things) if thing.box is None]
    for label in sorted({things[column].label for column in placeless}):
        rows = [row for row in free if objects[row].label == label]
        columns = [column for column in placeless if things[column].label == label]
        yield from zip(rows, columns, strict=False)


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
    draft: Draft, frame: FrameGraph, matches: Sequence[_Match], words: dict[str, tuple[str, Kind]]
) -> Draft:
    taken = [thing for _, thing in matches if thing is not None]
    tracked = [_with_track(found, thing, *words[_track((found, thing))]) for found, thing in matches]
    loose = [thing for thing in draft.things if thing not in taken]
    # One more without a place may be one of those that are seen already, called once too often.
    known = {found.label for found, _ in matches}
    unplaced = {thing.label for thing in loose if thing.box is None and thing.label in known}
    loose = [thing for thing in loose if thing.box is not None or thing.label not in unplaced]
    things = sorted((*tracked, *loose), key=left_to_right)
    return replace(
        draft,
        things=tuple(replace(thing, number=number) for number, thing in enumerate(things, start=1)),
        doubts=draft.doubts | unplaced | {doubt.label for doubt in frame.doubts},
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
