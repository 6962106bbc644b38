import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest

from videostep.formats.training.records import Media, records_of
from videostep.instruction import Instructions
from videostep.sample import VideoRef
from videostep.testing.samples import STREET_SAMPLES, changed
from videostep.video import TimeSpan

INSTRUCTIONS = Instructions(answer="Answer shortly.", rationale="Explain, then answer.")


@pytest.fixture(scope="session")
def about():
    """`about("no", 3)`: a right sample of that kind, as if asked of video 3."""

    def make(kind, number=1, **changes):
        video = VideoRef(id=f"clip-{number}", path=f"clips/clip {number}.MP4", sha256=f"{number:064x}")
        return changed(dataclasses.replace(STREET_SAMPLES[kind], video=video), **changes)

    return make


@pytest.fixture(scope="session")
def pair(about):
    """The two records of a sample."""

    def make(kind="colour", **changes):
        sample = changes.pop("sample", None) or about(kind)
        window_s = TimeSpan(5.0, 10.0)
        part_s = window_s if changes.pop("is_cut", False) else None
        media = Media(path="media/clip-1.mp4", window_s=window_s, part_s=part_s)
        return records_of(sample, split="train", media=media, instructions=INSTRUCTIONS, **changes)

    return make


@pytest.fixture(scope="session")
def faults():
    """`faults(value, shape)`: where plain data is not of a shape written by hand; empty if it is."""
    return faults_of


Shape = Any
"""A type; a value (equal to itself only); a compiled pattern (of the whole text); a list of shapes (as many
items); `[shape, ...]` (any number of it); a dict of shapes (just these keys); a function that says if it
fits."""


def faults_of(value: Any, shape: Shape, where: str = "record") -> list[str]:
    """Where `value` is not of `shape`; empty if it is."""
    match shape:
        case dict():
            return _faults_of_dict(value, shape, where)
        case [item, second] if second is ...:
            ok = isinstance(value, list)
            return _each(value, [item] * len(value), where) if ok else [f"{where} is no list: {value!r}"]
        case list():
            ok = isinstance(value, list) and len(value) == len(shape)
            return _each(value, shape, where) if ok else [f"{where} has not {len(shape)} items: {value!r}"]
    return [] if _fits(value, shape) else [f"{where} is {value!r}"]


def _faults_of_dict(value: Any, shape: dict[str, Shape], where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is no object: {value!r}"]
    if value.keys() != shape.keys():
        return [f"{where} has the keys {sorted(value)}, not {sorted(shape)}"]
    return [fault for key in shape for fault in faults_of(value[key], shape[key], f"{where}.{key}")]


def _each(values: list[Any], shapes: list[Shape], where: str) -> list[str]:
    pairs = zip(values, shapes, strict=True)
    return [fault for number, (v, s) in enumerate(pairs) for fault in faults_of(v, s, f"{where}[{number}]")]


def _fits(value: Any, shape: Shape) -> bool:
    if isinstance(shape, type):
        return type(value) is shape
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and shape.fullmatch(value) is not None
    if isinstance(shape, Callable):
        return bool(shape(value))
    return bool(value == shape)
