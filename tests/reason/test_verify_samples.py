"""One wrong thing at a time: the verifier must name it, by the right check and in the right words."""

import dataclasses
import hashlib
import math
from typing import Any

import pytest

from videostep.reason.verify import Verifier, verify_samples
from videostep.sample import ReasoningStep, Sample, SampleProvenance, SampleType, Template, VideoRef
from videostep.testing.graphs import street_graph
from videostep.video import TimeSpan

STREET = street_graph()
SHA256 = "5" * 64
VERIFIER = Verifier(STREET, SHA256)
CONFIDENCE = {
    element.id: element.confidence
    for part in (STREET.objects, STREET.attributes, STREET.relations, STREET.motions, STREET.references)
    for element in part
} | {clip.event.id: clip.event.confidence for clip in STREET.clips}

BUS = 'unique(called(things(), "bus"))'
IN_BLACK = 'unique(with(called(things(), "person"), "top colour", "black"))'
BACKPACK = f'unique(objects(things(), "carrying", {IN_BLACK}))'
DRIVES = f'when({BUS}, "drives to the right")'
SITTER = 'at(scene(2), unique(does(called(things(), "person"), "sits down")))'


def step(program: str, answer: str, evidence: str, *spans_s: tuple[float, float], text: str) -> ReasoningStep:
    return ReasoningStep(
        sub_question="Which one?",
        sub_answer=answer,
        text=text,
        program=program,
        evidence=tuple(evidence.split()),
        spans_s=tuple(TimeSpan(*span) for span in spans_s),
    )


def sample(question: str, kind: tuple[str, str, str], *steps: ReasoningStep, **more: Any) -> Sample:
    """A sample around its steps; what is not given follows from them, worked out anew."""
    program, answer = steps[-1].program, steps[-1].sub_answer
    structure, temporal, answer_kind = kind
    rationale = " ".join([*(s.text for s in steps), f"So the answer is {answer}."])
    video = VideoRef(id=STREET.video.id, path=STREET.video.path, sha256=STREET.video.sha256)
    spans = [span for s in steps for span in s.spans_s]
    return Sample(
        **{
            "format": "videostep.qra/1",
            "id": id_of(video.id, program, question),
            "video": video,
            "span_s": TimeSpan(min(s.start_s for s in spans), max(s.end_s for s in spans)),
            "question": question,
            "answer": answer,
            "rationale": rationale,
            "n_steps": len(steps),
            "steps": steps,
            "program": program,
            "type": SampleType(structure=structure, semantics="attribute", temporal=temporal),
            "answer_kind": answer_kind,
            "outer_candidates": 1,
            "confidence": confidence(steps),
            "template": Template(question=question, rationale=rationale),
            "refined_by": None,
            "checks": {},
            "provenance": SampleProvenance(graph_sha256=SHA256, generator="test", version="1", seed=0),
            **more,
        }
    )


def id_of(video: str, program: str, question: str) -> str:
    return hashlib.sha256(f"{video}\n{program}\n{question}".encode()).hexdigest()[:16]


def confidence(steps: tuple[ReasoningStep, ...]) -> float:
    return round(math.prod(CONFIDENCE[id_] for id_ in {id_ for s in steps for id_ in s.evidence}), 4)


