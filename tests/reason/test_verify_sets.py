import pytest

from videostep.errors import AmbiguousError, EmptyError, OutOfCoverageError
from videostep.graph import VideoGraph
from videostep.reason.verify import execute
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import street_graph

STREET = street_graph()
BUS = 'unique(called(things(), "bus"))'
DOG = 'unique(called(things(), "dog"))'
BENCH = 'unique(called(things(), "bench"))'
PERSONS = 'called(things(), "person")'
IN_RED = f'unique(with({PERSONS}, "top colour", "red"))'
IN_YELLOW = f'unique(with({PERSONS}, "top colour", "yellow"))'
DRIVES = f'when({BUS}, "drives to the right")'


def ask(program: str, graph: VideoGraph = STREET) -> str:
    return execute(program, graph)


def two_people() -> GraphBuilder:
    """One scene of 10 s with two persons; the caller says more about them."""
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    graph.thing(clip, "person")
    graph.thing(clip, "person")
    return graph


FIRST, SECOND = "c1-person-1", "c1-person-2"


class TestSets:
    def test_things_are_those_visible_in_the_context(self):
        assert ask('count(at(scene(2), called(things(), "person")))') == "three"
        assert ask('exists(at(scene(3), called(things(), "bus")))') == "no"

    def test_called_keeps_a_label(self):
        assert ask('count(called(things(), "bicycle"))') == "two"

    def test_with_keeps_an_attribute_that_holds_in_the_context(self):
        standing = f'count(with(with({PERSONS}, "top colour", "red"), "posture", "{{}}"))'
        assert ask(f"at(scene(2), {standing.format('sitting')})") == "one"
        assert ask(f"at(scene(1), {standing.format('sitting')})") == "zero"

    def test_subjects_and_objects_follow_a_relation_in_its_direction(self):
        assert ask(f'name(unique(objects(things(), "riding", {IN_YELLOW})))') == "bicycle"
        rider = (
            'unique(subjects(things(), "riding", unique(with(called(things(), "bicycle"), "colour", "red"))))'
        )
        assert ask(f'attribute({rider}, "top colour")') == "yellow"
        assert ask(f'exists(subjects(called(things(), "bicycle"), "riding", {IN_YELLOW}))') == "no"

    def test_does_keeps_a_motion(self):
        assert ask(f'attribute(unique(does({PERSONS}, "sits down")), "top colour")') == "red"

    def test_relations_hold_only_in_their_spans(self):
        beside = f'exists(subjects({PERSONS}, "next to", {BUS}))'
        assert ask(f"at(scene(1), {beside})") == "yes"
        assert ask(f"at(while({DRIVES}), {beside})") == "no"


