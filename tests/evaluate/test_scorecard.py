import pytest

from videostep.errors import FormatError, InputError
from videostep.evaluate.benchmarks.item import Item, SubQuestion
from videostep.evaluate.card_maker import make_scorecard
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.prediction import Condition, Prediction
from videostep.evaluate.predictions import line_of
from videostep.evaluate.scorecard import read_scorecard
from videostep.evaluate.scoring import mark_answer

BLIND = Condition(control="question")
EXPLAINED = Condition("rationale-then-answer")


def item(number, *, video, groups=(), n_steps=None, answer="yes", **rest):
    return Item(
        id=f"q{number}",
        video=video,
        question="?",
        answer=answer,
        kind="open",
        groups=groups,
        n_steps=n_steps,
        **rest,
    )


def prediction(asked, right, condition=Condition(), *, reply="", **mark):  # noqa: B008 - a NamedTuple
    said = reply or (asked.answer if right else "something else")
    made = Mark(right=right, read=said, **mark)
    return Prediction(
        benchmark="star", item=asked, model="m", **condition._asdict(), reply=said, marks={"exact": made}
    )


@pytest.fixture
def card_of(tmp_path):
    def make(by_condition, **options):
        files = {}
        for condition, predictions in by_condition.items():
            files[condition] = tmp_path / f"{condition.name}.jsonl"
            files[condition].write_bytes(b"".join(map(line_of, predictions)))
        return make_scorecard(files, "exact", mark_answer, **options)

    return make


ITEMS = [
    item(1, video="a", groups=("A",), n_steps=1),
    item(2, video="a", groups=("A",), n_steps=2),
    item(3, video="b", groups=("B",), n_steps=2),
    item(4, video="c", groups=("B",), n_steps=4, answer="no"),
]


def values(series):
    return {group: estimate.value for group, estimate in series.groups.items()}


def test_numbers_are_those_counted_by_hand(card_of):
    rights = [True, False, True, False]
    card = card_of({Condition(): [prediction(one, right) for one, right in zip(ITEMS, rights, strict=True)]})
    assert values(card.find("answer")) == {
        "all": 0.5, "A": 0.5, "B": 0.5, "steps/1": 1.0, "steps/2": 0.5, "steps/3+": 0.0
    }  # fmt: skip
    assert (card.questions, card.find("answer").groups["all"].videos) == (4, 3)
    assert values(card.find("majority answer"))["all"] == 0.75
    assert card.find("outer-hop floor") is None
    assert card.verdicts == ()


def test_the_headline_of_types_weighs_them_alike(card_of):
    predictions = [prediction(ITEMS[0], True), prediction(ITEMS[1], True), prediction(ITEMS[2], False)]
    card = card_of({Condition(): predictions}, mean_of=("A", "B"))
    assert card.find("answer").groups["mean of types"].value == 0.5
    assert card.find("answer").groups["all"].value == pytest.approx(2 / 3, abs=1e-6)
    assert (
        "mean of types" not in card_of({Condition(): predictions}, mean_of=("A", "C")).find("answer").groups
    )


def test_blind_controls_come_to_a_verdict(card_of):
    card = card_of(
        {
            Condition(): [prediction(one, True) for one in ITEMS],
            BLIND: [prediction(one, True, BLIND) for one in ITEMS],
        }
    )
    (verdict,) = card.verdicts
    assert verdict.startswith("SOLVED BLIND: 100.0 % blind (question), 100.0 % with the video")


def test_what_a_judge_failed_on_counts_neither_way_and_is_shown(card_of):
    predictions = [
        prediction(ITEMS[0], True, points=5),
        prediction(ITEMS[1], None, fault="unjudged"),
        prediction(ITEMS[2], False, points=2),
    ]
    card = card_of({Condition(): predictions})
    assert values(card.find("answer"))["all"] == 0.5
    assert values(card.find("answer", "points"))["all"] == 3.5
    assert card.faults == {"answer": {"unjudged": 1}}


def test_a_chain_is_right_when_the_answer_and_every_step_are(card_of):
    steps = (
        SubQuestion(question="?", answer="yes", statement="There is a bus."),
        SubQuestion(question="?", answer="white", statement="The bus is white."),
    )
    long = [item(n, video=f"v{n}", n_steps=2, answer="white", sub_questions=steps) for n in range(4)]
    told = [
        ("There is a bus. So the answer is white.", True),
        ("There is a van. So the answer is white.", True),
        ("There is a bus. So the answer is red.", False),
        ("There is no bus. So the answer is white.", True),
    ]
    predictions = [
        prediction(one, right, EXPLAINED, reply=reply) for one, (reply, right) in zip(long, told, strict=True)
    ]
    card = card_of({EXPLAINED: predictions})
    assert values(card.find(EXPLAINED.name))["all"] == 0.75
    assert values(card.find(EXPLAINED.name, "chain")) == {"all": 0.25, "steps/2": 0.25}


def test_indirect_references_are_groups(card_of):
    direct, roundabout = item(1, video="a"), item(2, video="a", direct_form="q1")
    other, lost = item(3, video="b"), item(4, video="b", direct_form="q3")
    rights = [(direct, True), (roundabout, True), (other, False), (lost, False)]
    card = card_of({Condition(): [prediction(*one) for one in rights]})
    rates = values(card.find("answer"))
    assert (rates["indirect, recall"], rates["indirect, precision"]) == (0.5, 1.0)


def test_several_seeds_have_a_mean_and_each_its_own_number(card_of):
    by_seed = {
        Condition(seed=seed): [prediction(one, right, Condition(seed=seed)) for one in ITEMS]
        for seed, right in ((0, True), (1, False), (2, True))
    }
    row = card_of(by_seed).find("answer")
    assert row.groups["all"].value == pytest.approx(2 / 3, abs=1e-6)
    assert (row.seeds["all"].runs, row.seeds["all"].low, row.seeds["all"].high) == (3, 0.0, 1.0)


def test_a_protocol_that_marked_nothing_has_no_card(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(b"".join(map(line_of, [prediction(ITEMS[0], True)])))
    with pytest.raises(InputError, match="no prediction has a mark by 'choice'"):
        make_scorecard({Condition(): path}, "choice", mark_answer)


def test_a_file_that_is_no_card_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_scorecard(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(FormatError, match="is no score card"):
        read_scorecard(tmp_path / "bad.json")
