"""Is a thing in one scene as it was in another? Asked of what may change, where its name means it in both."""

from dataclasses import replace

import pytest

from videostep.graph import Coverage, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.refinement.form import sentences
from videostep.reason.refinement.grammar import english
from videostep.reason.refinement.lexicon import lexicon_of
from videostep.reason.refinement.reading import Reader
from videostep.reason.refinement.vocabulary import add_words_of, vocabulary_of
from videostep.reason.verify import Verifier
from videostep.sample import Sample
from videostep.testing.builder import GraphBuilder

SHA256 = "0" * 64
COVERAGE = Coverage(
    labels=("chair", "dog", "man"),
    attributes=("posture", "top colour"),
    relations=("next to",),
    motions=("stops", "walks to the left", "walks to the right"),
)


def twice(posture_then: str = "sitting", motion_then: str = "walks to the right") -> VideoGraph:
    """Two men and a dog in two scenes; the man in the red top first stands and walks to the left."""
    graph = GraphBuilder(duration_s=20.0)
    first, second = graph.clip(0.0, 10.0), graph.clip(10.0, 20.0)
    for label, colour, postures, motions in (
        ("man", "red", ("standing", posture_then), ("walks to the left", motion_then)),
        ("man", "blue", ("standing", "standing"), ("stops", "stops")),
        ("dog", "", ("lying", posture_then), ("stops", motion_then)),
    ):
        seen = []
        for clip, posture, motion, start_s in zip(
            (first, second), postures, motions, (0.0, 10.0), strict=True
        ):
            thing = graph.thing(clip, label, kind="dynamic", **({"top_colour": colour} if colour else {}))
            graph.attribute(thing, "posture", posture, [(start_s, start_s + 10.0)])
            graph.motion(thing, motion, start_s + 2.0, start_s + 8.0)
            seen.append(thing)
        graph.reference(*seen)
    return graph.build(coverage=COVERAGE)


def asked(graph: VideoGraph, n_seeds: int = 8) -> dict[str, Sample]:
    config = AskConfig(min_confidence=0.0, samples_per_thing=40.0)
    results = [ask_graph(graph, graph_sha256=SHA256, config=config, seed=seed) for seed in range(n_seeds)]
    return {s.program: s for result in results for s in result.samples if s.program.startswith("same(at(")}


DOG = 'unique(called(things(), "dog"))'
IN_RED = 'unique(with(called(things(), "man"), "top colour", "red"))'


def same(thing: str, asked_for: str = 'attribute({}, "posture")') -> str:
    one = asked_for.format(thing)
    return f"same(at(scene(1), {one}), at(scene(2), {one}))"


def test_what_changed_from_one_scene_to_the_next_is_no():
    sample = asked(twice())[same(DOG)]
    assert (sample.answer, sample.n_steps, sample.type.temporal) == ("no", 2, "scene")
    assert "the posture of the dog the same in the first scene as in the second" in sample.question or (
        "the dog have the same posture in the first scene as in the second" in sample.question
    )
    first, second = (step.text for step in sample.steps)
    assert first == "In the first scene, the dog is lying down."
    assert second == "In the second scene, the dog is sitting, not lying down."


def test_a_man_who_is_told_by_his_top_is_looked_for_in_both():
    sample = asked(twice("standing"))[same(IN_RED)]
    assert (sample.answer, sample.n_steps) == ("yes", 4)
    assert sample.rationale == (
        "In the first scene, one man wears a red top. That man is standing. "
        "In the second scene, that man wears a red top. That man is standing too. So the answer is yes."
    )


def test_motions_too():
    found = asked(twice())
    sample = found[same(DOG, "motion({})")]
    assert "the dog do the same" in sample.question or "the dog does the same" in sample.question
    assert sample.steps[-1].text == "In the second scene, the dog walks to the right, and does not stop."


def test_one_who_does_it_first_or_without_a_name_in_both_is_not_asked_about():
    graph = twice()
    assert {same(DOG), same(IN_RED)} < asked(graph).keys()
    assert not [program for program in asked(graph) if "nth" in program or "does(" in program]


def test_the_two_nodes_must_be_one_thing():
    graph = twice()
    sample = asked(graph)[same(DOG)]
    apart = replace(graph, references=())
    verdict = Verifier(apart, SHA256).check(sample)
    assert not verdict.ok


@pytest.mark.parametrize(
    "wrong", ["The dog is sitting.", "In the second scene, the dog is sitting, not standing."]
)
def test_the_rationale_says_how_it_was(wrong):
    graph = twice()
    sample = asked(graph)[same(DOG)]
    told = f"{wrong} So the answer is no."
    verdict = Verifier(graph, SHA256).check(replace(sample, rationale=told, refined_by="a model"))
    assert "what is the case instead: 'lying'" in verdict.reason


def test_its_words_can_be_read_back():
    graph = twice()
    known = vocabulary_of(graph)
    for sample in asked(graph).values():
        reader = Reader(english(), lexicon_of(add_words_of(sample, known)))
        assert reader.readings("question", sample.question[:-1]), sample.question
        unread = [told for told in sentences(sample.rationale) if not reader.readings("sentence", told)]
        assert all(", not to" in told for told in unread)
