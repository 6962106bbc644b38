"""A rehearsal: everything is asked as in earnest, nothing is sent, and what it would cost is counted.

The answers are those of a picture of usual fullness, said as they are said usually. That makes the next
questions, and so the figures, follow from the very code that asks in earnest.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import av
from PIL import Image as PillowImage

from videostep.models.protocol import Image, Outcome, Reply, Request, Usage
from videostep.models.spending import CHARACTERS_A_TOKEN, Prices, Spent, estimate

THINGS = ("person", "person", "car", "bag", "tree", "building")
"""Taken to be in every picture: an assumption, not a measurement."""
_COLOURS = ("dark blue", "red", "silver", "black", "green", "brown")
_DYNAMIC = frozenset({"person", "car"})
_NARRATIVE = "A person in a dark jacket walks past a parked car while another one waits with a bag. " * 4
_PICTURES_A_TOKEN = 2
"""Of a film: Qwen2.5-VL joins two pictures."""
_PATCH_PX = 28
"""Side of what becomes one token in Qwen2.5-VL; other models make about as many."""


class Rehearsal:
    """A VideoModel that says the usual and remembers what it would have cost."""

    name = "rehearsal"

    def __init__(self, prices: Prices) -> None:
        """`prices`: of the model that is rehearsed for."""
        self._prices = prices
        self._spent: defaultdict[str, Spent] = defaultdict(Spent)

    @property
    def spent(self) -> dict[str, Spent]:
        """By stage, so far."""
        return dict(self._spent)

    def ask(self, requests: Iterable[Request]) -> Iterator[tuple[int, Outcome]]:
        """Answer in order."""
        for number, request in enumerate(requests):
            text = _usual_answer(request)
            self._count(request, text)
            yield number, Reply(texts=(text,) * request.sampling.n, p_yes=0.0 if request.yes_no else None)

    def close(self) -> None:
        """It holds nothing."""

    def _count(self, request: Request, text: str) -> None:
        asked = estimate([request], tokens_per_image=0)
        pictures = sum(map(tokens_of_image, request.images()))
        usage = Usage(
            prompt_tokens=asked.usage.prompt_tokens + pictures,
            completion_tokens=request.sampling.n * -(-len(text) // CHARACTERS_A_TOKEN),
        )
        self._spent[request.stage] += Spent(
            requests=1, images=asked.images, usage=usage, usd=self._prices.usd(usage)
        )


def tokens_of_image(image: Image) -> int:
    """About how many tokens a picture, or a film, becomes."""
    if image.is_film:
        with av.open(io.BytesIO(image.data)) as film:
            stream = film.streams.video[0]
            patches = -(-stream.width // _PATCH_PX) * -(-stream.height // _PATCH_PX)
            return patches * -(-stream.frames // _PICTURES_A_TOKEN)
    with PillowImage.open(io.BytesIO(image.data)) as picture:
        return -(-picture.width // _PATCH_PX) * -(-picture.height // _PATCH_PX)


def _usual_answer(request: Request) -> str:
    if request.yes_no:
        return "no"
    if request.form is None:
        return _NARRATIVE
    return json.dumps(_ANSWERS[request.stage](request))


def _objects(request: Request) -> dict[str, Any]:
    width = 1000 // len(THINGS)
    return {
        "objects": [
            {
                "label": label,
                "kind": "dynamic" if label in _DYNAMIC else "static",
                "place": {"left": place * width, "top": 200, "right": (place + 1) * width, "bottom": 800},
            }
            for place, label in enumerate(THINGS)
        ]
    }


def _attributes(request: Request) -> dict[str, Any]:
    return {
        "attributes": [
            {"number": number, "name": name, "value": value}
            for number, colour in enumerate(_COLOURS, start=1)
            for name, value in (("colour", colour), ("size", "large"))
        ]
    }


def _relations(request: Request) -> dict[str, Any]:
    numbers = range(1, len(THINGS) + 1)
    return {
        "relations": [
            {"subject": number, "predicate": "standing beside", "object": number % len(THINGS) + 1}
            for number in numbers
        ]
    }


def _motions(request: Request) -> dict[str, Any]:
    numbers = [number for number, label in enumerate(THINGS, start=1) if label in _DYNAMIC]
    return {"motions": [{"number": number, "predicate": "walks to the left"} for number in numbers]}


def _verdicts(request: Request) -> dict[str, Any]:
    words = (part for part in request.messages[-1].parts if isinstance(part, str))
    asked = sum(part.count('"statement":') for part in words)
    return {"verdicts": [{"number": number, "present": True} for number in range(1, asked + 1)]}


def _pairs(request: Request) -> dict[str, Any]:
    words = (part for part in request.messages[-1].parts if isinstance(part, str))
    listed = sum(part.rpartition("\npairs: ")[2].count('"number"') for part in words)
    return {"pairs": [{"number": number, "same": False} for number in range(1, listed + 1)]}


def _event(request: Request) -> dict[str, Any]:
    return {"description": "a person walks past a parked car with a bag", "participants": [1, 3]}


def _scene(request: Request) -> dict[str, Any]:
    return {**_objects(request), **_attributes(request), **_relations(request)}


_ANSWERS = {
    "objects": _objects,
    "attributes": _attributes,
    "relations": _relations,
    "presence": _verdicts,
    "motions": _motions,
    "motion_presence": _verdicts,
    "event": _event,
    "identity": _pairs,
    "scene": _scene,
}
