"""Keyframes as the page holds them: inside it up to a budget, beyond that as links."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from urllib.parse import quote

from PIL import Image, UnidentifiedImageError

from videostep.graph import VideoGraph


class Thumbnailer:
    """Hands out picture addresses and keeps count of the bytes spent on those inside the page."""

    def __init__(self, run: Path, side_px: int, quality: int, budget_bytes: int) -> None:
        self._run = run.resolve()
        self._side_px = side_px
        self._quality = quality
        self._left_bytes = budget_bytes

    def pictures_of(self, graph: VideoGraph) -> dict[str, str | None]:
        """Keyframe id to `data:` address or relative link; None when there is no such picture."""
        return {
            keyframe.id: self._address(keyframe.image) for clip in graph.clips for keyframe in clip.keyframes
        }

    def _address(self, image: str) -> str | None:
        path = (self._run / image).resolve()
        # A graph file is data: the picture that it names must not lead out of the run.
        if not path.is_relative_to(self._run) or not path.is_file():
            return None
        link = "../" + quote(path.relative_to(self._run).as_posix())
        if self._left_bytes <= 0:
            return link
        try:
            jpeg = _shrink(path.read_bytes(), self._side_px, self._quality)
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
            return None
        inside = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
        if len(inside) > self._left_bytes:
            self._left_bytes = 0
            return link
        self._left_bytes -= len(inside)
        return inside


def _shrink(data: bytes, side_px: int, quality: int) -> bytes:
    """A JPEG whose longer side is at most `side_px`; `data` itself where it is that already."""
    with Image.open(io.BytesIO(data)) as picture:
        if picture.format == "JPEG" and max(picture.size) <= side_px:
            picture.verify()
            return data
        picture.draft("RGB", (side_px, side_px))
        # Hamming: as good as Lanczos when shrinking to two thirds, at half its time.
        picture.thumbnail((side_px, side_px), Image.Resampling.HAMMING)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()
