"""Frame numbers as times: their rate, runs of frames, and which frames become keyframes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from videostep.formats.graphs.source_video import VideoFolder
from videostep.video import TimeSpan, Video

KEYFRAME_EVERY_S: Final = 1.0
"""Densely annotated videos get a keyframe about this often, seconds: as often as a still video that videostep
watches itself gets one at most, and near enough to draw a straight line between two boxes."""
SAME_RATE: Final = 0.02
"""A file whose frame rate is this near to the annotated one (as a share of it) has the annotated frames."""
LEAST_FPS: Final = 0.1
MOST_FPS: Final = 1000.0
"""Frame rates beyond these are slips."""
MOST_FRAMES: Final = 10_000_000
"""Some days of video; more is a slip."""

Run = tuple[int, int]
"""Frames `begin` to `end`, without `end`."""


def timed_video(videos: VideoFolder, title: str) -> Video | None:
    """The video by its file; None without one, and for a file that does not say how long it is.

    Raises:
        MediaError: The file cannot be decoded.
    """
    video = videos.read(title)
    return video if video is not None and video.duration_s > 0 else None


def rate_of(annotated_fps: float | None, video: Video | None) -> float | None:
    """Frames a second by which annotated frame numbers become times; None when nobody knows.

    Annotations round (30 for 29.97), so the file's own rate is better, unless the annotated frames were
    sampled from it at another one.
    """
    if annotated_fps is None or video is None:
        return annotated_fps if video is None else video.fps
    same = abs(video.fps - annotated_fps) <= SAME_RATE * annotated_fps
    return video.fps if same else annotated_fps


def runs_of(frames: Iterable[int]) -> list[Run]:
    """Consecutive frame numbers as runs, in order."""
    ordered = sorted(set(frames))
    breaks = [after for before, after in pairwise(ordered) if after > before + 1]
    ends = [before + 1 for before, after in pairwise(ordered) if after > before + 1]
    return list(zip([*ordered[:1], *breaks], [*ends, *(frame + 1 for frame in ordered[-1:])], strict=True))


def span_of(run: Run, fps: float) -> TimeSpan:
    """When the frames of a run are shown."""
    return TimeSpan(run[0] / fps, run[1] / fps)


def keyframes_of(n_frames: int, fps: float, runs: Iterable[Run]) -> list[int]:
    """Frames that become keyframes: one every `KEYFRAME_EVERY_S`, and one in each run that else had none.

    Args:
        n_frames: Of the video; at least one.
        fps: Frames a second.
        runs: When things are seen. A thing without a keyframe would have no place.
    """
    step = max(1, round(KEYFRAME_EVERY_S * fps))
    chosen = set(range(min(step // 2, n_frames - 1), n_frames, step))
    for begin, end in sorted(runs, key=lambda run: run[1] - run[0]):
        if chosen.isdisjoint(range(begin, end)):
            chosen.add((begin + end) // 2)
    return sorted(chosen)


def within(run: Run, n_frames: int) -> Run | None:
    """The part of a run that lies in the video; None without one."""
    begin, end = max(0, run[0]), min(n_frames, run[1])
    return (begin, end) if begin < end else None


class Touching:
    """Tells of each run whether it touches one before it; in what order they come does not matter."""

    __slots__ = ("_begins", "_ends")

    def __init__(self) -> None:
        # Of the runs so far, joined where they touch: both rise.
        self._begins: list[int] = []
        self._ends: list[int] = []

    def take(self, run: Run) -> bool:
        """Whether it overlaps one that was taken before, or follows upon one without a frame between."""
        first, behind = bisect_left(self._ends, run[0]), bisect_right(self._begins, run[1])
        self._begins[first:behind] = [min((run[0], *self._begins[first:behind]))]
        self._ends[first:behind] = [max((run[1], *self._ends[first:behind]))]
        return first < behind
