"""Screening: which frame of a video is on the screen at a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence

import av

from videostep.media.decode import VideoReader
from videostep.media.frame import Frame
from videostep.media.frame_index import FrameIndex
from videostep.media.picking import pick_frames

MOST_SHARE = 0.9
"""Of a file's packets: where more of them have to be decoded to get at single frames, all may as well be."""

_SAME_TIME_S = 5e-5
"""Times are rounded to 0.1 ms, so a frame that begins this little after a moment is on the screen then."""

Shown = tuple[float, Frame]
"""A moment, and the frame that is on the screen then."""


class Screening:
    """Shows single frames of one video, by their true times; it is read no further than that takes.

    Where the file's packets tell all times, only the frames that are shown are decoded, and those that they
    are built from. Elsewhere, and behind damage, every frame is. The pixels are the same.
    """

    def __init__(self, reader: VideoReader) -> None:
        """`reader`: before its first frame was taken."""
        self._reader = reader
        self._index = reader.index()
        self.length_s: float | None = None if self._index is None else self._index.end_s
        """True length; None while it is not known."""

    def show(self, moments_s: Sequence[float], *, to_the_end: bool = False) -> Iterator[Shown]:
        """Each moment before the video's end with the frame that is on the screen then. Can be run once.

        Args:
            moments_s: Rising, seconds from the first frame.
            to_the_end: Find out `length_s`, too.
        """
        waiting = deque(moments_s)
        yield from self._picked(waiting)
        if waiting or (to_the_end and self.length_s is None):
            yield from self._passed(waiting, to_the_end=to_the_end)

    def _picked(self, waiting: deque[float]) -> Iterator[Shown]:
        """Take moments from `waiting` as long as single frames can be had."""
        index = self._index
        if index is None:
            return
        begins_s = [time_s - _SAME_TIME_S for time_s in index.times_s]
        before_end_s = [moment_s for moment_s in waiting if moment_s < index.end_s - _SAME_TIME_S]
        places = deque(bisect_right(begins_s, moment_s) - 1 for moment_s in before_end_s)
        for place, decoded in self._pick(index, sorted(set(places))):
            frame = self._reader.frame(index.times_s[place], decoded)
            while places and places[0] == place:
                places.popleft()
                yield waiting.popleft(), frame
        if places:  # they cannot be picked, maybe for damage, so that the length may be another, too
            self.length_s = None
        else:
            waiting.clear()

    def _pick(self, index: FrameIndex, places: list[int]) -> Iterator[tuple[int, av.VideoFrame]]:
        stretches = index.stretches(places)
        n_packets = sum(stretch.last - stretch.first + 1 for stretch in stretches)
        if n_packets <= MOST_SHARE * len(index.packets):
            yield from pick_frames(self._reader.path, index, stretches)

    def _passed(self, waiting: deque[float], *, to_the_end: bool) -> Iterator[Shown]:
        """Take moments from `waiting` while every frame passes by."""
        for frame, until_s in self._with_ends():
            while waiting and waiting[0] < until_s - _SAME_TIME_S:
                yield waiting.popleft(), frame
            if not waiting and not to_the_end:
                return
        self.length_s = self._reader.final_video().duration_s

    def _with_ends(self) -> Iterator[tuple[Frame, float]]:
        """Each frame, and when it leaves the screen."""
        last: Frame | None = None
        for frame in self._reader.frames():
            if last is not None:
                yield last, frame.time_s
            last = frame
        if last is not None:
            yield last, self._reader.final_video().duration_s
