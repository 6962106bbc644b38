"""The reader of CLEVRER. The scenes are written by hand from the data set's README."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.formats.graphs.clevrer import read
from videostep.formats.graphs.imported import ImportOptions, Refused
from videostep.store.graph_file import check_graph
from videostep.video import TimeSpan

N_FRAMES = 128
SPEED = 0.05
"""Units a frame: 1.25 a second."""


def sighting(id_, x, y, in_view):
    return {
        "object_id": id_,
        "location": [x, y, 0.2],
        "orientation": [0, 0, 0],
        "velocity": [0, 0, 0],
        "angular_velocity": [0, 0, 0],
        "inside_camera_view": in_view,
    }


def cube_x(frame):
    """Comes from the left, hits the sphere at frame 60 and comes to rest at frame 81."""
    return -3.0 + SPEED * min(frame, 80)


def sphere_x(frame):
    """At rest until it is hit; then it runs out of the picture at frame 110."""
    return SPEED * max(0, frame - 60)


def record(**changes):
    return {
        "scene_index": 0,
        "video_filename": "video_00000.mp4",
        "object_property": [
            {"object_id": 0, "color": "red", "material": "metal", "shape": "cube"},
            {"object_id": 1, "color": "gray", "material": "rubber", "shape": "sphere"},
            {"object_id": 2, "color": "blue", "material": "metal", "shape": "cylinder"},
        ],
        "motion_trajectory": [
            {
                "frame_id": frame,
                "objects": [
                    sighting(0, cube_x(frame), 0.0, frame >= 20),
                    sighting(1, sphere_x(frame), 0.0, frame < 110),
                    sighting(2, 2.0, 2.0, True),
                ],
            }
            for frame in range(N_FRAMES)
        ],
        "collision": [{"object_ids": [0, 1], "frame_id": 60, "location": [0.0, 0.0, 0.2]}],
        **changes,
    }


@pytest.fixture
def take(tmp_path):
    def take_records(*records, **options):
        for number, one in enumerate(records):
            (tmp_path / f"annotation_{number:05d}.json").write_text(
                one if isinstance(one, str) else json.dumps(one)
            )
        return list(read(tmp_path, ImportOptions(**options)))

    return take_records


@pytest.fixture
def graph(take):
    (imported,) = take(record())
    assert imported.account.imbalance() == {}
    check_graph(imported.graph, source="test")
    return imported.graph


class TestAScene:
    def test_the_video_plays_at_25_frames_a_second_by_assumption(self, graph):
        assert (graph.video.duration_s, graph.video.fps) == (5.12, 25.0)
        assert graph.video.extra["assumed"] == ["fps"]

    def test_shapes_are_labels_and_grey_is_spelled_as_elsewhere(self, graph):
        assert [node.id for node in graph.objects] == ["c1-sphere-1", "c1-cylinder-1", "c1-cube-1"]
        values = {(node.object, node.name): node.value for node in graph.attributes if node.name != "state"}
        assert values["c1-sphere-1", "colour"] == "grey"
        assert values["c1-cube-1", "material"] == "metal"
        assert len(values) == 6

    def test_things_are_seen_while_the_camera_sees_them(self, graph):
        assert [(node.label, node.spans_s) for node in graph.objects] == [
            ("sphere", (TimeSpan(0.0, 4.4),)),
            ("cylinder", (TimeSpan(0.0, 5.12),)),
            ("cube", (TimeSpan(0.8, 5.12),)),
        ]

    def test_motions_follow_from_sight_places_and_collisions(self, graph):
        assert {(edge.object, edge.predicate, edge.span_s) for edge in graph.motions} == {
            ("c1-cube-1", "enters", TimeSpan(0.8, 1.0)),
            ("c1-cube-1", "collides", TimeSpan(2.4, 2.6)),
            ("c1-cube-1", "stops", TimeSpan(3.24, 3.28)),
            ("c1-sphere-1", "collides", TimeSpan(2.4, 2.6)),
            ("c1-sphere-1", "starts moving", TimeSpan(2.44, 2.48)),
            ("c1-sphere-1", "leaves", TimeSpan(4.2, 4.4)),
        }

    def test_what_collides_does_so_with_each_other(self, graph):
        assert {(edge.subject, edge.object, edge.spans_s) for edge in graph.relations} == {
            ("c1-cube-1", "c1-sphere-1", (TimeSpan(2.4, 2.6),)),
            ("c1-sphere-1", "c1-cube-1", (TimeSpan(2.4, 2.6),)),
        }

    def test_moving_and_still_are_states(self, graph):
        states = {
            (node.object, node.value): node.spans_s for node in graph.attributes if node.name == "state"
        }
        assert states == {
            ("c1-cube-1", "moving"): (TimeSpan(0.8, 3.24),),
            ("c1-cube-1", "still"): (TimeSpan(3.24, 5.12),),
            ("c1-sphere-1", "still"): (TimeSpan(0.0, 2.44),),
            ("c1-sphere-1", "moving"): (TimeSpan(2.44, 4.4),),
            ("c1-cylinder-1", "still"): (TimeSpan(0.0, 5.12),),
        }

    def test_absence_means_no(self, graph):
        assert graph.coverage.labels == ("cube", "cylinder", "sphere")
        assert graph.coverage.attributes == ("colour", "material", "state")
        assert graph.coverage.relations == ("colliding with",)
        assert graph.coverage.motions == ("collides", "enters", "leaves", "starts moving", "stops")


class TestWhatIsNotSure:
    def creeping(self, speed):
        """The cylinder moves so fast, units a second."""
        scene = record()
        for frame in scene["motion_trajectory"]:
            frame["objects"][2]["location"][0] = speed / 25 * frame["frame_id"]
        return scene

    @pytest.mark.parametrize(("speed", "states"), [(0.01, ["still"]), (0.1, []), (0.3, ["moving"])])
    def test_what_creeps_is_neither_moving_nor_still(self, take, speed, states):
        graph = take(self.creeping(speed))[0].graph
        found = [
            node.value for node in graph.attributes if (node.object, node.name) == ("c1-cylinder-1", "state")
        ]
        assert found == states

    def test_where_something_creeps_nobody_can_say_that_nothing_else_stopped(self, take):
        assert take(self.creeping(0.1))[0].graph.coverage.motions == ("collides", "enters", "leaves")

    def test_a_rebound_is_no_rest(self, take):
        scene = record(collision=[])
        for frame in scene["motion_trajectory"]:
            at = frame["frame_id"]
            frame["objects"][2]["location"][0] = SPEED * abs(at - 60) if abs(at - 60) > 2 else SPEED * 2
        graph = take(scene)[0].graph
        states = [node for node in graph.attributes if (node.object, node.name) == ("c1-cylinder-1", "state")]
        assert [(node.value, node.spans_s) for node in states] == [("moving", (TimeSpan(0.0, 5.12),))]

    def test_a_collision_out_of_view_is_lost_and_leaves_collisions_open(self, take):
        (imported,) = take(record(collision=[{"object_ids": [0, 1], "frame_id": 10}]))
        assert imported.account.lost["collisions"] == {"out of view": 1}
        assert imported.graph.coverage.relations == ()
        assert "collides" not in imported.graph.coverage.motions

    def test_a_thing_that_never_comes_into_view_is_a_doubt(self, take):
        scene = record(collision=[])
        for frame in scene["motion_trajectory"]:
            frame["objects"][0]["inside_camera_view"] = False
        (imported,) = take(scene)
        assert imported.account.lost["objects"] == {"never in view": 1}
        assert [doubt.label for doubt in imported.graph.doubts] == ["cube"]
        assert imported.account.imbalance() == {}

    def test_without_a_place_a_thing_is_not_seen_and_absence_means_nothing(self, take):
        scene = record(collision=[])
        for frame in scene["motion_trajectory"][40:70]:
            frame["objects"][0]["location"][0] = float("nan")
        (imported,) = take(scene)
        assert imported.account.lost["sightings"] == {"without a place": 30}
        assert imported.account.imbalance() == {}
        assert imported.graph.coverage.labels == imported.graph.coverage.motions == ()
        cube = next(node for node in imported.graph.objects if node.label == "cube")
        assert cube.spans_s == (TimeSpan(0.8, 1.6), TimeSpan(2.8, 5.12))

    def test_with_frames_missing_absence_means_nothing(self, take):
        scene = record()
        del scene["motion_trajectory"][50]
        graph = take(scene)[0].graph
        assert graph.coverage.labels == ()
        borders = [edge.predicate for edge in graph.motions if edge.predicate in ("enters", "leaves")]
        assert sorted(borders) == ["enters", "leaves"]

    @pytest.mark.parametrize(
        ("collision", "why"),
        [
            ({"object_ids": [0, 9], "frame_id": 60}, "of an object that is not declared"),
            ({"object_ids": [0, 0], "frame_id": 60}, "not of two objects"),
            ({"object_ids": [0, 1, 2], "frame_id": 60}, "not of two objects"),
            ({"object_ids": [0, 1], "frame_id": 200}, "outside the video"),
            ("collision", "outside the video"),
        ],
    )
    def test_a_senseless_collision_is_lost_with_its_reason(self, take, collision, why):
        (imported,) = take(record(collision=[collision]))
        assert imported.account.lost["collisions"] == {why: 1}
        assert imported.account.imbalance() == {}

    def test_a_shape_of_another_world_is_counted(self, take):
        shapes = [{**one, "shape": "torus"} for one in record()["object_property"]]
        (imported,) = take(record(object_property=[*record()["object_property"][:2], shapes[2]]))
        how = "a shape that is not the data set's, word for word"
        assert imported.account.repaired["objects"] == {how: 1}
        assert "torus" in imported.graph.coverage.labels

    def test_two_objects_of_one_id_and_half_a_file_are_refused(self, take):
        twice = [*record()["object_property"], {"object_id": 0, "color": "blue", "shape": "cube"}]
        mixed, half, sound = take(record(object_property=twice), json.dumps(record())[:999], record())
        assert isinstance(mixed, Refused)
        assert mixed.reason == "one object id stands for two objects"
        assert half.reason == "its file is not a whole JSON object"
        assert len(sound.graph.objects) == 3


SHORT = record(motion_trajectory=record()["motion_trajectory"][16:24])
for number, shown in enumerate(SHORT["motion_trajectory"]):
    shown["frame_id"] = number
SHORT["collision"][0]["frame_id"] = 5


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_stands_in_a_file_the_balance_holds_and_the_graph_is_valid(tmp_path_factory, spoiled, data):
    broken = data.draw(spoiled(SHORT, [10**30, float("nan"), None, -1, 1, 2.5, "", "3", "Next_To", [], {}]))
    file = tmp_path_factory.getbasetemp() / "broken-scene.json"
    file.write_text(json.dumps(broken))
    for item in read(file, ImportOptions()):
        if isinstance(item, Refused):
            assert item.reason
        else:
            assert item.account.imbalance() == {}
            check_graph(item.graph, source="broken")
