"""Who lacks a value that others have only for a time is told by nothing: "not moving" means now, or never."""

import pytest

from videostep.graph import Coverage, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.index import GraphIndex
from videostep.reason.lasting import never_changes
from videostep.reason.sets import ExistsCore, Group
from videostep.testing.builder import GraphBuilder
from videostep.video import TimeSpan

COVERAGE = Coverage(
    labels=("ball", "box"), attributes=("colour", "state"), relations=("next to",), motions=("rolls",)
)


def balls(still_until_s: float) -> VideoGraph:
    """A ball that rolls all the time, and one that lies still first; both are next to a box at first."""
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    box = graph.thing(clip, "box")
    rolling, hit = (graph.thing(clip, "ball", kind="dynamic", colour=c) for c in ("red", "blue"))
    graph.attribute(rolling, "state", "moving", [(0.0, 10.0)])
    graph.attribute(hit, "state", "still", [(0.0, still_until_s)])
    if still_until_s < 10.0:
        graph.attribute(hit, "state", "moving", [(still_until_s, 10.0)])
    for ball in (rolling, hit):
        graph.relation(ball, "next to", box, [(0.0, still_until_s)])
    return graph.build(coverage=COVERAGE)


def programs(graph: VideoGraph) -> list[str]:
    config = AskConfig(min_confidence=0.0, samples_per_thing=40.0)
    return [
        sample.program
        for seed in range(6)
        for sample in ask_graph(graph, graph_sha256="0" * 64, config=config, seed=seed).samples
    ]


LACKING = 'unique(except(called(things(), "ball"), with(called(things(), "ball"), "state", "still")))'
ALL_BESIDE = 'exists(except(called(things(), "ball"), subjects('


@pytest.mark.parametrize(("still_until_s", "is_told"), [(10.0, True), (5.0, False)])
def test_a_ball_is_told_by_not_being_still_where_the_other_is_so_all_the_time(still_until_s, is_told):
    found = programs(balls(still_until_s))
    assert any(LACKING in program for program in found) is is_told
    assert any(ALL_BESIDE in program for program in found) is is_told


def test_colours_last_though_they_were_seen_for_a_time_only():
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    lamp, box = graph.thing(clip, "lamp"), graph.thing(clip, "box")
    graph.attribute(lamp, "colour", "red", [(0.0, 4.0)])
    graph.attribute(lamp, "colour", "green", [(4.0, 10.0)])
    graph.attribute(box, "colour", "red", [(0.0, 2.0)])
    graph.attribute(box, "state", "open", [(0.0, 2.0)])
    index = GraphIndex(graph.build(coverage=COVERAGE))
    view = index.view(index.whole_s)
    by_label = {thing.label: thing.key for thing in index.things}
    assert never_changes(view, by_label["box"], "colour")
    assert not never_changes(view, by_label["box"], "state")
    assert not never_changes(view, by_label["lamp"], "colour")


def test_what_was_true_of_all_in_a_scene_is_not_true_of_others_at_other_times():
    graph = GraphBuilder(duration_s=20.0)
    first, second = graph.clip(0.0, 10.0), graph.clip(10.0, 20.0)
    box = graph.thing(first, "box")
    graph.relation(graph.thing(first, "ball"), "next to", box)
    graph.thing(second, "ball")
    index = GraphIndex(graph.build(coverage=COVERAGE))
    key = next(thing.key for thing in index.things if thing.label == "box")
    core = ExistsCore(Group("ball", "subjects", "next to", "", key, is_negated=True), is_there=False)
    assert core.answer(index.view(TimeSpan(0.0, 10.0))) == "no"
    assert core.answer(index.view(index.whole_s)) is None


@pytest.mark.parametrize(("known_from_s", "is_asked"), [(0.8, True), (5.0, False)])
def test_how_somebody_sits_is_asked_where_it_is_known_all_the_time(known_from_s, is_asked):
    """Of who was seen sitting in the second half only, nothing tells whether they stood in the first."""
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    man, woman, other = (graph.thing(clip, label, kind="dynamic") for label in ("man", "woman", "woman"))
    graph.attribute(man, "posture", "sitting", [(known_from_s, 10.0)])
    graph.attribute(woman, "posture", "sitting", [(0.0, 10.0)])
    graph.attribute(other, "posture", "standing", [(known_from_s, 10.0)])
    covered = Coverage(labels=("man", "woman"), attributes=("posture",), relations=(), motions=())
    found = programs(graph.build(coverage=covered))
    asked = 'attribute(unique(called(things(), "man")), "posture")'
    assert any(asked in program for program in found) is is_asked
    counted = 'count(with(called(things(), "woman"), "posture", "sitting"))'
    assert any(counted in program for program in found) is is_asked
