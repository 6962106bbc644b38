"""Thinning: leaving out frames that no other frame is built from, without losing count of them.

Half the frames of a usual H.264 file are such frames. A decoder can skip them, and the packets still
tell when each would have been shown. Whoever needs those of a short span can have them decoded again.
"""

from __future__ import annotations

import math
from fractions import Fraction
from heapq import heappop, heappush
from typing import NamedTuple

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from videostep.media.clock import TIME_DIGITS, slot_of
from videostep.media.recent_packets import PACKETS_BEHIND, RecentPackets

CONTAINERS = frozenset({"mov", "matroska", "mpegts", "flv"})
"""Whose packets carry true presentation times. AVI has none, raw streams have none."""

LEAST_RATE = 4
"""Frames a second, for each picture a second that is wanted: below that, gaps would show."""

GRACE_FRAMES = 250
"""So many frames may be decoded again before that has to have paid."""


class LeftOut(NamedTuple):
    """A frame that was not decoded, in units of the stream's time base."""

    pts: int
    duration: int
    """0 where the container does not tell."""


def can_be_thinned(
    container: InputContainer, stream: VideoStream, rate: Fraction, wanted_per_s: float
) -> bool:
    """Whether frames of this stream can be left out without harm to those that are decoded."""
    times_are_true = container.format.name.split(",")[0] in CONTAINERS
    return times_are_true and rate >= LEAST_RATE * wanted_per_s and marks_disposable_frames(stream)


def marks_disposable_frames(stream: VideoStream) -> bool:
    """Whether a frame marked as not referred to is one that nothing is built from.

    That is so in H.264. In HEVC the mark holds within one temporal layer only, so a second layer may be
    built on such frames; how many layers there are stands in byte 21 of an `hvcC` record.
    """
    match stream.codec_context.name:
        case "h264":
            return True
        case "hevc":
            header = stream.codec_context.extradata or b""
            return len(header) > 21 and header[0] == 1 and header[21] >> 3 & 7 == 1
    return False


class Thinning:
    """Tells the decoder of one video, packet by packet, which frames it may leave out.

    It stops for good where the stream is not what it should be (a stamp is missing or steps back, fields,
    damage), where groups of pictures are endless, and where looking again does not pay. All of that depends
    on counts, nothing on clocks.
    """

    def __init__(self, stream: VideoStream, frame_s: float, wanted_per_s: float) -> None:
        """Nothing is left out before `begin`."""
        assert stream.time_base is not None
        self._context = stream.codec_context
        self._tick_s, self._frame_s, self._wanted_per_s = float(stream.time_base), frame_s, wanted_per_s
        self._recent = RecentPackets(stream)
        self._sent: list[LeftOut] = []
        """Heap of the packets whose frames the decoder might leave out, until it shows whether it did."""
        self._origin_pts: int | None = None
        self._last_dts: int | None = None
        self._last_pts: float = -math.inf
        self._is_set_back = self._has_stopped = False
        self._n_packets_since = self._n_left_out = self._n_again = 0

    def begin(self, first: av.VideoFrame) -> None:
        """The first frame has come out: from here on frames may be left out."""
        self._origin_pts = first.pts
        if first.pts is None or first.interlaced_frame:
            self.stop()

    def stop(self) -> None:
        """Decode every frame from here on."""
        self._has_stopped = True

    def prepare(self, packet: Packet[VideoStream]) -> None:
        """Say to the decoder whether it may leave out the frame of the packet that it gets next."""
        self._keep(packet)
        if self._recent.is_full or not self._is_sound(packet):
            self.stop()
        may = not (self._has_stopped or packet.is_discard or self._is_wanted(packet))
        self._context.skip_frame = "NONREF" if may else "DEFAULT"
        if may and packet.pts is not None:
            heappush(self._sent, LeftOut(packet.pts, packet.duration or 0))

    def left_out_before(self, frame: av.VideoFrame) -> list[LeftOut]:
        """The frames that were left out between this frame and the one before, as they would be shown."""
        if frame.pts is None:
            self.stop()
            return []
        last_pts = self._last_pts
        if frame.pts > last_pts:
            self._last_pts = frame.pts
            return self._take_sent(last_pts, frame.pts)
        self.stop()
        if not self._is_set_back:  # late, as after damage: its clock goes on
            return []
        self._is_set_back, self._last_pts = False, frame.pts
        return self._take_sent(last_pts, math.inf)

    def left_out_at_the_end(self) -> list[LeftOut]:
        """The frames that were left out behind the last one."""
        return self._take_sent(self._last_pts, math.inf)

    def decode_again(self, first_pts: int, last_pts: int) -> dict[int, av.VideoFrame]:
        """The frames of a short span that has just been passed, by their stamps: all that can be decoded."""
        decoded = self._recent.decode(first_pts, last_pts)
        self._n_again += len(decoded)
        if self._n_again > self._n_left_out + GRACE_FRAMES:
            self.stop()
        return {frame.pts: frame for frame in decoded if frame.pts is not None}

    def _keep(self, packet: Packet[VideoStream]) -> None:
        """Once nothing is left out any more, packets are needed only while the last gaps are looked at."""
        self._n_packets_since += self._has_stopped
        if self._n_packets_since <= PACKETS_BEHIND:
            self._recent.keep(packet)
        else:
            self._recent.clear()

    def _take_sent(self, after_pts: float, before_pts: float) -> list[LeftOut]:
        """Take what was sent to be shown before a stamp: those behind the last frame never came out."""
        taken: list[LeftOut] = []
        while self._sent and self._sent[0].pts <= before_pts:
            taken.append(heappop(self._sent))
        return [item for item in taken if after_pts < item.pts < before_pts]

    def _is_sound(self, packet: Packet[VideoStream]) -> bool:
        if packet.size == 0:  # the end
            return True
        # Matroska has no decoding stamps; FFmpeg can make them up for all but the first packets.
        if packet.dts is not None:
            self._is_set_back |= self._last_dts is not None and packet.dts <= self._last_dts
            self._last_dts = packet.dts
        return packet.pts is not None and not packet.is_corrupt and not self._is_set_back

    def _is_wanted(self, packet: Packet[VideoStream]) -> bool:
        """Whether a picture is taken of the frame: it is the first one of a sampling interval."""
        if self._origin_pts is None or packet.pts is None:
            return True
        time_s = (packet.pts - self._origin_pts) * self._tick_s
        before, here = (
            slot_of(round(shown_s, TIME_DIGITS), self._wanted_per_s)
            for shown_s in (time_s - self._frame_s, time_s)
        )
        return before < here