class TestUnique:
    def test_nothing_that_fits_is_empty(self):
        with pytest.raises(EmptyError, match="nothing fits 'person with top colour pink'"):
            ask(f'name(unique(with({PERSONS}, "top colour", "pink")))')

    def test_two_that_fit_are_ambiguous(self):
        with pytest.raises(AmbiguousError, match="two things fit 'bicycle'"):
            ask('name(unique(called(things(), "bicycle")))')

    def test_a_thing_whose_attribute_is_unknown_might_fit(self):
        graph = two_people()
        graph.attribute(FIRST, "hat", "red")
        with pytest.raises(AmbiguousError, match="one thing fits 'person with hat red', but one more might"):
            ask(f'name(unique(with({PERSONS}, "hat", "red")))', graph.build())
        graph.attribute(SECOND, "hat", "blue")
        assert ask(f'name(unique(with({PERSONS}, "hat", "red")))', graph.build()) == "person"

    def test_an_attribute_known_at_another_time_is_unknown_now(self):
        graph = two_people()
        graph.attribute(FIRST, "hat", "red")
        graph.attribute(SECOND, "hat", "blue", [(0.0, 4.0)])
        graph.motion(FIRST, "waves", 5.0, 6.0)
        question = f'unique(with({PERSONS}, "hat", "red"))'
        assert ask(f"name({question})", graph.build()) == "person"
        with pytest.raises(AmbiguousError, match="one more might"):
            ask(f'at(while(when({question}, "waves")), name({question}))', graph.build())

    def test_what_might_fit_goes_when_a_later_filter_fails_it(self):
        graph = two_people()
        graph.attribute(FIRST, "hat", "red")
        graph.motion(FIRST, "waves", 5.0, 6.0)
        described = f'unique(does(with({PERSONS}, "hat", "red"), "waves"))'
        assert ask(f"name({described})", graph.build()) == "person"
        graph.motion(SECOND, "waves", 7.0, 8.0)
        with pytest.raises(AmbiguousError, match="one more might"):
            ask(f"name({described})", graph.build())

    def test_what_might_fit_is_ruled_out_by_a_known_other_value(self):
        graph = two_people()
        graph.attribute(FIRST, "hat", "red")
        graph.attribute(FIRST, "coat", "red")
        graph.attribute(SECOND, "coat", "blue")
        described = f'unique(with(with({PERSONS}, "hat", "red"), "coat", "red"))'
        assert ask(f"name({described})", graph.build()) == "person"

    @pytest.mark.parametrize(
        ("one", "other"), [("blue", "dark blue"), ("grey", "gray"), ("dark blue", "blue")]
    )
    def test_a_thing_with_a_value_that_may_mean_the_same_might_fit(self, one, other):
        graph = two_people()
        graph.attribute(FIRST, "hat", one)
        graph.attribute(SECOND, "hat", other)
        with pytest.raises(AmbiguousError, match="one more might"):
            ask(f'name(unique(with({PERSONS}, "hat", "{one}")))', graph.build())

    def test_a_thing_with_a_kindred_label_might_fit(self):
        graph = GraphBuilder(duration_s=10.0)
        clip = graph.clip(0.0, 10.0)
        graph.thing(clip, "person")
        graph.thing(clip, "man")
        with pytest.raises(AmbiguousError, match="one thing fits 'person', but one more might"):
            ask(f"name(unique({PERSONS}))", graph.build())

    def test_someone_who_does_or_stands_nearly_so_might_fit(self):
        graph = two_people()
        graph.motion(FIRST, "walks", 1.0, 2.0)
        graph.motion(SECOND, "walks to the left", 1.0, 2.0)
        with pytest.raises(AmbiguousError, match="one more might"):
            ask(f'name(unique(does({PERSONS}, "walks")))', graph.build())
        graph.relation(FIRST, "on", SECOND)
        graph.relation(SECOND, "on top of", SECOND)
        fallen = f'unique(does({PERSONS}, "walks to the left"))'
        with pytest.raises(AmbiguousError):
            ask(f'name(unique(subjects({PERSONS}, "on", {fallen})))', graph.build())


class TestDoubts:
    def test_a_doubt_breaks_a_bare_label_in_its_time_only(self):
        graph = GraphBuilder(duration_s=10.0)
        clip = graph.clip(0.0, 5.0)
        graph.clip(5.0, 10.0)
        graph.thing(clip, "bus")
        graph.doubt("c2", "bus", [(5.0, 6.0)])
        with pytest.raises(AmbiguousError, match="an unconfirmed bus might too"):
            ask(f"name({BUS})", graph.build())
        assert ask(f"at(scene(1), name({BUS}))", graph.build()) == "bus"

    def test_a_doubt_of_another_label_does_not_matter(self):
        graph = GraphBuilder(duration_s=10.0)
        clip = graph.clip(0.0, 10.0)
        graph.thing(clip, "bus")
        graph.doubt(clip, "dog")
        assert ask(f"name({BUS})", graph.build()) == "bus"

    def test_no_wrapping_hides_a_doubt_from_a_bare_label(self):
        graph = GraphBuilder(duration_s=10.0)
        clip = graph.clip(0.0, 10.0)
        graph.thing(clip, "bus")
        graph.doubt(clip, "bus")
        for bare in (
            "unique(things())",
            'unique(called(called(things(), "bus"), "bus"))',
            'unique(at(always(), called(at(scene(1), things()), "bus")))',
        ):
            with pytest.raises(AmbiguousError, match="unconfirmed"):
                ask(f"name({bare})", graph.build())

    def test_a_further_description_settles_a_doubt_for_unique_but_not_for_a_count(self):
        graph = GraphBuilder(duration_s=10.0)
        clip = graph.clip(0.0, 10.0)
        graph.thing(clip, "bus", colour="white")
        graph.doubt(clip, "bus")
        white = 'with(called(things(), "bus"), "colour", "white")'
        assert ask(f"name(unique({white}))", graph.build()) == "bus"
        with pytest.raises(OutOfCoverageError):
            ask(f"count({white})", graph.build())
        with pytest.raises(OutOfCoverageError):
            ask(f"exists({white.replace('white', 'red')})", graph.build())
        assert ask(f"exists({white})", graph.build()) == "yes"


