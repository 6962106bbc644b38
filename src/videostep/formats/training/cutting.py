"""Cutting parts out of a video, exact to the frame.

Copying the packets would be quicker, but could begin at key frames only: seconds before the part, where
something else may be seen. So the pictures are encoded anew, upright, at their true times and without sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from videostep.errors import MediaError
from videostep.media.decode import open_video
from videostep.media.frame import Frame
from videostep.video import TimeSpan, Video

CLIPS_A_PASS = 8
"""Parts that are encoded side by side in one pass over the video: each holds an encoder in memory."""
_TICKS_A_SECOND = 90_000
_ENCODER = {
    "crf": "18",
    "preset": "veryfast",
    "bf": "0",
    "g": "24",
    "threads": "1",
    "x264-params": "mbtree=0:rc-lookahead=0",
}
"""Good pictures that can be sought by frame.

Equal runs must give equal bytes: so one thread, and no looking ahead, which reads memory that nobody wrote
(of 1,000 small clips, 3 to 30 came out differently).
"""


def cut_parts(source: Path, parts: Mapping[Path, TimeSpan]) -> None:
    """Write parts of `source` as MP4 (H.264) files, each with the frames that begin in its span.

    Args:
        source: The video.
        parts: File to write -> the part, seconds from the video's first frame.

    Raises:
        MediaError: The video cannot be decoded, or has no frame in a part.
    """
    in_order = iter(sorted(parts.items(), key=lambda part: (part[1], part[0])))
    while group := list(islice(in_order, CLIPS_A_PASS)):
        _cut_in_one_pass(source, group)


def _cut_in_one_pass(source: Path, parts: Iterable[tuple[Path, TimeSpan]]) -> None:
    with open_video(source) as reader:
        open_parts = [_Part(path, span_s, reader.video) for path, span_s in parts]
        last_s = max(part.span_s.end_s for part in open_parts)
        try:
            for frame in _frames_before(reader.frames(), last_s):
                for part in open_parts:
                    part.see(frame)
        finally:
            for part in open_parts:
                part.close()
    for part in open_parts:
        part.check()


def _frames_before(frames: Iterator[Frame], end_s: float) -> Iterator[Frame]:
    for frame in frames:
        if frame.time_s >= end_s:
            return
        yield frame


class _Part:
    """One part being encoded; its file is opened with its first frame."""

    def __init__(self, path: Path, span_s: TimeSpan, video: Video) -> None:
        self.span_s = span_s
        self._path = path
        self._video = video
        # H.264's usual pixel format stores colour for two by two pixels.
        self._size_px = (max(2, video.width_px // 2 * 2), max(2, video.height_px // 2 * 2))
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._first_s = 0.0

    def see(self, frame: Frame) -> None:
        """Encode the frame if it begins in the part; the part is closed at the first frame after it."""
        if self.span_s.holds(frame.time_s):
            stream, container = self._open(frame.time_s)
            picture = av.VideoFrame.from_ndarray(frame.small(*self._size_px), format="bgr24")
            picture.time_base = Fraction(1, _TICKS_A_SECOND)
            picture.pts = round((frame.time_s - self._first_s) * _TICKS_A_SECOND)
            container.mux(stream.encode(picture))
        elif frame.time_s >= self.span_s.end_s:
            self.close()

    def close(self) -> None:
        """Finish the file; once is enough."""
        if self._container is not None and self._stream is not None:
            self._container.mux(self._stream.encode(None))
            self._container.close()
            self._container = None

    def check(self) -> None:
        """Raise MediaError if no frame began in the part."""
        if self._stream is None:
            raise MediaError(
                f"{self._video.path} has no frame between {self.span_s.start_s} s and {self.span_s.end_s} s",
                remedy="check that it is the video that the samples were made from",
            )

    def _open(self, first_s: float) -> tuple[VideoStream, OutputContainer]:
        if self._container is None or self._stream is None:
            self._first_s = first_s
            self._container = av.open(f"file:{self._path}", "w", format="mp4")
            rate = Fraction(self._video.fps).limit_denominator(1001)
            stream = self._container.add_stream("libx264", rate=rate, options=_ENCODER)
            stream.width, stream.height = self._size_px
            stream.pix_fmt = "yuv420p"
            stream.codec_context.time_base = Fraction(1, _TICKS_A_SECOND)
            self._stream = stream
        return self._stream, self._container
