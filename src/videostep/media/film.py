"""Films: pictures of a clip as one small video file, for whoever wants to see it move."""

from __future__ import annotations

import io
from collections.abc import Iterable
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

_TICKS_A_SECOND = 1000
# One thread and no look-ahead between pictures: the same pixels give the same bytes.
_ENCODER = {"preset": "veryfast", "crf": "23", "bf": "0", "threads": "1"}


def encode_film(frames: Iterable[NDArray[np.uint8]], fps: float) -> bytes:
    """An MP4 file (H.264) of upright RGB pictures of one size, height x width x 3.

    Args:
        frames: At least one; an odd last row or column is cut off, as H.264 wants it.
        fps: Pictures a second; up to thousandths are kept.
    """
    buffer = io.BytesIO()
    rate = Fraction(round(fps * _TICKS_A_SECOND), _TICKS_A_SECOND)
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options=_ENCODER)
        stream.pix_fmt = "yuv420p"
        for number, rgb in enumerate(frames):
            height, width = rgb.shape[0] // 2 * 2, rgb.shape[1] // 2 * 2
            if number == 0:
                stream.height, stream.width = height, width
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb[:height, :width]), format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()
