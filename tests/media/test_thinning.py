"""Leaving frames out changes neither the times nor the pictures of the others, nor the video's length."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from videostep.media import recent_packets, thinning
from videostep.media.decode import VideoReader, open_video
from videostep.media.frame import Frame
from videostep.testing.clips import encode_video, shots
from videostep.video import Video

PER_S = 5.0
X264 = {
    "default": "",
    "no cuts marked, long groups": "scenecut=0:keyint=1000",
    "open groups": "open-gop=1:keyint=20:scenecut=0",
    "pyramid of 8": "bframes=8:b-adapt=0:b-pyramid=normal",
    "16 in a row": "bframes=16:b-adapt=0:b-pyramid=none",
    "every frame a key frame": "keyint=1",
    "no B-frames": "bframes=0",
    "intra refresh": "intra-refresh=1:keyint=30",
}


def encode(path: Path, params: str = "", lengths: Sequence[int] = (70, 55), **more: object) -> Path:
    options = {"x264-params": params} if params else {}
    return encode_video(path, shots(lengths), options=options, **more)  # type: ignore[arg-type]


def read(path: Path, wanted_per_s: float | None) -> tuple[list[Frame], Video, VideoReader]:
    with open_video(path, wanted_per_s=wanted_per_s) as reader:
        frames = list(reader.frames())
        for frame in frames:
            frame.small(16, 9)
    return frames, reader.final_video(), reader


def assert_thinned(path: Path) -> list[Frame]:
    """Fewer frames come out, and everything else is as if all did."""
    every, whole_video, whole = read(path, None)
    some, video, reader = read(path, PER_S)
    assert (video, reader.warnings) == (whole_video, whole.warnings)
    number = {frame.time_s: index for index, frame in enumerate(every)}
    before = -1
    for frame in some:
        assert frame.n_left_out == number[frame.time_s] - before - 1
        before = number[frame.time_s]
        assert np.array_equal(frame.small(16, 9), every[before].small(16, 9))
    assert len(some) < len(every)
    return some


class TestThinned:
    @pytest.mark.parametrize(
        "params", [X264[name] for name in X264 if name not in ("no B-frames", "every frame a key frame")]
    )
    def test_h264_loses_frames_but_not_its_times(self, tmp_path: Path, params: str) -> None:
        assert_thinned(encode(tmp_path / "a.mp4", params))

    @pytest.mark.parametrize("ending", ["mkv", "ts", "mov", "flv"])
    def test_containers_with_true_stamps(self, tmp_path: Path, ending: str) -> None:
        assert_thinned(encode(tmp_path / f"a.{ending}"))

    def test_hevc_of_one_layer(self, tmp_path: Path) -> None:
        path = encode_video(
            tmp_path / "a.mp4", shots([70, 55]), codec="libx265", options={"x265-params": "log-level=none"}
        )
        assert_thinned(path)

    def test_variable_frame_rate(self, tmp_path: Path) -> None:
        stamps_ms = np.cumsum([20 + 17 * (index % 4) for index in range(125)]).tolist()
        path = encode(tmp_path / "a.mkv", pts=stamps_ms, time_base=Fraction(1, 1000), fps=22)
        assert_thinned(path)

    @pytest.mark.parametrize("first", [-7, 90])
    def test_any_first_stamp(self, tmp_path: Path, first: int) -> None:
        assert_thinned(encode(tmp_path / "a.mkv", pts=range(first, first + 125)))

    @pytest.mark.parametrize("n_frames", range(60, 68))
    def test_frames_left_out_at_the_end_still_count(self, tmp_path: Path, n_frames: int) -> None:
        path = encode(tmp_path / "a.mp4", "bframes=3:b-adapt=0:b-pyramid=none", [n_frames])
        assert_thinned(path)

    def test_the_first_frame_of_each_interval_is_decoded(self, tmp_path: Path) -> None:
        times_s = {frame.time_s for frame in assert_thinned(encode(tmp_path / "a.mp4"))}
        assert {round(index * 0.2, 4) for index in range(25)} <= times_s

    def test_twice_the_same_frames_come_out(self, tmp_path: Path) -> None:
        path = encode(tmp_path / "a.mp4")
        first, second = ([frame.time_s for frame in read(path, PER_S)[0]] for _ in range(2))
        assert first == second


class TestNotThinned:
    def assert_whole(self, path: Path, per_s: float = PER_S) -> None:
        assert [frame.n_left_out for frame in read(path, per_s)[0]] == [0] * 125

    @pytest.mark.parametrize("name", ["no B-frames", "every frame a key frame"])
    def test_where_every_frame_is_needed(self, tmp_path: Path, name: str) -> None:
        self.assert_whole(encode(tmp_path / "a.mp4", X264[name]))

    def test_other_codecs(self, tmp_path: Path) -> None:
        self.assert_whole(encode_video(tmp_path / "a.mp4", shots([125]), codec="mpeg4", options={"bf": "2"}))

    @pytest.mark.parametrize("ending", ["avi", "h264"])
    def test_files_without_true_stamps(self, tmp_path: Path, ending: str) -> None:
        path = encode(tmp_path / f"a.{ending}")
        assert {frame.n_left_out for frame in read(path, PER_S)[0]} == {0}

    def test_slow_videos(self, tmp_path: Path) -> None:
        self.assert_whole(encode(tmp_path / "a.mp4", fps=19))

    def test_interlaced_videos(self, tmp_path: Path) -> None:
        self.assert_whole(encode(tmp_path / "a.mp4", "tff=1"))

    def test_hevc_whose_layers_are_not_known(self, tmp_path: Path) -> None:
        path = encode_video(
            tmp_path / "a.ts", shots([125]), codec="libx265", options={"x265-params": "log-level=none"}
        )
        self.assert_whole(path)

    def test_hevc_of_two_layers(self, tmp_path: Path) -> None:
        options = {"x265-params": "log-level=none:temporal-layers=2"}
        self.assert_whole(encode_video(tmp_path / "a.mp4", shots([125]), codec="libx265", options=options))

    def test_endless_groups_end_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recent_packets, "MOST_PACKETS", 60)
        left_out = [
            frame.n_left_out
            for frame in read(encode(tmp_path / "a.mp4", X264["no cuts marked, long groups"]), PER_S)[0]
        ]
        assert sum(left_out[:30]) > 10
        assert sum(left_out[-50:]) == 0


class TestLookingAgain:
    @pytest.mark.parametrize("params", X264.values())
    def test_every_frame_of_a_span_just_passed(self, tmp_path: Path, params: str) -> None:
        path = encode(tmp_path / "a.mp4", params)
        every = read(path, None)[0]
        with open_video(path, wanted_per_s=PER_S) as reader:
            times_s: list[float] = []
            for frame in reader.frames():
                times_s.append(frame.time_s)
                if len(times_s) % 9 == 0 and "refresh" not in params:
                    again = reader.look_again(times_s[-6], times_s[-1])
                    expected = [item for item in every if times_s[-6] <= item.time_s <= times_s[-1]]
                    assert [item.time_s for item in again] == [item.time_s for item in expected]
                    for one, other in zip(again, expected, strict=True):
                        assert np.array_equal(one.small(16, 9), other.small(16, 9))

    def test_to_the_very_end(self, tmp_path: Path) -> None:
        with open_video(encode(tmp_path / "a.mp4", lengths=[98]), wanted_per_s=PER_S) as reader:
            list(reader.frames())
            again = [frame.time_s for frame in reader.look_again(3.2, float("inf"))]
        assert again == [round(index * 0.04, 4) for index in range(80, 98)]

    def test_nothing_where_every_frame_was_decoded(self, tmp_path: Path) -> None:
        with open_video(encode(tmp_path / "a.mp4")) as reader:
            list(reader.frames())
            assert reader.look_again(1.0, 2.0) == []

    def test_nothing_of_what_lies_too_far_back(self, tmp_path: Path) -> None:
        with open_video(encode(tmp_path / "a.mp4", lengths=[400]), wanted_per_s=PER_S) as reader:
            list(reader.frames())
            assert reader.look_again(0.0, 0.4) == []

    def test_looking_too_often_ends_thinning(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(thinning, "GRACE_FRAMES", 0)
        with open_video(encode(tmp_path / "a.mp4", lengths=[200]), wanted_per_s=PER_S) as reader:
            left_out = []
            for frame in reader.frames():
                left_out.append(frame.n_left_out)
                if 1.0 < frame.time_s < 2.0:
                    reader.look_again(frame.time_s, frame.time_s)
        assert sum(left_out[:15]) > 0
        assert sum(left_out[-50:]) == 0


class TestDamage:
    def damaged(self, folder: Path) -> Path:
        data = bytearray(encode(folder / "whole.mp4", "keyint=40", lengths=[200]).read_bytes())
        middle = len(data) // 2
        noise = np.random.default_rng(0).integers(0, 256, len(data) // 20).astype(np.uint8)
        data[middle : middle + len(noise)] = noise.tobytes()
        path = folder / "damaged.mp4"
        path.write_bytes(data)
        return path

    def test_damage_neither_shifts_times_nor_ends_the_pass(self, tmp_path: Path) -> None:
        path = self.damaged(tmp_path)
        every, some = (read(path, per_s) for per_s in (None, PER_S))
        assert some[1].duration_s == every[1].duration_s == 8.0
        assert {frame.time_s for frame in some[0][-40:]} <= {round(index * 0.04, 4) for index in range(200)}
        assert any("could not be decoded" in warning for warning in some[2].warnings)

    def test_a_set_back_clock_ends_thinning(self, tmp_path: Path) -> None:
        """Two recordings joined in one file, as some recorders do."""
        parts = [encode(tmp_path / f"{name}.ts", lengths=[60]) for name in "ab"]
        path = tmp_path / "joined.ts"
        path.write_bytes(b"".join(part.read_bytes() for part in parts))
        every, some = (read(path, per_s) for per_s in (None, PER_S))
        assert some[1] == every[1]
        assert {frame.time_s for frame in some[0]} <= {frame.time_s for frame in every[0]}
