"""Picking: single frames of a file, decoded without most of those around them, with the same pixels."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import av
from av.packet import Packet
from av.video.stream import VideoStream

from videostep.errors import MediaError
from videostep.media.frame_index import FrameIndex, Stretch
from videostep.media.opening import DECODER_OPTIONS, main_stream, open_container
from videostep.media.thinning import marks_disposable_frames

STRICT_OPTIONS = {**DECODER_OPTIONS, "err_detect": "explode+careful"}
"""Damage is an error: what a decoder puts in its place depends on frames that are not decoded here."""


def pick_frames(
    path: Path, index: FrameIndex, stretches: Sequence[Stretch]
) -> Iterator[tuple[int, av.VideoFrame]]:
    """The wanted frames of each stretch, by their places in display order, as a whole decoding gives them.

    It ends early at a frame that cannot be had like that, as behind damage.

    Args:
        path: The file.
        index: Of it.
        stretches: Of the file, in its order.
    """
    waiting = iter(sorted(pts for stretch in stretches for pts in stretch.wanted))
    for frame in _decoded(path, stretches):
        if frame.pts != next(waiting):
            return
        yield bisect_left(index.pts, frame.pts), frame


def _decoded(path: Path, stretches: Sequence[Stretch]) -> Iterator[av.VideoFrame]:
    """The wanted frames of each stretch, as far as they can be decoded."""
    if not stretches:
        return
    try:
        with open_container(path) as container:
            stream = main_stream(container, path)
            stream.codec_context.options = STRICT_OPTIONS
            packets = enumerate(packet for packet in container.demux(stream) if packet.size)
            for stretch in stretches:
                for frame in _decode(stream, _packets_of(stretch, packets), stretch.wanted):
                    if frame.is_corrupt:
                        return
                    if frame.pts in stretch.wanted:
                        yield frame
    except (MediaError, av.FFmpegError):
        return


def _packets_of(
    stretch: Stretch, numbered: Iterator[tuple[int, Packet[VideoStream]]]
) -> Iterator[Packet[VideoStream]]:
    """Its packets; those before it are passed over, none behind it is touched."""
    for number, packet in numbered:
        if number >= stretch.first:
            yield packet
        if number == stretch.last:
            return


def _decode(
    stream: VideoStream, packets: Iterator[Packet[VideoStream]], wanted: Collection[int]
) -> Iterator[av.VideoFrame]:
    """All that comes out of some packets; frames that no other is built from only if they are wanted."""
    decoder = stream.codec_context
    leaves_out = marks_disposable_frames(stream)
    for packet in packets:
        may_leave_out = leaves_out and packet.pts not in wanted
        decoder.skip_frame = "NONREF" if may_leave_out else "DEFAULT"
        yield from decoder.decode(packet)
    yield from decoder.decode(None)
    decoder.flush_buffers()
