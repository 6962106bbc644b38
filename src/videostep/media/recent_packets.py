"""The packets read last, kept so that the frames of a short span can be decoded a second time.

Needs no seeking, so it works wherever the first decoding did: without an index, on a pipe's leftovers.
"""

from __future__ import annotations

from collections import deque
from typing import cast

import av
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from videostep.media.opening import DECODER_OPTIONS

PACKETS_BEHIND = 128
"""How far frames that are decoded again may lie behind the packets read: threads, reordering and the wait
of a shot detector, with room to spare."""

MOST_PACKETS, MOST_BYTES = 600, 64_000_000
"""Of one group of pictures, and of all that is kept: more would cost too much time or memory."""


class RecentPackets:
    """Groups of pictures of one stream, the current one and as many before it as may be needed."""

    def __init__(self, stream: VideoStream) -> None:
        self._context = stream.codec_context
        self._groups: deque[list[Packet[VideoStream]]] = deque()
        """Each begins with a key frame, but for the first group of a stream that begins without."""
        self._n_packets = self._n_bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether more would have to be kept than is bearable."""
        longest = len(self._groups[-1]) if self._groups else 0
        return longest > MOST_PACKETS or self._n_bytes > MOST_BYTES

    def keep(self, packet: Packet[VideoStream]) -> None:
        """Keep a packet, and let go of the groups before it that are too old."""
        if packet.is_keyframe or not self._groups:
            self._groups.append([])
        self._groups[-1].append(packet)
        self._n_packets, self._n_bytes = self._n_packets + 1, self._n_bytes + packet.size
        while self._n_packets - len(self._groups[0]) >= PACKETS_BEHIND:
            oldest = self._groups.popleft()
            self._n_packets -= len(oldest)
            self._n_bytes -= sum(item.size for item in oldest)

    def clear(self) -> None:
        """Let go of all."""
        self._groups.clear()
        self._n_packets = self._n_bytes = 0

    def decode(self, first_pts: int, last_pts: int) -> list[av.VideoFrame]:
        """Every frame of the span that can be decoded, and those it took to get there, unordered."""
        packets = self._packets_for(first_pts, last_pts)
        decoder = self._open_decoder()
        frames: list[av.VideoFrame] = []
        try:
            for packet in packets:
                in_span = packet.pts is not None and first_pts <= packet.pts <= last_pts
                decoder.skip_frame = "DEFAULT" if in_span else "NONREF"
                frames += decoder.decode(packet)
            frames += decoder.decode(None)
        except av.FFmpegError:
            return []
        return frames

    def _packets_for(self, first_pts: int, last_pts: int) -> list[Packet[VideoStream]]:
        """From the last key frame shown by `first_pts` to the last packet of the span."""
        packets: list[Packet[VideoStream]] = []
        for group in self._groups:
            key = group[0]
            if key.is_keyframe and key.pts is not None and key.pts <= first_pts:
                packets = []
            packets += group
        in_span = [
            index for index, item in enumerate(packets) if item.pts is not None and item.pts <= last_pts
        ]
        return packets[: in_span[-1] + 1] if in_span else []

    def _open_decoder(self) -> VideoCodecContext:
        decoder = cast("VideoCodecContext", av.CodecContext.create(self._context.codec.name, "r"))
        decoder.extradata = self._context.extradata
        decoder.thread_type, decoder.thread_count = "AUTO", self._context.thread_count
        decoder.options = DECODER_OPTIONS
        return decoder
