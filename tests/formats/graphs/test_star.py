"""The reader of STAR. The questions are written by hand from the data set's published form."""

import json
import pickle
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import FormatError, InputError
from videostep.formats.graphs.imported import ImportOptions, Refused
from videostep.formats.graphs.star import read
from videostep.formats.graphs.star_words import ACTIONS, action_of_code, label_of_code, predicate_of_code
from videostep.store.graph_file import check_graph
from videostep.video import TimeSpan

SITTING = {
    "actions": ["a045", "a012"],
    "rel_pairs": [["o000", "o029"], ["o029", "o000"], ["o000", "o014"]],
    "rel_labels": ["r015", "r005", "r009"],
    "bbox": [[10, 20, 110, 220], [5, 100, 120, 260], None],
    "bbox_labels": ["o000", "o029", 14],
}
STANDING = {
    "actions": ["a007"],
    "rel_pairs": [["o026", "o000"]],
    "rel_labels": ["r002"],
    "bbox": [[200, 20, 300, 220], [250, 0, 330, 230]],
    "bbox_labels": ["o000", "o026"],
}


def question(number, situations, **changes):
    return {
        "question_id": f"Sequence_T5_{number}",
        "question": "Which object did the person hold?",
        "video_id": "6H78U",
        "start": 1.0,
        "end": 9.5,
        "answer": "The phone/camera.",
        "question_program": [],
        "choices": [],
        "situations": situations,
        **changes,
    }


def questions():
    """Two questions of one video that share a frame, one of another."""
    return [
        question(1, {"000031": SITTING, "000061": SITTING}),
        question(2, {"000061": SITTING, "000151": STANDING}),
        question(3, {"000010": STANDING}, video_id="ABCDE", end=2.0),
    ]


@pytest.fixture
def take(tmp_path):
    def take_questions(asked, **options):
        (tmp_path / "STAR_train.json").write_text(asked if isinstance(asked, str) else json.dumps(asked))
        return list(read(tmp_path, ImportOptions(**options)))

    return take_questions


def statements(graph):
    labels = {node.id: node.label for node in graph.objects}
    return {(labels[e.subject], e.predicate, labels[e.object]): e.spans_s for e in graph.relations}


class TestWhatIsCarried:
    def test_situations_are_gathered_from_all_questions_of_a_video(self, take):
        first, second = take(questions())
        assert (first.name, second.name) == ("6H78U", "ABCDE")
        assert [frame.time_s for frame in first.graph.clips[0].keyframes] == [1.0, 2.0, 5.0]
        assert first.account.carried["frames"] == 3
        assert first.account.lost["questions"] == {"no part of a scene graph": 2}
        for item in (first, second):
            assert item.account.imbalance() == {}
            check_graph(item.graph, source="test")

    def test_codes_become_words_whether_text_or_numbers(self, take):
        graph = take(questions())[0].graph
        assert [node.id for node in graph.objects] == [
            "c1-person-1",
            "c1-chair-1",
            "c1-phone-1",
            "c1-door-1",
        ]

    def test_a_relation_holds_around_the_frames_that_show_it(self, take):
        assert statements(take(questions())[0].graph) == {
            ("person", "sitting on", "chair"): (TimeSpan(0.0, 3.0),),
            ("chair", "below", "person"): (TimeSpan(0.0, 3.0),),
            ("person", "holding", "phone"): (TimeSpan(0.0, 3.0),),
            ("door", "in front of", "person"): (TimeSpan(4.0, 6.0),),
        }

    def test_actions_are_motions_of_the_person(self, take):
        motions = {edge.predicate: edge.span_s for edge in take(questions())[0].graph.motions}
        assert motions == {
            "sits in a chair": TimeSpan(0.0, 3.0),
            "holds a phone or camera": TimeSpan(0.0, 3.0),
            "opens a door": TimeSpan(4.0, 6.0),
        }

    def test_who_sits_on_something_sits(self, take):
        (node,) = take(questions())[0].graph.attributes
        assert (node.object, node.value) == ("c1-person-1", "sitting")

    def test_the_rate_is_the_users_then_the_data_sets_then_assumed(self, take, tmp_path):
        assert take(questions())[0].graph.video.extra["assumed"] == ["duration_s", "fps"]
        (tmp_path / "video_fps").write_bytes(pickle.dumps({"6H78U.mp4": 15.0}))
        assert take(questions())[0].graph.clips[0].keyframes[0].time_s == 2.0
        assert take(questions())[0].graph.video.extra["assumed"] == ["duration_s"]
        assert take(questions(), fps=60.0)[0].graph.clips[0].keyframes[0].time_s == 0.5

    def test_the_graph_says_how_far_annotated_frames_lie_apart(self, take):
        for options in ({}, {"complete": True}):
            graph = take(questions(), **options)[0].graph
            frames_s = [keyframe.time_s for keyframe in graph.clips[0].keyframes]
            moments_s = [0.0, *frames_s, graph.video.duration_s]
            gaps_s = [after - before for before, after in pairwise(moments_s)]
            assert graph.coverage.sampled_every_s == pytest.approx(max(gaps_s))

    def test_absence_means_nothing_unless_the_user_vouches_for_it(self, take):
        assert take(questions())[0].graph.coverage.labels == ()
        covered = take(questions(), complete=True)[0].graph.coverage
        assert len(covered.labels) == 37
        assert "opens a door" in covered.motions


