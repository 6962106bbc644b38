"""A folder of numbered pictures in place of a video file: some data sets give nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer

from videostep.errors import MediaError

PICTURES_PER_S: Final = 3
"""Pictures do not say how long they are shown. TVQA's, which MVBench uses, were taken so often."""

PICTURE_SUFFIXES: Final = frozenset((".jpg", ".jpeg", ".png"))


def numbered_pictures(folder: Path) -> list[Path]:
    """The pictures of a folder whose names are numbers, in order; none if it has none.

    Raises:
        MediaError: A number is missing or written differently: what follows would be shown too early, or not.
    """
    found = (path for path in folder.iterdir() if path.stem.isdecimal() and _is_picture(path))
    pictures = sorted(found, key=lambda path: (int(path.stem), path.name))
    if not pictures:
        return []
    first, digits, suffix = int(pictures[0].stem), len(pictures[0].stem), pictures[0].suffix
    for number, path in enumerate(pictures, start=first):
        wanted = f"{number:0{digits}d}{suffix}"
        if path.name != wanted:
            raise MediaError(
                f"{folder} has {path.name} where {wanted} belongs",
                remedy="unpack it again: its pictures are numbered one after the other, with as many digits",
            )
    return pictures


def open_pictures(folder: Path) -> InputContainer:
    """The pictures of a folder as a video of `PICTURES_PER_S`; raises av.FFmpegError."""
    first = numbered_pictures(folder)[0]
    pattern = f"{str(folder).replace('%', '%%')}/%0{len(first.stem)}d{first.suffix}"
    options = {
        "framerate": str(PICTURES_PER_S),
        "start_number": str(int(first.stem)),
        "protocol_whitelist": "file",
    }
    return av.open(f"file:{pattern}", mode="r", format="image2", options=options)


def hash_pictures(folder: Path) -> str:
    """sha256 of the pictures' bytes and names; raises MediaError where `folder` has none."""
    pictures = numbered_pictures(folder)
    if not pictures:
        raise MediaError(f"{folder} is a folder", remedy="name the video files in it")
    digest = hashlib.sha256()
    for path in pictures:
        data = path.read_bytes()
        digest.update(f"{path.name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURE_SUFFIXES
