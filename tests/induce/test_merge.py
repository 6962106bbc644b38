from __future__ import annotations

import pytest

from videostep.errors import ConfigError
from videostep.graph import (
    Box,
    ClipGraph,
    FrameAttribute,
    FrameDoubt,
    FrameGraph,
    FrameMotion,
    FrameObject,
    FrameRelation,
)
from videostep.induce.merge import MergeConfig, merge_clip
from videostep.video import Clip, Keyframe, TimeSpan

LEFT, MIDDLE, RIGHT = Box(0.0, 0.3, 0.2, 0.9), Box(0.4, 0.3, 0.6, 0.9), Box(0.8, 0.3, 1.0, 0.9)


def keyframe(number: int) -> Keyframe:
    """Of a clip whose keyframes stand for 2 s each."""
    start_s = 2.0 * (number - 1)
    return Keyframe(
        id=f"c1-k{number}", time_s=start_s + 1, covers_s=TimeSpan(start_s, start_s + 2), image=f"{number}.jpg"
    )


def clip(n_keyframes: int) -> Clip:
    keyframes = tuple(keyframe(number + 1) for number in range(n_keyframes))
    return Clip(id="c1", span_s=TimeSpan(0.0, 2.0 * n_keyframes), keyframes=keyframes)


def seen(
    label: str = "person",
    *spans: tuple[float, float],
    node: str = "a",
    track: str | None = "t1",
    kind: str = "dynamic",
    box: Box | None = None,
    confidence: float = 0.8,
    attributes: tuple[FrameAttribute, ...] = (),
    appearance: tuple[float, ...] = (),
) -> FrameObject:
    return FrameObject(
        node=node,
        track=track,
        label=label,
        kind=kind,  # type: ignore[arg-type]
        box=box,
        confidence=confidence,
        spans_s=tuple(TimeSpan(*span) for span in spans),
        attributes=attributes,
        appearance=appearance,
    )


def has(name: str, value: str, *spans: tuple[float, float], confidence: float = 0.8) -> FrameAttribute:
    times = tuple(TimeSpan(*span) for span in spans)
    return FrameAttribute(name=name, value=value, confidence=confidence, spans_s=times)


def frames(*objects: list[FrameObject], **edges: dict[int, list[object]]) -> list[FrameGraph]:
    """One FrameGraph per list of objects; `relations={1: [...]}` are those of the first keyframe."""
    return [
        FrameGraph(
            keyframe=keyframe(number),
            objects=tuple(found),
            **{kind: tuple(said.get(number, [])) for kind, said in edges.items()},  # type: ignore[arg-type]
        )
        for number, found in enumerate(objects, start=1)
    ]


def merge(graphs: list[FrameGraph], **config: float) -> ClipGraph:
    return merge_clip(clip(len(graphs)), graphs, MergeConfig(**config))  # type: ignore[arg-type]


