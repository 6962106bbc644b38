"""Visual splitting: frames in, clips with keyframes out, each picture handed on exactly once.

Source: STEP section 3.1. A delay line holds sampled pictures until the shot detector has settled
whether a cut lies before them; so one pass over the video feeds everything.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from videostep.errors import ConfigError
from videostep.induce.content_shots import LookCloser
from videostep.induce.keyframes import Candidate, Chosen, KeyframeChooser, KeyframeConfig, Pixels, measure
from videostep.induce.scene_detect import SMALL_HEIGHT_PX, SMALL_WIDTH_PX
from videostep.induce.shots import WATCH_EVERY_FRAME, ShotConfig, open_detector, see_no_closer
from videostep.media.clock import TIME_DIGITS, slot_of
from videostep.media.decode import VideoReader, open_video
from videostep.media.frame import Frame
from videostep.video import Clip, Keyframe, TimeSpan, Video


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitConfig:
    """How a video is split into clips and keyframes."""

    pictures_per_s: float = 5.0
    """How often a picture is taken for the parser and as a keyframe's candidate. Paper: not given;
    a walking person moves about a third of a body width between two."""
    min_clip_s: float = 0.6
    """A cut nearer than this to the previous one is ignored, seconds. Paper: not given;
    PySceneDetect's default."""
    every_frame: bool = False
    """Decode every frame. False: frames that no other frame is built from are left out where the codec
    marks them (H.264, HEVC) and no picture is taken of them; a second look puts cuts where decoding
    everything puts them. What is gone again within the frames left out in a row (0.2 s at most, by
    `pictures_per_s`), such as a flash, is not seen. Paper: not given; saves a quarter of the decoding."""
    shots: ShotConfig = field(default_factory=ShotConfig)
    """How cuts are found."""
    keyframes: KeyframeConfig = field(default_factory=KeyframeConfig)
    """How keyframes are chosen."""

    def __post_init__(self) -> None:
        if not 0.1 <= self.pictures_per_s <= 1000:
            raise ConfigError(f"pictures_per_s is {self.pictures_per_s}", remedy="give 0.1 to 1000")
        if self.min_clip_s < 0:
            raise ConfigError(f"min_clip_s is {self.min_clip_s}", remedy="give 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOpened:
    """A new clip begins; pictures that follow are its own."""

    clip_id: str
    start_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTaken:
    """The next picture of the open clip."""

    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyframeChosen:
    """A picture of the open clip became a keyframe; its JPEG can be written now."""

    path: str
    """Relative to the run folder."""
    jpeg: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipClosed:
    """The open clip has ended."""

    clip: Clip


SplitEvent = ClipOpened | PictureTaken | KeyframeChosen | ClipClosed


@dataclass(slots=True, kw_only=True)
class _OpenClip:
    id: str
    start_s: float
    chooser: KeyframeChooser
    keyframe_times_s: list[float] = field(default_factory=list)


class Splitter:
    """Turns the frames of one video, in order, into the events of its clips."""

    def __init__(self, video_id: str, config: SplitConfig, look_closer: LookCloser = see_no_closer) -> None:
        """Open the shot detector.

        Args:
            video_id: Names the folder of the keyframes.
            config: How to split.
            look_closer: Gives every frame of a short span just passed, where frames were left out.

        Raises:
            ConfigError: no detector has the configured name.
            MissingExtraError: the detector needs an extra that is not installed.
        """
        self._video_id = video_id
        self._config = config
        self._detector = open_detector(config.shots, look_closer)
        self._waiting: deque[Candidate] = deque()
        self._cuts_s: deque[float] = deque()
        self._last_cut_s = 0.0
        self._last_slot = -1
        self._before: Pixels | None = None
        self._clip: _OpenClip | None = None
        self._n_clips = 0

    def see(self, frame: Frame) -> Iterator[SplitEvent]:
        """Take the next frame; yields what is settled by now. Exhaust it before the next call."""
        self._take_cuts(self._detector.see(frame))
        pixels = frame.small(SMALL_WIDTH_PX, SMALL_HEIGHT_PX)
        if self._is_due(frame.time_s):
            before = pixels if self._before is None else self._before
            self._waiting.append(measure(frame, pixels, before, n_left_out=frame.n_left_out))
            frame.shrink()
        self._before = pixels
        yield from self._release(self._detector.settled_s)

    def finish(self, end_s: float) -> Iterator[SplitEvent]:
        """The video has ended at `end_s`: everything that was still held, and the last clip."""
        self._take_cuts(self._detector.finish())
        yield from self._release(math.inf)
        # A cut behind the last picture would open a clip that nobody saw: it is ignored.
        yield from self._close_clip(end_s)

    def _take_cuts(self, cuts_s: list[float]) -> None:
        for cut_s in cuts_s:
            if cut_s - self._last_cut_s >= self._config.min_clip_s - 1e-9 and cut_s > 0:
                self._cuts_s.append(cut_s)
                self._last_cut_s = cut_s

    def _is_due(self, time_s: float) -> bool:
        """Whether this is the first frame of a new sampling interval."""
        slot = slot_of(time_s, self._config.pictures_per_s)
        due, self._last_slot = slot > self._last_slot, slot
        return due

    def _release(self, settled_s: float) -> Iterator[SplitEvent]:
        while self._waiting and self._waiting[0].frame.time_s <= settled_s:
            candidate = self._waiting.popleft()
            yield from self._turn_to_clip_at(candidate.frame.time_s)
            assert self._clip is not None
            yield PictureTaken(frame=candidate.frame)
            yield from self._name_keyframes(self._clip.chooser.see(candidate))

    def _turn_to_clip_at(self, time_s: float) -> Iterator[SplitEvent]:
        """Close the open clip if a cut lies before `time_s`, and open the next."""
        passed = [cut_s for cut_s in self._cuts_s if cut_s <= time_s]
        if self._clip is not None and not passed:
            return
        for _ in passed:
            self._cuts_s.popleft()
        # Of several cuts between two pictures only the first ends a clip that was seen.
        start_s = passed[0] if self._clip is not None else 0.0
        yield from self._close_clip(start_s)
        self._n_clips += 1
        chooser = KeyframeChooser(config=self._config.keyframes, start_s=start_s)
        self._clip = _OpenClip(id=f"c{self._n_clips}", start_s=start_s, chooser=chooser)
        yield ClipOpened(clip_id=self._clip.id, start_s=start_s)

    def _close_clip(self, end_s: float) -> Iterator[SplitEvent]:
        if self._clip is not None:
            yield from self._name_keyframes(self._clip.chooser.finish(end_s))
            span_s = TimeSpan(self._clip.start_s, end_s)
            keyframes = self._keyframes(self._clip, span_s)
            yield ClipClosed(clip=Clip(id=self._clip.id, span_s=span_s, keyframes=keyframes))
            self._clip = None

    def _name_keyframes(self, chosen: list[Chosen]) -> Iterator[SplitEvent]:
        assert self._clip is not None
        for item in chosen:
            self._clip.keyframe_times_s.append(item.time_s)
            rank = len(self._clip.keyframe_times_s)
            yield KeyframeChosen(path=self._image_path(f"{self._clip.id}-k{rank}"), jpeg=item.encode())

    def _keyframes(self, clip: _OpenClip, span_s: TimeSpan) -> tuple[Keyframe, ...]:
        covers = tile(span_s, clip.keyframe_times_s)
        ids = [f"{clip.id}-k{rank}" for rank in range(1, len(covers) + 1)]
        return tuple(
            Keyframe(id=id_, time_s=time_s, covers_s=cover, image=self._image_path(id_))
            for id_, time_s, cover in zip(ids, clip.keyframe_times_s, covers, strict=True)
        )

    def _image_path(self, keyframe_id: str) -> str:
        return f"keyframes/{self._video_id}/{keyframe_id}.jpg"


def tile(span_s: TimeSpan, times_s: list[float]) -> list[TimeSpan]:
    """Cut `span_s` halfway between neighbouring `times_s`; each part holds its own time."""
    edges = [span_s.start_s, *(_middle(a, b) for a, b in pairwise(times_s)), span_s.end_s]
    return [TimeSpan(start_s, end_s) for start_s, end_s in pairwise(edges)]


def _middle(earlier_s: float, later_s: float) -> float:
    middle_s = round((earlier_s + later_s) / 2, TIME_DIGITS)
    # Rounding may land on the earlier of two times that are one tick apart.
    return later_s if middle_s <= earlier_s else middle_s


def open_for_splitting(path: str | Path, config: SplitConfig) -> VideoReader:
    """Open a video so that its reader decodes what a Splitter with this config needs, and no more.

    Raises:
        MediaError: the file cannot be opened or decoded.
    """
    every_frame = config.every_frame or config.shots.detector in WATCH_EVERY_FRAME
    return open_video(path, wanted_per_s=None if every_frame else config.pictures_per_s)


def split_video(
    path: str | Path,
    config: SplitConfig | None = None,
    *,
    write_keyframe: Callable[[str, bytes], None] | None = None,
) -> tuple[Video, tuple[Clip, ...]]:
    """Split one video into clips with keyframes, without parsing it.

    Args:
        path: The video file.
        config: How to split; the defaults if None.
        write_keyframe: Gets each keyframe's path (relative to the run folder) and JPEG bytes.

    Raises:
        MediaError: the file cannot be opened or decoded.
    """
    clips: list[Clip] = []

    def handle(event: SplitEvent) -> None:
        if isinstance(event, ClipClosed):
            clips.append(event.clip)
        elif isinstance(event, KeyframeChosen) and write_keyframe is not None:
            write_keyframe(event.path, event.jpeg)

    config = config or SplitConfig()
    with open_for_splitting(path, config) as reader:
        splitter = Splitter(reader.video.id, config, reader.look_again)
        for frame in reader.frames():
            for event in splitter.see(frame):
                handle(event)
        video = reader.final_video()
        for event in splitter.finish(video.duration_s):
            handle(event)
    return video, tuple(clips)
