"""Captions of TempCompass and free texts of MLVU, as judges are asked about them."""

import pytest

from videostep.errors import ReplyError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.judge import judge_replies, judge_request, judged_by
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.verdicts import read_verdict
from videostep.models.scripted import ScriptedModel, words_of


def text(judging, **rest):
    return Item(
        id="1", video="v", question="Asked", kind="text", judging=judging, **{"answer": "True", **rest}
    )


CAPTION = text("caption", answer="bouncing", rubric="What does it do?\nA. rolling\nB. bouncing")
SCENE = text("sub-scene", rubric="He sings; a child comes in")
SUMMARY = text("summary")


@pytest.mark.parametrize(
    ("item", "verdict", "mark"),
    [
        (CAPTION, "{'answer': 'B'}", Mark(right=True, read="bouncing")),
        (CAPTION, "{'answer': '(a)'}", Mark(right=False, read="rolling")),
        (CAPTION, "{'answer': 'none'}", Mark(right=False)),
        (SCENE, "Well. {'accuracy': 3.5, 'relevance': 4}",
         Mark(right=None, points=7.5, read="accuracy 3.5, relevance 4")),
        (SUMMARY, "{'completeness': 1, 'reliability': '5'}",
         Mark(right=None, points=6, read="completeness 1, reliability 5")),
    ],
)  # fmt: skip
def test_a_verdict_is_read_by_what_was_asked(item, verdict, mark):
    assert read_verdict(item, verdict) == mark


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        (CAPTION, "B"),
        (CAPTION, "{'answer': 'C'}"),
        (CAPTION, "{'answer': 'A'} {'answer': 'B'}"),
        (CAPTION, "{'pred': 'yes', 'score': 5}"),
        (SCENE, "{'accuracy': 0, 'relevance': 4}"),
        (SCENE, "{'accuracy': 3}"),
        (SUMMARY, "{'completeness': 6, 'reliability': 5}"),
        (SUMMARY, "{'completeness': True, 'reliability': 5}"),
        (SUMMARY, "{'completeness': 1e999, 'reliability': 5}"),
    ],
)
def test_nonsense_is_no_verdict(item, verdict):
    with pytest.raises(ReplyError, match="no verdict"):
        read_verdict(item, verdict)


@pytest.mark.parametrize(
    ("item", "parts", "kept_back"),
    [
        (CAPTION, ["Description: It hops.", "What does it do?\nA. rolling"], ["Asked"]),
        (SCENE, ["Asked: Asked", "Points: He sings; a child comes in", "Reply: It hops."], ["True"]),
        (SUMMARY, ["True summary: True", "Reply: It hops."], ["Asked: "]),
    ],
)
def test_a_judge_is_told_what_the_authors_tell_theirs(item, parts, kept_back):
    words = words_of(judge_request(item, " It hops. "))
    assert all(part in words for part in parts)
    assert not any(part in words for part in kept_back)


def test_a_missing_text_has_the_worst_of_its_scale_without_asking():
    model = ScriptedModel(lambda request, seed: pytest.fail("the judge was asked"))
    marks = [mark for _, mark, _ in judge_replies(model, [(one, None) for one in (CAPTION, SCENE, SUMMARY)])]
    assert [(mark.right, mark.points) for mark in marks] == [(False, None), (None, 2), (None, 2)]
    assert {mark.fault for mark in marks} == {"no reply"}


def test_every_form_signs_with_another_name_and_other_words():
    model = ScriptedModel(lambda request, seed: "")
    signed = [judged_by(model, judging) for judging in ("answer", "caption", "sub-scene", "summary")]
    assert len({one.protocol for one in signed}) == len({one.prompt_sha256 for one in signed}) == 4
