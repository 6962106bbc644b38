"""The clock of a video: presentation timestamps (PTS) to seconds from the first frame."""

from __future__ import annotations

import math
from fractions import Fraction

TIME_DIGITS = 4
"""Times are rounded to 0.1 ms: far below a frame, and free of binary noise in files."""

RESTART_S = 1.0
"""A step back of at least this much is a clock that restarted (joined recordings, MPEG-TS), seconds."""


PTS_FAULTS = 3
"""After so many steps back of the PTS beside rising decoding stamps (DTS), the DTS are believed: AVI
stores only those, so with B-frames its PTS are permuted. Decoders put frames and DTS in one order."""


def slot_of(time_s: float, per_s: float) -> int:
    """Number of the sampling interval that holds `time_s`, when `per_s` pictures a second are taken."""
    return math.floor(time_s * per_s + 1e-6)


class FrameClock:
    """Gives each frame in display order its time; times start at 0 and strictly rise.

    Four things go wrong in real files. The PTS may not be PTS at all (see `PTS_FAULTS`). A frame
    without a stamp follows its predecessor by one nominal frame. A frame stamped at or a little
    before its predecessor would be shown for no time, so it is dropped. A frame stamped `RESTART_S`
    or more before it, or the end of a run of dropped frames that long, shows that the clock was set
    back: from there on all times are shifted so that the frame follows by one nominal frame. But a clock
    that is set back takes the decoding stamps with it; where those went on, frames are late (as behind
    damage) and are dropped, too.
    """

    def __init__(self, time_base: Fraction, frame_s: float) -> None:
        # Whole numbers: exact like a Fraction, without its cost at every frame.
        self._ticks, self._per_s = time_base.numerator, time_base.denominator
        self._frame_s = frame_s
        self._origin_pts: int | None = None
        self._origin_s = 0.0
        self._dropped_in_row = 0
        self._last_pts: int | None = None
        self._first_dts: int | None = None
        self._last_dts: int | None = None
        self._pts_faults = self._dts_faults = 0
        self._dts_faults_at_origin = 0
        self._uses_dts = False
        self.last_s: float | None = None

    def time_of(self, pts: int | None, dts: int | None = None) -> float | None:
        """Seconds from the first frame, or None when the frame is to be dropped."""
        return self._time_of_stamp(self._stamp(pts, dts))

    def _stamp(self, pts: int | None, dts: int | None) -> int | None:
        """The stamp to believe: PTS, or DTS once they have shown to be the better ones."""
        self._pts_faults += _steps_back(self._last_pts, pts)
        self._dts_faults += _steps_back(self._last_dts, dts)
        self._last_pts, self._last_dts = pts, self._last_dts if dts is None else dts
        if self._first_dts is None:
            self._first_dts = dts
        dts_are_better = dts is not None and self._pts_faults - self._dts_faults >= PTS_FAULTS
        if dts_are_better and not self._uses_dts:
            self._uses_dts, self._origin_pts, self._origin_s = True, self._first_dts, 0.0
        return dts if self._uses_dts else pts

    def _time_of_stamp(self, pts: int | None) -> float | None:
        if pts is None:
            return self._accept(self._following_s())
        if self._origin_pts is None:
            self._set_origin(pts)
        time_s = self._seconds(pts)
        if self.last_s is None or time_s > self.last_s:
            return self._accept(time_s)
        behind_s = max(self.last_s - time_s, self._dropped_in_row * self._frame_s)
        if behind_s < RESTART_S or self._dts_went_on():
            self._dropped_in_row += 1
            return None
        self._set_origin(pts)
        return self._accept(self._seconds(pts))

    def _dts_went_on(self) -> bool:
        return self._last_dts is not None and self._dts_faults == self._dts_faults_at_origin

    def _following_s(self) -> float:
        return 0.0 if self.last_s is None else self.last_s + self._frame_s

    def _set_origin(self, pts: int) -> None:
        self._origin_pts, self._origin_s = pts, self._following_s()
        self._dts_faults_at_origin = self._dts_faults

    def _seconds(self, pts: int) -> float:
        assert self._origin_pts is not None
        since_origin = (pts - self._origin_pts) * self._ticks / self._per_s
        return round(self._origin_s + since_origin, TIME_DIGITS)

    def _accept(self, time_s: float) -> float:
        self.last_s = round(time_s, TIME_DIGITS)
        self._dropped_in_row = 0
        return self.last_s


def _steps_back(last: int | None, stamp: int | None) -> bool:
    return last is not None and stamp is not None and stamp <= last