class TestCodes:
    @pytest.mark.parametrize("code", ["o013", "13", 13])
    def test_an_object_by_any_spelling(self, code):
        assert label_of_code(code) == "medicine"

    @pytest.mark.parametrize("code", ["o037", "r013", -1, 99, None, True, "o", "o1300", 1.0, [], "o\u06f1"])
    def test_no_object(self, code):
        assert label_of_code(code) is None

    def test_a_relationship_needs_its_letter(self):
        assert predicate_of_code("r012") == "carrying"
        assert predicate_of_code(12) is None
        assert predicate_of_code("r024") is None

    def test_every_action_reads_as_a_predicate(self):
        assert len(set(ACTIONS)) == 111
        assert all(action.split()[0].endswith("s") and "/" not in action for action in ACTIONS)
        assert (action_of_code("a110"), action_of_code("a111")) == ("opens a refrigerator", None)


BAD = {
    "a relationship by number": (
        {"rel_labels": [1]},
        "relations",
        "an unknown relationship, or one by a number alone",
    ),
    "no relationship for a pair": (
        {"rel_labels": []},
        "relations",
        "an unknown relationship, or one by a number alone",
    ),
    "an unknown end": ({"rel_pairs": [["o000", "o077"]]}, "relations", "an unknown class"),
    "half a pair": ({"rel_pairs": [["o000"]]}, "relations", "an unknown class"),
    "one class twice": ({"rel_pairs": [["o026", 26]]}, "relations", "between two things of one class"),
    "an unknown action": ({"actions": ["a999"]}, "actions", "an unknown action"),
    "an unknown thing": ({"bbox_labels": ["o000", "o099"]}, "objects", "an unknown class"),
    "boxes in pictures of unknown size": ({}, "boxes", "the size of the pictures is not known"),
    "a thing twice": (
        {"bbox_labels": ["o000", "o000"]},
        "objects",
        "a second thing of its class in one frame: kept as a doubt",
    ),
}


class TestWhatIsNot:
    @pytest.mark.parametrize("bad", BAD)
    def test_a_statement_is_lost_with_its_reason(self, take, bad):
        changes, kind, why = BAD[bad]
        (imported,) = take([question(1, {"000031": {**STANDING, **changes}})])
        assert imported.account.lost[kind][why] >= 1
        assert imported.account.imbalance() == {}
        check_graph(imported.graph, source="test")

    def test_two_things_of_a_class_make_neither_the_one(self, take):
        twice = {**STANDING, "bbox_labels": ["o026", "o026"]}
        graph = take([question(1, {"000031": twice})])[0].graph
        assert [doubt.label for doubt in graph.doubts] == ["door"]

    def test_a_frame_told_in_two_ways_counts_once(self, take):
        (imported,) = take([question(1, {"000031": SITTING}), question(2, {"000031": STANDING})])
        assert imported.account.lost["frames"] == {"told otherwise before": 1}
        assert ("person", "sitting on", "chair") in statements(imported.graph)

    def test_frames_without_a_number_are_lost_and_a_video_without_frames_is_refused(self, take):
        refused, sound = take(
            [question(1, {"first": SITTING}), question(2, {"000010": STANDING}, video_id="B")]
        )
        assert isinstance(refused, Refused)
        assert refused.reason == "no annotated frame lies in the video"
        assert sound.name == "B"

    @pytest.mark.parametrize("situation", ["null", "7", '"sitting"', "[]", "[" * 5000 + "]" * 5000])
    def test_what_is_no_situation_is_lost_however_deep_it_nests(self, take, situation):
        told = json.dumps([question(1, {"000031": SITTING, "000061": "OTHER"})])
        (imported,) = take(told.replace('"OTHER"', situation))
        assert imported.account.lost["frames"] == {"no situation": 1}
        assert imported.account.carried["frames"] == 1

    def test_questions_of_no_video_are_refused(self, take):
        (refused,) = take([question(1, {"000031": SITTING}, video_id=None)])
        assert refused.reason == "questions without a video"

    def test_a_box_that_is_no_number_costs_itself_only(self, take):
        no_box = {**STANDING, "bbox": [[200, float("nan"), 300, 220], STANDING["bbox"][1]]}
        (imported,) = take([question(1, {"000151": no_box, "000181": STANDING})])
        assert imported.account.found["boxes"] == 4
        assert imported.account.carried["relations"] == 2

    def test_a_file_that_is_cut_off_is_an_error_that_names_it(self, take):
        with pytest.raises(FormatError, match=r"STAR_train\.json is not whole JSON"):
            take(json.dumps(questions())[:-20])

    def test_a_folder_without_question_files_is_an_error(self, tmp_path):
        with pytest.raises(InputError, match=r"holds no STAR_\*\.json"):
            list(read(tmp_path, ImportOptions()))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_stands_in_a_file_the_balance_holds_and_the_graph_is_valid(tmp_path_factory, spoiled, data):
    broken = data.draw(spoiled(questions()))
    file = tmp_path_factory.getbasetemp() / "broken-questions.json"
    file.write_text(json.dumps(broken))
    for item in read(file, ImportOptions()):
        if isinstance(item, Refused):
            assert item.reason
        else:
            assert item.account.imbalance() == {}
            check_graph(item.graph, source="broken")
