"""What a sample says, in numbers and words: one wrong thing at a time."""

import pytest

from videostep.reason.verify import Verifier, verify_samples
from videostep.sample import Sample
from videostep.testing.samples import (
    AFTER,
    CHOICE,
    COLOUR,
    NO,
    SHA256,
    STREET,
    STREET_SAMPLES,
    changed,
    sample,
    step,
    with_step,
)

VERIFIER = Verifier(STREET, SHA256)


def assert_fails(bad: Sample, check: str, reason: str) -> None:
    verdict = VERIFIER.check(bad)
    failed = [name for name, value in verdict.checks.items() if value == "fail"]
    assert (verdict.ok, failed) == (False, [check]), verdict.reason
    assert reason in verdict.reason


def worded(good: Sample, **words: str) -> Sample:
    """A sample in other words that a model is said to have found."""
    return changed(good, refined_by="a model", **words)


class TestNumbers:
    @pytest.mark.parametrize("value", [1.0, 0.0, COLOUR.confidence + 0.001, float("nan")])
    def test_another_confidence_fails(self, value):
        assert_fails(changed(COLOUR, confidence=value), "confidence", "by its evidence")

    def test_a_threshold_may_be_asked_for(self):
        verdict = Verifier(STREET, SHA256, min_confidence=0.99).check(COLOUR)
        assert (verdict.ok, verdict.checks["confidence"]) == (False, "fail")
        assert "is below 0.99" in verdict.reason
        assert Verifier(STREET, SHA256, min_confidence=COLOUR.confidence).check(COLOUR).ok

    def test_another_number_of_candidates_fails(self):
        bad = changed(AFTER, outer_candidates=7)
        assert_fails(bad, "outer_candidates", "four things fit the outermost hop alone, not 7")


class TestChoices:
    @pytest.mark.parametrize(
        ("choices", "reason"),
        [
            (None, "at least two different ones"),
            (("white",), "at least two different ones"),
            (("white", "white"), "at least two different ones"),
            (("red", "green"), "with the answer among them"),
            (("green", "white"), "not those of its program"),
            (("red", "white", "blue"), "not those of its program"),
        ],
    )
    def test_choices_hold_the_answer_and_are_the_programs(self, choices, reason):
        assert_fails(changed(CHOICE, choices=choices, distractor_kinds=None), "choices", reason)

    def test_every_choice_has_its_kind(self):
        assert_fails(changed(CHOICE, distractor_kinds=("answer",)), "choices", "what kind it is")

    def test_an_open_question_may_offer_choices_that_are_provably_wrong(self):
        offered = changed(COLOUR, answer_kind="choice", choices=("red", "green", "blue"))
        assert VERIFIER.check(offered).ok
        offered = changed(COLOUR, answer_kind="choice", choices=("red", "green", "dark green"))
        assert_fails(offered, "choices", "'green' and 'dark green' may mean the same")

    def test_a_motion_that_was_not_looked_for_is_not_provably_wrong(self):
        offered = changed(AFTER, answer_kind="choice", choices=("waves", "walks to the right"))
        assert_fails(offered, "choices", "does not rule out 'waves'")
        offered = changed(AFTER, answer_kind="choice", choices=("stops", "walks to the right"))
        assert VERIFIER.check(offered).ok


class TestWords:
    @pytest.mark.parametrize("word", ["green", "Greens", "greenish green"])
    def test_the_answer_may_not_stand_in_the_question(self, word):
        bad = worded(COLOUR, question=f"What colour is the backpack of the person near the {word}?")
        assert_fails(bad, "leak", "of the answer 'green'")

    def test_one_telling_word_of_the_answer_is_a_leak_in_any_form(self):
        bad = worded(AFTER, question="Who is walking, and where to, after the bus drives off?")
        assert_fails(bad, "leak", "'walk' of the answer 'walks to the right'")

    def test_a_choice_is_given_away_when_it_alone_is_named(self):
        assert_fails(worded(CHOICE, question="Is the bus white or not?"), "leak", "but not 'red'")
        assert VERIFIER.check(worded(CHOICE, question="Which colour is the bus?")).ok

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ({"question": "Name its colour"}, "does not end in a question mark"),
            ({"question": "What is carried at 7.5 s?"}, "the clock"),
            ({"question": "What is carried at 0:07?"}, "the clock"),
            ({"question": "What does c1-person-3 carry?"}, "the id 'c1-person-3'"),
            ({"rationale": "It is c1-backpack-1.colour.green. So green."}, "c1-backpack-1.colour.green"),
            ({"rationale": "As C1-K2 shows, it is green."}, "the id 'c1-k2'"),
            ({"rationale": "The backpack is white."}, "does not say the answer 'green'"),
            ({"rationale": " "}, "empty"),
            ({"question": "What is the person that the bus is ?"}, "a word is missing"),
            ({"rationale": "The bus is  a person. It is green."}, "a word is missing"),
        ],
    )
    def test_words_are_a_viewers_words(self, words, reason):
        assert_fails(worded(COLOUR, **words), "words", reason)

    def test_a_no_says_what_is_the_case_instead(self):
        silent = worded(NO, rationale="The bus is not red. So the answer is no.")
        assert_fails(silent, "words", "does not say what is the case instead: 'white'")
        assert VERIFIER.check(worded(NO, rationale="It is White, so no.")).ok

    def test_so_does_a_no_inside_another_answer(self):
        dog = step(
            'at(scene(3), exists(called(things(), "dog")))',
            "yes",
            "c3-dog-1",
            (20.0, 23.0),
            text="A dog is there.",
        )
        either = sample(
            "Is the bus red, or is a dog there in scene three?",
            ("logic", "scene", "binary"),
            step(
                f"or({dog.program}, {NO.program})",
                "yes",
                "c3-dog-1 c1-bus-1.colour.white c1-bus-1",
                (0.0, 6.0),
                (20.0, 23.0),
                text="A dog is there, and the bus is white.",
            ),
            outer_candidates=1,
        )
        assert VERIFIER.check(either).reason == ""
        assert_fails(worded(either, rationale="A dog is there: yes."), "words", "instead: 'white'")
        assert_fails(with_step(either, 1, text="A dog is there."), "words", "step 1 or the rationale")

    def test_steps_are_words_too(self):
        assert_fails(with_step(COLOUR, 1, text="See c1-person-3."), "words", "the id 'c1-person-3'")
        assert_fails(with_step(COLOUR, 1, sub_question=""), "words", "empty")

    def test_words_that_nothing_refined_are_those_of_the_template(self):
        bad = changed(COLOUR, question="So, what colour is it?")
        assert_fails(bad, "words", "nothing refined them")


class TestManySamples:
    def test_samples_come_back_in_order_with_their_verdicts(self):
        bad = changed(COLOUR, answer="blue")
        pairs = list(verify_samples([COLOUR, bad, NO], STREET, SHA256))
        assert [pair[0] for pair in pairs] == [COLOUR, bad, NO]
        assert [pair[1].ok for pair in pairs] == [True, False, True]

    def test_a_verdict_does_not_depend_on_what_was_checked_before(self):
        fresh = [Verifier(STREET, SHA256).check(good) for good in STREET_SAMPLES.values()]
        again = Verifier(STREET, SHA256)
        assert [
            again.check(good) for good in [*STREET_SAMPLES.values(), *STREET_SAMPLES.values()]
        ] == fresh * 2