class TestThings:
    def test_one_track_is_one_thing_with_joined_spans(self) -> None:
        graph = merge(
            frames(
                [seen("person", (0.5, 2.0), box=LEFT, confidence=0.6)],
                [seen("person", (2.0, 4.0), node="b", box=MIDDLE, confidence=0.9)],
            )
        )
        (node,) = graph.objects
        assert node.id == "c1-person-1"
        assert node.spans_s == ((0.5, 4.0),)
        assert [(box.keyframe, box.xyxy) for box in node.boxes] == [("c1-k1", LEFT), ("c1-k2", MIDDLE)]
        assert node.evidence == ("c1-k1", "c1-k2")
        assert node.confidence == round((0.6 * 1.5 + 0.9 * 2.0) / 3.5, 4)

    def test_a_gap_is_bridged_up_to_the_stated_length(self) -> None:
        graphs = frames([seen("person", (0.0, 1.5))], [seen("person", (2.5, 4.0))])
        assert merge(graphs, max_gap_s=1.0).objects[0].spans_s == ((0.0, 4.0),)
        assert merge(graphs, max_gap_s=0.9).objects[0].spans_s == ((0.0, 1.5), (2.5, 4.0))

    def test_label_and_kind_are_those_of_most_of_the_seen_time(self) -> None:
        graph = merge(
            frames(
                [seen("truck", (0.0, 1.0), kind="static"), seen("car", (1.0, 2.0), node="b", kind="static")],
                [seen("car", (2.0, 2.5))],
            )
        )
        assert [(node.label, node.kind) for node in graph.objects] == [("car", "static")]

    def test_ranks_follow_the_first_sight_then_the_place(self) -> None:
        graph = merge(
            frames(
                [
                    seen("person", (1.0, 2.0), node="late", track="t1", box=LEFT),
                    seen("person", (0.0, 2.0), node="right", track="t2", box=RIGHT),
                    seen("person", (0.0, 2.0), node="left", track="t3", box=MIDDLE),
                    seen("traffic light", (0.0, 2.0), node="light", track="t4"),
                ]
            )
        )
        assert [(node.id, node.boxes[0].xyxy) for node in graph.objects if node.boxes] == [
            ("c1-person-1", MIDDLE),
            ("c1-person-2", RIGHT),
            ("c1-person-3", LEFT),
        ]
        assert "c1-traffic-light-1" in {node.id for node in graph.objects}

    def test_ranks_do_not_depend_on_which_of_two_boxes_comes_first(self) -> None:
        twice = [seen("dog", (0, 2), node=node, box=box) for node, box in (("a", LEFT), ("b", RIGHT))]
        other = seen("dog", (0, 2), node="c", track="t2", box=MIDDLE)
        assert merge(frames([*twice, other])) == merge(frames([other, *reversed(twice)]))

    def test_labels_that_make_the_same_id_are_told_apart(self) -> None:
        graph = merge(
            frames([seen("t shirt", (0.0, 1.0), track="1"), seen("t-shirt", (0.0, 1.0), node="b", track="2")])
        )
        assert {node.id for node in graph.objects} == {"c1-t-shirt-1", "c1-t-shirt-2"}

    def test_what_was_seen_at_no_time_of_the_clip_is_left_out(self) -> None:
        graph = merge(frames([seen("person"), seen("dog", (2.0, 3.0), node="b", track="t2")]))
        assert graph.objects == ()

    def test_appearance_is_the_mean_over_the_seen_time(self) -> None:
        graph = merge(
            frames(
                [
                    seen("person", (0.0, 1.5), appearance=(1.0, 0.0)),
                    seen("dog", (0.0, 1.0), node="b", track="2"),
                ],
                [seen("person", (2.0, 2.5), appearance=(0.0, 1.0))],
            )
        )
        assert graph.appearances == {"c1-person-1": (0.75, 0.25)}


class TestUntracked:
    """A parser without a tracker: identity by label, attributes and boxes."""

    @staticmethod
    def things(*objects: list[FrameObject]) -> int:
        return len(merge(frames(*objects)).objects)

    def test_a_lone_label_is_one_thing_in_consecutive_keyframes(self) -> None:
        assert self.things([seen("dog", (0, 2), track=None)], [seen("dog", (2, 4), track=None)]) == 1

    def test_another_label_is_another_thing(self) -> None:
        assert self.things([seen("dog", (0, 2), track=None)], [seen("cat", (2, 4), track=None)]) == 2

    @pytest.mark.parametrize(("value", "things"), [("red", 1), ("blue", 2)])
    def test_attributes_decide_without_boxes(self, value: str, things: int) -> None:
        first = seen("car", (0, 2), track=None, attributes=(has("colour", "red", (0, 2)),))
        second = seen("car", (2, 4), track=None, attributes=(has("colour", value, (2, 4)),))
        assert self.things([first], [second]) == things

    @pytest.mark.parametrize(("box", "things"), [(LEFT, 1), (RIGHT, 2)])
    def test_a_static_thing_stays_where_it_is(self, box: Box, things: int) -> None:
        first = seen("car", (0, 2), track=None, kind="static", box=LEFT)
        second = seen("car", (2, 4), track=None, kind="static", box=box)
        assert self.things([first], [second]) == things

    def test_a_dynamic_thing_may_have_moved_a_little(self) -> None:
        first, second = seen("dog", (0, 2), track=None, box=LEFT), seen("dog", (2, 4), track=None, box=MIDDLE)
        assert self.things([first], [second]) == 1

    def test_two_that_fit_equally_well_are_not_guessed(self) -> None:
        twins = [seen("person", (0, 2), track=None, node=node) for node in "ab"]
        assert self.things(twins, [seen("person", (2, 4), track=None)]) == 3

    def test_two_are_matched_one_to_one_by_place(self) -> None:
        first = [
            seen("car", (0, 2), track=None, node=node, kind="static", box=box)
            for node, box in (("a", LEFT), ("b", RIGHT))
        ]
        second = [
            seen("car", (2, 4), track=None, node=node, kind="static", box=box)
            for node, box in (("a", RIGHT), ("b", LEFT))
        ]
        graph = merge(frames(first, second))
        assert [{box.xyxy for box in node.boxes} for node in graph.objects] == [{LEFT}, {RIGHT}]

    def test_static_things_are_matched_before_dynamic_ones(self) -> None:
        parked = seen("car", (0, 2), track=None, kind="static", box=LEFT)
        passing = seen("car", (2, 4), track=None, node="b", box=LEFT)
        still_parked = seen("car", (2, 4), track=None, kind="static", box=LEFT)
        graph = merge(frames([parked], [passing, still_parked]))
        assert [(node.kind, node.spans_s) for node in graph.objects] == [
            ("static", ((0.0, 4.0),)),
            ("dynamic", ((2.0, 4.0),)),
        ]

    @pytest.mark.parametrize(("missed", "things"), [(1, 1), (0, 2)])
    def test_so_many_keyframes_may_miss_a_thing(self, missed: int, things: int) -> None:
        graphs = frames([seen("dog", (0, 2), track=None)], [], [seen("dog", (4, 6), track=None)])
        assert len(merge(graphs, max_missed_keyframes=missed).objects) == things

    def test_an_untracked_object_joins_a_tracked_thing_that_was_just_seen(self) -> None:
        assert self.things([seen("dog", (0, 2), track="t1")], [seen("dog", (2, 4), track=None)]) == 1


