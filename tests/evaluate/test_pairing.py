from pathlib import Path

from videostep.evaluate.pairing import GraphFile, list_graphs, pair_graphs
from videostep.store.graph_file import write_graph
from videostep.testing.graphs import street_graph
from videostep.video import Video


def file(run: str, id_: str, *, sha256: str = "", path: str = "") -> GraphFile:
    video = Video(
        id=id_, path=path or f"{id_}.mp4", sha256=sha256, duration_s=1, fps=25, width_px=4, height_px=4
    )
    return GraphFile(Path(run) / f"{id_}.json", video)


def named(files, truth):
    pairing = pair_graphs(files, truth)
    pairs = [(pair.predicted.video.id, pair.true.video.id, pair.by) for pair in pairing.pairs]
    lone = [[video.id for video in videos] for videos in (pairing.only_predicted, pairing.only_true)]
    return pairs, *lone


def test_videos_are_the_same_by_id_then_content_then_name():
    files = [file("a", "x"), file("a", "y", sha256="1"), file("a", "z", path="in/clip.mp4"), file("a", "w")]
    truth = [file("b", "u"), file("b", "z2", path="clip.avi"), file("b", "y2", sha256="1"), file("b", "x")]
    assert named(files, truth) == (
        [("x", "x", "id"), ("y", "y2", "sha256"), ("z", "z2", "file name")],
        ["w"],
        ["u"],
    )


def test_a_surer_sign_goes_before_a_weaker_one_of_another_video():
    files = [file("a", "copy", sha256="1"), file("a", "clip", sha256="1")]
    assert named(files, [file("b", "clip", sha256="1")]) == ([("clip", "clip", "id")], ["copy"], [])


def test_a_name_that_two_videos_share_pairs_nothing():
    files = [file("a", "1", path="monday/clip.mp4"), file("a", "2", path="tuesday/clip.mp4")]
    assert named(files, [file("b", "3", path="clip.mp4")]) == ([], ["1", "2"], ["3"])


def test_an_empty_digest_pairs_nothing():
    assert named([file("a", "1")], [file("b", "2")]) == ([], ["1"], ["2"])


def test_files_that_name_no_video_are_told_and_left_out(tmp_path):
    write_graph(street_graph(), tmp_path / "sound.json")
    (tmp_path / "half.json").write_bytes((tmp_path / "sound.json").read_bytes()[:300])
    (tmp_path / "other.json").write_text('{"video": 3}')
    (tmp_path / "folder.json").mkdir()
    heard = []
    files = list(list_graphs(sorted(tmp_path.iterdir()), heard.append))
    assert [file.video for file in files] == [street_graph().video]
    messages = [str(error) for error in heard]
    assert [message.partition(": ")[0].rpartition("/")[2] for message in messages] == [
        "folder.json cannot be read",
        "half.json is not JSON",
        "other.json is not a valid GraphHeader",
    ]
