from pathlib import Path

import pytest

from videostep.errors import InputError
from videostep.evaluate.benchmarks.videos import BenchmarkVideos


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "a/VID01.mp4",
        "b/VID02.MKV",
        "star/x/VID03.mp4",
        "sta/x/VID03.mp4",
        "tumblr_aaa_400.gif",
        "v_1.2.webm",
        "notes.txt",
        ".hidden.mp4",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("VID01", "a/VID01.mp4"),
        ("VID01.mp4", "a/VID01.mp4"),
        ("any/where/VID01.avi", "a/VID01.mp4"),
        ("vid02", "b/VID02.MKV"),
        ("star/x/VID03.mp4", "star/x/VID03.mp4"),
        ("sta/x/VID03", "sta/x/VID03.mp4"),
        ("tumblr_aaa_400", "tumblr_aaa_400.gif"),
        ("v_1.2", "v_1.2.webm"),
        ("v_VID01", "a/VID01.mp4"),
        ("VID09", None),
        ("notes", None),
        (".hidden", None),
        ("", None),
    ],
)
def test_a_video_is_found_by_its_stem(folder, name, found):
    assert BenchmarkVideos(folder).find(name) == (found and folder / found)


@pytest.mark.parametrize("name", ["VID03", "other/VID03.mp4"])
def test_of_two_videos_that_could_be_meant_none_is_taken(folder, name):
    with pytest.raises(InputError, match="may be"):
        BenchmarkVideos(folder).find(name)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no folder"):
        BenchmarkVideos(tmp_path / "videos")
