from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from videostep.graph import Box
from videostep.induce.parsers.embedded.say import statements

MAN = Box(0.1, 0.4, 0.2, 0.8)


def predicates(scene) -> list[str]:
    return [motion.predicate for motion in statements(scene).motions]


def relations(scene) -> set[tuple[str, str, str]]:
    said = statements(scene)
    labels = {one.track: f"{one.label}{one.track}" for one in said.things}
    return {(labels[r.subject], r.predicate, labels[r.object]) for r in said.relations}


def values(scene, name: str) -> list[str]:
    (one,) = statements(scene).things
    return [attribute.value for attribute in one.attributes if attribute.name == name]


def test_a_person_crossing_the_picture_walks_to_the_right(watch, thing, gliding):
    scene = watch(thing("person", gliding(MAN, (0.04, 0), 15)))
    (motion,) = statements(scene).motions
    assert motion.predicate == "walks to the right"
    assert motion.span_s.start_s <= 0.4
    assert motion.span_s.end_s >= 2.4
    assert values(scene, "state") == ["moving"]


def test_a_car_drives_and_a_dog_moves(watch, thing, gliding):
    for label, verb in (("car", "drives"), ("dog", "moves")):
        assert predicates(watch(thing(label, gliding(MAN, (0.04, 0), 15)))) == [f"{verb} to the right"]


def test_a_parked_car_is_static_and_still(watch, thing):
    scene = watch(thing("car", [Box(0.3, 0.5, 0.6, 0.7)] * 15))
    (car,) = statements(scene).things
    assert car.kind == "static"
    assert values(scene, "state") == ["still"]
    assert predicates(scene) == []


def test_a_parked_car_stays_static_while_the_camera_pans(watch, thing, gliding):
    step = 0.04
    pan = [np.array([[1.0, 0.0, -step], [0.0, 1.0, 0.0]])] * 15
    scene = watch(thing("car", gliding(Box(0.65, 0.4, 0.85, 0.6), (-step, 0), 15)), camera=pan)
    (car,) = statements(scene).things
    assert car.kind == "static"
    assert values(scene, "state") == ["still"]


def test_who_keeps_pace_with_the_camera_walks(watch, thing):
    pan = [np.array([[1.0, 0.0, -0.04], [0.0, 1.0, 0.0]])] * 15
    assert predicates(watch(thing("person", [MAN] * 15), camera=pan)) == ["walks to the right"]


def test_who_grows_comes_towards_the_camera(watch, thing):
    boxes = [Box(0.45 - g, 0.4 - g, 0.55 + g, 0.7 + g) for g in np.arange(20) * 0.006]
    assert predicates(watch(thing("person", boxes))) == ["walks towards the camera"]
    assert predicates(watch(thing("person", boxes[::-1]))) == ["walks away"]


def test_who_shows_no_feet_moves_and_does_not_walk(watch, thing, gliding):
    assert predicates(watch(thing("person", gliding(Box(0.1, 0.5, 0.3, 1.0), (0.05, 0), 12)))) == [
        "moves to the right"
    ]


def test_who_shows_no_feet_can_be_still(watch, thing):
    assert values(watch(thing("person", [Box(0.4, 0.3, 0.6, 1.0)] * 12)), "state") == ["still"]


def test_who_comes_to_rest_stops_and_who_sets_out_starts(watch, thing, gliding):
    walk = gliding(MAN, (0.04, 0), 10)
    stop = [*walk, *[walk[-1]] * 12]
    assert predicates(watch(thing("person", stop))) == ["walks to the right", "stops"]
    start = predicates(watch(thing("person", stop[::-1])))
    assert start == ["starts walking", "walks to the left"]


def test_who_comes_back_turns_around(watch, thing, gliding):
    there = gliding(MAN, (0.04, 0), 12)
    said = predicates(watch(thing("person", there + there[::-1])))
    assert said == ["walks to the right", "turns around", "walks to the left"]


def test_who_comes_over_the_edge_enters_and_who_goes_over_it_leaves(watch, thing, gliding):
    inside = gliding(Box(0.0, 0.4, 0.1, 0.8), (0.04, 0), 12)
    boxes = [None] * 4 + [Box(0.0, 0.4, 0.05, 0.8), *inside] + [None] * 4
    enters = watch(thing("person", boxes))
    assert "enters from the left" in predicates(enters)
    assert statements(enters).things[0].kind == "dynamic"
    assert "leaves to the left" in predicates(watch(thing("person", boxes[::-1])))