class TestAttributes:
    @staticmethod
    def values(*attributes: FrameAttribute, **config: float) -> dict[str, tuple[TimeSpan, ...]]:
        graph = merge(frames([seen("person", (0, 2), attributes=attributes)]), **config)
        return {node.value: node.spans_s for node in graph.attributes}

    def test_equal_values_become_one_node(self) -> None:
        graph = merge(
            frames(
                [seen("person", (0, 2), attributes=(has("top colour", "red", (0, 1), confidence=0.6),))],
                [seen("person", (2, 4), attributes=(has("top colour", "red", (2, 4), confidence=0.9),))],
            )
        )
        (node,) = graph.attributes
        assert node.id == "c1-person-1.top-colour.red"
        assert node.spans_s == ((0.0, 4.0),)
        assert node.confidence == 0.8
        assert node.evidence == ("c1-k1", "c1-k2")

    def test_of_two_values_at_one_time_the_stronger_stays(self) -> None:
        weak, strong = (
            has("colour", "red", (0, 2), confidence=0.5),
            has("colour", "blue", (0, 2), confidence=0.7),
        )
        assert self.values(weak, strong) == {"blue": ((0.0, 2.0),)}

    def test_the_weaker_keeps_the_time_that_is_its_own(self) -> None:
        assert self.values(has("colour", "red", (0, 0.7)), has("colour", "blue", (0.5, 2))) == {
            "red": ((0.0, 0.5),),
            "blue": ((0.5, 2.0),),
        }

    def test_two_values_at_different_times_both_stay(self) -> None:
        assert self.values(has("posture", "standing", (0, 1)), has("posture", "sitting", (1.2, 2))) == {
            "standing": ((0.0, 1.0),),
            "sitting": ((1.2, 2.0),),
        }

    def test_a_value_rests_only_on_the_keyframes_in_which_it_holds(self) -> None:
        outdone = has("colour", "red", (0, 2), confidence=0.3)
        graph = merge(
            frames(
                [seen("person", (0, 2), attributes=(outdone, has("colour", "blue", (0, 2), confidence=0.9)))],
                [seen("person", (2, 4), attributes=(has("colour", "red", (2, 4), confidence=0.4),))],
            )
        )
        red = next(node for node in graph.attributes if node.value == "red")
        assert (red.spans_s, red.evidence, red.confidence) == (((2.0, 4.0),), ("c1-k2",), 0.4)

    def test_a_gap_in_which_another_value_was_seen_is_not_bridged(self) -> None:
        still = has("state", "still", (0.0, 0.8), (1.2, 2.0))
        assert self.values(still) == {"still": ((0.0, 2.0),)}
        assert self.values(still, has("state", "moving", (0.9, 1.1)))["still"] == ((0.0, 0.8), (1.2, 2.0))

    def test_nothing_holds_while_its_thing_is_not_seen(self) -> None:
        graph = merge(frames([seen("person", (0, 1), attributes=(has("colour", "red", (0.5, 2)),))]))
        assert graph.attributes[0].spans_s == ((0.5, 1.0),)


