import hashlib
from fractions import Fraction

import numpy as np
import pytest

from videostep.errors import MediaError
from videostep.formats.training import cutting
from videostep.formats.training.cutting import cut_parts
from videostep.media.decode import open_video
from videostep.testing.clips import encode_video
from videostep.video import TimeSpan

FPS, SECONDS = 10, 2
WIDTH_PX, HEIGHT_PX = 66, 34
STEP = 12
"""The brightness of a frame tells its number."""


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    """Frame n is grey of brightness 12 n; the only key frame is the first."""
    frames = (np.full((HEIGHT_PX, WIDTH_PX, 3), STEP * n, np.uint8) for n in range(FPS * SECONDS))
    path = tmp_path_factory.mktemp("grey") / "grey.mp4"
    return encode_video(path, frames, fps=FPS, options={"g": "999", "sc_threshold": "0", "crf": "1"})


def numbers_in(path):
    """(time, number of the original frame) of every frame."""
    with open_video(path) as reader:
        return [(f.time_s, round(float(f.small(8, 8).mean()) / STEP)) for f in reader.frames()]


@pytest.mark.parametrize(
    ("start_s", "end_s", "first", "last"),
    [(0.0, 2.0, 0, 19), (0.3, 1.0, 3, 9), (0.25, 1.05, 3, 10), (1.9, 9.0, 19, 19)],
)
def test_a_part_has_exactly_the_frames_that_begin_in_it(video, tmp_path, start_s, end_s, first, last):
    cut_parts(video, {tmp_path / "part.mp4": TimeSpan(start_s, end_s)})
    found = numbers_in(tmp_path / "part.mp4")
    assert [number for _, number in found] == list(range(first, last + 1))
    assert [time_s for time_s, _ in found] == pytest.approx([n / FPS for n in range(len(found))], abs=1e-4)


def test_a_part_is_as_large_as_the_video(video, tmp_path):
    cut_parts(video, {tmp_path / "part.mp4": TimeSpan(0.0, 1.0)})
    with open_video(tmp_path / "part.mp4") as reader:
        assert (reader.video.width_px, reader.video.height_px) == (WIDTH_PX, HEIGHT_PX)


def test_true_times_are_kept_when_frames_do_not_come_evenly(tmp_path):
    frames = [np.full((32, 32, 3), STEP * n, np.uint8) for n in range(6)]
    pts = [0, 1, 2, 10, 11, 30]
    uneven = encode_video(
        tmp_path / "uneven.mp4", frames, pts=pts, time_base=Fraction(1, 10), options={"bf": "0"}
    )
    cut_parts(uneven, {tmp_path / "part.mp4": TimeSpan(0.1, 3.0)})
    times_s = [time_s for time_s, _ in numbers_in(tmp_path / "part.mp4")]
    assert times_s == pytest.approx([0.0, 0.1, 0.9, 1.0], abs=1e-4)


def test_a_turned_video_is_cut_upright(tmp_path):
    frames = [np.zeros((32, 64, 3), np.uint8)] * 5
    turned = encode_video(tmp_path / "turned.mp4", frames, rotation_deg=90)
    cut_parts(turned, {tmp_path / "part.mp4": TimeSpan(0.0, 1.0)})
    with open_video(tmp_path / "part.mp4") as reader:
        assert (reader.video.width_px, reader.video.height_px) == (32, 64)


def test_odd_sizes_lose_their_last_row_and_column(tmp_path):
    odd = encode_video(tmp_path / "odd.mp4", [np.zeros((33, 65, 3), np.uint8)] * 5, pixel_format="yuv444p")
    cut_parts(odd, {tmp_path / "part.mp4": TimeSpan(0.0, 1.0)})
    with open_video(tmp_path / "part.mp4") as reader:
        assert (reader.video.width_px, reader.video.height_px) == (64, 32)


def test_many_parts_take_few_passes_and_are_the_same_bytes_as_one_by_one(video, tmp_path, monkeypatch):
    spans = [TimeSpan(n / 20, n / 20 + 0.5) for n in range(20)]
    together = {tmp_path / f"together-{n}.mp4": span for n, span in enumerate(spans)}
    alone = {tmp_path / f"alone-{n}.mp4": span for n, span in enumerate(spans)}
    passes = []
    monkeypatch.setattr(cutting, "open_video", lambda path: passes.append(path) or open_video(path))
    cut_parts(video, together)
    assert len(passes) == 3
    for path, span in alone.items():
        cut_parts(video, {path: span})
    digests = [[hashlib.sha256(p.read_bytes()).hexdigest() for p in paths] for paths in (together, alone)]
    assert digests[0] == digests[1]


def test_a_part_without_frames_is_an_error(video, tmp_path):
    with pytest.raises(MediaError, match=r"has no frame between 7\.0 s and 8\.0 s"):
        cut_parts(video, {tmp_path / "part.mp4": TimeSpan(7.0, 8.0)})