def test_what_is_there_after_a_cut_has_not_entered(watch, thing, gliding):
    boxes = gliding(Box(0.0, 0.4, 0.1, 0.8), (0.04, 0), 12)
    assert predicates(watch(thing("person", boxes))) == ["walks to the right"]
    assert predicates(watch(thing("person", boxes[::-1]))) == ["walks to the left"]


def test_who_vanishes_inside_the_picture_has_not_left(watch, thing, gliding):
    boxes = gliding(Box(0.2, 0.4, 0.3, 0.8), (0.03, 0), 12) + [None] * 12
    assert predicates(watch(thing("person", boxes))) == ["walks to the right"]


def test_a_person_on_a_bicycle_rides_it(watch, thing, gliding):
    rider = thing("person", gliding(Box(0.12, 0.3, 0.24, 0.75), (0.03, 0), 15))
    bicycle = thing("bicycle", gliding(Box(0.1, 0.5, 0.28, 0.8), (0.03, 0), 15), colour=9)
    scene = watch(rider, bicycle)
    assert relations(scene) == {("person1", "riding", "bicycle2")}
    assert "rides to the right" in predicates(scene)


def test_who_walks_past_a_parked_bicycle_does_not_ride_it(watch, thing, gliding):
    walker = thing("person", gliding(Box(0.1, 0.3, 0.22, 0.75), (0.04, 0), 18))
    bicycle = thing("bicycle", [Box(0.4, 0.5, 0.58, 0.8)] * 18, colour=9)
    assert not relations(watch(walker, bicycle))


def test_who_stands_before_a_bicycle_with_feet_below_it_does_not_ride_it(watch, thing):
    walker = thing("person", [Box(0.42, 0.3, 0.54, 0.95)] * 18)
    bicycle = thing("bicycle", [Box(0.4, 0.5, 0.58, 0.8)] * 18, colour=9)
    assert not relations(watch(walker, bicycle))


def test_next_to_holds_both_ways_and_not_for_the_one_farther_off(watch, thing):
    near = [thing("person", [Box(x, 0.4, x + 0.1, 0.7)] * 10, colour=i) for i, x in enumerate((0.1, 0.25))]
    far = thing("person", [Box(0.6, 0.4, 0.7, 0.7)] * 10, colour=40)
    said = relations(watch(*near, far))
    assert {("person1", "next to", "person2"), ("person2", "next to", "person1")} <= said
    assert ("person2", "to the left of", "person3") in said
    assert ("person3", "to the right of", "person2") in said
    assert not {r for r in said if r[1] == "next to" and "person3" in (r[0], r[2])}


def test_passers_by_pass_and_are_not_next_to_each_other(watch, thing, gliding):
    one = thing("person", gliding(Box(0.1, 0.4, 0.2, 0.7), (0.04, 0), 18), colour=3)
    other = thing("person", gliding(Box(0.8, 0.4, 0.9, 0.7), (-0.04, 0), 18), colour=50)
    said = relations(watch(one, other))
    assert {r for r in said if r[1] == "passing"} == {
        ("person1", "passing", "person2"),
        ("person2", "passing", "person1"),
    }
    assert not {r for r in said if r[1] == "next to"}


def test_who_crosses_unseen_was_not_seen_passing(watch, thing, gliding):
    walker = gliding(Box(0.1, 0.4, 0.2, 0.7), (0.04, 0), 18)
    walker[6:12] = [None] * 6
    stays = thing("person", [Box(0.45, 0.4, 0.55, 0.7)] * 18, colour=50)
    said = relations(watch(thing("person", walker), stays))
    assert not {r for r in said if r[1] == "passing"}


def test_who_walks_behind_another_follows(watch, thing, gliding):
    first = thing("person", gliding(Box(0.3, 0.4, 0.4, 0.7), (0.03, 0), 18), colour=3)
    second = thing("person", gliding(Box(0.05, 0.4, 0.15, 0.7), (0.03, 0), 18), colour=50)
    said = relations(watch(first, second))
    assert ("person2", "following", "person1") in said
    assert ("person1", "following", "person2") not in said


