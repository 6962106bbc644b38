"""Prediction files for the public evaluator of VidVRD. Its form and volume IoU are written by hand."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import RunFolderError
from videostep.formats.graphs.imported import ImportOptions
from videostep.formats.graphs.vidor import read as read_vidor
from videostep.formats.graphs.vidvrd import read as read_vidvrd
from videostep.formats.graphs.vidvrd_out import between, video_name, write_vidvrd
from videostep.formats.graphs.vidvrd_words import VIDOR, VIDVRD
from videostep.graph import Box
from videostep.testing.graphs import GraphBuilder

FPS, N_FRAMES = 30, 120
TRACKS = {0: "dog", 1: "person", 2: "giant_panda"}


def corners(tid, frame):
    """Boxes that move along a straight line, in pixels, both ends inclusive."""
    left = 40 + 150 * tid + frame
    return [left, 100 + 10 * tid, left + 79, 199 + 10 * tid]


def ground_truth(instances, categories=TRACKS):
    """An annotation file in which every thing is seen in every frame."""
    return {
        "video_id": "ILSVRC2015_train_00000001",
        "frame_count": N_FRAMES,
        "fps": FPS,
        "width": 640,
        "height": 360,
        "subject/objects": [{"tid": tid, "category": category} for tid, category in categories.items()],
        "trajectories": [
            [
                {
                    "tid": tid,
                    "bbox": dict(zip(("xmin", "ymin", "xmax", "ymax"), corners(tid, frame), strict=True)),
                }
                for tid in categories
            ]
            for frame in range(N_FRAMES)
        ],
        "relation_instances": [
            {"subject_tid": s, "predicate": p, "object_tid": o, "begin_fid": begin, "end_fid": end}
            for s, p, o, begin, end in instances
        ],
    }


def volume_iou(path, begin, tid):
    """Common part of a written trajectory and the true one of the same frames, over all of both."""
    common = total = 0
    for offset, written in enumerate(path):
        true = corners(tid, begin + offset)
        width = min(written[2], true[2]) - max(written[0], true[0]) + 1
        height = min(written[3], true[3]) - max(written[1], true[1]) + 1
        common += max(0, width) * max(0, height)
        total += sum((box[2] - box[0] + 1) * (box[3] - box[1] + 1) for box in (written, true))
    return common / (total - common)


def triple(drawn):
    """Instances of one triple may touch, and would then be joined."""
    (subject, object_, _), predicate, *_ = drawn
    return subject, predicate, object_


@pytest.fixture(scope="module")
def there_and_back(tmp_path_factory):
    """Import an annotation file and export the graph: the entries of its video."""
    folder = tmp_path_factory.mktemp("vidvrd")

    def run(record, read=read_vidvrd, vocabulary=VIDVRD):
        (folder / "truth.json").write_text(json.dumps(record))
        graphs = [item.graph for item in read(folder / "truth.json", ImportOptions())]
        write_vidvrd(graphs, folder / "out.json", vocabulary=vocabulary)
        return json.loads((folder / "out.json").read_text())["results"][record["video_id"]]

    return run


def said(entries):
    return sorted((*entry["triplet"], *entry["duration"]) for entry in entries)


class TestRoundTrip:
    def test_an_imported_file_gives_the_same_relation_instances(self, there_and_back):
        instances = [
            (0, "walk_left", 1, 0, 60),
            (0, "front", 1, 7, 111),
            (0, "walk_left", 1, 75, 90),
            (2, "toward", 0, 1, 2),
            (1, "watch", 2, 119, 120),
        ]
        entries = there_and_back(ground_truth(instances))
        assert said(entries) == sorted((TRACKS[s], p, TRACKS[o], b, e) for s, p, o, b, e in instances)

    def test_boxes_come_back_within_the_rounding_of_the_graph_file(self, there_and_back):
        (entry,) = there_and_back(ground_truth([(0, "next_to", 2, 10, 110)]))
        assert volume_iou(entry["sub_traj"], 10, 0) > 0.97
        assert volume_iou(entry["obj_traj"], 10, 2) > 0.97

    def test_vidor_gets_its_own_terms_back(self, there_and_back):
        things = {0: "sheep/goat", 1: "adult"}
        instances = [(0, "towards", 1, 0, 30), (1, "shake_hand_with", 0, 30, 60), (1, "in_front_of", 0, 0, 9)]
        entries = there_and_back(ground_truth(instances, things), read_vidor, VIDOR)
        assert said(entries) == sorted((things[s], p, things[o], b, e) for s, p, o, b, e in instances)

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(
        st.lists(
            st.tuples(
                st.permutations(list(TRACKS)),
                st.sampled_from([*VIDVRD.predicates, "an_unknown_one"]),
                st.integers(0, N_FRAMES - 1),
                st.integers(1, 40),
            ),
            max_size=12,
            unique_by=triple,
        )
    )
    def test_whatever_the_relations_are(self, there_and_back, drawn):
        instances = [(s, p, o, begin, min(N_FRAMES, begin + n)) for (s, o, _), p, begin, n in drawn]
        entries = there_and_back(ground_truth(instances))
        assert said(entries) == sorted((TRACKS[s], p, TRACKS[o], b, e) for s, p, o, b, e in instances)
        for entry in entries:
            begin, end = entry["duration"]
            assert len(entry["sub_traj"]) == len(entry["obj_traj"]) == end - begin


@pytest.mark.parametrize("vocabulary", [VIDVRD, VIDOR])
def test_every_term_comes_back_from_its_words(vocabulary):
    for term in vocabulary.predicates:
        assert vocabulary.term(vocabulary.predicate(term)) == term
    for category in (*vocabulary.labels, "domestic_cat"):
        assert vocabulary.category(vocabulary.label(category)) == category


def street(name="street"):
    build = GraphBuilder(name, duration_s=4.0)
    clip = build.clip(0.0, 4.0)
    person = build.thing(clip, "person", top_colour="red")
    bus = build.thing(clip, "bus")
    build.relation(person, "next to", bus, [(0.0, 1.0), (2.0, 4.0)], confidence=0.7)
    build.motion(bus, "drives to the right", 1.0, 2.0)
    return build, person, bus


class TestTheFile:
    def test_it_has_the_form_that_the_evaluator_reads(self, tmp_path):
        write_vidvrd([street()[0].build()], tmp_path / "out.json")
        file = json.loads((tmp_path / "out.json").read_text())
        assert list(file) == ["version", "results"]
        assert file["version"] == "VERSION 1.0"
        first, second = file["results"]["street"]
        assert set(first) == {"triplet", "score", "duration", "sub_traj", "obj_traj"}
        assert (first["triplet"], first["score"]) == (["person", "next_to", "bus"], 0.7)
        assert (first["duration"], second["duration"]) == ([0, 25], [50, 100])
        assert first["sub_traj"][0] == [64.0, 108.0, 191.0, 323.0]

    def test_what_it_cannot_hold_is_counted(self, tmp_path):
        build, person, _ = street()
        ghost = build.thing("c1", "dog", [(0.1, 0.2)])
        build.relation(person, "behind", ghost)
        export = write_vidvrd([build.build()], tmp_path / "out.json")
        assert (export.videos, export.relations) == (1, 2)
        assert export.left_out == {"attributes": 1, "motions": 1, "relations of a thing without boxes": 1}

    def test_no_graphs_make_a_valid_file(self, tmp_path):
        assert write_vidvrd([], tmp_path / "new" / "out.json").videos == 0
        assert json.loads((tmp_path / "new" / "out.json").read_text())["results"] == {}

    def test_of_two_videos_of_one_name_the_second_is_left_out(self, tmp_path):
        export = write_vidvrd([street()[0].build(), street()[0].build()], tmp_path / "out.json")
        assert export.videos == 1
        assert export.left_out["videos of a name that came before"] == 1

    def test_when_reading_fails_half_way_no_file_is_left(self, tmp_path):
        def graphs():
            yield street()[0].build()
            raise RuntimeError("cut off")

        with pytest.raises(RuntimeError, match="cut off"):
            write_vidvrd(graphs(), tmp_path / "out.json")
        assert list(tmp_path.iterdir()) == []

    def test_a_place_that_cannot_be_written_is_told(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(RunFolderError, match=r"out\.json cannot be written"):
            write_vidvrd([], tmp_path / "file" / "out.json")


class TestBetween:
    def test_boxes_move_on_a_straight_line(self):
        path = [(1.0, Box(0.0, 0.0, 0.2, 0.2)), (2.0, Box(0.4, 0.0, 0.6, 0.2))]
        assert [box.x1 for box in between(path, [0.0, 1.0, 1.25, 1.5, 2.0, 9.0])] == [
            0,
            0,
            0.1,
            0.2,
            0.4,
            0.4,
        ]

    def test_one_box_stands_still(self):
        box = Box(0.1, 0.1, 0.2, 0.2)
        assert between([(1.0, box)], [0.0, 1.0, 2.0]) == [box] * 3


@pytest.mark.parametrize(
    ("path", "name"),
    [("videos/a.b.mp4", "a.b"), ("ILSVRC2015_train_00000001", "ILSVRC2015_train_00000001"), ("x.2", "x.2")],
)
def test_a_video_is_named_as_its_data_set_does(path, name):
    build, *_ = street()
    video = build.build().video
    object.__setattr__(video, "path", path)
    assert video_name(video) == name
