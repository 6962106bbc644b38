"""What `benchmarks.split` times in a process of its own: our splitting, or decoding alone.

python -m benchmarks.split_worker ours|decode VIDEO FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def split(video: str, folder: Path) -> None:
    from videostep.induce.split import split_video

    def write(name: str, jpeg: bytes) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg)

    _, clips = split_video(video, write_keyframe=write)
    (folder / "starts.json").write_text(json.dumps([clip.span_s.start_s for clip in clips]))


def decode(video: str) -> None:
    from videostep.media.decode import open_video

    with open_video(video) as reader:
        for _ in reader.frames():
            pass


if __name__ == "__main__":
    who, video, folder = sys.argv[1:]
    if who == "ours":
        split(video, Path(folder))
    else:
        decode(video)
