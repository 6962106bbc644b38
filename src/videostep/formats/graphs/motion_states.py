"""Moving or still, from simulated places: what is neither for sure is left unsaid.

CLEVRER's scenes are about eight units wide and drawn 480 pixels wide, so that one unit is some 60 pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Final, Literal

from videostep.formats.graphs.frames import Run

MOVING_SPEED: Final = 0.25
"""From here on a thing is seen to move, units a second: 15 pixels a second."""
STILL_SPEED: Final = 0.02
"""Up to here nobody sees it move, units a second: a pixel a second. Between the two it may creep."""
REST_S: Final = 0.4
"""A thing is still only when it is for so long, seconds: in a rebound it has no speed for a moment."""

State = Literal["moving", "still", "unsure"]
Piece = tuple[State, Run]


@dataclass(slots=True)
class States:
    """What a thing does while it is in view."""

    moving: list[Run] = field(default_factory=list)
    still: list[Run] = field(default_factory=list)
    stops: list[Run] = field(default_factory=list)
    """From where it is no longer fast to where it is still."""
    starts: list[Run] = field(default_factory=list)
    """From where it is no longer still to where it is fast."""
    creeps: bool = False
    """Somewhere it is neither moving nor still for sure."""


def states_of(speeds: Mapping[int, float], in_view: Sequence[Run], fps: float) -> States:
    """The states of one thing.

    Args:
        speeds: Frame to units a second; a frame whose speed is not known is missing.
        in_view: Runs of frames, in order.
        fps: Frames a second.
    """
    states = States()
    for run in in_view:
        pieces = _pieces([_state(speeds.get(frame)) for frame in range(*run)], run[0], REST_S * fps)
        for state, piece in pieces:
            if state == "unsure":
                states.creeps = True
            else:
                (states.moving if state == "moving" else states.still).append(piece)
        for before, after in pairwise(pieces):
            _change(states, before, after, speeds)
    return states


def _state(speed: float | None) -> State:
    if speed is None or STILL_SPEED < speed < MOVING_SPEED:
        return "unsure"
    return "moving" if speed >= MOVING_SPEED else "still"


def _pieces(frames: Sequence[State], begin: int, rest_frames: float) -> list[Piece]:
    """Rests, and what lies between them: moving when it is seen to move anywhere there, else unsure."""
    found: list[Piece] = []
    for state, group in groupby(frames):
        end = begin + len(list(group))
        if state == "still" and end - begin < rest_frames:
            state = "unsure"
        if found and "still" not in (state, found[-1][0]):
            joined: State = "moving" if "moving" in (state, found[-1][0]) else "unsure"
            found[-1] = joined, (found[-1][1][0], end)
        else:
            found.append((state, (begin, end)))
        begin = end
    return found


def _change(states: States, before: Piece, after: Piece, speeds: Mapping[int, float]) -> None:
    """Take in a stop or a start between two pieces."""
    fast = [
        frame for frame in range(*(before if before[0] == "moving" else after)[1]) if _is_fast(speeds, frame)
    ]
    if (before[0], after[0]) == ("moving", "still"):
        states.stops.append((fast[-1] + 1, after[1][0] + 1))
    elif (before[0], after[0]) == ("still", "moving"):
        states.starts.append((before[1][1], fast[0] + 1))


def _is_fast(speeds: Mapping[int, float], frame: int) -> bool:
    return speeds.get(frame, 0.0) >= MOVING_SPEED
