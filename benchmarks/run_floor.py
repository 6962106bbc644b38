"""What nobody can do without: `python -m benchmarks.run_floor KIND VIDEO`, timed by `benchmarks.run`."""

from __future__ import annotations

import sys

PICTURES_PER_S = 5.0


def decode_pyav(path: str) -> None:
    """Every frame decoded, nothing else."""
    import av

    with av.open(path) as container:
        container.streams.video[0].thread_type = "AUTO"
        for _ in container.decode(video=0):
            pass


def decode_opencv(path: str) -> None:
    """Every frame decoded to full-size BGR, as most pipelines begin."""
    import cv2

    capture = cv2.VideoCapture(path)
    while capture.read()[0]:
        pass


def detect(path: str) -> None:
    """Every frame decoded, the embedded parser's detector on five pictures a second, nothing else."""
    import av

    from videostep.induce.parsers.embedded.detect import detect

    with av.open(path) as container:
        container.streams.video[0].thread_type = "AUTO"
        next_s = 0.0
        for frame in container.decode(video=0):
            if frame.time >= next_s:
                next_s += 1 / PICTURES_PER_S
                detect(frame.to_ndarray(format="rgb24"), min_score=0.25)


KINDS = {"decode": decode_pyav, "opencv": decode_opencv, "detect": detect}

if __name__ == "__main__":
    KINDS[sys.argv[1]](sys.argv[2])
