from videostep.evaluate.benchmarks.item import Item, SubQuestion
from videostep.evaluate.diagnosis import OUTCOMES, count_outcomes, diagnose, question_of, steps_of

STEPS = (
    SubQuestion(question="Is there a bus?", answer="yes", statement="There is a bus."),
    SubQuestion(question="Who is beside it?", answer="man", statement="A man is beside it."),
    SubQuestion(question="What does that man do?", answer="runs", statement="That man runs."),
)
CHOICE = Item(
    id="q#1",
    video="v",
    question="What does the man beside the bus do?",
    answer="runs",
    kind="choice",
    choices=("sits", "runs"),
    answer_index=1,
    n_steps=3,
    sub_questions=STEPS,
    twin_of="other",
)


def test_steps_are_asked_after_what_is_known_by_then():
    steps = list(steps_of(CHOICE))
    assert [step.item.question for step in steps] == [step.question for step in STEPS]
    assert [step.item.kind for step in steps] == ["binary", "open", "choice"]
    assert steps[2].item.choices == ("sits", "runs")
    assert steps[2].known == ("There is a bus.", "A man is beside it.")
    assert {question_of(step.item.id) for step in steps} == {"q#1"}
    assert len({step.item.id for step in steps}) == 3


def test_a_question_of_one_step_has_none():
    assert list(steps_of(Item(id="q", video="v", question="?", answer="a", kind="open"))) == []


def test_cannot_see_and_cannot_compose_are_told_apart():
    items = [CHOICE, *(Item(id=id_, video="v", question="?", answer="a", kind="open", n_steps=3,
                            sub_questions=STEPS) for id_ in ("b", "c", "d", "e"))]  # fmt: skip
    marks = {
        "q#1": [True, True, True],
        "b": [True, False, True],
        "c": [True, True, True],
        "d": [False, True, True],
        "e": [True, True],
    }
    rights = [True, True, False, False, True]
    whole, of_steps = count_outcomes(diagnose(zip(items, rights, strict=True), marks))
    assert [whole.outcomes[outcome] for outcome in OUTCOMES] == [1, 1, 1, 1]
    assert (whole.group, of_steps.group) == ("all", "steps/3+")
    assert of_steps.outcomes == whole.outcomes
