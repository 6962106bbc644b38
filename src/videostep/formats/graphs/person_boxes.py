"""`person_bbox.pkl` of Action Genome: the people that a detector found in each annotated frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from videostep.errors import FormatError
from videostep.formats.graphs.plain import entries, fields, positive
from videostep.formats.graphs.unpickle import read_pickle

Corners = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""

_SAME_PERSON: Final = 0.5
"""Two boxes that share so much of their common area are the detector's two views of one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBoxes:
    """What stands there for one frame."""

    boxes: tuple[Corners | None, ...] = ()
    """None for one that is no four numbers."""
    size_px: tuple[float, float] | None = None
    """Width and height of the picture; the object boxes are in the same pixels."""


def read_person_boxes(path: Path) -> dict[Any, PersonBoxes]:
    """Frame key to people; nothing without the file. Errors are those of `read_pickle`."""
    if not path.exists():
        return {}
    frames = read_pickle(path)
    if not isinstance(frames, dict):
        raise FormatError(f"{path} holds no dictionary of frames", remedy="take Action Genome's own file")
    return {key: _people(fields(raw)) for key, raw in frames.items()}


def corners_of(raw: Any, *, mode: str) -> Corners | None:
    """Four numbers as corners; `mode` is `xyxy` or `xywh`, None for anything else."""
    numbers = [float(value) for value in raw if isinstance(value, int | float)] if _is_list(raw) else []
    if len(numbers) != 4 or mode not in ("xyxy", "xywh"):
        return None
    x1, y1, x2, y2 = numbers
    return (x1, y1, x1 + x2, y1 + y2) if mode == "xywh" else (x1, y1, x2, y2)


def is_same_person(one: Corners, other: Corners) -> bool:
    """Whether two boxes of a frame are of one person: they overlap too much for two."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0.0, width) * max(0.0, height)
    return common > _SAME_PERSON * (_area(one) + _area(other) - common)


def _people(raw: dict[str, Any]) -> PersonBoxes:
    mode = raw.get("bbox_mode", "xyxy")
    size = [side for value in _list(raw.get("bbox_size")) if (side := positive(value))]
    return PersonBoxes(
        boxes=tuple(corners_of(box, mode=mode) for box in entries(raw.get("bbox"))),
        size_px=(size[0], size[1]) if len(size) == 2 else None,
    )


def _is_list(raw: Any) -> bool:
    return isinstance(raw, list | tuple)


def _list(raw: Any) -> Sequence[Any]:
    return raw if isinstance(raw, list | tuple) else ()


def _area(box: Corners) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
