"""Readers of VidVRD and VidOR. The records are written by hand from the data sets' published form."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.formats.graphs.imported import ImportOptions, Refused
from videostep.formats.graphs.vidor import read as read_vidor
from videostep.formats.graphs.vidvrd import read as read_vidvrd
from videostep.store.graph_file import check_graph
from videostep.testing.clips import encode_video, shots
from videostep.video import TimeSpan

FPS = 30
N_FRAMES = 90


def box(xmin, ymin, xmax, ymax):
    return {"xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax}


def placed(frame):
    """A dog that walks to the right in all frames, a person in all, a frisbee in ten frames only."""
    seen = [
        {"tid": 0, "bbox": box(frame, 100, frame + 99, 199)},
        {"tid": 1, "bbox": box(400, 0, 499, 359)},
    ]
    if 20 <= frame < 30:
        seen.append({"tid": 2, "bbox": box(300, 50, 319, 59)})
    return seen


def related(subject, predicate, object_, begin, end):
    return {
        "subject_tid": subject,
        "object_tid": object_,
        "predicate": predicate,
        "begin_fid": begin,
        "end_fid": end,
    }


def record(**changes):
    return {
        "video_id": "ILSVRC2015_train_00000001",
        "frame_count": N_FRAMES,
        "fps": FPS,
        "width": 640,
        "height": 360,
        "subject/objects": [
            {"tid": 0, "category": "dog"},
            {"tid": 1, "category": "person"},
            {"tid": 2, "category": "frisbee"},
        ],
        "trajectories": [placed(frame) for frame in range(N_FRAMES)],
        "relation_instances": [
            related(0, "walk_left", 1, 0, 60),
            related(0, "next_to", 1, 15, 75),
            related(1, "sit_behind", 0, 30, 90),
            related(1, "hold", 2, 20, 30),
        ],
        **changes,
    }


@pytest.fixture
def take(tmp_path):
    """Read records as files of one folder."""

    def take_records(*records, read=read_vidvrd, **options):
        for number, one in enumerate(records):
            (tmp_path / f"video{number}.json").write_text(one if isinstance(one, str) else json.dumps(one))
        return list(read(tmp_path, ImportOptions(**options)))

    return take_records


def relations(graph):
    labels = {node.id: node.label for node in graph.objects}
    return {(labels[e.subject], e.predicate, labels[e.object]): e.spans_s for e in graph.relations}


class TestWhatIsCarried:
    def test_frames_become_seconds_the_end_being_exclusive(self, take):
        (imported,) = take(record())
        assert relations(imported.graph) == {
            ("dog", "walking to the left of", "person"): (TimeSpan(0.0, 2.0),),
            ("dog", "next to", "person"): (TimeSpan(0.5, 2.5),),
            ("person", "sitting behind", "dog"): (TimeSpan(1.0, 3.0),),
            ("person", "holding", "frisbee"): (TimeSpan(0.6667, 1.0),),
        }

    def test_the_graph_is_valid_and_of_the_named_video(self, take):
        (imported,) = take(record())
        check_graph(imported.graph, source="test")
        video = imported.graph.video
        assert (video.path, video.duration_s, video.fps) == ("ILSVRC2015_train_00000001", 3.0, 30)
        assert imported.graph.provenance.generator == "videostep import vidvrd"

    def test_what_a_relation_says_of_its_subject_alone_is_a_motion_or_a_posture(self, take):
        graph = take(record())[0].graph
        assert [(edge.object, edge.predicate, edge.span_s) for edge in graph.motions] == [
            ("c1-dog-1", "walks", TimeSpan(0.0, 2.0))
        ]
        assert [(node.object, node.value) for node in graph.attributes] == [("c1-person-1", "sitting")]

    def test_a_thing_seen_between_two_keyframes_gets_a_keyframe_of_its_own(self, take):
        graph = take(record())[0].graph
        frisbee = next(node for node in graph.objects if node.label == "frisbee")
        assert frisbee.spans_s == (TimeSpan(0.6667, 1.0),)
        assert len(frisbee.boxes) == 1

    def test_boxes_hold_their_last_row_and_column(self, take):
        graph = take(record())[0].graph
        person = next(node for node in graph.objects if node.label == "person")
        assert person.boxes[0].xyxy == (0.625, 0.0, 0.7812, 1.0)

    def test_what_leaves_the_picture_for_a_while_is_seen_twice(self, take):
        moving = record()
        for frame in range(30, 60):
            moving["trajectories"][frame] = []
        dog = take(moving)[0].graph.objects[0]
        assert dog.spans_s == (TimeSpan(0.0, 1.0), TimeSpan(2.0, 3.0))

    def test_absence_means_nothing_unless_the_user_says_that_all_is_annotated(self, take):
        assert take(record())[0].graph.coverage.labels == ()
        complete = take(record(), complete=True)[0].graph.coverage
        assert complete.labels == ("dog", "frisbee", "person")
        assert "next to" in complete.relations
        assert (complete.motions, complete.attributes) == ((), ())

    def test_relations_were_annotated_in_halves_of_segments(self, take):
        coverage = take(record(), complete=True)[0].graph.coverage
        assert coverage.sampled_every_s == 0.5
        for options in ({}, {"complete": True}):
            assert take(record(), read=read_vidor, **options)[0].graph.coverage.sampled_every_s is None

    @pytest.mark.parametrize(("folder", "every_s"), [("test", 0.5), ("train", 3.0), ("testing", 3.0)])
    def test_when_relations_end_is_known_where_whole_videos_were_annotated(self, folder, every_s, tmp_path):
        file = tmp_path / folder / "a.json"
        file.parent.mkdir()
        file.write_text(json.dumps(record()))
        (imported,) = read_vidvrd(tmp_path, ImportOptions())
        assert imported.graph.coverage.sampled_every_s == every_s

    def test_vidor_has_words_of_its_own(self, take):
        changed = record(
            **{
                "subject/objects": [{"tid": 0, "category": "bus/truck"}, {"tid": 1, "category": "adult"}],
                "relation_instances": [
                    related(1, "in_front_of", 0, 0, 30),
                    related(1, "wave_hand_to", 0, 0, 30),
                    related(0, "towards", 1, 0, 30),
                ],
            }
        )
        graph = take(changed, read=read_vidor)[0].graph
        assert [edge.predicate for edge in graph.relations] == ["in front of", "waving to", "going towards"]
        assert {node.label for node in graph.objects} == {"bus or truck", "adult"}
        assert graph.provenance.generator == "videostep import vidor"

    def test_files_come_in_natural_order_from_all_folders(self, tmp_path):
        for name in ("a/clip10", "a/clip2", "b/clip1"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / f"{name}.json").write_text(json.dumps(record(video_id=name)))
        assert [item.name for item in read_vidvrd(tmp_path, ImportOptions())] == [
            "a/clip2",
            "a/clip10",
            "b/clip1",
        ]


class TestWithTheVideo:
    @pytest.fixture
    def videos(self, tmp_path):
        (tmp_path / "videos").mkdir()
        pictures = shots([N_FRAMES], width_px=160, height_px=96)
        encode_video(tmp_path / "videos" / "ILSVRC2015_train_00000001.mp4", pictures, fps=25)
        return tmp_path / "videos"

    def test_its_rate_is_better_than_the_annotated_one(self, take, videos):
        graph = take(record(fps=25.3), videos=videos)[0].graph
        assert (graph.video.fps, graph.video.duration_s) == (25.0, 3.6)
        assert relations(graph)["dog", "walking to the left of", "person"] == (TimeSpan(0.0, 2.4),)

    def test_boxes_stay_in_the_annotated_pictures(self, take, videos):
        small, own = take(record(fps=25), videos=videos)[0].graph, take(record(fps=25))[0].graph
        assert small.video.width_px == 160
        assert small.objects[0].boxes == own.objects[0].boxes

    def test_a_broken_one_refuses_its_video(self, take, videos):
        (videos / "ILSVRC2015_train_00000001.mp4").write_bytes(b"not a video")
        (refused,) = take(record(), videos=videos)
        assert refused.reason == "its video file cannot be decoded"


LOSSES = {
    "an object that is not declared": (related(0, "next_to", 7, 0, 9), "an end that is never seen"),
    "a thing and itself": (related(0, "next_to", 0, 0, 9), "from a thing to itself"),
    "an end before the start": (related(0, "next_to", 1, 9, 9), "ends before it begins"),
    "frames after the last": (related(0, "next_to", 1, 90, 99), "outside the video"),
    "no predicate": (related(0, None, 1, 0, 9), "without predicate or frames"),
    "a predicate of no words": (related(0, "_", 1, 0, 9), "without predicate or frames"),
    "half a frame": (related(0, "next_to", 1, 0.5, 9), "without predicate or frames"),
    "no object at all": ("next_to", "without predicate or frames"),
}
REPAIRS = {
    "an end after the last frame": ([related(0, "bite", 1, 60, 99)], "cut at the end of the video"),
    "two that overlap": (
        [related(0, "bite", 1, 0, 20), related(0, "bite", 1, 10, 30)],
        "joined with one like it that it touches",
    ),
    "a predicate of another data set": (
        [related(0, "sniff_at", 1, 0, 20)],
        "a predicate that is not the data set's, word for word",
    ),
}
BAD_WORDS = ("", "_", 7, "do\x07g", "\ud800")
BAD_BOXES = {
    "NaN": ({"tid": 0, "bbox": box(float("nan"), 0, 9, 9)}, "no rectangle inside the picture"),
    "outside": ({"tid": 0, "bbox": box(700, 0, 709, 9)}, "no rectangle inside the picture"),
    "turned round": ({"tid": 0, "bbox": box(50, 0, 9, 9)}, "no rectangle inside the picture"),
    "missing": ({"tid": 0}, "no rectangle inside the picture"),
    "of nobody": ({"tid": 9, "bbox": box(0, 0, 9, 9)}, "of an object that is not declared"),
}


class TestWhatIsNot:
    @pytest.mark.parametrize("bad", LOSSES)
    def test_a_relation_is_lost_with_its_reason(self, take, bad):
        instance, why = LOSSES[bad]
        (imported,) = take(record(relation_instances=[instance, related(0, "bite", 1, 0, 9)]))
        assert imported.account.lost["relations"] == {why: 1}
        assert imported.account.carried["relations"] == 1

    @pytest.mark.parametrize("read", [read_vidvrd, read_vidor])
    def test_a_category_of_another_data_set_is_counted(self, take, read):
        things = [
            {"tid": 0, "category": "dog"},
            {"tid": 1, "category": "space_hopper"},
            {"tid": 2, "category": "Dog"},
        ]
        (imported,) = take(record(**{"subject/objects": things}), read=read)
        assert [node.label for node in imported.graph.objects] == ["dog", "space hopper", "dog"]
        how = "a category that is not the data set's, word for word"
        assert imported.account.repaired["objects"] == {how: 2}

    @pytest.mark.parametrize("bad", REPAIRS)
    def test_a_relation_is_mended_and_counted(self, take, bad):
        instances, how = REPAIRS[bad]
        (imported,) = take(record(relation_instances=instances))
        assert imported.account.repaired["relations"] == {how: 1}
        assert imported.account.carried["relations"] == len(instances)
        check_graph(imported.graph, source="test")

    @pytest.mark.parametrize("bad", BAD_BOXES)
    def test_a_box_is_lost_with_its_reason(self, take, bad):
        entry, why = BAD_BOXES[bad]
        broken = record()
        broken["trajectories"][15] = [entry]
        (imported,) = take(broken)
        assert imported.account.lost["boxes"][why] == 1
        assert imported.account.imbalance() == {}

    def test_a_second_box_of_a_thing_in_a_frame_is_lost(self, take):
        broken = record()
        broken["trajectories"][15] *= 2
        lost = take(broken)[0].account.lost["boxes"]
        assert lost["a second one of an object in a frame"] == 2

    def test_a_thing_that_is_never_seen_is_lost(self, take):
        more = [
            {"tid": 5, "category": "cat"},
            {"category": "cat"},
            *({"tid": 6, "category": c} for c in BAD_WORDS),
        ]
        (imported,) = take(record(**{"subject/objects": [*record()["subject/objects"], *more]}))
        assert imported.account.lost["objects"] == {
            "never seen in a frame": 1,
            "without id or category": 1 + len(BAD_WORDS),
        }

    def test_a_name_that_no_file_can_hold_is_spelled_out(self, take):
        assert take(record(video_id="v\ud800"))[0].graph.video.path == "v\\ud800"

    def test_boxes_that_no_keyframe_takes_are_counted(self, take):
        account = take(record())[0].account
        assert account.found["boxes"] == 190
        assert account.carried["boxes"] + account.lost["boxes"]["between keyframes"] == 190

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"fps": None}, "its frame rate is not known (give --fps or --videos)"),
            ({"width": 0}, "its picture size is not known"),
            ({"fps": 1e-300}, "its frame rate is not known (give --fps or --videos)"),
            ({"frame_count": 0, "trajectories": []}, "it has no frames, or more than any video"),
            ({"frame_count": 10**30}, "it has no frames, or more than any video"),
            (
                {"subject/objects": [{"tid": 0, "category": "dog"}, {"tid": 0, "category": "cat"}]},
                "one object id stands for two categories",
            ),
        ],
    )
    def test_a_video_without_a_sure_footing_is_refused(self, take, changes, reason):
        refused, sound = take(record(**changes), record())
        assert isinstance(refused, Refused)
        assert refused.reason == reason
        assert len(sound.graph.relations) == 4

    def test_a_file_that_is_cut_off_costs_its_own_video(self, take):
        refused, sound = take(json.dumps(record())[:500], record())
        assert (refused.name, refused.reason) == ("video0", "its file is not a whole JSON object")
        assert sound.name == "ILSVRC2015_train_00000001"

    def test_the_given_frame_rate_stands_in_for_a_missing_one(self, take):
        (imported,) = take(record(fps=None), fps=45.0)
        assert imported.graph.video.duration_s == 2.0


SHORT = record(frame_count=6, trajectories=[placed(frame) for frame in range(20, 26)])
SHORT["relation_instances"] = [related(0, "walk_left", 1, 0, 4), related(1, "hold", 2, 2, 6)]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_stands_in_a_file_the_balance_holds_and_the_graph_is_valid(tmp_path_factory, spoiled, data):
    broken = data.draw(spoiled(SHORT, [10**30, float("nan"), None, -1, 1, 2.5, "", "3", "Next_To", [], {}]))
    file = tmp_path_factory.getbasetemp() / "broken.json"
    file.write_text(json.dumps(broken))
    for item in read_vidvrd(file, ImportOptions()):
        if isinstance(item, Refused):
            assert item.reason
        else:
            assert item.account.imbalance() == {}
            check_graph(item.graph, source="broken")