WEARS = step(
    f"name({IN_BLACK})",
    "person",
    "c1-person-3 c1-person-3.top-colour.black",
    (5.0, 10.0),
    text="One person wears a black top.",
)
CARRIES = step(
    f"name({BACKPACK})",
    "backpack",
    "c1-person-3.carrying.c1-backpack-1 c1-person-3 c1-backpack-1",
    (5.0, 10.0),
    text="That person is carrying a backpack.",
)
IS_GREEN = step(
    f'attribute({BACKPACK}, "colour")',
    "green",
    "c1-backpack-1.colour.green",
    (5.0, 10.0),
    text="The backpack is green.",
)
COLOUR = sample(
    "What colour is the thing that the person in the black top is carrying?",
    ("query", "none", "open"),
    WEARS,
    CARRIES,
    IS_GREEN,
    outer_candidates=9,
)
AFTER = sample(
    "After the bus drives off, what does the person in the black top do?",
    ("query", "after", "open"),
    step(
        f"at(after({DRIVES}), name({IN_BLACK}))",
        "person",
        "c1-person-3.top-colour.black",
        (6.0, 10.0),
        text="One person wears a black top.",
    ),
    step(
        f"at(after({DRIVES}), motion({IN_BLACK}))",
        "walks to the right",
        "c1-person-3.walks-to-the-right.1 c1-bus-1.drives-to-the-right.1",
        (6.5, 9.5),
        text="After the bus drives off, that person walks to the right.",
    ),
    span_s=TimeSpan(4.0, 10.0),
    outer_candidates=4,
)
IDENTITY = sample(
    "In the first scene, what does the person do who sits down in the second one?",
    ("query", "scene", "open"),
    step(
        f"at(scene(1), name({SITTER}))",
        "person",
        "c2-person-2.sits-down.1 c2-person-2",
        (14.0, 15.0),
        text="In the second scene, one person sits down.",
    ),
    step(
        f"at(scene(1), motion({SITTER}))",
        "walks to the left",
        "c1-person-1.walks-to-the-left.1 c1-person-1.same-as.c2-person-2",
        (6.2, 9.0),
        text="In the first scene, that person walks to the left.",
    ),
    span_s=TimeSpan(6.2, 15.0),
    outer_candidates=2,
)
CHOICE = sample(
    "Is the bus red or white?",
    ("choose", "none", "choice"),
    step(
        f'choose(attribute({BUS}, "colour"), "red", "white")',
        "white",
        "c1-bus-1.colour.white",
        (0.0, 6.0),
        text="The bus is white.",
    ),
    choices=("red", "white"),
    distractor_kinds=("value of another thing", "answer"),
)
ORDER = sample(
    "Does the bus drive off before or after the dog appears?",
    ("order", "none", "choice"),
    step(DRIVES, "4.0 s to 6.0 s", "c1-bus-1.drives-to-the-right.1", (4.0, 6.0), text="The bus drives off."),
    step(
        f'order({DRIVES}, when(unique(called(things(), "dog")), "enters"))',
        "before",
        "c1-bus-1.drives-to-the-right.1 c3-dog-1.enters.1",
        (4.0, 6.0),
        (20.0, 20.5),
        text="The dog appears later.",
    ),
    choices=("before", "after"),
)
NO = sample(
    "Is the bus red?",
    ("verify", "none", "binary"),
    step(
        f'equal(attribute({BUS}, "colour"), "red")',
        "no",
        "c1-bus-1.colour.white c1-bus-1",
        (0.0, 6.0),
        text="The bus is white, not red.",
    ),
)
COUNT = sample(
    "In the second scene, how many people are there?",
    ("query", "scene", "open"),
    step(
        'at(scene(2), count(called(things(), "person")))',
        "three",
        "c2-person-1 c2-person-2 c2-person-3",
        (10.0, 18.0),
        text="Three people are seen.",
    ),
    outer_candidates=3,
)
ABSENT = sample(
    "In the first scene, is there a dog?",
    ("verify", "scene", "binary"),
    step(
        'at(scene(1), exists(called(things(), "dog")))',
        "no",
        "",
        (0.0, 10.0),
        text="Only people, a bus, a car and a backpack are seen.",
    ),
    outer_candidates=0,
)
SOMEONE = sample(
    "In the second scene, does a person next to the bench sit down?",
    ("verify", "scene", "binary"),
    step(
        'at(scene(2), exists(does(called(things(), "person"), "sits down")))',
        "yes",
        "c2-person-2.sits-down.1",
        (14.0, 15.0),
        text="One person sits down.",
    ),
)
GOOD = {
    "colour": COLOUR,
    "after": AFTER,
    "identity": IDENTITY,
    "choice": CHOICE,
    "order": ORDER,
    "no": NO,
    "count": COUNT,
    "absent": ABSENT,
    "someone": SOMEONE,
}


@pytest.mark.parametrize("name", GOOD)
def test_right_samples_pass(name):
    verdict = VERIFIER.check(GOOD[name])
    assert (verdict.ok, verdict.reason) == (True, "")
    applies_not = {"choice": set(), "order": set(), "no": {"choices", "leak"}, "absent": {"choices", "leak"}}
    skipped = {check for check, value in verdict.checks.items() if value == "skipped"}
    assert skipped == applies_not.get(name, {"choices", "leak"} if name == "someone" else {"choices"})
    assert set(verdict.checks.values()) <= {"pass", "skipped"}


