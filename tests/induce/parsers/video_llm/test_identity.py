"""Who is who in other clips: all pairs together, in both orders, with crops."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image as PillowImage

from videostep.graph import Box
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.models.images import crop_image, encode_image
from videostep.models.protocol import Request
from videostep.models.scripted import ScriptedModel, words_of
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged

TRUTH = staged_graph()


def asked_of(config: VideoLlmConfig, change=lambda request, text: text):
    """The graph that is induced, and the questions about identity that it took, each once."""
    eye, asked = PerfectEye(TRUTH), list[Request]()

    def answer(request: Request, seed: int) -> str:
        text = eye.answer_request(request, seed)
        if request.stage != "identity":
            return text
        if seed == 0:
            asked.append(request)
        return change(request, text)

    graph, _ = watch_staged(VideoLlmParser(ScriptedModel(answer), config), TRUTH)
    return graph, asked


def data_of(request: Request) -> dict:
    lines = dict(line.split(": ", 1) for line in words_of(request).splitlines() if ": " in line)
    return {name: json.loads(lines[name]) for name in ("objects", "pairs")}


def test_the_pairs_of_a_clip_are_asked_together_once_in_each_order():
    graph, (there, back) = asked_of(VideoLlmConfig())
    assert len(graph.references) == 1
    assert graph.references[0].confidence == 1.0
    first, second = data_of(there), data_of(back)
    assert [pair["number"] for pair in first["pairs"]] == [pair["number"] for pair in second["pairs"]]
    labels = [[one["label"] for one in data["objects"]] for data in (first, second)]
    assert set(labels[0]) == {"person"}
    places = [[one["place"] for one in data["objects"]] for data in (first, second)]
    assert places[0] == places[1][::-1]


def test_a_pair_that_is_denied_the_other_way_round_is_two_things():
    def only_there(request: Request, text: str) -> str:
        first = data_of(request)["objects"][0]
        is_back = first["place"]["left"] == 600
        return text.replace("true", "false") if is_back else text

    graph, _ = asked_of(VideoLlmConfig(), only_there)
    assert graph.references == ()


def test_objects_of_contrary_looks_are_not_asked_about():
    _, (there, _) = asked_of(VideoLlmConfig())
    looks = {tuple(one["looks"]) for one in data_of(there)["objects"]}
    assert looks == {("hair: short", "top colour: red")}


def test_crops_of_the_boxes_stand_behind_the_keyframes():
    _, (there, _) = asked_of(VideoLlmConfig())
    pictures, objects = list(there.images()), data_of(there)["objects"]
    assert [one["picture"] for one in objects] == [1, 2]
    assert [one["crop"] for one in objects] == [3, 4]
    for one, crop in zip(objects, pictures[2:], strict=True):
        size = PillowImage.open(io.BytesIO(crop.data)).size
        wide = (one["place"]["right"] - one["place"]["left"]) / 1000 * 320
        assert size[0] == pytest.approx(1.2 * wide, abs=2)
        assert max(size) <= VideoLlmConfig().crop_px
    _, (plain, _) = asked_of(VideoLlmConfig(crop_px=0))
    assert len(list(plain.images())) == 2
    assert "crop" not in data_of(plain)["objects"][0]


def test_a_crop_shows_what_is_in_the_box():
    rgb = np.zeros((100, 200, 3), dtype=np.uint8)
    rgb[40:60, 100:150] = 255
    crop = crop_image(encode_image(rgb), Box(0.5, 0.4, 0.75, 0.6), 224)
    seen = np.asarray(PillowImage.open(io.BytesIO(crop.data)).convert("L"))
    assert seen.shape == (24, 60)
    assert seen[6:-6, 10:-10].min() > 200
    assert seen[0].max() < 60


@pytest.mark.parametrize(
    "box", [Box(0.0, 0.0, 1.0, 1.0), Box(0.999, 0.999, 1.0, 1.0), Box(0.0, 0.0, 0.001, 1.0)]
)
def test_a_crop_at_the_edge_is_still_a_picture(box):
    crop = crop_image(encode_image(np.zeros((30, 40, 3), dtype=np.uint8)), box, 224)
    assert min(PillowImage.open(io.BytesIO(crop.data)).size) >= 1
