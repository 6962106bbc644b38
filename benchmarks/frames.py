"""Frames for a model: decoded alone beside a whole decoding of the video, CPU seconds and the same pixels.

Whole decoding is what was done before. Longer videos are the footage of `benchmarks.split` again and again,
its packets copied: x264 has set key frames at its cuts, and every ten seconds at least.

    python -m benchmarks.frames [--repeats 1] [--length-s 100] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import av
import numpy as np
from numpy.typing import NDArray

from benchmarks.split_footage import hard_cuts
from videostep.frames.pixels import resize
from videostep.frames.reading import read_frames
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames
from videostep.media.decode import VideoReader
from videostep.video import TimeSpan

RESULTS = Path(__file__).parent / "results" / "frames.json"
TIMES = (1, 6, 18)
"""How often the footage is repeated: 100 s, 10 minutes, half an hour."""
SAMPLINGS = {
    "2 a second, 64 at most (training)": FrameSampling(),
    "16 (evaluation)": FrameSampling(fps=None, least_frames=1, most_frames=16, placement="middle"),
}


@dataclass(frozen=True)
class Eyes:
    """Looks at small pictures: decoding is measured, not what models do with pixels."""

    sampling: FrameSampling
    look: str = "224 x 126"

    def fit(self, rgb: NDArray[np.uint8], n_frames: int) -> NDArray[np.uint8]:
        return resize(rgb, 224, 126)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=1, help="the fastest counts")
    parser.add_argument("--length-s", type=int, default=100, help="of the footage")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "videostep-bench-split")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    footage = hard_cuts(options.folder, width_px=854, height_px=480, length_s=options.length_s).path
    rows = [row for times in TIMES for row in measured(repeated(footage, times), options.repeats)]
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n")
    for row in rows:
        print(
            f"{row['video_s']:6.0f} s, {row['frames']:2} frames of {row['shown']}: "
            f"{row['cpu_s']:.2f} s, whole {row['whole_cpu_s']:.2f} s = {row['ratio']:.1f}x"
        )


def repeated(path: Path, times: int) -> Path:
    """The video again and again, without encoding it anew."""
    out = path.with_stem(f"{path.stem}-x{times}")
    if out.exists():
        return out
    unfinished = out.with_suffix(".part.mp4")
    with av.open(str(path)) as source, av.open(str(unfinished), "w") as container:
        pictures = source.streams.video[0]
        stream = container.add_stream_from_template(pictures)
        assert pictures.duration is not None
        for number in range(times):
            source.seek(0)
            for packet in source.demux(pictures):
                if packet.pts is None or packet.dts is None:
                    continue
                packet.pts, packet.dts = (
                    stamp + number * pictures.duration for stamp in (packet.pts, packet.dts)
                )
                packet.stream = stream
                container.mux(packet)
    unfinished.rename(out)
    return out


def measured(path: Path, repeats: int) -> Iterator[dict[str, Any]]:
    """A row for each sampling, of the whole video and of a part of ten seconds in its middle."""
    for name, sampling in SAMPLINGS.items():
        eyes = Eyes(sampling)
        length_s = read_frames(path, eyes).duration_s
        parts = {name: None, f"10 s in its middle, {name}": TimeSpan(length_s / 2, length_s / 2 + 10)}
        for shown, span_s in parts.items():
            alone_s, alone = _fastest(path, eyes, span_s, repeats)
            with decoded_whole():
                whole_s, whole = _fastest(path, eyes, span_s, repeats)
            assert np.array_equal(alone.rgb, whole.rgb)
            assert alone.times_s == whole.times_s
            yield {
                "video_s": round(length_s, 1),
                "shown": shown,
                "frames": len(alone.times_s),
                "cpu_s": round(alone_s, 3),
                "whole_cpu_s": round(whole_s, 3),
                "ratio": round(whole_s / alone_s, 2),
            }


def _fastest(path: Path, eyes: Eyes, span_s: TimeSpan | None, repeats: int) -> tuple[float, VideoFrames]:
    spent_s = []
    for _ in range(repeats):
        began_s = time.process_time()
        frames = read_frames(path, eyes, span_s=span_s)
        spent_s.append(time.process_time() - began_s)
    return min(spent_s), frames


@contextmanager
def decoded_whole() -> Iterator[None]:
    """No file tells when its frames are shown."""
    with mock.patch.object(VideoReader, "index", return_value=None):
        yield


if __name__ == "__main__":
    main()
