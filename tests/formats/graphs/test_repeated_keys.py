"""A key that comes again in annotations is counted, and what may be gone with it is not vouched for."""

import json

import pytest

from videostep.formats.graphs import clevrer, pvsg, star, vidor, vidvrd
from videostep.formats.graphs.imported import Imported, ImportOptions

SHOWN = {"tid": 0, "bbox": {"xmin": 1, "ymin": 1, "xmax": 9, "ymax": 9}}
TRACKS = {
    "video_id": "v",
    "frame_count": 30,
    "fps": 30,
    "width": 64,
    "height": 36,
    "subject/objects": [{"tid": 0, "category": "dog"}],
    "trajectories": [[SHOWN]] * 30,
    "relation_instances": [],
}
MASKED = {
    "video_id": "v",
    "meta": {"height": 48, "width": 64, "fps": 5, "num_frames": 50},
    "objects": [{"object_id": 1, "category": "dog"}, {"object_id": 2, "category": "grass"}],
    "relations": [[1, 2, "walking on", [[0, 9]]]],
}
ASKED = {
    "question_id": "Sequence_T1_1",
    "video_id": "v",
    "start": 1.0,
    "end": 9.0,
    "situations": {
        "000030": {
            "actions": [],
            "rel_pairs": [["o000", "o029"]],
            "rel_labels": ["r015"],
            "bbox": [],
            "bbox_labels": ["o000", "o029"],
        }
    },
}
SIMULATED = {
    "video_filename": "v.mp4",
    "object_property": [{"object_id": 0, "color": "red", "material": "metal", "shape": "cube"}],
    "motion_trajectory": [
        {
            "frame_id": frame,
            "objects": [{"object_id": 0, "location": [0, 0, 0.2], "inside_camera_view": True}],
        }
        for frame in range(128)
    ],
    "collision": [],
}
FORMATS = {
    "vidvrd": (vidvrd.read, TRACKS, "v.json", '"category"'),
    "vidor": (vidor.read, TRACKS, "v.json", '"category"'),
    "pvsg": (pvsg.read, {"data": [MASKED]}, "pvsg.json", '"category"'),
    "star": (star.read, [ASKED], "STAR_train.json", '"rel_pairs"'),
    "clevrer": (clevrer.read, SIMULATED, "v.json", '"shape"'),
}


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_counted_and_costs_the_coverage(tmp_path, name):
    read, record, file, key = FORMATS[name]
    text = json.dumps(record)
    assert key in text

    def imported(text):
        (tmp_path / file).write_text(text)
        (found,) = read(tmp_path, ImportOptions(complete=True))
        assert isinstance(found, Imported)
        assert found.account.imbalance() == {}
        return found

    sound, doubtful = imported(text), imported(text.replace(key, f'"{key[1:-1]}": 7, {key}', 1))
    assert "repeated keys" not in sound.account.found
    assert sound.graph.coverage.relations or sound.graph.coverage.labels
    assert doubtful.account.lost["repeated keys"] == {"another value comes after it": 1}
    covered = doubtful.graph.coverage
    assert (covered.labels, covered.relations, covered.motions) == ((), (), ())
    assert doubtful.graph.objects == sound.graph.objects
