"""VidOR: the form of VidVRD with a vocabulary of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from videostep.formats.graphs.imported import Imported, ImportOptions, Refused
from videostep.formats.graphs.vidvrd import read_annotations
from videostep.formats.graphs.vidvrd_words import VIDOR


def read(path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
    """Read VidOR annotations: one JSON file, or a folder with any folders in it."""
    yield from read_annotations(path, options, "vidor", VIDOR)