def changed(good: Sample, **changes: Any) -> Sample:
    """A sample with other fields and the id that belongs to them."""
    bad = dataclasses.replace(good, **changes)
    if "id" in changes:
        return bad
    return dataclasses.replace(bad, id=id_of(bad.video.id, bad.program, bad.question))


def with_step(good: Sample, number: int, **changes: Any) -> Sample:
    """A sample with another step; its confidence still follows from the evidence."""
    steps = list(good.steps)
    steps[number - 1] = dataclasses.replace(steps[number - 1], **changes)
    known = all(id_ in CONFIDENCE for s in steps for id_ in s.evidence)
    sure = confidence(tuple(steps)) if known else good.confidence
    return changed(good, steps=tuple(steps), confidence=sure)


def assert_fails(bad: Sample, check: str, reason: str) -> None:
    verdict = VERIFIER.check(bad)
    failed = [name for name, value in verdict.checks.items() if value == "fail"]
    assert (verdict.ok, failed) == (False, [check]), verdict.reason
    assert reason in verdict.reason


def worded(good: Sample, **words: str) -> Sample:
    """A sample in other words that a model is said to have found."""
    return changed(good, refined_by="a model", **words)


class TestOrigin:
    @pytest.mark.parametrize(
        ("change", "check", "reason"),
        [
            ({"format": "videostep.qra/2"}, "format", "the format is 'videostep.qra/2'"),
            ({"id": "0" * 16}, "format", "the id is not that of its video, program and question"),
            ({"checks": {"answer": "fail"}}, "format", "its check 'answer' failed"),
            ({"video": VideoRef(id="other", path="p", sha256="s")}, "origin", "'other' is not the graph's"),
            (
                {"video": dataclasses.replace(COLOUR.video, sha256="0" * 64)},
                "origin",
                "not the same file",
            ),
            ({"video": dataclasses.replace(COLOUR.video, path="a.mp4")}, "origin", "not the same file"),
            (
                {"provenance": dataclasses.replace(COLOUR.provenance, graph_sha256="0" * 64)},
                "origin",
                "another graph file",
            ),
        ],
    )
    def test_a_sample_of_something_else_fails(self, change, check, reason):
        assert_fails(changed(COLOUR, **change), check, reason)


class TestProgramAndAnswer:
    @pytest.mark.parametrize(
        ("program", "check", "reason"),
        [
            ("attribute(", "program", "parentheses"),
            (COLOUR.program.replace(", ", ","), "program", "not in canonical print"),
            (COLOUR.program.replace("black", "pink"), "answer", "nothing fits 'person with top colour pink'"),
            ('name(unique(called(things(), "person")))', "answer", "four things fit 'person'"),
            (f'attribute({BUS}, "colour")', "answer", "the program gives 'white', not 'green'"),
        ],
    )
    def test_a_program_that_does_not_give_the_answer_fails(self, program, check, reason):
        assert_fails(changed(COLOUR, program=program), check, reason)

    def test_another_answer_fails(self):
        assert_fails(changed(COLOUR, answer="black"), "answer", "gives 'green', not 'black'")
        assert_fails(changed(COLOUR, answer="Green"), "answer", "gives 'green', not 'Green'")

    @pytest.mark.parametrize(
        ("good", "change"),
        [
            (COLOUR, {"type": dataclasses.replace(COLOUR.type, structure="verify")}),
            (COLOUR, {"type": dataclasses.replace(COLOUR.type, temporal="before")}),
            (AFTER, {"type": dataclasses.replace(AFTER.type, temporal="none")}),
            (COLOUR, {"answer_kind": "binary"}),
            (NO, {"answer_kind": "open"}),
            (CHOICE, {"answer_kind": "open"}),
        ],
    )
    def test_a_type_that_is_not_the_programs_fails(self, good, change):
        assert_fails(changed(good, **change), "type", "")


