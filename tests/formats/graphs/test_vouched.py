"""Complete annotations of which something was lost while reading are complete no longer."""

import json
import pickle

import pytest

from videostep.formats.graphs import action_genome, agqa, star, vidvrd
from videostep.formats.graphs.imported import Account, ImportOptions
from videostep.formats.graphs.vouched import vouched_for
from videostep.graph import Coverage

COMPLETE = ImportOptions(complete=True)
COVERED = Coverage(labels=("cup",), attributes=("colour",), relations=("on",), motions=("waves",))


@pytest.mark.parametrize(
    ("kind", "why", "left"),
    [
        ("objects", "an unknown class", ((), ("on",), ("waves",))),
        ("objects", "not visible", (("cup",), ("on",), ("waves",))),
        ("relations", "an unknown relationship", (("cup",), (), ("waves",))),
        ("relations", "a negation", (("cup",), ("on",), ("waves",))),
        ("actions", "without a time", (("cup",), ("on",), ())),
        ("frames", "told otherwise before", ((), (), ())),
        ("boxes", "no rectangle inside the picture", (("cup",), ("on",), ("waves",))),
    ],
)
def test_what_was_lost_is_covered_no_longer(kind, why, left):
    account = Account()
    account.find(kind)
    account.lose(kind, why)
    covered = vouched_for(COVERED, account)
    assert (covered.labels, covered.relations, covered.motions) == left
    assert covered.attributes == ("colour",)
    assert account.carried["vouched for"] == sum(map(bool, left))
    assert account.imbalance() == {}


def test_where_boxes_show_what_is_there_a_lost_one_is_a_lost_sight():
    account = Account()
    account.lose("boxes", "no rectangle inside the picture")
    assert vouched_for(COVERED, account, boxes_show=True).labels == ()


def entry(class_, contact):
    return {
        "class": class_,
        "bbox": (1.0, 2.0, 30.0, 40.0),
        "contacting_relationship": contact,
        "spatial_relationship": ["behind"],
        "visible": True,
    }


def covered_by(read, path):
    (imported,) = read(path, COMPLETE)
    assert imported.account.imbalance() == {}
    return imported.graph.coverage


def test_action_genome(tmp_path):
    path = tmp_path / action_genome.OBJECTS_FILE
    for contact, is_known in (("holding", True), ("juggling", False)):
        path.write_bytes(pickle.dumps({"V.mp4/000031.png": [entry("bed", [contact])]}))
        covered = covered_by(action_genome.read, path)
        assert bool(covered.relations) is is_known
        assert covered.labels


def test_agqa(tmp_path):
    frame = {"type": "frame", "secs": 1.0}
    for phrase, is_known in (("opening a door", True), (None, False)):
        action = {"type": "action", "phrase": phrase, "start": 0.5, "end": 2.0}
        told = {"type": "action", "phrase": "sitting in a chair", "start": 0.5, "end": 2.0}
        video = {"000030": frame, "c1/1": action, "c2/1": told}
        (tmp_path / "AGQA_test_stsgs.pkl").write_bytes(pickle.dumps({"V": video}))
        assert bool(covered_by(agqa.read, tmp_path).motions) is is_known


def test_star(tmp_path):
    seen = {"bbox_labels": ["o000", "o010"], "rel_pairs": [["o000", "o010"]], "rel_labels": ["r016"]}
    for other, is_known in ((seen, True), ({**seen, "bbox_labels": ["o000", "o005"]}, False)):
        asked = [{"video_id": "V", "end": 4, "situations": {"000031": each}} for each in (seen, other)]
        (tmp_path / "STAR_val.json").write_text(json.dumps(asked))
        covered = covered_by(star.read, tmp_path)
        assert [bool(covered.labels), bool(covered.relations), bool(covered.motions)] == [is_known] * 3


def test_vidvrd(tmp_path):
    side = {"xmin": 1, "ymin": 1, "xmax": 9, "ymax": 9}
    for first, is_known in ((1, True), (float("nan"), False)):
        record = {
            "frame_count": 2,
            "fps": 1,
            "width": 64,
            "height": 48,
            "subject/objects": [{"tid": 0, "category": "dog"}],
            "trajectories": [[{"tid": 0, "bbox": {**side, "xmin": first}}], [{"tid": 0, "bbox": side}]],
        }
        (tmp_path / "video.json").write_text(json.dumps(record))
        assert bool(covered_by(vidvrd.read, tmp_path).labels) is is_known
