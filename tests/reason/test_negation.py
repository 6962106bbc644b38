"""What is not so: asked where the graph can support it, in natural words, and proven."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from videostep.errors import AmbiguousError, EmptyError, OutOfCoverageError, ProgramError
from videostep.graph import Coverage, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.set_words import instead_words
from videostep.reason.verify import Executor, Verifier
from videostep.reason.verify.proof import sides
from videostep.reason.verify.twins import _outermost
from videostep.sample import Sample
from videostep.testing.builder import GraphBuilder
from videostep.testing.grammar import faults
from videostep.testing.graphs import random_graph, street_graph

PEOPLE = 'called(things(), "person")'
SHA256 = "0" * 64
GRAPHS = [street_graph(), *(random_graph(seed, n_clips=4, n_objects=5) for seed in range(100, 106))]


def group(*, covered: tuple[str, ...] = ("waves",), in_another_clip: bool = False) -> VideoGraph:
    """Three people of whom one waves; the third may be in a clip of their own."""
    graph = GraphBuilder("group", duration_s=20.0)
    clips = graph.clip(0.0, 10.0), graph.clip(10.0, 20.0)
    people = [graph.thing(clips[0], "person", kind="dynamic", top_colour="red") for _ in range(2)]
    people.append(graph.thing(clips[in_another_clip], "person", kind="dynamic", top_colour="blue"))
    graph.motion(people[0], "waves", 1.0, 3.0)
    graph.event(clips[0], "somebody waves", people[:1])
    graph.event(clips[1], "nothing happens", [])
    coverage = Coverage(labels=("person",), attributes=("top colour",), relations=(), motions=covered)
    return graph.build(coverage=coverage)


def everybody_waves() -> VideoGraph:
    """Two people in one clip, both of whom wave."""
    graph = GraphBuilder("party", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    for start_s in (1.0, 4.0):
        graph.motion(graph.thing(clip, "person", kind="dynamic"), "waves", start_s, start_s + 2.0)
    graph.event(clip, "both wave", [])
    return graph.build(coverage=Coverage(labels=("person",), attributes=(), relations=(), motions=("waves",)))


def test_those_that_do_not_do_it_are_counted() -> None:
    not_waving = f'count(except({PEOPLE}, does({PEOPLE}, "waves")))'
    assert Executor(group()).run(not_waving) == "two"
    not_red = f'count(except({PEOPLE}, with({PEOPLE}, "top colour", "red")))'
    assert Executor(group()).run(not_red) == "one"


@pytest.mark.parametrize(
    ("graph", "error"),
    [
        (group(covered=()), OutOfCoverageError),  # nobody looked for who waves
        (group(in_another_clip=True), OutOfCoverageError),  # the third one may be who waved before
    ],
)
def test_who_does_not_do_it_must_be_known(graph: VideoGraph, error: type[ProgramError]) -> None:
    with pytest.raises(error):
        Executor(graph).run(f'count(except({PEOPLE}, does({PEOPLE}, "waves")))')


def test_the_only_one_that_is_not_so_is_a_description() -> None:
    other = f'unique(except({PEOPLE}, with({PEOPLE}, "top colour", "red")))'
    assert Executor(group()).run(f'attribute({other}, "top colour")') == "blue"
    with pytest.raises(AmbiguousError):
        Executor(group()).run(f'name(unique(except({PEOPLE}, does({PEOPLE}, "waves"))))')


def test_what_is_not_so_at_a_time_rests_on_the_facts_of_that_time() -> None:
    street = Executor(street_graph())
    walk = f'while(when(unique(with({PEOPLE}, "top colour", "black")), "walks to the right"))'
    motions = {motion.id: motion.predicate for motion in street_graph().motions}
    for time, fixing in (("scene(1)", []), (walk, ["walks to the right"])):
        program = f'exists(except({PEOPLE}, at({time}, with({PEOPLE}, "top colour", "red"))))'
        [proofs] = sides(street, street.parse(program), street.whole)
        held = [id_ for step in proofs[0] if step.fixes_time for id_ in step.held_s]
        assert [motions[id_] for id_ in held if id_ in motions] == fixing


def test_what_else_somebody_does_is_one_thing() -> None:
    street = Executor(street_graph())
    late = f'unique(with({PEOPLE}, "top colour", "black"))'
    assert street.run(f'besides({late}, "enters")') == "walks to the right"
    with pytest.raises(EmptyError):
        street.run(f'besides({late}, "leaves")')


def test_what_is_excepted_is_an_inner_expression_of_twins() -> None:
    parse = Executor(street_graph()).parse
    one, other, third = (
        _outermost(parse(f"count(except({PEOPLE}, {rest}))"))
        for rest in (
            f'subjects({PEOPLE}, "next to", unique(called(things(), "bus")))',
            f'subjects({PEOPLE}, "next to", unique(called(things(), "car")))',
            f'with({PEOPLE}, "top colour", "red")',
        )
    )
    assert one == other
    assert one != third


def asked_of(graph: VideoGraph) -> tuple[Sample, ...]:
    config = AskConfig(min_confidence=0.0, samples_per_video=150)
    return ask_graph(graph, graph_sha256=SHA256, config=config, seed=1).samples


def asked(pattern: str) -> list[Sample]:
    return [s for graph in GRAPHS for s in asked_of(graph) if re.search(pattern, s.program)]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"unique\(except\(.*, does", r"\b(who|that) does not \w+"),
        (r"unique\(except\(.*, with", r"\b(who|that) (is not|does not wear|does not have) "),
        (r"^(at\(.*\), )?exists\(except", r"\b(not)\b"),
        (r"^(at\(.*\), )?count\(except", r"\b(not)\b"),
        (r"not\(equal", r"(Is|is|be) .*\bnot\b"),
        (r"besides", r"\b([Aa]part from|besides)\b \w+ing\b"),
    ],
    ids=["who does not", "which is not", "exists", "count", "denial", "besides"],
)
def test_questions_say_what_is_not_so_as_people_do(pattern: str, words: str) -> None:
    samples = asked(pattern)
    assert len(samples) >= 3
    for sample in samples:
        assert re.search(words, sample.question), sample.question
        assert not list(faults(sample.question))
        assert not list(faults(sample.rationale))


def test_denials_are_as_often_right_as_wrong() -> None:
    graphs = [*GRAPHS, *(random_graph(seed, n_clips=4, n_objects=5) for seed in range(106, 126))]
    samples = [sample for graph in graphs for sample in asked_of(graph)]
    answers = [sample.answer for sample in samples if "not(equal" in sample.program]
    assert len(answers) > 20
    assert 0.25 <= answers.count("yes") / len(answers) <= 0.75


def test_who_alone_does_not_do_it_is_shown_by_being_there_and_by_those_who_do() -> None:
    samples = [s for s in asked(r"unique\(except\(.*, does") if s.n_steps == 2]
    assert samples
    for sample in samples:
        first = sample.steps[0]
        assert re.search(r"\b[Ii]s there only one ", first.sub_question)
        assert first.sub_answer == "yes"
        assert " not " in first.text
        assert len(first.evidence) >= 3  # a thing, another one and what that does
        assert first.spans_s


@pytest.mark.parametrize("negated", ["count(except(", "exists(except(", "unique(except("])
def test_what_is_left_out_is_part_of_the_proof(negated: str) -> None:
    graphs = [everybody_waves(), *GRAPHS]
    pairs = [(graph, sample) for graph in graphs for sample in asked_of(graph) if negated in sample.program]
    exact = [(graph, sample) for graph, sample in pairs if negated[0] != "e" or sample.answer == "no"]
    n_shown = 0
    for graph, sample in exact:
        verifier, word = Verifier(graph, SHA256), excepted(sample.program)
        named = {id_ for step in sample.steps for id_ in step.evidence}
        facts = [*graph.motions, *graph.relations, *graph.attributes]
        said = {
            fact.id for fact in facts if word in (getattr(fact, "predicate", ""), getattr(fact, "value", ""))
        }
        if left_out := named & said:  # a twin may ask of what nobody does
            assert verifier.check(unnamed(sample, left_out)).checks["evidence"] == "fail"
            n_shown += 1
    assert n_shown >= max(1, 0.6 * len(exact))


def excepted(program: str) -> str:
    """The last word of the filter that tells what is left out: `waves`, `red`."""
    some = r'called\(things\(\), "[^"]+"\), '
    filtered = re.search(rf'except\({some}(\w+)\({some}"([^"]+)"(?:, "([^"]+)")?', program)
    assert filtered
    return filtered[3] if filtered[1] == "with" else filtered[2]


def unnamed(sample: Sample, facts: set[str]) -> Sample:
    """The sample as if its steps had never named some facts."""
    kept = (tuple(id_ for id_ in step.evidence if id_ not in facts) for step in sample.steps)
    steps = (replace(step, evidence=ids) for step, ids in zip(sample.steps, kept, strict=True))
    return replace(sample, steps=tuple(steps))


def test_of_what_lacks_a_value_the_rationale_says_what_it_has_instead() -> None:
    lacking = re.compile(r"except\(.*, with")
    samples = [(graph, sample) for graph in GRAPHS[1:] for sample in asked_of(graph)]
    found = [(graph, s) for graph, s in samples if lacking.search(s.program) and s.answer != "no"]
    assert found
    for graph, sample in found:
        bare = re.sub(r": (it|they) [^.;]*", "", sample.rationale)
        assert bare != sample.rationale
        silent = replace(sample, rationale=bare, refined_by="a model")
        assert "what is the case instead" in Verifier(graph, SHA256).check(silent).reason


@pytest.mark.parametrize(
    ("name", "values", "noun", "of_several", "words"),
    [
        ("colour", ("red",), "car", False, ": it is red"),
        ("colour", ("red", "blue"), "car", True, ": they are red or blue"),
        ("top colour", ("red", "blue"), "person", True, ": they wear a red top or blue top"),
        ("top colour", ("orange",), "person", False, ": they wear an orange top"),
        (
            "position",
            ("left", "right"),
            "dog",
            True,
            ": they are on the left side of the picture or on the right",
        ),
        ("material", ("wood", "metal"), "table", False, ": it is made of wood and metal"),
        ("colour", ("red",), "clothes", False, ": they are red"),
        ("colour", (), "car", False, ""),
    ],
)
def test_what_it_is_instead_is_said_once(
    name: str, values: tuple[str, ...], noun: str, of_several: bool, words: str
) -> None:
    assert instead_words(name, values, noun, of_several=of_several).startswith(words)
