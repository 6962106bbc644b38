"""The blind controls of small data sets whose numbers are known."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.reason.controls.captions import CaptionRule
from videostep.reason.controls.kinds import question_type, without_reasoning
from videostep.reason.controls.measure import entropy_bits, measure_controls
from videostep.reason.controls.rates import Bootstrap
from videostep.reason.controls.table import Interval
from videostep.sample import SampleType
from videostep.testing.samples import STREET_SAMPLES


def kind_of(samples, captions=None):
    (kind,) = measure_controls(samples, captions or {}).kinds
    return kind


class TestCaptionRule:
    CAPTIONS = {"v": ["A person in red walks past a bus.", "A dog barks."]}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("question", "says_yes"),
        [
            ("Does the person in red walk past the bus?", True),
            ("Is the bus there?", True),
            ("Does the dog bark?", True),
            ("Does the dog walk past the bus?", False),
            ("Is there a cat?", False),
            ("Is there a car?", False),
        ],
    )
    def test_says_yes_when_one_caption_holds_all_content_words(self, ask, question, says_yes):
        samples = [ask("v", question, answer) for answer in ("yes", "no")]
        rule = CaptionRule(samples, self.CAPTIONS)
        assert [rule.share_right(sample) for sample in samples] == [float(says_yes), float(not says_yes)]

    @pytest.mark.parametrize(
        ("choices", "share"),
        [
            (("bus", "car"), 1.0),
            (("car", "bus", "dog"), 0.5),
            (("cat", "bus"), 1.0),
            (("past a bus", "bus"), 0.5),
        ],
    )
    def test_guesses_among_the_choices_that_are_named(self, ask, choices, share):
        sample = ask("v", "What is it?", "bus", *choices)
        assert CaptionRule([sample], self.CAPTIONS).share_right(sample) == share

    def test_guesses_among_all_choices_when_none_is_named(self, ask):
        sample = ask("v", "Which?", "green", "green", "blue", "black", "white")
        assert CaptionRule([sample], self.CAPTIONS).share_right(sample) == 0.25

    def test_is_wrong_when_another_choice_is_named(self, ask):
        sample = ask("v", "Which?", "green", "green", "red")
        assert CaptionRule([sample], self.CAPTIONS).share_right(sample) == 0.0

    def test_answers_an_open_question_by_what_answers_its_type(self, ask):
        there = ask("v", "What passes?", "bus")
        other = ask("w", "What barks?", "dog")
        absent = ask("v", "What is next to it?", "zebra")
        rule = CaptionRule([there, other, absent], self.CAPTIONS)
        assert [rule.share_right(sample) for sample in (there, other, absent)] == [0.5, 0.0, 0.0]

    def test_takes_no_answer_of_questions_with_options_for_open_ones(self, ask):
        query = SampleType(structure="query", semantics="object", temporal="none")
        there = ask("v", "What passes?", "bus", type=query)
        with_options = ask("w", "What barks?", "dog", "dog", "cat", type=query)
        assert CaptionRule([there, with_options], self.CAPTIONS).share_right(there) == 1.0


class TestGroups:
    def test_the_most_frequent_answer(self, ask):
        samples = [ask(f"v{n}", f"What is it {n}?", "bus" if n < 6 else f"thing {n}") for n in range(10)]
        assert kind_of(samples).frequent.value == 0.6

    def test_of_choices_the_most_frequent_place_where_that_is_more(self, ask):
        rng = random.Random(0)
        samples = []
        for n in range(12):
            right, wrong = rng.sample(("red", "blue", "white", "black"), 2)
            choices = (right, wrong) if n < 9 else (wrong, right)
            samples.append(ask(f"v{n}", f"Which {n}?", right, *choices))
        assert kind_of(samples).frequent.value == 0.75

    def test_chance_is_the_mean_over_the_choices(self, ask):
        two = ask("a", "Which?", "red", "red", "blue")
        four = ask("b", "Which?", "red", "red", "blue", "white", "black")
        assert kind_of([two, four]).chance == 0.375
        assert kind_of([ask("a", "Is it?", "yes")]).chance == 0.5
        assert kind_of([ask("a", "What?", "bus")]).chance is None

    def test_a_word_that_tells_the_answer_shows(self, ask):
        samples = [ask(f"v{n}", f"Is it {a}?", "yes" if a == "x" else "no") for n in range(9) for a in "xyz"]
        assert kind_of(samples).words.value == 1.0

    def test_one_video_has_no_question_only_model_and_no_intervals(self, ask):
        kind = kind_of([ask("a", f"Is it {n}?", "yes") for n in range(9)], {"a": ["a bus"]})
        assert kind.words is None
        assert kind.frequent.interval is None
        assert kind.captions.value == 0.0

    def test_without_captions_there_is_no_caption_rule(self, ask):
        assert kind_of([ask("a", "Is it?", "yes")], {"a": []}).captions is None

    def test_an_open_type_of_one_video_is_not_guessed(self, ask):
        seen = SampleType(structure="query", semantics="motion", temporal="none")
        odd = ask("a", "What does it do?", "stops", type=seen)
        types = measure_controls([odd, ask("a", "What?", "bus"), ask("b", "What?", "bus")], {}).types
        assert {group.name: group.words.value for group in types} == {
            "query object": 1.0,
            "query motion": 0.0,
        }

    def test_types_say_which_attribute_is_asked_for(self, ask):
        colour = SampleType(structure="query", semantics="attribute", temporal="none")
        program = 'attribute(unique(called(things(), "bus")), "top colour")'
        types = measure_controls([ask("a", "What colour?", "red", type=colour, program=program)], {}).types
        assert [group.name for group in types] == ["query attribute: top colour"]

    def test_the_same_question_with_options_is_of_another_type(self, ask):
        query = SampleType(structure="query", semantics="object", temporal="none")
        with_options = ask("a", "What passes?", "dog", "dog", "cat", type=query)
        types = measure_controls([ask("a", "What passes?", "bus", type=query), with_options], {}).types
        assert {(group.name, group.answer_kind) for group in types} == {
            ("query object", "open"),
            ("query object", "choice"),
        }

    def test_what_a_sample_is_proven_by_is_not_held(self):
        samples = tuple(STREET_SAMPLES.values())
        light = tuple(without_reasoning(samples))
        assert [sample.question for sample in light] == [sample.question for sample in samples]
        assert not any(sample.steps or sample.rationale or sample.checks for sample in light)
        assert [question_type(sample) for sample in light] == [question_type(sample) for sample in samples]
        assert len({id(sample.video) for sample in light}) == 1
        assert measure_controls(iter(light), {}) == measure_controls(samples, {})

    def test_no_samples_give_an_empty_table(self):
        controls = measure_controls([], {})
        assert (controls.samples, controls.kinds, controls.types, controls.floors) == (0, (), (), ())

    @given(order=st.permutations(range(24)))
    @settings(max_examples=10, deadline=None, derandomize=True)
    def test_the_order_of_the_samples_does_not_matter(self, ask, order):
        rng = random.Random(5)
        samples = [
            ask(f"v{n % 8}", f"Is {n} a {rng.choice('abc')}?", rng.choice(("yes", "no"))) for n in range(24)
        ]
        captions = {"v1": ["3 a"]}
        there = measure_controls(samples, captions)
        assert measure_controls([samples[number] for number in order], captions) == there


class TestFloor:
    def test_is_the_mean_luck_among_outer_candidates_by_steps(self, ask):
        fields = [(1, 4), (2, 1), (2, 2), (3, 5), (5, 1), (4, 10)]
        samples = [
            ask("v", f"What {number}?", "bus", n_steps=steps, outer_candidates=rivals)
            for number, (steps, rivals) in enumerate(fields)
        ]
        floors = measure_controls(samples, {}).floors
        assert [(f.steps, f.samples, f.floor.value, f.single) for f in floors] == [
            ("1", 1, 0.25, 0),
            ("2", 2, 0.75, 1),
            ("3+", 3, 0.4333, 1),
        ]

    def test_twins_are_counted_from_either_side(self, ask):
        first, second, third = (ask("v", f"What {n}?", "bus", n_steps=2) for n in range(3))
        short = ask("v", "What?", "bus", n_steps=1, twin_of=third.id)
        linked = ask("v", "What then?", "car", n_steps=2, twin_of=first.id)
        dangling = ask("v", "What now?", "car", n_steps=2, twin_of="gone")
        controls = measure_controls([first, second, third, short, linked, dangling], {})
        assert (controls.longer, controls.twins) == (5, 2)


@pytest.mark.parametrize(
    ("counts", "bits"), [({"a": 5}, 0.0), ({"a": 3, "b": 3}, 1.0), ({"a": 2, "b": 1, "c": 1}, 1.5)]
)
def test_entropy(counts, bits):
    assert entropy_bits(Counter(counts)) == bits


class TestBootstrap:
    def test_the_interval_holds_the_share_and_narrows_with_more_videos(self):
        rng = random.Random(0)
        widths = []
        for n_videos in (10, 1000):
            videos = [f"v{n}" for n in range(n_videos) for _ in range(3)]
            rate = Bootstrap(videos).rate(videos, [float(rng.random() < 0.3) for _ in videos])
            assert rate.interval.low <= rate.value <= rate.interval.high
            widths.append(rate.interval.high - rate.interval.low)
        assert widths[1] < widths[0] / 5

    def test_questions_of_one_video_are_no_independent_evidence(self):
        alone = [f"v{n}" for n in range(100)]
        together = [f"v{n % 4}" for n in range(100)]
        marks = [float(n % 4 == 0) for n in range(100)]
        wide, narrow = (Bootstrap(videos).rate(videos, marks).interval for videos in (together, alone))
        assert wide.high - wide.low > 3 * (narrow.high - narrow.low)

    @pytest.mark.parametrize(("mark", "low", "high"), [(1.0, 0.2924, 1.0), (0.0, 0.0, 0.7076)])
    def test_three_videos_that_are_all_alike_prove_little(self, mark, low, high):
        videos = ["v0", "v1", "v2", "v2"]
        assert Bootstrap(videos).rate(videos, [mark] * 4).interval == Interval(low, high)

    def test_a_group_of_few_videos_is_drawn_from_those(self):
        videos = [f"v{n}" for n in range(50)]
        rate = Bootstrap(videos).rate(["v0", "v1"], [1.0, 0.0])
        assert (rate.value, rate.interval) == (0.5, (0.0, 1.0))
