"""Decoding: one pass over a video file, frames in display order with their true times."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from videostep.errors import MediaError
from videostep.media.clock import TIME_DIGITS, FrameClock
from videostep.media.frame import Frame, make_scaler
from videostep.media.frame_index import FrameIndex, read_index
from videostep.media.numbered_pictures import hash_pictures
from videostep.media.opening import NOT_A_VIDEO, main_stream, open_container, reason_of
from videostep.media.thinning import LeftOut, Thinning, can_be_thinned
from videostep.video import Video

FALLBACK_FPS = Fraction(25)
"""Where neither the container nor the codec knows a frame rate."""

MAX_FPS = 1000
"""A declared rate above this is the container's clock, not a frame rate."""

EARLY_END_S = 1.0
"""A video that ends this much before its declared end is reported as cut off, seconds."""

FRAMES_REMEMBERED = 256
"""How many of the frames last passed can be looked at again."""


def open_video(path: str | Path, *, wanted_per_s: float | None = None) -> VideoReader:
    """Open a video file of any container and codec FFmpeg reads, for one pass; use it in a `with`.

    Args:
        path: The video file, or a folder of numbered pictures.
        wanted_per_s: None: every frame is decoded. Else frames that no other is built from may be left
            out, but for the first one of each of so many sampling intervals a second.

    Raises:
        MediaError: missing, a folder of anything else, not readable, empty, not a video, without a video
            stream, or without a single frame that can be decoded.
    """
    path = Path(path)
    sha256 = _hash_file(path)
    container = open_container(path)
    try:
        return VideoReader(path, sha256, container, wanted_per_s)
    except BaseException:
        container.close()
        raise


