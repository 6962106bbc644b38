"""One wrong thing at a time: the verifier must name it, by the right check and in the right words."""

import dataclasses

import pytest

from videostep.reason.verify import Executor, Verifier, needed
from videostep.sample import Sample, VideoRef
from videostep.testing.samples import (
    ABSENT,
    AFTER,
    BACKPACK,
    BUS,
    CARRIES,
    CHOICE,
    COLOUR,
    COUNT,
    IDENTITY,
    IN_BLACK,
    IS_GREEN,
    NO,
    SHA256,
    SITTER,
    STREET,
    STREET_SAMPLES,
    WEARS,
    changed,
    confidence,
    step,
    with_step,
)
from videostep.video import TimeSpan

VERIFIER = Verifier(STREET, SHA256)
PERSONS, CARS = 'called(things(), "person")', 'called(things(), "car")'
BENCHES, APPEARS = 'called(things(), "bench")', 'when(unique(called(things(), "dog")), "enters")'
LEFT = f'does({PERSONS}, "walks to the left")'


@pytest.mark.parametrize("name", STREET_SAMPLES)
def test_right_samples_pass(name):
    verdict = VERIFIER.check(STREET_SAMPLES[name])
    assert (verdict.ok, verdict.reason) == (True, "")
    applies_not = {"choice": set(), "order": set(), "no": {"choices", "leak"}, "absent": {"choices", "leak"}}
    skipped = {check for check, value in verdict.checks.items() if value == "skipped"}
    assert skipped == applies_not.get(name, {"choices", "leak"} if name == "someone" else {"choices"})
    assert set(verdict.checks.values()) <= {"pass", "skipped"}


def assert_fails(bad: Sample, check: str, reason: str) -> None:
    verdict = VERIFIER.check(bad)
    failed = [name for name, value in verdict.checks.items() if value == "fail"]
    assert (verdict.ok, failed) == (False, [check]), verdict.reason
    assert reason in verdict.reason


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


def needless(program: str) -> str | None:
    """What the program could do without; strings may stand in single quotes."""
    executor = Executor(STREET)
    return needed.needless(executor, executor.parse(program.replace("'", '"')))


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

    @pytest.mark.parametrize(
        "program",
        [
            f"at(scene(1), motion({SITTER}))",
            f"at(scene(2), name(at(scene(1), {BUS})))",
            f"at(scene(2), attribute(at(scene(1), unique({LEFT})), 'top colour'))",
            f"attribute(at(before({APPEARS}), nth({PERSONS}, 'walks to the right', 1)), 'top colour')",
            f"attribute(unique(subjects({PERSONS}, 'next to', at(scene(3), {CARS}))), 'top colour')",
            f"at(after(when({BUS}, 'drives to the right')), motion({IN_BLACK}))",
        ],
    )
    def test_a_description_may_be_of_another_time(self, program):
        assert "one of its times" not in (needless(program) or "")

    @pytest.mark.parametrize(
        "program",
        [
            f"at(scene(1), motion(at(scene(1), {BUS})))",
            f"at(scene(1), motion(at(always(), {BUS})))",
            "motion(unique(called(at(scene(1), things()), 'bus')))",
            f"attribute(at(scene(1), unique({LEFT})), 'top colour')",
            f"attribute(unique(at(scene(2), does({PERSONS}, 'sits down'))), 'top colour')",
            f"attribute(unique(does(at(scene(2), {PERSONS}), 'sits down')), 'top colour')",
            f"attribute(unique(subjects({PERSONS}, 'on', at(scene(2), {BENCHES}))), 'top colour')",
            f"at(after(when(at(scene(1), {BUS}), 'drives to the right')), motion({IN_BLACK}))",
        ],
    )
    def test_but_not_where_it_means_the_same_without_that_time(self, program):
        assert "is the same without one of its times" in (needless(program) or "")


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