class TestSteps:
    def test_their_number_must_be_right_everywhere(self):
        assert_fails(changed(COLOUR, n_steps=2), "steps", "has 3 steps, n_steps is 2, told are 3")
        assert_fails(changed(COLOUR, steps=COLOUR.steps[1:]), "steps", "told are 2")
        padded = (WEARS, *COLOUR.steps)
        assert_fails(changed(COLOUR, steps=padded, n_steps=4), "steps", "has 3 steps, n_steps is 4")

    def test_each_must_give_its_sub_answer(self):
        bad = with_step(COLOUR, 2, sub_answer="bag")
        assert_fails(bad, "steps", "step 2: its program gives 'backpack', not 'bag'")
        bad = with_step(COLOUR, 1, program='name(unique(called(things(), "person")))')
        assert_fails(bad, "steps", "step 1: four things fit 'person'")

    def test_none_may_be_told_twice(self):
        assert_fails(changed(COLOUR, steps=(WEARS, WEARS, IS_GREEN)), "steps", "two steps ask the same")

    def test_the_last_must_be_the_question(self):
        bad = with_step(COLOUR, 3, program='attribute(unique(called(things(), "backpack")), "colour")')
        assert_fails(bad, "steps", "the last step does not ask and answer the question")

    def test_one_that_the_question_does_not_need_fails(self):
        idle = step(f'attribute({BUS}, "colour")', "white", "c1-bus-1.colour.white", (0.0, 6.0), text="-")
        steps = (idle, CARRIES, IS_GREEN)
        bad = changed(COLOUR, steps=steps, confidence=confidence(steps))
        assert_fails(bad, "evidence", "step 2: the evidence so far does not carry its answer")
        whole = dataclasses.replace(
            CARRIES, evidence=(*WEARS.evidence, *CARRIES.evidence[:1], "c1-backpack-1")
        )
        steps = (idle, whole, IS_GREEN)
        bad = changed(COLOUR, steps=steps, span_s=TimeSpan(0.0, 10.0), confidence=confidence(steps))
        assert_fails(bad, "hops", "step 1 finds nothing that the question needs")

    def test_a_hop_that_no_step_finds_fails(self):
        twice = step(
            f'attribute({IN_BLACK}, "top colour")',
            "black",
            "c1-person-3 c1-person-3.top-colour.black",
            (5.0, 10.0),
            text="It is black.",
        )
        last = dataclasses.replace(IS_GREEN, evidence=(*CARRIES.evidence, *IS_GREEN.evidence))
        assert_fails(changed(COLOUR, steps=(WEARS, twice, last)), "hops", "no step finds one of the hops")


class TestEvidence:
    def test_an_id_that_is_not_in_the_graph_fails(self):
        bad = with_step(COLOUR, 1, evidence=("c1-person-9",))
        assert_fails(bad, "evidence", "step 1: the graph has no node or edge 'c1-person-9'")
        bad = with_step(COLOUR, 1, evidence=(*WEARS.evidence, "c1-k1"))
        assert_fails(bad, "evidence", "no node or edge 'c1-k1'")

    def test_a_step_without_its_own_evidence_fails(self):
        bad = with_step(COLOUR, 3, evidence=())
        assert_fails(bad, "evidence", "step 3: its evidence does not show what the step finds")
        bad = with_step(COLOUR, 2, evidence=("c1-backpack-1", "c1-person-3"))
        assert_fails(bad, "evidence", "step 2: its evidence does not show what the step finds")

    def test_evidence_of_an_inner_description_must_have_been_named_before(self):
        bad = with_step(AFTER, 2, evidence=("c1-person-3.walks-to-the-right.1",))
        assert_fails(bad, "evidence", "step 2: the evidence so far does not carry its answer")

    def test_evidence_of_something_else_fails(self):
        bad = with_step(COLOUR, 3, evidence=(*IS_GREEN.evidence, "c1-bus-1.colour.white"))
        assert_fails(bad, "evidence", "step 3: its answer does not rest on 'c1-bus-1.colour.white'")
        bad = with_step(COLOUR, 1, evidence=(*WEARS.evidence, "c1-person-1.same-as.c2-person-2"))
        assert_fails(bad, "evidence", "does not rest on 'c1-person-1.same-as.c2-person-2'")

    def test_the_same_fact_about_another_thing_is_no_evidence(self):
        bad = with_step(COLOUR, 1, evidence=("c1-person-1.trouser-colour.black",))
        assert_fails(bad, "evidence", "does not rest on 'c1-person-1.trouser-colour.black'")

    def test_naming_evidence_twice_fails(self):
        bad = with_step(COLOUR, 1, evidence=WEARS.evidence * 2)
        assert_fails(bad, "evidence", "step 1: it names the same evidence twice")

    def test_a_count_needs_everything_it_counts(self):
        bad = with_step(COUNT, 1, evidence=("c2-person-1", "c2-person-2"))
        assert_fails(bad, "evidence", "does not carry its answer")

    def test_two_nodes_are_one_thing_only_by_a_reference_edge(self):
        bad = with_step(IDENTITY, 2, evidence=("c1-person-1.walks-to-the-left.1",))
        assert_fails(bad, "identity", "no evidence says that 'c1-person-1' and 'c2-person-2' are the same")


