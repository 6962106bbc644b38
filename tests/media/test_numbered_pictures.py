"""A folder of numbered pictures is a video of three pictures a second; anything less orderly is refused."""

import numpy as np
import pytest
from PIL import Image

from videostep.errors import MediaError
from videostep.evaluate.benchmarks.videos import BenchmarkVideos
from videostep.frames.looking import look
from videostep.frames.sampling import FrameSampling
from videostep.media.decode import open_video
from videostep.video import TimeSpan


def put(folder, numbers, digits=5, suffix=".png"):
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        grey = np.full((48, 64, 3), 8 * number, np.uint8)
        Image.fromarray(grey).save(folder / f"{number:0{digits}d}{suffix}")
    return folder


def level(frame):
    return round(float(frame.full().mean()) / 8)


@pytest.mark.parametrize(
    ("numbers", "digits", "suffix"),
    [(range(1, 13), 5, ".png"), (range(7, 19), 3, ".png"), (range(1, 13), 1, ".jpg")],
)
def test_each_picture_is_shown_for_a_third_of_a_second(tmp_path, numbers, digits, suffix):
    folder = put(tmp_path / "50% of it: clip_01", numbers, digits, suffix)
    with open_video(folder) as reader:
        shown = [(frame.time_s, level(frame)) for frame in reader.frames()]
    assert [number for _, number in shown] == list(numbers)
    assert [time_s for time_s, _ in shown] == pytest.approx([n / 3 for n in range(len(numbers))], abs=1e-3)
    assert (reader.video.width_px, reader.video.height_px, reader.video.fps) == (64, 48, 3.0)
    assert reader.warnings == []


def test_a_part_of_it_is_shown_by_its_times(tmp_path):
    folder = put(tmp_path / "clip", range(1, 31))
    part_s = TimeSpan(2.0, 4.0)
    sampling = FrameSampling(fps=None, least_frames=1, most_frames=2, placement="middle")
    video, seen = look(folder, [part_s, None], sampling, lambda frame, _: level(frame))
    assert seen[part_s].pictures == (
        (pytest.approx(7 / 3, abs=1e-3), 8),
        (pytest.approx(10 / 3, abs=1e-3), 11),
    )
    assert video.duration_s == pytest.approx(10.0)


@pytest.mark.parametrize("lost", ["00004.png", "00001.png"])
def test_the_content_of_every_picture_counts(tmp_path, lost):
    folder = put(tmp_path / "clip", range(1, 13))
    with open_video(folder) as reader:
        before = reader.video.sha256
    (folder / lost).write_bytes((folder / "00008.png").read_bytes())
    with open_video(folder) as reader:
        assert reader.video.sha256 != before


@pytest.mark.parametrize(
    ("numbers", "digits", "said"),
    [
        ((1, 2, 4), 5, "00004.png where 00003.png belongs"),
        ((), 5, "is a folder"),
    ],
)
def test_what_is_not_numbered_one_after_the_other_is_refused(tmp_path, numbers, digits, said):
    folder = put(tmp_path / "clip", numbers, digits)
    with pytest.raises(MediaError, match=said):
        open_video(folder)


def test_pictures_with_the_same_number_are_refused(tmp_path):
    folder = put(put(tmp_path / "clip", (1, 2, 3)), (2,), digits=3)
    with pytest.raises(MediaError, match=r"002\.png where 00003\.png belongs"):
        open_video(folder)


def test_benchmarks_find_them_by_the_name_of_the_folder(tmp_path):
    folder = put(tmp_path / "tvqa" / "frames_fps3_hq" / "s01e02_seg.03", range(1, 3))
    (tmp_path / "tvqa" / "cover.png").write_bytes(b"")
    videos = BenchmarkVideos(tmp_path)
    assert videos.find("tvqa/frames_fps3_hq/s01e02_seg.03") == folder
    assert videos.find("tvqa") is None