def test_who_walks_up_to_someone_still_approaches(watch, thing, gliding):
    waits = thing("person", [Box(0.8, 0.4, 0.9, 0.7)] * 15, colour=3)
    comes = thing("person", gliding(Box(0.1, 0.4, 0.2, 0.7), (0.03, 0), 15), colour=50)
    said = relations(watch(waits, comes))
    assert ("person2", "approaching", "person1") in said
    assert ("person1", "approaching", "person2") not in said


def test_what_no_second_look_confirms_is_a_doubt(watch, thing):
    said = statements(watch(thing("person", [MAN] * 10, looks=(0.2, 0.9, 0.1))))
    assert said.things == ()
    assert [doubt.label for doubt in said.unsure] == ["person"]


def test_what_scores_weakly_is_a_doubt(watch, thing):
    said = statements(watch(thing("bicycle", [MAN] * 10, score=0.35)))
    assert said.things == ()
    assert [doubt.label for doubt in said.unsure] == ["bicycle"]


def test_a_weak_box_inside_a_confirmed_thing_is_no_doubt(watch, thing):
    bicycle = thing("bicycle", [Box(0.2, 0.2, 0.8, 0.8)] * 10)
    wheel = thing("bicycle", [Box(0.25, 0.5, 0.5, 0.8)] * 10, score=0.35, colour=9)
    said = statements(watch(bicycle, wheel))
    assert len(said.things) == 1
    assert said.unsure == ()


def test_votes_make_the_confidence(watch, thing):
    boxes = [MAN if i not in (3, 7) else None for i in range(10)]
    (one,) = statements(watch(thing("person", boxes))).things
    assert one.confidence == 0.8
    assert all(span.duration_s > 0 for span in one.spans_s)


def test_places_are_said_only_away_from_their_borders(watch, thing):
    for x, said in ((0.1, ["left"]), (0.35, []), (0.5, ["middle"]), (0.65, []), (0.9, ["right"])):
        scene = watch(thing("person", [Box(x - 0.05, 0.3, x + 0.05, 0.6)] * 10))
        assert values(scene, "position") == said


def test_colours_need_agreeing_looks(watch, thing):
    scene = watch(thing("person", [MAN] * 10))
    for ballot, said in (({"red": 4}, ["red"]), ({"red": 3, "": 2}, []), ({"red": 1}, [])):
        scene.tracks[0].ballots = {"top colour": ballot}
        assert values(scene, "top colour") == said


def test_colours_are_not_said_of_a_track_that_changed_its_looks(watch, thing):
    scene = watch(thing("person", [MAN] * 10))
    scene.tracks[0].ballots = {"top colour": {"red": 4}}
    scene.tracks[0].constancy = 0.6
    assert values(scene, "top colour") == []


def test_who_is_upright_and_still_stands(watch, thing, gliding):
    for boxes, said in (([MAN] * 12, ["standing"]), (gliding(MAN, (0.04, 0), 12), [])):
        scene = watch(thing("person", boxes))
        scene.tracks[0].ballots = {"posture": {"upright": 3}}
        assert values(scene, "posture") == said


edges = st.integers(0, 20).map(lambda step: step / 20)
wild_boxes = st.none() | st.builds(
    lambda x, y, width, height: Box(x, y, min(x + width + 0.05, 1.0), min(y + height + 0.05, 1.0)),
    *(edges, edges, edges, edges),
)
wild_things = st.tuples(
    st.sampled_from(["person", "bicycle", "car", "truck"]), st.lists(wild_boxes, min_size=25, max_size=25)
)


@settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(wild_things, min_size=1, max_size=4))
def test_whatever_the_detector_finds_statements_keep_to_the_clip(watch, thing, found):
    scene = watch(*(thing(label, boxes, colour=i) for i, (label, boxes) in enumerate(found)))
    said = statements(scene)
    tracks = {one.track for one in said.things}
    assert {r.subject for r in said.relations} | {r.object for r in said.relations} <= tracks
    assert {motion.track for motion in said.motions} <= tracks
    spans = [motion.span_s for motion in said.motions]
    spans += [span for one in (*said.things, *said.relations, *said.unsure) for span in one.spans_s]
    assert all(0 <= span.start_s < span.end_s <= scene.span_s.end_s for span in spans)
