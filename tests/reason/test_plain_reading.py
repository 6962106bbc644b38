"""What a reader would stumble over in questions and rationales: two things in the same words, wrong times."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.cores import PredicateCore
from videostep.reason.index import GraphIndex
from videostep.reason.nouns import brought_in, definite, offered, sought
from videostep.reason.pairs import Happening, LongerCore, OrderCore, OverlapCore, PairCore
from videostep.reason.phrase import choose_words, query_words
from videostep.reason.sets import ExistsCore, Group
from videostep.reason.twins import rivals
from videostep.reason.verify.language import parse
from videostep.sample import Sample
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import COVERAGE, random_graph
from videostep.testing.vocabularies import KINDS, graph_in


def asked(*graphs, seed: int = 0) -> Iterator[Sample]:
    config = AskConfig(min_confidence=0.0, samples_per_thing=20.0)
    for graph in graphs:
        yield from ask_graph(graph, graph_sha256="0" * 64, config=config, seed=seed).samples


@pytest.fixture(scope="module")
def many() -> list[Sample]:
    crowds = [random_graph(seed, n_clips=1, n_objects=9) for seed in range(4)]
    return list(asked(*crowds, *(graph_in(words, 0, n_clips=1) for words in KINDS)))


def test_some_dog_and_the_dog_are_not_in_one_question(many):
    """ "How many dogs are next to the man followed by a dog?" leaves open whether that one counts."""
    with_some = 0
    for sample in many:
        calls = list(parse(sample.program).walk())
        labels = [call.words[0] for call in calls if call.name == "called"]
        relations = [call for call in calls if call.name in ("subjects", "objects")]
        kinds = [call.parts[1].words[0] for call in relations if call.parts[1].name == "called"]
        with_some += len(kinds)
        assert all(labels.count(kind) == 1 for kind in kinds), sample.question
    assert with_some


def test_who_never_does_something_does_not_so_early_in_the_video():
    graph = GraphBuilder(duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    people = [graph.thing(clip, "person", kind="dynamic") for _ in range(2)]
    graph.relation(people[0], "next to", graph.thing(clip, "bench"), [(0.0, 2.0)])
    graph.motion(people[0], "enters", 0.0, 1.0)
    samples = [s for seed in range(12) for s in asked(graph.build(coverage=COVERAGE), seed=seed)]
    told = [step.text for s in samples for step in s.steps if "except(" in step.program]
    assert [text for text in told if text == "One person is not next to the bench at any time."]
    assert [text for text in told if text == "Only one person does not enter."]
    assert not [text for text in told if text.startswith("Early")]


def test_what_a_thing_is_all_along_is_not_said_to_be_so_late():
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    graph.thing(clip, "car", [(0.0, 10.0)], colour="red")
    late = graph.thing(clip, "car", [(8.0, 10.0)], colour="blue", kind="dynamic")
    graph.motion(late, "enters", 8.0, 8.8)
    told = [step.text for s in asked(graph.build(coverage=COVERAGE)) for step in s.steps]
    assert [text for text in told if "that car is blue" in text.lower()]
    assert not [text for text in told if " blue" in text and "ate in the video" in text]
    assert [text for text in told if "enters" in text and text.startswith("Late in the video")]


def test_no_clause_stands_inside_a_clause():
    """ "What does the thing that the ball that rolls is rolling towards do?" """
    samples = asked(*(graph_in(words, seed) for words in KINDS for seed in range(2)))
    inside = re.compile(r"(?<!true )(?<!correct )\bthat the \w+ (?:that|who) \w+s (?:is|are) \w+ing \w+")
    assert not [sample.question for sample in samples if inside.search(sample.question)]


def test_how_many_of_the_benches_is_not_asked_where_there_is_one():
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    person, bench = graph.thing(clip, "person"), graph.thing(clip, "bench")
    for car in [graph.thing(clip, "car") for _ in range(2)]:
        graph.relation(person, "next to", car)
    graph.relation(person, "on", bench)
    questions = [s.question for seed in range(20) for s in asked(graph.build(coverage=COVERAGE), seed=seed)]
    assert [question for question in questions if "of the cars" in question]
    assert [question for question in questions if question.startswith("How many benches")]
    assert not [question for question in questions if "of the benches" in question]


def test_in_which_state_something_is_stands_before_it():
    """ "Which state is the ball that rolls in?" sounds like a ball that rolls in."""
    samples = asked(*(graph_in(KINDS[2], seed) for seed in range(16)))
    asked_for = [
        s.question.lower() for s in samples if re.search(r"(?:what|which) state", s.question.lower())
    ]
    assert [question for question in asked_for if "in what state is" in question]
    assert not [question for question in asked_for if re.search(r"(?<!in )(?:what|which) state is", question)]


def test_two_relations_that_begin_alike_are_offered_without_saying_that_twice():
    names = (definite("car"), definite("person"))
    said = choose_words(
        PredicateCore(0, 1), ("moving to the left of", "moving to the right of"), names.__getitem__
    )
    assert said == "Is the car moving to the left of or to the right of the person?"


def test_what_the_same_one_does_before_or_after_is_said_without_naming_it_again():
    names = (definite("man"), definite("cup"), definite("dog"), definite("ball"))
    holding, chasing = Happening(0, "holding", 1), Happening(2, "chasing", 3)

    def said(core: PairCore) -> set[str]:
        return {query_words(core, "", names.__getitem__, variant) for variant in range(3)}

    assert "Does the man sit down before or after holding the cup?" in said(
        OrderCore(Happening(0, "sits down"), holding)
    )
    assert "Is the man holding the cup before sitting down, or after that?" in said(
        OrderCore(holding, Happening(0, "sits down"))
    )
    assert "Is the man holding the cup while being next to the dog?" in said(
        OverlapCore(holding, Happening(0, "next to", 2))
    )
    assert "Is the man holding the cup before or after the dog chases the ball?" in said(
        OrderCore(holding, chasing)
    )
    assert "Is the man holding the cup while the dog is chasing the ball?" in said(
        OverlapCore(holding, chasing)
    )
    assert "Is the man holding the cup for longer than the dog is chasing the ball?" in said(
        LongerCore(holding, chasing)
    )


def test_nobody_asks_whether_a_bench_carries_something():
    """Who asks alike of another thing asks of one that might be so."""
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    people = [graph.thing(clip, "person", kind="dynamic") for _ in range(2)]
    graph.thing(clip, "bench")
    graph.relation(people[0], "carrying", graph.thing(clip, "backpack"))
    index = GraphIndex(graph.build(coverage=COVERAGE))
    view, carrier = index.view(index.whole_s), index.thing_of[people[0]]
    core = ExistsCore(Group("backpack", "objects", "carrying", "", carrier), True)
    asked_alike = [other.group_.neighbour for other in rivals(core, view)]
    assert asked_alike == [index.thing_of[people[1]]]


def test_one_stands_on_the_floor():
    person = definite("person")
    assert (offered("floor", person), sought("floor", person)) == ("the floor", "the floor")
    assert brought_in("floor", 0) == ("the floor", "the floor")
    assert (offered("carpet", person), sought("carpet", person)) == ("a carpet", "a carpet")


def test_nobody_counts_one_candidate(many):
    """ "How many people are holding the cup that the person drinks from?" has nobody else to count."""
    counts = [s for s in many if s.type.structure == "count"]
    assert counts
    graph = GraphBuilder(duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    man, cup = graph.thing(clip, "person", kind="dynamic"), graph.thing(clip, "backpack")
    graph.relation(man, "carrying", cup)
    samples = [s for seed in range(8) for s in asked(graph.build(coverage=COVERAGE), seed=seed)]
    assert samples
    assert not [s.question for s in samples if "count(subjects" in s.program or "count(objects" in s.program]


def test_a_question_speaks_of_one_thing_without_a_name(many):
    """ "Where is the thing with the onion on it in relation to the thing stirred by the person?"."""
    unnamed = [len(re.findall(r"the (?:thing|animal) ", s.question)) for s in many]
    assert 1 in unnamed
    assert max(unnamed) == 1


def test_two_things_are_seldom_compared_in_size():
    graph = GraphBuilder(duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    dogs = [graph.thing(clip, "dog", kind="dynamic", colour=colour) for colour in ("black", "white")]
    horse = graph.thing(clip, "horse", kind="dynamic")
    graph.relation(horse, "larger than", dogs[0])
    graph.relation(dogs[0], "larger than", dogs[1])
    graph.relation(dogs[1], "next to", horse)
    covered = replace(COVERAGE, labels=("dog", "horse"), relations=("larger than", "next to"))
    samples = [s for seed in range(12) for s in asked(graph.build(coverage=covered), seed=seed)]
    compared = [s for s in samples if "larger than" in s.program]
    assert 0 < len(compared) < len(samples) / 5
    assert not [s.question for s in samples if re.search(r"the dog (larger|smaller) than", s.question)]


def test_who_holds_a_baby_at_any_time_is_not_asked_whether_it_is_next_to_them():
    graph = GraphBuilder(duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    man, *others = (
        graph.thing(clip, label) for label in ("person", "bench", "dog", "car", "bus", "backpack")
    )
    graph.relation(man, "next to", others[0])
    graph.relation(man, "carrying", others[-1], [(15.0, 20.0)])
    graph.motion(man, "stops", 0.0, 10.0)
    samples = [s for seed in range(20) for s in asked(graph.build(coverage=COVERAGE), seed=seed)]
    offered_beside = [
        s.choices for s in samples if "next to" in s.program and s.choices and s.answer == "bench"
    ]
    assert offered_beside
    assert not [choices for choices in offered_beside if "backpack" in choices]


def test_nobody_asks_whether_or_how_often_there_is_a_floor():
    graph = GraphBuilder(duration_s=20.0)
    first, second = graph.clip(0.0, 10.0), graph.clip(10.0, 20.0)
    man = graph.thing(first, "person", kind="dynamic")
    graph.relation(man, "on", graph.thing(first, "floor"))
    graph.thing(second, "dog")
    covered = replace(COVERAGE, labels=(*COVERAGE.labels, "floor"))
    samples = [s for seed in range(12) for s in asked(graph.build(coverage=covered), seed=seed)]
    assert [s for s in samples if "floor" in s.program]
    assert not [
        s.question for s in samples if re.search(r"(count|exists)\(called\(things\(\), .floor", s.program)
    ]


def test_options_say_the_same_kind_of_thing_as_the_answer():
    graph = GraphBuilder(duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    man, box, sofa, cup = (graph.thing(clip, label) for label in ("person", "box", "sofa", "cup"))
    graph.relation(box, "in front of", man)
    graph.relation(man, "sitting on", sofa)
    graph.relation(man, "holding", cup)
    graph.relation(cup, "under", sofa)
    graph.relation(sofa, "beside", box)
    covered = replace(
        COVERAGE,
        relations=(
            "behind",
            "beside",
            "holding",
            "in front of",
            "leaning on",
            "lying on",
            "sitting on",
            "under",
        ),
    )
    samples = [s for seed in range(20) for s in asked(graph.build(coverage=covered), seed=seed)]
    offered = [
        s.choices
        for s in samples
        if s.choices and s.program.startswith("predicate(") and "in front of" in s.choices
    ]
    assert offered
    assert not [choices for choices in offered if {"sitting on", "lying on", "holding"} & {*choices}]


def test_descriptions_do_not_say_how_two_things_are_compared():
    """ "Do the man standing behind the car and the man standing next to it have the same posture?"."""
    graph = GraphBuilder(duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    car, bench = graph.thing(clip, "car"), graph.thing(clip, "bench")
    people = [graph.thing(clip, "person", kind="dynamic", top_colour=c) for c in ("red", "blue", "green")]
    for person, end in zip(people, (car, bench, None), strict=True):
        graph.attribute(person, "posture", "standing")
        if end:
            graph.relation(person, "standing next to", end)
    covered = replace(COVERAGE, relations=("standing next to",))
    samples = [s for seed in range(12) for s in asked(graph.build(coverage=covered), seed=seed)]
    compared = [
        s.question for s in samples if s.type.structure in ("compare", "logic") and '"posture"' in s.program
    ]
    assert compared
    assert not [question for question in compared if "standing next to" in question]
