import pytest

from videostep.errors import ReplyError, ServerError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.prediction import Prediction
from videostep.evaluate.scoring import answer_of, judge_protocol, marks_by_judge, marks_by_words
from videostep.models.scripted import ScriptedModel, words_of


def prediction(reply, id_="q", mode="answer", choices=None):
    item = Item(
        id=id_,
        video="v",
        question="Which?",
        answer="blue",
        kind="choice" if choices else "open",
        choices=choices,
        answer_index=choices.index("blue") if choices else None,
    )
    return Prediction(benchmark="b", item=item, model="m", reply=reply, mode=mode)


def test_behind_an_explanation_stands_the_answer():
    assert answer_of(prediction("It is red. So the answer is blue.", mode="rationale-then-answer")) == "blue"
    assert answer_of(prediction("So the answer is blue.")) == "So the answer is blue."
    assert answer_of(prediction(None, mode="rationale-then-answer")) is None


@pytest.mark.parametrize(
    ("reply", "right", "fault"),
    [
        ("It is dark. So the answer is blue.", True, ""),
        ("It is blue.", False, "unparsed"),
        (None, False, "no reply"),
    ],
)
def test_an_explanation_without_an_answer_is_wrong_and_counted(reply, right, fault):
    made = marks_by_words(prediction(reply, mode="rationale-then-answer"), ["exact"])["exact"]
    assert (made.right, made.fault) == (right, fault)


def test_protocols_mark_only_what_fits_them():
    both = [prediction("blue"), prediction("B", choices=("red", "blue"))]
    assert [list(marks_by_words(one, ["exact", "choice"])) for one in both] == [["exact"], ["choice"]]


def judged(*predictions, answer):
    by_id = marks_by_judge(predictions, ScriptedModel(answer, name="scripted:judge"))
    return [mark for marks in by_id.values() for mark in marks.values()]


def test_a_judge_marks_each_reply_and_signs_with_its_name():
    def answer(request, seed):
        return "{'pred': 'yes', 'score': 4}" if "azure" in words_of(request) else "{'pred': 'no', 'score': 1}"

    asked = [prediction(None, "q1"), prediction("azure", "q2"), prediction("red", "q3")]
    judge = ScriptedModel(answer, name="scripted:judge")
    marks = {id_: by[judge_protocol(judge)] for id_, by in marks_by_judge(asked, judge).items()}
    assert {id_: (mark.right, mark.points) for id_, mark in marks.items()} == {
        "q1": (False, 0), "q2": (True, 4), "q3": (False, 1)
    }  # fmt: skip
    assert judge_protocol(ScriptedModel(answer, name="openai:gpt")).startswith(
        "judge openai:gpt, video-chatgpt-reworded/1, "
    )


def test_a_judge_that_talks_nonsense_leaves_its_reply_unjudged():
    (mark,) = judged(prediction("azure"), answer=lambda request, seed: "Lovely weather.")
    assert (mark.right, mark.fault) == (None, "unjudged")


def test_a_judge_that_is_not_there_ends_it():
    def answer(request, seed):
        raise ServerError("nobody answers")

    with pytest.raises(ServerError):
        judged(prediction("azure"), answer=answer)


def test_one_reply_that_the_judge_failed_on_is_its_own():
    def answer(request, seed):
        raise ReplyError("nonsense")

    (mark,) = judged(prediction("azure"), answer=answer)
    assert mark.fault == "unjudged"