class TestNeed:
    def test_a_description_that_adds_nothing_fails(self):
        told = BACKPACK.replace("things()", 'called(things(), "backpack")', 1)
        bad = changed(COLOUR, program=COLOUR.program.replace(BACKPACK, told))
        bad = with_step(bad, 2, program=CARRIES.program.replace(BACKPACK, told))
        bad = with_step(bad, 3, program=bad.program)
        assert_fails(
            bad,
            "needed",
            "'backpack that the person with top colour black is carrying' says no more than 'backpack'",
        )

    def test_a_time_without_which_the_answer_is_the_same_fails(self):
        bad = changed(NO, program=f"at(scene(1), {NO.program})", type=IDENTITY.type)
        bad = changed(bad, type=dataclasses.replace(bad.type, structure="verify"))
        bad = with_step(bad, 1, program=bad.program)
        assert_fails(bad, "needed", "the answer is the same without the time 'scene'")


class TestTimes:
    @pytest.mark.parametrize(
        ("spans_s", "reason"),
        [
            ((), "does not say when"),
            (((5.0, 5.0),), "does not say when"),
            (((7.0, 6.0),), "does not say when"),
            (((float("nan"), 6.0),), "does not say when"),
            (((7.0, 8.0), (6.0, 7.0)), "not in order and apart"),
            (((5.0, 7.0), (6.0, 8.0)), "not in order and apart"),
            (((0.0, 4.0),), "does not hold in its spans"),
            (((4.0, 10.0),), "no evidence holds in all of [4.0, 10.0]"),
        ],
    )
    def test_spans_must_be_those_of_the_evidence(self, spans_s, reason):
        bad = with_step(COLOUR, 3, spans_s=tuple(TimeSpan(*span) for span in spans_s))
        assert_fails(bad, "times", f"step 3: {reason}" if "[" in reason else reason)

    def test_spans_outside_the_time_context_fail(self):
        bad = with_step(AFTER, 1, spans_s=(TimeSpan(5.0, 10.0),))
        assert_fails(bad, "times", "step 1: no evidence holds in all of [5.0, 10.0]")

    def test_an_absence_may_be_seen_in_the_searched_time_only(self):
        bad = with_step(ABSENT, 1, spans_s=(TimeSpan(0.0, 12.0),))
        assert_fails(bad, "times", "no evidence holds in all of [0.0, 12.0]")

    @pytest.mark.parametrize("span_s", [(4.9, 10.0), (5.0, 10.1), (5.0, 9.0), (float("nan"), 10.0)])
    def test_the_whole_span_is_the_smallest_that_holds_all(self, span_s):
        assert_fails(changed(COLOUR, span_s=TimeSpan(*span_s)), "times", "[5.0, 10.0], the smallest span")

    def test_what_fixes_the_time_belongs_to_the_whole_span(self):
        assert_fails(changed(AFTER, span_s=TimeSpan(6.0, 10.0)), "times", "[4.0, 10.0], the smallest span")


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
        ],
    )
    def test_words_are_a_viewers_words(self, words, reason):
        assert_fails(worded(COLOUR, **words), "words", reason)

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
        fresh = [Verifier(STREET, SHA256).check(good) for good in GOOD.values()]
        again = Verifier(STREET, SHA256)
        assert [again.check(good) for good in [*GOOD.values(), *GOOD.values()]] == fresh * 2
