"""A line-up: objects of a clip and of clips before it, side by side, for a question about who is who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from videostep.graph import Box
from videostep.induce.parse import Sighting
from videostep.induce.parsers.video_llm.ask import Question
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.models.images import crop_image
from videostep.models.protocol import Image

Pair = tuple[Sighting, Sighting]
"""Two objects that may be one thing; the second is of the later clip."""
_EDGES = ("left", "top", "right", "bottom")


class Lineup:
    """Pairs that are asked about together."""

    def __init__(self, pairs: Sequence[Pair], images: Mapping[str, Image], config: VideoLlmConfig) -> None:
        """`images`: of keyframes, by id; every object is in one of them."""
        self.pairs = tuple(pairs)
        self._images, self._config = images, config
        self._keyframes = _few_keyframes([one for pair in pairs for one in pair], images)

    def forward(self) -> Question:
        """The earlier clips first."""
        return self._question([first for first, _ in self.pairs], [second for _, second in self.pairs])

    def backward(self) -> Question:
        """The later clip first; pairs keep their numbers."""
        return self._question([second for _, second in self.pairs], [first for first, _ in self.pairs])

    def _question(self, ones: Sequence[Sighting], others: Sequence[Sighting]) -> Question:
        things = {one.object.id: one for one in (*ones, *others)}
        numbers = {id_: number for number, id_ in enumerate(things, start=1)}
        keyframes = list(dict.fromkeys(self._keyframes[id_] for id_ in things))
        pictures = [self._images[id_] for id_ in keyframes]
        objects: list[dict[str, Any]] = []
        for id_, thing in things.items():
            seen_in = self._keyframes[id_]
            box = _box_in(thing, seen_in)
            listed = {"number": numbers[id_], "picture": keyframes.index(seen_in) + 1, **_plain(thing, box)}
            if box is not None and self._config.crop_px:
                pictures.append(crop_image(self._images[seen_in], box, self._config.crop_px))
                listed["crop"] = len(pictures)
            objects.append(listed)
        pairs = [
            {"number": number, "objects": [numbers[one.object.id], numbers[other.object.id]]}
            for number, (one, other) in enumerate(zip(ones, others, strict=True), start=1)
        ]
        return Question(
            images=tuple(pictures), data={"objects": objects, "pairs": pairs}, about=_about(self.pairs)
        )


def shown_in(sighting: Sighting, images: Mapping[str, Image]) -> tuple[str, ...]:
    """The keyframes in which the object can be shown: those where its place is known, if there are any."""
    boxes = tuple(box.keyframe for box in sighting.object.boxes)
    return tuple(id_ for id_ in boxes or sighting.object.evidence if id_ in images)


def _few_keyframes(sightings: Iterable[Sighting], images: Mapping[str, Image]) -> dict[str, str]:
    """Object to keyframe, so that few keyframes show all objects: the fullest first."""
    left = {one.object.id: shown_in(one, images) for one in sightings}
    chosen: dict[str, str] = {}
    while left:
        counts = Counter(frame for frames in left.values() for frame in frames)
        best = min(counts, key=lambda frame: (-counts[frame], frame))
        for id_ in [id_ for id_, frames in left.items() if best in frames]:
            chosen[id_] = best
            del left[id_]
    return chosen


def _box_in(sighting: Sighting, keyframe: str) -> Box | None:
    return next((box.xyxy for box in sighting.object.boxes if box.keyframe == keyframe), None)


def _plain(sighting: Sighting, box: Box | None) -> dict[str, Any]:
    place = dict(zip(_EDGES, (round(edge * 1000) for edge in box), strict=True)) if box else None
    looks = [f"{name}: {value}" for name, value in sighting.attributes]
    return {"label": sighting.object.label, "looks": looks, "place": place}


def _about(pairs: Sequence[Pair]) -> str:
    """For messages: the first pair, and how many go with it."""
    first, second = pairs[0]
    more = f" and {len(pairs) - 1} more pairs" if len(pairs) > 1 else ""
    return f"objects {first.object.id} and {second.object.id}{more}"
