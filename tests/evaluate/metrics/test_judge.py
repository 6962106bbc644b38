import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ReplyError, ServerError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.agreement import agreement_of
from videostep.evaluate.metrics.judge import judge_replies, judge_request, judged_by
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.score import score_marks
from videostep.evaluate.metrics.verdicts import read_verdict
from videostep.models.scripted import ScriptedModel, words_of
from videostep.store.request_cache import CachedModel, RequestCache


def item(number: int, answer: str = "a dog") -> Item:
    return Item(id=str(number), video="v", question=f"What is {number}?", answer=answer, kind="open")


@pytest.mark.parametrize(
    ("text", "is_right", "points"),
    [
        ("{'pred': 'yes', 'score': 4}", True, 4),
        ("{'pred': 'no', 'score': 0}", False, 0),
        ('{"pred": "Yes", "score": 5}', True, 5),
        ("{'pred': 'yes', 'score': 4.8}", True, 4),
        ("{'pred': 'no', 'score': '2'}", False, 2),
        ("```python\n{'pred': 'yes', 'score': 3}\n```", True, 3),
        ("Sure! {'score': 3, 'pred': 'yes', 'why': 'same animal'} Ask me more.", True, 3),
        ("{'pred': 'no', 'score': 1} {'pred': 'no', 'score': 1}", False, 1),
    ],
)
def test_a_verdict_is_read(text, is_right, points):
    verdict = read_verdict(item(1), text)
    assert (verdict.right, verdict.points) == (is_right, points)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "yes, 5",
        "{'pred': 'maybe', 'score': 3}",
        "{'pred': 'yes'}",
        "{'score': 3}",
        "{'pred': 'yes', 'score': 6}",
        "{'pred': 'yes', 'score': -1}",
        "{'pred': 'yes', 'score': True}",
        "{'pred': 'yes', 'score': 'high'}",
        "{'pred': True, 'score': 5}",
        "{'pred': 'yes', 'score': 5",
        "{pred: yes, score: 5}",
        "{'yes', 5}",
        "{'pred': 'yes', 'score': 4} or {'pred': 'no', 'score': 1}",
        "{'pred': 'yes', 'score': float('nan')}",
        "{__import__('os').getcwd(): 1}",
        "{'pred': 'yes', 'score': 1e999}",
    ],
)
def test_nonsense_is_no_verdict(text):
    with pytest.raises(ReplyError, match="no verdict"):
        read_verdict(item(1), text)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(alphabet="{}'\"predscoreyesno:, 0123456789.[]()", max_size=60))
def test_whatever_a_judge_says_is_a_verdict_or_none(text):
    try:
        verdict = read_verdict(item(1), text)
    except ReplyError:
        return
    assert 0 <= verdict.points <= 5


def test_a_judge_reads_question_answer_and_reply_and_no_picture():
    request = judge_request(item(1), " a brown dog ")
    words = words_of(request)
    for part in (
        "Question: What is 1?",
        "Correct answer: a dog",
        "Reply: a brown dog\n",
        "{'pred': 'yes'",
    ):
        assert part in words
    assert not list(request.images())


def test_braces_in_a_reply_are_words():
    assert "Reply: {answer} {0}\n" in words_of(judge_request(item(1), "{answer} {0}"))


def test_replies_are_judged_and_what_a_judge_fails_on_is_left_out_and_counted():
    says = {
        "What is 0?": "{'pred': 'yes', 'score': 5}",
        "What is 1?": "{'pred': 'no', 'score': 2}",
        "What is 2?": "I would rather not say.",
    }

    def answer(request, seed):
        for question, reply in says.items():
            if question in words_of(request):
                return reply
        raise ServerError("no reply within 60 s")

    cases = [(item(number), reply) for number, reply in enumerate(["dog", "cat", "dog", "dog", None, " "])]
    judged = {number: (mark, error) for number, mark, error in judge_replies(ScriptedModel(answer), cases)}
    marks = {number: mark for number, (mark, _) in judged.items()}
    assert marks[0] == Mark(right=True, points=5)
    assert marks[1] == Mark(right=False, points=2)
    assert [marks[number].fault for number in (2, 3, 4, 5)] == [
        "unjudged",
        "unjudged",
        "no reply",
        "no reply",
    ]
    assert "no verdict" in str(judged[2][1])
    assert "within 60 s" in str(judged[3][1])
    # Two verdicts and two replies that are not there: one of four right, seven points.
    score = score_marks("msvd-qa", "judge", ((cases[number][0], mark) for number, mark in marks.items()))
    assert (score.all.right, score.all.n, score.all.accuracy, score.all.mean_points) == (1, 4, 0.25, 7 / 4)
    assert score.faults == {"unjudged": 2, "no reply": 2}


def test_a_judge_with_a_cache_is_asked_once(tmp_path):
    asked = []

    def answer(request, seed):
        asked.append(request)
        return "{'pred': 'yes', 'score': 4}"

    for _ in range(2):
        model = CachedModel(ScriptedModel(answer), RequestCache(tmp_path / "requests.sqlite"))
        assert [mark.points for _, mark, _ in judge_replies(model, [(item(1), "dog")])] == [4]
        model.close()
    assert len(asked) == 1


def test_judged_numbers_are_signed_by_model_protocol_and_words():
    signed = judged_by(ScriptedModel(lambda request, seed: "", name="scripted:a"))
    assert (signed.model, signed.protocol, len(signed.prompt_sha256)) == (
        "scripted:a",
        "video-chatgpt-reworded/1",
        64,
    )
    assert signed == judged_by(ScriptedModel(lambda request, seed: "x", name="scripted:a"))


def marks(verdicts: str, points: str) -> list[Mark]:
    rights = {"y": True, "n": False, "-": None}
    return [
        Mark(right=rights[verdict], points=None if verdict == "-" else int(point))
        for verdict, point in zip(verdicts, points, strict=True)
    ]


def test_agreement_of_two_judges():
    agreement = agreement_of(
        zip(marks("yyyynnnnn-", "5544110000"), marks("yyynynnn-y", "4552310005"), strict=True)
    )
    # 8 judged by both, 6 alike; each said yes 4 times, so chance gives 1/2 and kappa is (3/4 - 1/2) / (1/2).
    assert (agreement.n, agreement.equal, agreement.unjudged) == (8, 0.75, 2)
    assert agreement.kappa == pytest.approx(0.5)
    assert agreement.points_apart == pytest.approx((1 + 0 + 1 + 2 + 2 + 0 + 0 + 0) / 8)


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [("yyyy", "yyyy", None), ("ynyn", "ynyn", 1.0), ("ynyn", "nyny", -1.0), ("", "", None)],
)
def test_kappa(first, second, kappa):
    pairs = zip(marks(first, "1" * len(first)), marks(second, "1" * len(second)), strict=True)
    assert agreement_of(pairs).kappa == kappa


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30))
def test_agreement_does_not_depend_on_who_is_first(pairs):
    def of(order):
        return agreement_of(tuple(Mark(right=right, points=0) for right in order(pair)) for pair in pairs)

    assert of(tuple) == of(lambda pair: (pair[1], pair[0]))


def test_a_json_reply_with_another_order_is_read():
    assert read_verdict(item(1), json.dumps({"score": 2, "pred": "no"})).points == 2
