"""A clip's pictures until its keyframes are known: encoded, in a file, so that long clips need no memory."""

from __future__ import annotations

import io
import tempfile

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from videostep.errors import ParserError
from videostep.media.film import encode_film
from videostep.media.picture import Picture
from videostep.models.images import ImageConfig, encode_image
from videostep.models.protocol import Image


class Shelf:
    """Pictures by their time."""

    def __init__(self, config: ImageConfig) -> None:
        self._config = config
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the clip
        self._places: dict[float, tuple[int, int]] = {}

    def put(self, picture: Picture) -> None:
        """Encode a picture as a model gets it, and keep it."""
        data = encode_image(picture.rgb, self._config).data
        self._places[picture.time_s] = (self._file.seek(0, 2), len(data))
        self._file.write(data)

    def take(self, time_s: float) -> Image:
        """The picture of that very time; raises ParserError if it was not seen."""
        if time_s not in self._places:
            raise ParserError(
                f"no picture was seen at {time_s} s, where a keyframe is",
                remedy="show every keyframe's picture to the parser",
            )
        start, length = self._places[time_s]
        self._file.seek(start)
        return Image(data=self._file.read(length))

    def film(self, most: int) -> Image:
        """All pictures as a film, at most so many of them, evenly spread; raises ParserError without any."""
        times_s = list(self._places)
        if not times_s:
            raise ParserError("no picture of the clip was seen", remedy="show the parser all pictures")
        shown_s = times_s[:: -(-len(times_s) // most)]
        length_s = shown_s[-1] - shown_s[0]
        fps = (len(shown_s) - 1) / length_s if length_s > 0 else 1.0
        data = encode_film((_pixels(self.take(time_s)) for time_s in shown_s), fps)
        return Image(data=data, media_type="video/mp4")

    def close(self) -> None:
        """Throw the pictures away."""
        self._file.close()


def _pixels(image: Image) -> NDArray[np.uint8]:
    with PillowImage.open(io.BytesIO(image.data)) as picture:
        return np.asarray(picture.convert("RGB"))