class TestRelations:
    @staticmethod
    def next_to(*spans: tuple[float, float], confidence: float = 0.8) -> FrameRelation:
        times = tuple(TimeSpan(*span) for span in spans)
        return FrameRelation(
            subject="a", predicate="next to", object="b", confidence=confidence, spans_s=times
        )

    def test_successive_keyframes_give_one_edge(self) -> None:
        pair = [[seen("person", span), seen("car", span, node="b", track="t2")] for span in ((0, 2), (2, 4))]
        graph = merge(frames(*pair, relations={1: [self.next_to((1, 2))], 2: [self.next_to((2.5, 3))]}))
        (edge,) = graph.relations
        assert edge.id == "c1-person-1.next-to.c1-car-1"
        assert edge.spans_s == ((1.0, 3.0),)
        assert edge.evidence == ("c1-k1", "c1-k2")

    def test_a_long_gap_leaves_two_spans_on_one_edge(self) -> None:
        pair = [[seen("person", span), seen("car", span, node="b", track="t2")] for span in ((0, 2), (2, 4))]
        graphs = frames(*pair, relations={1: [self.next_to((0, 1))], 2: [self.next_to((3, 4))]})
        assert merge(graphs).relations[0].spans_s == ((0.0, 1.0), (3.0, 4.0))

    def test_two_objects_that_turn_out_to_be_one_have_no_relation(self) -> None:
        twice = [seen("person", (0, 2)), seen("person", (0, 2), node="b")]
        assert merge(frames(twice, relations={1: [self.next_to((0, 2))]})).relations == ()


class TestMotions:
    @staticmethod
    def walks(start_s: float, end_s: float, predicate: str = "walks to the left") -> FrameMotion:
        return FrameMotion(node="a", predicate=predicate, confidence=0.8, span_s=TimeSpan(start_s, end_s))

    def motions(self, *said: FrameMotion) -> list[tuple[str, TimeSpan]]:
        graph = merge(frames([seen("person", (0, 2))], [seen("person", (2, 4))], motions={1: list(said)}))
        return [(edge.id.removeprefix("c1-person-1."), edge.span_s) for edge in graph.motions]

    def test_pieces_of_one_motion_are_joined_from_keyframe_to_keyframe(self) -> None:
        graph = merge(
            frames(
                [seen("person", (0, 2))],
                [seen("person", (2, 4))],
                motions={1: [self.walks(0.5, 2.0)], 2: [self.walks(2.0, 3.5)]},
            )
        )
        (edge,) = graph.motions
        assert edge.id == "c1-person-1.walks-to-the-left.1"
        assert edge.span_s == (0.5, 3.5)
        assert (edge.from_keyframe, edge.to_keyframe) == ("c1-k1", "c1-k2")

    def test_a_motion_that_ends_where_a_keyframe_begins_does_not_reach_it(self) -> None:
        graph = merge(
            frames([seen("person", (0, 2))], [seen("person", (2, 4))], motions={1: [self.walks(0.0, 2.0)]})
        )
        assert (graph.motions[0].from_keyframe, graph.motions[0].to_keyframe) == ("c1-k1", "c1-k1")

    def test_a_motion_that_comes_again_is_a_second_one(self) -> None:
        assert self.motions(self.walks(0, 1), self.walks(2.5, 3.5)) == [
            ("walks-to-the-left.1", (0.0, 1.0)),
            ("walks-to-the-left.2", (2.5, 3.5)),
        ]

    def test_a_stop_in_between_keeps_two_motions_apart(self) -> None:
        assert self.motions(self.walks(0, 1), self.walks(1.1, 1.4, "stops"), self.walks(1.5, 3)) == [
            ("stops.1", (1.1, 1.4)),
            ("walks-to-the-left.1", (0.0, 1.0)),
            ("walks-to-the-left.2", (1.5, 3.0)),
        ]

    def test_a_motion_ends_when_its_thing_is_seen_last(self) -> None:
        graph = merge(frames([seen("person", (0, 1.5))], motions={1: [self.walks(1.0, 2.0)]}))
        assert graph.motions[0].span_s == (1.0, 1.5)


class TestDoubts:
    def test_doubts_of_one_label_are_one_with_all_spans(self) -> None:
        doubts = [FrameDoubt(label="dog", spans_s=(TimeSpan(*span),)) for span in ((0.0, 0.5), (0.2, 2.0))]
        graph = merge(frames([], doubts={1: [*doubts]}))
        assert [(doubt.id, doubt.spans_s) for doubt in graph.doubts] == [("c1.doubt.dog", ((0.0, 2.0),))]


@pytest.mark.parametrize(
    "setting",
    [{"max_gap_s": -1.0}, {"min_similarity": 2.0}, {"min_margin": -0.1}, {"max_missed_keyframes": -1}],
)
def test_a_setting_out_of_range_is_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(setting))):
        MergeConfig(**setting)  # type: ignore[arg-type]