class VideoReader:
    """A video being read once, from its first frame to its last."""

    def __init__(
        self, path: Path, sha256: str, container: InputContainer, wanted_per_s: float | None
    ) -> None:
        """Decode the first frame: only then are size, orientation and readability known."""
        self.warnings: list[str] = []
        """What went wrong on the way, in plain words; complete after the last frame."""
        self.path = path
        self._container = container
        self._stream = main_stream(container, path)
        self._declared_s = _declared_duration_s(container, self._stream)
        self._packets = self._bad_packets = self._frames = 0
        self._end_s = 0.0
        rate = _declared_rate(self._stream)
        self._frame_s = float(1 / rate)
        self._thinning: Thinning | None = None
        if wanted_per_s is not None and can_be_thinned(container, self._stream, rate, wanted_per_s):
            self._thinning = Thinning(self._stream, self._frame_s, wanted_per_s)
        self._n_left_out = 0
        self._passed: deque[tuple[float, int]] = deque(maxlen=FRAMES_REMEMBERED)
        """Times and stamps of the last frames, decoded or left out."""
        self._decoded = self._decode()
        self._first: av.VideoFrame | None = self._decode_first(path)
        if self._thinning is not None:
            self._thinning.begin(self._first)
        time_base = self._first.time_base or self._stream.time_base or 1 / FALLBACK_FPS
        self._tick_s = float(time_base)
        self._clock = FrameClock(time_base, self._frame_s)
        self._scaler, (width_px, height_px) = make_scaler(self._first, self._stream.sample_aspect_ratio)
        self.video = Video(
            id=video_id(path, sha256),
            path=path.as_posix(),
            sha256=sha256,
            duration_s=round(self._declared_s or 0.0, TIME_DIGITS),
            fps=round(float(rate), TIME_DIGITS),
            width_px=width_px,
            height_px=height_px,
        )
        """As the container declares it: duration 0 where it declares none."""

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    def frames(self) -> Iterator[Frame]:
        """The frames in display order; times start at 0 and strictly rise. Can be run once."""
        if self._first is not None:
            first, self._first = self._first, None
            yield from self._timed(first)
        for decoded in self._decoded:
            yield from self._timed(decoded)
        if self._thinning is not None:
            self._pass_left_out(self._thinning.left_out_at_the_end())
        self._report_early_end()

    def index(self) -> FrameIndex | None:
        """When every frame is shown, told without decoding any; only before the first frame is taken.

        None where the file cannot tell.
        """
        return None if self._first is None else read_index(self.path, self._first, self._frame_s)

    def frame(self, time_s: float, decoded: av.VideoFrame) -> Frame:
        """A frame that was decoded elsewhere, upright and sized like this reader's own."""
        return Frame(time_s, decoded, self._scaler)

    def look_again(self, start_s: float, end_s: float) -> list[Frame]:
        """Every frame from `start_s` to `end_s`, both included, of those passed just now.

        None at all where they cannot be had any more: where packets are damaged or lie too far back.
        """
        span = [(time_s, pts) for time_s, pts in self._passed if start_s <= time_s <= end_s]
        if self._thinning is None or not span or span[0][0] > start_s:
            return []
        decoded = self._thinning.decode_again(span[0][1], span[-1][1])
        if any(pts not in decoded for _, pts in span):
            self._thinning.stop()
            return []
        return [Frame(time_s, decoded[pts], self._scaler) for time_s, pts in span]

    def final_video(self) -> Video:
        """The video as it was decoded, after the last frame: true duration and mean frame rate."""
        duration_s = round(self._end_s, TIME_DIGITS)
        return replace(self.video, duration_s=duration_s, fps=round(self._frames / duration_s, TIME_DIGITS))

    def _decode_first(self, path: Path) -> av.VideoFrame:
        first = next(self._decoded, None)
        if first is None:
            reason = self.warnings[0] if self.warnings else "its video stream is empty"
            raise MediaError(f"{path} has no frame that can be decoded: {reason}", remedy=NOT_A_VIDEO)
        return first

    def _timed(self, decoded: av.VideoFrame) -> Iterator[Frame]:
        if self._thinning is not None:
            self._pass_left_out(self._thinning.left_out_before(decoded))
        time_s = self._pass(decoded.pts, decoded.dts, decoded.duration)
        if time_s is not None:
            n_left_out, self._n_left_out = self._n_left_out, 0
            yield Frame(time_s, decoded, self._scaler, n_left_out)

    def _pass_left_out(self, left_out: list[LeftOut]) -> None:
        times_s = [self._pass(item.pts, None, item.duration) for item in left_out]
        self._n_left_out += len([time_s for time_s in times_s if time_s is not None])

    def _pass(self, pts: int | None, dts: int | None, duration: int | None) -> float | None:
        """Count a frame; its time, or None when it is not to be shown."""
        time_s = self._clock.time_of(pts, dts)
        if time_s is not None:
            self._end_s = time_s + (duration * self._tick_s if duration else self._frame_s)
            self._frames += 1
            if pts is not None:
                self._passed.append((time_s, pts))
        return time_s

    def _decode(self) -> Iterator[av.VideoFrame]:
        """Every frame that can be decoded; a damaged packet costs its own frames only."""
        packets = self._container.demux(self._stream)
        reason = ""
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError as error:
                self.warnings.append(f"decoding stopped at {self._progress()}: {reason_of(error)}")
                break
            if packet is None:
                break
            self._packets += 1
            if self._thinning is not None:
                self._thinning.prepare(packet)
            try:
                yield from packet.decode()
            except av.FFmpegError as error:
                self._bad_packets += 1
                reason = reason or f"the first near {self._end_s:.2f} s: {reason_of(error)}"
        if self._bad_packets:
            share = f"{self._bad_packets} of {self._packets} packets"
            self.warnings.append(f"{share} could not be decoded, {reason}")

    def _report_early_end(self) -> None:
        early = self._declared_s is not None and self._declared_s - self._end_s >= EARLY_END_S
        if early and not any(warning.startswith("decoding stopped") for warning in self.warnings):
            self.warnings.append(f"decoding stopped at {self._progress()}: the file ends early")

    def _progress(self) -> str:
        declared = "" if self._declared_s is None else f" of {self._declared_s:.1f} s"
        return f"{self._end_s:.1f} s{declared}"


def video_id(path: Path, sha256: str) -> str:
    """The file's stem as a slug and the first 8 hex digits of its hash."""
    ascii_stem = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_stem.lower()).strip("-")[:48].strip("-")
    return f"{slug or 'video'}-{sha256[:8]}"


def _hash_file(path: Path) -> str:
    """sha256 of the bytes, streamed; the first touch of the file, so its troubles are named here."""
    try:
        if path.is_dir():
            return hash_pictures(path)
        with path.open("rb") as file:
            if not file.read(1):
                raise MediaError(f"{path} is empty", remedy="copy or download it again")
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise MediaError(f"{path} does not exist", remedy="check the path") from error
    except PermissionError as error:
        raise MediaError(f"{path} may not be read", remedy="give yourself read permission") from error
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror}", remedy="check the disk") from error


def _declared_rate(stream: VideoStream) -> Fraction:
    rates = (stream.average_rate, stream.guessed_rate)
    return next((rate for rate in rates if rate and rate <= MAX_FPS), FALLBACK_FPS)


def _declared_duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """What the file says about the length of its pictures, seconds."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration and len(container.streams) == 1:
        return container.duration / av.time_base
    return None
