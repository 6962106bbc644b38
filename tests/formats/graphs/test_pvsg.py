"""The reader of PVSG. The file is written by hand from the data set's published form."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from videostep.errors import FormatError, InputError
from videostep.formats.graphs.imported import ImportOptions, Refused
from videostep.formats.graphs.pvsg import read
from videostep.store.graph_file import check_graph
from videostep.video import TimeSpan


def video(**changes):
    return {
        "video_id": "0010_8610561401",
        "meta": {"height": 480, "width": 640, "fps": 5, "duration": 20, "num_frames": 100},
        "objects": [
            {"object_id": 1, "category": "adult", "is_thing": True, "status": ["standing", "walking"]},
            {"object_id": 2, "category": "adult", "is_thing": True, "status": []},
            {"object_id": 3, "category": "dog", "is_thing": True, "status": []},
            {"object_id": 4, "category": "grass", "is_thing": False, "status": []},
            {"object_id": 5, "category": "sky", "is_thing": False, "status": []},
        ],
        "relations": [
            [1, 3, "holding", [[0, 9], [50, 59]]],
            [3, 4, "walking on", [[20, 39]]],
            [2, 4, "sitting on", [[0, 99]]],
        ],
        "captions": [{"time": "0:00 - 0:05", "description": "An adult holds a dog."}],
        "qa_pairs": [{"time": "0:04", "question": "What does the adult hold?", "answer": "A dog."}],
        "summary": "A dog gets to run on the grass.",
        **changes,
    }


def whole_file(*videos):
    return {
        "objects": {"thing": ["adult", "dog"], "stuff": ["grass", "sky"]},
        "relations": ["holding", "walking on", "sitting on"],
        "split": {"vidor": {"train": ["0010_8610561401"], "val": []}},
        "data": list(videos),
    }


@pytest.fixture
def take(tmp_path):
    def take_videos(*videos, **options):
        (tmp_path / "pvsg.json").write_text(json.dumps(whole_file(*videos)))
        return list(read(tmp_path, ImportOptions(**options)))

    return take_videos


def statements(graph):
    return {(edge.subject, edge.predicate, edge.object): edge.spans_s for edge in graph.relations}


class TestWhatIsCarried:
    def test_the_last_frame_belongs_to_a_relation(self, take):
        (imported,) = take(video())
        assert statements(imported.graph) == {
            ("c1-adult-1", "holding", "c1-dog-1"): (TimeSpan(0.0, 2.0), TimeSpan(10.0, 12.0)),
            ("c1-dog-1", "walking on", "c1-grass-1"): (TimeSpan(4.0, 8.0),),
            ("c1-adult-2", "sitting on", "c1-grass-1"): (TimeSpan(0.0, 20.0),),
        }
        assert imported.graph.coverage.sampled_every_s == 0.2
        check_graph(imported.graph, source="test")

    def test_a_thing_is_seen_while_it_takes_part_in_a_relation(self, take):
        seen = {node.id: node.spans_s for node in take(video())[0].graph.objects}
        assert seen["c1-dog-1"] == (TimeSpan(0.0, 2.0), TimeSpan(4.0, 8.0), TimeSpan(10.0, 12.0))
        assert "c1-sky-1" not in seen

    def test_of_several_of_a_kind_any_may_be_there_at_any_time(self, take):
        assert [(doubt.label, doubt.spans_s) for doubt in take(video())[0].graph.doubts] == [
            ("adult", (TimeSpan(0.0, 20.0),))
        ]

    def test_what_a_relation_says_of_its_subject_alone(self, take):
        graph = take(video())[0].graph
        assert [(edge.object, edge.predicate) for edge in graph.motions] == [("c1-dog-1", "walks")]
        assert [(node.object, node.value) for node in graph.attributes] == [("c1-adult-2", "sitting")]

    def test_a_short_summary_is_what_happens(self, take):
        event = take(video())[0].graph.clips[0].event
        assert (event.description, event.confidence) == ("A dog gets to run on the grass.", 1.0)
        account = take(video(summary="and then " * 20))[0].account
        assert account.lost["summaries"] == {"too long for one event": 1}

    def test_everything_is_accounted_for(self, take):
        account = take(video())[0].account
        assert account.imbalance() == {}
        assert account.carried == {"objects": 4, "relations": 4, "summaries": 1}
        assert {kind: sum(why.values()) for kind, why in account.lost.items()} == {
            "objects": 1,
            "statuses": 2,
            "captions": 1,
            "questions": 1,
        }

    def test_even_a_complete_file_lets_nobody_count(self, take):
        covered = take(video(), complete=True)[0].graph.coverage
        assert covered.relations == ("holding", "sitting on", "walking on")
        assert covered.labels == ()

    def test_the_rate_of_the_data_set_stands_in_for_a_missing_one(self, take):
        graph = take(video(meta={"num_frames": 100}))[0].graph
        assert (graph.video.fps, graph.video.duration_s) == (5.0, 20.0)
        assert graph.video.extra["assumed"] == ["fps"]


class TestWithMasks:
    """A video of ten small pictures: adult 1 stands on the left, adult 2 comes in the second half."""

    def record(self):
        meta = {"height": 4, "width": 8, "fps": 5, "num_frames": 10}
        return video(meta=meta, relations=[[1, 3, "holding", [[0, 4]]], [3, 4, "on", [[0, 9]]]])

    def draw(self, tmp_path, *, frames=range(10), size=(8, 4), mode="P", stray=9):
        folder = tmp_path / "vidor" / "masks" / "0010_8610561401"
        folder.mkdir(parents=True)
        for frame in frames:
            pixels = np.zeros((4, 8), np.uint8)
            pixels[0:2, 0:2] = 1
            pixels[3, :] = 4
            if frame >= 5:
                pixels[1, 4:6] = 2
            pixels[0, 7] = stray
            Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST).convert(mode).save(
                folder / f"{frame:04d}.png"
            )

    def test_they_say_where_and_when_things_are(self, take, tmp_path):
        self.draw(tmp_path, mode="L")
        (imported,) = take(self.record())
        nodes = {node.id: node for node in imported.graph.objects}
        assert nodes["c1-adult-2"].spans_s == (TimeSpan(1.0, 2.0),)
        assert [box.xyxy for box in nodes["c1-adult-2"].boxes] == [(0.5, 0.25, 0.75, 0.5)]
        assert nodes["c1-adult-1"].spans_s == (TimeSpan(0.0, 2.0),)
        check_graph(imported.graph, source="test")

    def test_then_nobody_is_in_doubt_and_a_complete_file_can_be_counted_in(self, take, tmp_path):
        self.draw(tmp_path, mode="L", stray=0)
        graph = take(self.record(), complete=True)[0].graph
        assert graph.doubts == ()
        assert graph.coverage.labels == ("adult", "dog", "grass", "sky")

    def test_with_something_that_has_no_name_nobody_can_count(self, take, tmp_path):
        self.draw(tmp_path, mode="L")
        covered = take(self.record(), complete=True)[0].graph.coverage
        assert (covered.labels, covered.relations) == ((), ("holding", "on"))

    def test_what_no_mask_shows_is_seen_while_a_relation_says_so(self, take, tmp_path):
        self.draw(tmp_path, mode="L")
        dog = next(node for node in take(self.record())[0].graph.objects if node.label == "dog")
        assert (dog.spans_s, dog.boxes) == ((TimeSpan(0.0, 2.0),), ())

    def test_every_box_is_accounted_for(self, take, tmp_path):
        self.draw(tmp_path, mode="L")
        account = take(self.record())[0].account
        assert account.found["boxes"] == 10 + 10 + 5 + 10
        assert account.carried["boxes"] == 5
        assert account.lost["boxes"] == {"of an object that is not declared": 10, "between keyframes": 20}
        assert account.imbalance() == {}

    @pytest.mark.parametrize("wrong", [{"frames": range(9)}, {"size": (16, 8)}, {"mode": "RGB"}])
    def test_masks_that_do_not_fit_the_video_are_left_alone(self, take, tmp_path, wrong):
        self.draw(tmp_path, **{"mode": "L", **wrong})
        graph = take(self.record())[0].graph
        assert graph.doubts
        assert not any(node.boxes for node in graph.objects)

    def test_a_name_that_leads_elsewhere_is_no_video(self, take, tmp_path):
        self.draw(tmp_path, mode="L")
        record = {**self.record(), "video_id": "../masks/0010_8610561401"}
        assert take(record)[0].graph.doubts


LOSSES = {
    "an unknown end": ([1, 9, "holding", [[0, 9]]], "an end that is not declared"),
    "both ends one": ([1, 1, "holding", [[0, 9]]], "from a thing to itself"),
    "no predicate": ([1, 3, None, [[0, 9]]], "without a predicate"),
    "no frames": ([1, 3, "holding", []], "without frames"),
    "one frame number": ([1, 3, "holding", [[5]]], "without frames"),
    "the end first": ([1, 3, "holding", [[9, 8]]], "ends before it begins"),
    "after the last frame": ([1, 3, "holding", [[100, 120]]], "outside the video"),
    "not a list": ("holding", "without a predicate"),
}


class TestWhatIsNot:
    @pytest.mark.parametrize("bad", LOSSES)
    def test_a_relation_is_lost_with_its_reason(self, take, bad):
        relation, why = LOSSES[bad]
        (imported,) = take(video(relations=[relation, [1, 3, "feeding", [[0, 9]]]]))
        assert imported.account.lost["relations"] == {why: 1}
        assert imported.account.imbalance() == {}

    @pytest.mark.parametrize(
        ("runs", "how"),
        [
            ([[90, 100]], "cut at the end of the video"),
            ([[0, 9], [10, 19]], "joined with one like it that it touches"),
        ],
    )
    def test_a_relation_is_mended_and_counted(self, take, runs, how):
        (imported,) = take(video(relations=[[1, 3, "holding", runs]]))
        assert imported.account.repaired["relations"] == {how: 1}
        check_graph(imported.graph, source="test")

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"meta": {}}, "it has no frames, or more than any video"),
            ({"video_id": None}, "an entry without a video"),
            ({"meta": {"fps": 0.001, "num_frames": 5}}, "its frame rate is no frame rate"),
            (
                {"objects": [{"object_id": 1, "category": "dog"}, {"object_id": "1", "category": "cat"}]},
                "one object id stands for two categories",
            ),
        ],
    )
    def test_a_video_without_a_sure_footing_is_refused(self, take, changes, reason):
        refused, sound = take(video(**changes), video())
        assert isinstance(refused, Refused)
        assert refused.reason == reason
        assert sound.account.carried["relations"] == 4

    def test_a_file_that_is_cut_off_gives_what_came_before(self, tmp_path):
        (tmp_path / "pvsg.json").write_text(json.dumps(whole_file(video(), video()))[:-200])
        reading = read(tmp_path / "pvsg.json", ImportOptions())
        assert next(reading).name == "0010_8610561401"
        with pytest.raises(FormatError, match="is not whole JSON"):
            list(reading)

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(InputError, match=r"pvsg\.json does not exist"):
            list(read(tmp_path, ImportOptions()))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_stands_in_a_file_the_balance_holds_and_the_graph_is_valid(tmp_path_factory, spoiled, data):
    broken = data.draw(spoiled(video()))
    file = tmp_path_factory.getbasetemp() / "broken-pvsg.json"
    file.write_text(json.dumps(whole_file(broken)))
    for item in read(file, ImportOptions()):
        if isinstance(item, Refused):
            assert item.reason
        else:
            assert item.account.imbalance() == {}
            check_graph(item.graph, source="broken")
