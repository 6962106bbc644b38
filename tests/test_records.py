from __future__ import annotations

import json
from typing import Any

import pytest

from videostep.errors import FormatError
from videostep.graph import KeyframeBox, VideoGraph
from videostep.records import from_json, from_plain, to_plain
from videostep.testing.graphs import street_graph
from videostep.video import Keyframe, TimeSpan


def strew(value: Any, depth: int = 0) -> Any:
    """A copy with an unknown field in every object of the JSON."""
    if isinstance(value, dict):
        return {
            **{key: strew(item, depth + 1) for key, item in value.items()},
            f"later_{depth}": {"a": [None, 1]},
        }
    return [strew(item, depth) for item in value] if isinstance(value, list) else value


def test_a_record_comes_back_from_json_as_it_was() -> None:
    graph = street_graph()
    assert from_json(json.dumps(to_plain(graph)), VideoGraph, source="street.json") == graph


def test_unknown_fields_are_kept_wherever_they_stand() -> None:
    plain = strew(to_plain(street_graph()))
    assert to_plain(from_plain(plain, VideoGraph, source="street.json")) == plain


def test_spans_become_pairs_and_no_empty_extra_is_written() -> None:
    keyframe = Keyframe(id="c1-k1", time_s=1.0, covers_s=TimeSpan(0.0, 2.0), image="k.jpg")
    assert to_plain(keyframe) == {"id": "c1-k1", "time_s": 1.0, "covers_s": [0.0, 2.0], "image": "k.jpg"}


def test_whole_numbers_are_taken_for_seconds() -> None:
    raw = {"id": "c1-k1", "time_s": 1, "covers_s": [0, 2], "image": "k.jpg"}
    assert from_plain(raw, Keyframe, source="x").covers_s == TimeSpan(0.0, 2.0)


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        ('{"keyframe": "c1-k1", "xyxy": [0, 0, 1]}', "xyxy"),
        ('{"keyframe": 3, "xyxy": [0, 0, 1, 1]}', "keyframe"),
        ('{"xyxy": [0, 0, 1, 1]}', "keyframe"),
        ("[]", "object"),
        ('{"keyframe": ', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 100_000, "nests without end"),
    ],
)
def test_what_does_not_fit_is_named_with_its_source(raw: str | bytes, part: str) -> None:
    with pytest.raises(FormatError, match=part) as caught:
        from_json(raw, KeyframeBox, source="box.json")
    assert "box.json" in str(caught.value)
