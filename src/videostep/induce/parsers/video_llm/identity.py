"""Whether two objects of different clips are one thing: asked with both keyframes, labels and attributes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from videostep.induce.parse import Sighting
from videostep.induce.parsers.video_llm.ask import Asker, Question
from videostep.models.protocol import Image


class Identity:
    """Remembers what was answered, so that a pair is asked once, whichever comes first."""

    def __init__(self, asker: Asker, images: Mapping[str, Image]) -> None:
        """`images`: of the keyframes that were looked at, by id."""
        self._asker, self._images = asker, images

    def same_thing(self, first: Sighting, second: Sighting) -> float:
        """How probable yes is; two objects of one clip are two things, as the model itself has said."""
        first, second = sorted((first, second), key=lambda one: (one.object.spans_s, one.object.id))
        if first.object.clip == second.object.clip:
            return float(first.object.id == second.object.id)
        if _contradict(first, second):
            return 0.0
        images = [self._images.get(_keyframe(one)) for one in (first, second)]
        if not all(images):
            return 0.0
        question = Question(
            images=tuple(image for image in images if image),
            data={"objects": [_plain(first), _plain(second)]},
            about=f"objects {first.object.id} and {second.object.id}",
        )
        return round(self._asker.p_yes("identity", question), 4)


def _contradict(first: Sighting, second: Sighting) -> bool:
    """Whether they have properties in common and are alike in none: not worth a question."""
    values, others = _values(first), _values(second)
    shared = values.keys() & others.keys()
    return bool(shared) and not any(values[name] & others[name] for name in sorted(shared))


def _values(sighting: Sighting) -> dict[str, set[str]]:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in sighting.attributes:
        values[name].add(value)
    return values


def _keyframe(sighting: Sighting) -> str:
    """One in which its place is known, if there is any."""
    boxes = sighting.object.boxes
    return boxes[0].keyframe if boxes else sighting.object.evidence[0]


def _plain(sighting: Sighting) -> dict[str, Any]:
    boxes = sighting.object.boxes
    edges = [round(edge * 1000) for edge in boxes[0].xyxy] if boxes else None
    return {
        "label": sighting.object.label,
        "looks": [f"{name}: {value}" for name, value in sighting.attributes],
        "place": dict(zip(("left", "top", "right", "bottom"), edges, strict=True)) if edges else None,
    }
