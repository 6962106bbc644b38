"""When every frame of a file is shown, told by its packets alone: nothing is decoded.

Reading packets takes a hundredth of the time of decoding them. Where they tell truly, single frames can be
decoded without those around them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from videostep.errors import MediaError
from videostep.media.clock import TIME_DIGITS, FrameClock
from videostep.media.opening import main_stream, open_container
from videostep.media.thinning import CONTAINERS

CODECS = frozenset({"h264", "hevc", "vp9", "libvpx-vp9", "av1", "libdav1d"})
"""A packet is a frame, and what follows a key frame in both orders needs nothing from before it."""

_H264_IDR, _H264_TYPE = 5, 0x1F


class Stretch(NamedTuple):
    """Packets to be decoded in one go, and the stamps of the frames that are wanted of them."""

    first: int
    last: int
    wanted: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameIndex:
    """The frames of a file in display order."""

    times_s: tuple[float, ...]
    """Seconds from the first frame, by the clock of a whole decoding."""
    pts: tuple[int, ...]
    packets: tuple[int, ...]
    """Number of each frame's packet in the file, from 0."""
    starts: tuple[tuple[int, int], ...]
    """Packet number and stamp of each frame at which decoding can begin, in the file's order."""
    end_s: float
    """When the last frame leaves the screen."""

    def stretches(self, places: Sequence[int]) -> list[Stretch]:
        """What it takes to decode some frames, given by their places in display order."""
        spans = sorted((self._start_of(place), self.packets[place], self.pts[place]) for place in places)
        merged: list[Stretch] = []
        for first, last, pts in spans:
            if merged and first <= merged[-1].last:
                before = merged.pop()
                merged.append(Stretch(before.first, max(before.last, last), before.wanted | {pts}))
            else:
                merged.append(Stretch(first, last, frozenset({pts})))
        return merged

    def _start_of(self, place: int) -> int:
        """The last packet from which the frame can be decoded: before it in the file, and shown before it."""
        known = bisect_right(self.starts, (self.packets[place], self.pts[place]))
        return next(packet for packet, pts in reversed(self.starts[:known]) if pts <= self.pts[place])


class _Stamp(NamedTuple):
    pts: int
    packet: int
    duration: int
    """0 where the container does not tell."""


def read_index(path: Path, first: av.VideoFrame, frame_s: float) -> FrameIndex | None:
    """Read all packets of a file.

    Args:
        path: The file.
        first: What decoding it gives first.
        frame_s: How long a frame is shown whose packet does not tell, seconds.

    Returns:
        None where packets are no frames, do not tell when they are shown, or cannot be read.
    """
    if first.pts is None or first.interlaced_frame:
        return None
    try:
        with open_container(path) as container:
            stream = main_stream(container, path)
            if container.format.name.split(",")[0] not in CONTAINERS:
                return None
            if stream.codec_context.name not in CODECS:
                return None
            return _index_of(container, stream, first, frame_s)
    except (MediaError, av.FFmpegError):
        return None


def _index_of(
    container: InputContainer, stream: VideoStream, first: av.VideoFrame, frame_s: float
) -> FrameIndex | None:
    stamps: list[_Stamp] = []
    starts: list[tuple[int, int]] = []
    for number, packet in enumerate(_sound_packets(container, stream)):
        if packet is None or packet.pts is None:
            return None
        if packet.is_keyframe and _can_begin(packet, stream):
            starts.append((number, packet.pts))
        if not packet.is_discard:
            stamps.append(_Stamp(packet.pts, number, packet.duration or 0))
    stamps.sort()
    if not stamps or not starts or starts[0][0] or starts[0][1] > stamps[0].pts:
        return None
    time_base = first.time_base or stream.time_base
    assert time_base is not None
    clock = FrameClock(time_base, frame_s)
    times_s = [time_s for stamp in stamps if (time_s := clock.time_of(stamp.pts)) is not None]
    if len(times_s) < len(stamps) or stamps[0].pts != first.pts:
        return None
    last_s = stamps[-1].duration * float(time_base) or frame_s
    return FrameIndex(
        times_s=tuple(times_s),
        pts=tuple(stamp.pts for stamp in stamps),
        packets=tuple(stamp.packet for stamp in stamps),
        starts=tuple(starts),
        end_s=round(times_s[-1] + last_s, TIME_DIGITS),
    )


def _sound_packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream] | None]:
    """The packets of a stream; None, and no more, at the first that is not what it should be."""
    last_dts: int | None = None
    for packet in container.demux(stream):
        if packet.size == 0:  # the end
            continue
        # Matroska has no decoding stamps; FFmpeg can make them up for all but the first packets.
        steps_back = packet.dts is not None and last_dts is not None and packet.dts <= last_dts
        if packet.is_corrupt or steps_back:
            yield None
            return
        last_dts = last_dts if packet.dts is None else packet.dts
        yield packet


def _can_begin(packet: Packet[VideoStream], stream: VideoStream) -> bool:
    """Whether what is shown after a key frame needs nothing from before it.

    In H.264 pictures are also marked as key frames from which decoding recovers over time (intra refresh),
    or behind which others may still look back. Only those of type IDR forbid it.
    """
    if stream.codec_context.name != "h264":
        return True
    return any(head & _H264_TYPE == _H264_IDR for head in _unit_heads(bytes(packet), stream))


def _unit_heads(data: bytes, stream: VideoStream) -> Iterator[int]:
    """The first byte of every unit of an H.264 packet, behind its length or a start code."""
    header = stream.codec_context.extradata or b""
    if not (len(header) > 4 and header[0] == 1):  # no `avcC` record: start codes
        yield from (unit[0] for unit in data.split(b"\x00\x00\x01")[1:] if unit)
        return
    size_bytes = (header[4] & 3) + 1
    place = 0
    while place + size_bytes < len(data):
        yield data[place + size_bytes]
        place += size_bytes + int.from_bytes(data[place : place + size_bytes])
