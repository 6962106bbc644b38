"""Words are taken into a sample only with the proof that it still holds."""

import hashlib
from dataclasses import replace

import pytest

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.refine import MOST_KEPT, PARTS, Refiner, rename_twins, unrefined
from videostep.reason.verify import Verifier
from videostep.testing.graphs import street_graph

SHA256 = "0" * 64
GRAPH = street_graph()


@pytest.fixture(scope="module")
def samples():
    """Of several seeds, since no one of them asks everything."""
    config = AskConfig(min_confidence=0.0, samples_per_video=300, samples_per_thing=60.0)
    asked = (ask_graph(GRAPH, graph_sha256=SHA256, config=config, seed=seed) for seed in range(8))
    return [sample for outcome in asked for sample in outcome.samples]


@pytest.fixture(scope="module")
def refiner():
    return Refiner(GRAPH, SHA256, refined_by="test/1")


def with_program(samples, start):
    return next(sample for sample in samples if sample.program.startswith(start))


@pytest.fixture
def bus(samples):
    """`What colour is the bus?`, in some phrasing."""
    return with_program(samples, 'attribute(unique(called(things(), "bus")), "colour")')


def refined(refiner, sample, **texts):
    given = [texts.get(part, getattr(sample, part)) for part in PARTS]
    return refiner.refine(refiner.words_of(sample), given)


def other_words(sample):
    asked = ("What colour is the bus?", "What is the colour of the bus?")
    return next(words for words in asked if words != sample.question)


def test_accepted_words_stand_beside_their_template(refiner, bus):
    sample, (question, rationale) = refined(refiner, bus, question=other_words(bus))
    assert (sample.question, sample.refined_by) == (other_words(bus), "test/1")
    assert sample.template == bus.template
    assert (question.fate, rationale.fate) == ("accepted", "unchanged")
    assert question.sample == bus.id
    assert Verifier(GRAPH, SHA256).check(sample).ok


def test_the_id_is_that_of_the_new_words(refiner, bus):
    sample, _ = refined(refiner, bus, question=other_words(bus))
    key = f"{bus.video.id}\n{bus.program}\n{sample.question}"
    assert sample.id == hashlib.sha256(key.encode()).hexdigest()[:16] != bus.id


def test_refused_words_change_nothing(refiner, bus):
    sample, (question, _) = refined(refiner, bus, question="What colour is the car?")
    assert sample == bus
    assert (question.fate, question.check) == ("refused", "names")


def test_one_part_may_be_taken_where_the_other_is_refused(refiner, bus):
    sample, (question, rationale) = refined(refiner, bus, question=other_words(bus), rationale="No.")
    assert (question.fate, rationale.fate) == ("accepted", "refused")
    assert sample.question == other_words(bus)
    assert sample.rationale == bus.rationale


def test_words_that_another_sample_asks_are_refused(refiner, bus):
    words, question = refiner.words_of(bus), other_words(bus)
    sample, (rewrite, _) = refiner.refine(words, [question, bus.rationale], {question})
    assert sample == bus
    assert (rewrite.fate, rewrite.check) == ("refused", "twice")


def test_a_sample_that_does_not_hold_is_not_refined(refiner, bus):
    wrong = replace(bus, confidence=0.5)
    sample, (rewrite, _) = refined(refiner, wrong, question=other_words(bus))
    assert sample == wrong
    assert rewrite.check == "proof"
    assert "confidence" in rewrite.reason


def test_of_endless_words_the_beginning_is_kept(refiner, bus):
    _, (rewrite, _) = refined(refiner, bus, question="How many " * 10_000)
    assert rewrite.fate == "refused"
    assert len(rewrite.text) == MOST_KEPT


def test_refining_can_be_taken_back(refiner, samples, bus):
    sample, _ = refined(refiner, bus, question=other_words(bus))
    assert unrefined(sample) == bus
    assert [unrefined(each) for each in samples] == list(samples)


def test_twins_are_named_by_their_new_ids(samples):
    twins = [replace(samples[0], twin_of="old"), replace(samples[1], twin_of=None)]
    assert [sample.twin_of for sample in rename_twins(twins, {"old": "new"})] == ["new", None]
