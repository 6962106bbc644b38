"""Opening a file: its container, its main video stream, and a decoder that is set up alike everywhere."""

from __future__ import annotations

from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from videostep.errors import MediaError
from videostep.media.numbered_pictures import open_pictures

MOST_THREADS, FEWEST_THREADS = 8, 2
"""Threads of one decoder, by the size of the picture alone and not by the machine's count: damaged files
are concealed alike everywhere. More than there are cores, since they decode ahead while the parser works: on
two cores four are a sixth faster than two, and eight a twentieth faster than four."""

MOST_DECODED_AHEAD_BYTES = 50_000_000
"""Each thread holds a picture or more: there are no more threads than hold about this together."""

DECODER_OPTIONS = {"skip_loop_filter": "noref"}
"""Frames that no other frame is built from need no deblocking: a twentieth of the time, no drift."""

NOT_A_VIDEO = "check that it is a complete video: FFmpeg's `ffprobe FILE` must list a video stream"


def open_container(path: Path) -> InputContainer:
    """A file of any container that FFmpeg reads, or a folder of numbered pictures; raises MediaError."""
    try:
        if path.is_dir():
            return open_pictures(path)
        # "file:" keeps a colon in a name from being read as a protocol; the whitelist keeps a
        # playlist that poses as a video from opening anything else.
        return av.open(f"file:{path}", mode="r", options={"protocol_whitelist": "file"})
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"{path} cannot be opened: {reason_of(error)}", remedy=NOT_A_VIDEO) from error


def main_stream(container: InputContainer, path: Path) -> VideoStream:
    """The video's main stream, its decoder set up; a cover picture of a song is none. Raises MediaError."""
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        kinds = {"a cover picture" if s.type == "video" else s.type for s in container.streams}
        found = f", only {' and '.join(sorted(kinds, reverse=True))}" if kinds else ""
        raise MediaError(f"{path} has no video stream{found}", remedy="give a file with pictures")
    best = container.streams.best("video")
    stream = next((stream for stream in streams if stream is best), streams[0])
    stream.thread_type, stream.codec_context.thread_count = "AUTO", _threads(stream)
    stream.codec_context.options = DECODER_OPTIONS
    return stream


def _threads(stream: VideoStream) -> int:
    bytes_of_picture = max(1, stream.width * stream.height * 3 // 2)
    return max(FEWEST_THREADS, min(MOST_THREADS, MOST_DECODED_AHEAD_BYTES // bytes_of_picture))


def reason_of(error: Exception) -> str:
    """Why FFmpeg failed, in its words."""
    return str(getattr(error, "strerror", None) or error)