class TestReferences:
    def test_joined_nodes_are_one_thing_with_all_their_facts(self):
        sits = f'unique(does({PERSONS}, "sits down"))'
        assert ask(f"at(scene(1), motion({IN_RED}))") == "walks to the left"
        assert ask(f'name(unique(subjects({PERSONS}, "next to", {BUS})))') == "person"
        assert ask(f'attribute({sits}, "trouser colour")') == "black"
        beside_bus = f'unique(subjects({PERSONS}, "next to", {BUS}))'
        assert (
            ask(
                f'at(scene(2), exists(does(at(scene(1), with({PERSONS}, "top colour", "red")), "sits down")))'
            )
            == "yes"
        )
        assert ask(f'order({DRIVES}, when({beside_bus}, "sits down"))') == "before"

    def test_the_label_is_that_of_the_earliest_node(self):
        graph = GraphBuilder(duration_s=10.0)
        first, second = graph.clip(0.0, 5.0), graph.clip(5.0, 10.0)
        late = graph.thing(second, "woman")
        early = graph.thing(first, "person")
        graph.reference(late, early)
        assert ask("at(scene(2), name(unique(things())))", graph.build()) == "person"

    def test_chains_of_references_make_one_thing(self):
        graph = GraphBuilder(duration_s=9.0)
        clips = [graph.clip(3.0 * k, 3.0 * k + 3.0) for k in range(3)]
        nodes = [graph.thing(clip, "dog") for clip in clips]
        graph.reference(nodes[2], nodes[1])
        graph.reference(nodes[1], nodes[0])
        assert ask('count(called(things(), "dog"))', graph.build()) == "one"


class TestContexts:
    @pytest.mark.parametrize(
        ("time", "answer"),
        [
            ("scene(1)", "a white bus drives away from a person in red"),
            ("scene(-1)", "a person in yellow stops next to a blue car"),
            (f"before({DRIVES})", "a white bus drives away from a person in red"),
            (f"while({DRIVES})", "a white bus drives away from a person in red"),
            (f'after(when({IN_YELLOW}, "stops"))', "a person in yellow stops next to a blue car"),
        ],
    )
    def test_each_time_gives_its_span(self, time, answer):
        assert ask(f"at({time}, event())") == answer

    def test_always_leads_back_to_the_whole_video(self):
        assert ask(f"at(scene(3), at(always(), name({BUS})))") == "bus"

    def test_an_inner_time_replaces_the_outer_one(self):
        assert ask(f"at(scene(3), name(at(scene(1), {BUS})))") == "bus"
        with pytest.raises(EmptyError, match="nothing fits 'bus'"):
            ask(f"at(scene(1), at(scene(3), name({BUS})))")

    def test_the_span_of_a_time_is_found_in_the_surrounding_context(self):
        rides = f'when({IN_YELLOW}, "rides to the left")'
        with pytest.raises(AmbiguousError, match="more than one time"):
            ask(f"at(before({rides}), name({BUS}))")
        assert ask(f"at(scene(3), at(after({rides}), name({DOG})))") == "dog"

    @pytest.mark.parametrize("number", [0, 4, -4])
    def test_a_scene_that_is_not_there_is_empty(self, number):
        with pytest.raises(EmptyError, match=f"no scene {number} in a video of three"):
            ask(f"at(scene({number}), event())")

    def test_times_without_length_are_empty(self):
        graph = two_people()
        graph.attribute(FIRST, "hat", "red")
        graph.attribute(SECOND, "hat", "blue")
        graph.motion(FIRST, "waves", 0.0, 10.0)
        waves = f'when(unique(with({PERSONS}, "hat", "red")), "waves")'
        for time in ("before", "after"):
            with pytest.raises(EmptyError, match=f"no time {time} that"):
                ask(f"at({time}({waves}), event())", graph.build())

    @pytest.mark.parametrize(("start_s", "end_s"), [(0.0, 4.0), (6.0, 10.0), (5.0, 5.0)])
    def test_facts_that_only_touch_a_context_do_not_hold_in_it(self, start_s, end_s):
        graph = two_people()
        graph.attribute(FIRST, "hat", "red")
        graph.attribute(SECOND, "hat", "blue")
        graph.motion(FIRST, "waves", 4.0, 6.0)
        graph.attribute(SECOND, "mood", "glad", [(start_s, end_s)])
        first, second = (f'unique(at(always(), with({PERSONS}, "hat", "{hat}")))' for hat in ("red", "blue"))
        with pytest.raises(EmptyError, match="no mood"):
            ask(f'at(while(when({first}, "waves")), attribute({second}, "mood"))', graph.build())
        graph.attribute(SECOND, "mood", "sad", [(start_s - 0.1, end_s + 0.1)])
        assert ask(f'at(while(when({first}, "waves")), attribute({second}, "mood"))', graph.build()) == "sad"

    def test_the_video_itself_is_half_open(self):
        graph = GraphBuilder(duration_s=10.0)
        clip = graph.clip(0.0, 10.0)
        graph.thing(clip, "bus", [(10.0, 12.0)])
        with pytest.raises(EmptyError):
            ask(f"name({BUS})", graph.build())
