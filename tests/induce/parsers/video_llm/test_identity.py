"""Who is who in other clips: all pairs together, in both orders, with crops."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image as PillowImage

from videostep.graph import Box, ObjectNode
from videostep.induce.parse import Sighting
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.identity import Identity
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.models.images import crop_image, encode_image
from videostep.models.protocol import Image, Request
from videostep.models.scripted import ScriptedModel, words_of
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged
from videostep.video import TimeSpan

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


class Listening:
    """Stands in for the model: says no, and remembers what it was asked about."""

    def __init__(self):
        self.questions = []

    def forms(self, prompt, form, questions):
        self.questions += questions
        return [() for _ in questions]


def sighting(clip: int, number: int, **looks: str) -> Sighting:
    node = ObjectNode(
        id=f"c{clip}-person-{number}", clip=f"c{clip}", label="person", kind="dynamic",
        spans_s=(TimeSpan(float(clip), clip + 1.0),), boxes=(), confidence=1.0, evidence=(f"k{clip}",),
    )  # fmt: skip
    return Sighting(object=node, attributes=tuple(sorted(looks.items())), appearance=())


def compared(later: Sighting, earlier: list[Sighting], **settings: int) -> list[str]:
    """Ids of the earlier objects that the later one is compared with, in the order of the list-up."""
    asker = Listening()
    images = {f"k{clip}": Image(data=b"") for clip in range(10)}
    config = VideoLlmConfig(**settings)
    identity = Identity(asker, config, images, lambda first, second: None)
    identity.expect([(one, later) for one in earlier])
    asked = [question.data for question in asker.questions[::2]]
    assert identity.same_thing(earlier[0], later) == 0.0
    assert len(asker.questions) == 2 * len(asked)
    return [f"{len(data['objects'])} objects, {len(data['pairs'])} pairs" for data in asked]


def test_those_that_agree_most_are_asked_about():
    later = sighting(9, 1, top="red", hair="long")
    alike = [sighting(clip, 1, top="red", hair="long") for clip in range(2)]
    less = [sighting(clip, 2, top="red", hair="short") for clip in range(4)]
    unlike = [sighting(clip, 3, top="blue", hair="short") for clip in range(4)]
    everybody = [*unlike, *less, *alike]
    assert compared(later, everybody) == ["7 objects, 6 pairs"]
    assert compared(later, everybody, identity_candidates=2) == ["3 objects, 2 pairs"]


def test_of_a_crowd_that_looks_alike_none_is_asked_about():
    later = sighting(9, 1, top="black")
    crowd = [sighting(clip, number, top="black") for clip in range(3) for number in range(4)]
    assert compared(later, crowd) == []
    assert compared(later, crowd[:8]) == ["9 objects, 8 pairs"]


def test_pictures_of_many_clips_are_shown_in_several_questions():
    later, earlier = sighting(9, 1), [sighting(clip, 1) for clip in range(6)]
    assert compared(later, earlier, identity_clips=4) == ["5 objects, 4 pairs", "3 objects, 2 pairs"]
