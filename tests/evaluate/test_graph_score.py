"""Scores that were worked out by hand."""

from dataclasses import replace

import pytest

from videostep.errors import ConfigError
from videostep.evaluate.config import ScoreConfig
from videostep.evaluate.graph_score import Score, score_graph
from videostep.evaluate.tally import Tally
from videostep.evaluate.words import Synonyms
from videostep.graph import Box
from videostep.testing.builder import GraphBuilder

FAR_LEFT, LEFT, RIGHT = Box(0.0, 0.3, 0.1, 0.9), Box(0.1, 0.3, 0.3, 0.9), Box(0.7, 0.3, 0.9, 0.9)


def best(predicted, true, **config) -> Score:
    return score_graph(predicted, true, ScoreConfig(**config))["hungarian"]


def counts(tally: Tally) -> tuple[int, int, int]:
    return tally.found, tally.predicted, tally.true


def truth():
    """A woman in red next to a bus on the left, a man in blue on the right."""
    graph = GraphBuilder("street", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    bus = graph.thing(clip, "bus", [(0.0, 6.0)], box=Box(0.3, 0.1, 0.8, 0.8), colour="white")
    woman = graph.thing(clip, "person", box=LEFT, top_colour="red")
    graph.thing(clip, "person", box=RIGHT, top_colour="blue")
    graph.relation(woman, "next to", bus, [(0.0, 4.0)])
    graph.motion(woman, "walks to the left", 4.0, 8.0)
    return graph.build()


def prediction():
    """The woman, late and with one wrong colour, someone in green on the far left, and no man."""
    graph = GraphBuilder("street", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    bus = graph.thing(clip, "bus", [(0.0, 8.0)], box=Box(0.3, 0.1, 0.8, 0.8), colour="white")
    graph.thing(clip, "person", box=FAR_LEFT, top_colour="green")
    woman = graph.thing(clip, "person", [(2.0, 10.0)], box=LEFT, top_colour="red", trouser_colour="grey")
    graph.relation(woman, "next to", bus, [(2.0, 8.0)])
    graph.motion(woman, "walks to the left", 5.0, 8.0)
    graph.motion(woman, "stops", 8.0, 9.0)
    return graph.build()


def test_a_score_worked_out_by_hand():
    score = best(prediction(), truth())
    assert counts(score.total("objects")) == (2, 3, 3)
    assert score.total("objects").f1 == pytest.approx(2 / 3)
    assert score.total("objects").time_iou == pytest.approx(6 / 8 + 8 / 10)
    assert counts(score.total("attributes")) == (2, 4, 3)
    # [2, 8) and [0, 4) share 2 of 8 seconds: the relation is right but for its time.
    assert score.total("relations") == Tally(found=0, predicted=1, true=1, agreeing=1, time_iou=2 / 8)
    assert counts(score.total("motions")) == (1, 2, 1)
    assert score.total("motions").time_iou == pytest.approx(3 / 4)
    assert counts(score.total("events")) == (1, 1, 1)
    assert score.stsg_accuracy == pytest.approx((2 + 2 + 0 + 1) / (3 + 4 + 1 + 2))


def test_words_are_counted_apart():
    words = best(prediction(), truth()).words
    assert {word: counts(tally) for word, tally in words["objects"].items()} == {
        "bus": (1, 1, 1),
        "person": (1, 2, 2),
    }
    assert counts(words["attributes"]["trouser colour"]) == (0, 1, 0)
    assert counts(words["motions"]["stops"]) == (0, 1, 0)


def test_identity_is_counted_in_seconds():
    identity = best(prediction(), truth()).identity
    # The bus for 6 s and the woman for 8 s, of 8 + 10 + 8 s predicted and 6 + 10 + 10 s true.
    assert (identity.common_s, identity.predicted_s, identity.true_s) == (14.0, 26.0, 26.0)
    assert identity.idf1 == pytest.approx(14 / 26)


def test_a_lower_threshold_in_time_lets_the_relation_pass():
    assert counts(best(prediction(), truth(), min_time_iou=0.2).total("relations")) == (1, 1, 1)


def test_a_lower_threshold_of_place_lets_a_thing_elsewhere_pass():
    assert counts(best(prediction(), truth(), min_box_iou=0.0).total("objects")) == (3, 3, 3)


def test_what_is_unsure_can_be_left_out_and_all_that_is_said_of_it():
    graph = GraphBuilder("street", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    sure, unsure = graph.thing(clip, "bus"), graph.thing(clip, "person", confidence=0.3, top_colour="red")
    graph.attribute(sure, "colour", "white", confidence=0.4)
    graph.relation(unsure, "next to", sure, confidence=0.9)
    street = graph.build()
    score = score_graph(street, street, min_confidence=0.5)["hungarian"]
    assert counts(score.total("objects")) == (1, 1, 2)
    assert counts(score.total("attributes")) == (0, 0, 2)
    assert counts(score.total("relations")) == (0, 0, 1)


def people(*placed: tuple[str, tuple[float, float]]):
    """People of whom only the top colour and the time are known; no boxes."""
    graph = GraphBuilder("street", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    for colour, span_s in placed:
        graph.thing(clip, "person", [span_s], top_colour=colour)
    street = graph.build()
    return replace(street, objects=tuple(replace(node, boxes=()) for node in street.objects))


def test_things_alike_in_time_and_place_are_matched_by_what_is_said_of_them():
    true = people(("red", (0.0, 4.0)), ("blue", (0.0, 4.0)))
    turned = people(("blue", (0.0, 4.0)), ("red", (0.0, 4.0)))
    for score in score_graph(turned, true).values():
        assert counts(score.total("attributes")) == (2, 2, 2)


def test_best_matching_finds_a_pair_that_greedy_gives_away():
    true = people(("red", (0.0, 4.0)), ("red", (0.0, 2.2)))
    seen = people(("red", (0.0, 3.9)), ("red", (0.0, 8.0)))
    # Greedy gives the first to the first, though only it can be the second: 2.2 / 3.9 > 0.5 > 2.2 / 8.
    scores = score_graph(seen, true)
    assert counts(scores["greedy"].total("objects")) == (1, 2, 2)
    assert counts(scores["hungarian"].total("objects")) == (2, 2, 2)


def test_best_matching_gives_up_a_pair_for_two_that_fit_exactly():
    true = people(*(("red", (0.0, end_s)) for end_s in (1.5, 2.7, 5.0)))
    seen = people(*(("red", (0.0, end_s)) for end_s in (2.7, 5.0, 9.0)))
    # Three pairs of about 0.55 could be had, but they would be the wrong ones.
    assert best(seen, true).total("objects") == Tally(found=2, predicted=3, true=3, agreeing=2, time_iou=2.0)


def test_of_things_alike_in_everything_those_of_one_id_are_matched():
    def street(*, people):
        graph = GraphBuilder("street", duration_s=10.0)
        clip = graph.clip(0.0, 10.0)
        for _ in range(2):
            graph.relation(graph.thing(clip, "person"), "next to", graph.thing(clip, "car"))
        street = graph.build()
        return replace(
            street,
            objects=tuple(node for node in street.objects if node.label == "car" or node.id in people),
            relations=tuple(edge for edge in street.relations if edge.subject in people),
        )

    both, one = street(people={"c1-person-1", "c1-person-2"}), street(people={"c1-person-2"})
    for score in score_graph(one, both).values():
        assert counts(score.total("relations")) == (1, 1, 2)


def two_scenes(*, joined: bool, label: str = "person", box: Box = LEFT, sure: float = 0.9):
    """Somebody in red, in both scenes; `label` and `box` are those of the second."""
    graph = GraphBuilder("street", duration_s=10.0)
    here = graph.thing(graph.clip(0.0, 5.0), "person", box=LEFT, top_colour="red")
    there = graph.thing(graph.clip(5.0, 10.0), label, box=box, top_colour="red")
    if joined:
        graph.reference(here, there, confidence=sure)
    return graph.build()


def one_scene():
    graph = GraphBuilder("street", duration_s=10.0)
    graph.thing(graph.clip(0.0, 10.0, n_keyframes=4), "person", box=LEFT, top_colour="red")
    return graph.build()


def test_a_person_who_is_not_recognised_costs_the_reference_and_half_of_the_time():
    score = best(two_scenes(joined=False), two_scenes(joined=True))
    assert counts(score.total("objects")) == (2, 2, 2)
    assert counts(score.total("references")) == (0, 0, 1)
    assert score.identity.idf1 == 0.5


def test_two_persons_taken_for_one_cost_the_same():
    score = best(two_scenes(joined=True), two_scenes(joined=False))
    assert counts(score.total("references")) == (0, 1, 0)
    assert score.identity.idf1 == 0.5


def test_a_thing_without_cuts_is_the_same_thing_with_cuts():
    cut = two_scenes(joined=True)
    assert counts(best(cut, one_scene()).total("objects")) == (1, 2, 1)
    whole = best(cut, one_scene(), unit="thing")
    assert whole.total("objects") == Tally(
        found=1, predicted=1, true=1, agreeing=1, time_iou=1.0, placed=1, box_iou=1.0
    )
    assert whole.total("attributes") == Tally(found=1, predicted=1, true=1, agreeing=1, time_iou=1.0)
    assert whole.total("references") == Tally()
    assert whole.identity.idf1 == 1.0


def test_a_thing_is_compared_wherever_it_is():
    moved = best(two_scenes(joined=True, box=RIGHT), two_scenes(joined=True), unit="thing")
    assert moved.total("objects").box_iou == pytest.approx(0.5)


def test_a_thing_has_the_label_of_its_earliest_object():
    cut = two_scenes(joined=True, label="man")
    (edge,) = cut.references
    turned = replace(cut, references=(replace(edge, objects=edge.objects[::-1]),))
    for graph in (cut, turned):
        assert set(best(graph, one_scene(), unit="thing").words["objects"]) == {"person"}


def test_an_unsure_reference_can_be_left_out():
    unsure = two_scenes(joined=True, sure=0.3)
    score = score_graph(unsure, unsure, min_confidence=0.5)["hungarian"]
    assert counts(score.total("references")) == (0, 0, 1)


def test_synonyms_count_as_the_same():
    graph = GraphBuilder("street", duration_s=10.0)
    graph.thing(graph.clip(0.0, 10.0, n_keyframes=4), "man", box=LEFT, top_colour="crimson")
    synonyms = Synonyms(labels={"man": "person"}, values={"crimson": "red"})
    assert counts(best(graph.build(), one_scene()).total("objects", "attributes")) == (0, 2, 2)
    alike = best(graph.build(), one_scene(), synonyms=synonyms)
    assert counts(alike.total("objects", "attributes")) == (2, 2, 2)


def walks(*spans_s):
    graph = GraphBuilder("street", duration_s=10.0)
    person = graph.thing(graph.clip(0.0, 10.0), "person")
    for span_s in spans_s:
        graph.motion(person, "walks", *span_s)
    return graph.build()


def test_the_order_of_motions_makes_no_difference():
    true, config = walks((2.0, 4.0), (4.0, 6.0)), ScoreConfig(min_time_iou=0.3)
    first, second = (1.0, 3.0), (3.0, 5.0)
    # The second overlaps both by a third; taken first, it could leave nothing to the first.
    assert score_graph(walks(first, second), true, config) == score_graph(walks(second, first), true, config)


def test_a_motion_seen_twice_is_found_once_if_it_was_predicted_once():
    score = best(walks((0.0, 6.0)), walks((0.0, 4.0), (5.0, 6.0)))
    assert score.total("motions") == Tally(found=1, predicted=1, true=2, agreeing=1, time_iou=4 / 6)


def test_nothing_out_of_nothing_is_no_share():
    empty = GraphBuilder("street", duration_s=10.0)
    empty.clip(0.0, 10.0)
    nothing = best(empty.build(), empty.build())
    assert nothing.stsg_accuracy is nothing.identity.idf1 is nothing.total("objects").f1 is None
    blind = best(empty.build(), one_scene())
    objects = blind.total("objects")
    assert (objects.precision, objects.recall, objects.f1) == (None, 0.0, 0.0)
    assert blind.identity.idf1 == 0.0
    assert blind.plain_totals()["objects"]["precision"] is None


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_outside_0_to_1_is_refused(threshold):
    with pytest.raises(ConfigError, match="min_box_iou is"):
        ScoreConfig(min_box_iou=threshold)
