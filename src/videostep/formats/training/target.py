"""What a target is: how a record is written for one trainer, and what lies beside the records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from videostep.formats.training.records import Record

Layout = Literal["lines", "array", "parquet"]
"""JSON lines, one JSON array, or Parquet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """What has been written, for the files that describe it to a trainer."""

    root: Path
    """The export's folder, absolute."""
    files: dict[str, str]
    """Split to its file of records, relative to `root`; a glob where there are several."""


def nothing_beside(shipment: Shipment) -> dict[str, str]:
    """No file besides the records."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One way to write records."""

    name: str
    """As `--to` takes it."""
    read_by: str
    """Who reads it, for the dataset card."""
    encode: Callable[[Record], dict[str, Any]]
    layout: Layout
    sharded: bool = False
    """Parquet in several files under `data/`, as the Hugging Face hub names them."""
    absolute_media: bool = False
    """The trainer has no option for the folder in which media lie."""
    weighted: bool = False
    """Records have a place for a loss weight."""
    says_part: bool = False
    """Records say which part of a video is to be shown, so that one file serves questions with a cut, too."""
    shows_part: bool = False
    """The trainer shows the part that a record says, whatever else the file holds."""
    mirrors: bool = False
    """The trainer mirrors videos at random: what tells left from right would be false half of the time."""
    beside: Callable[[Shipment], dict[str, str]] = nothing_beside
    """Further files: name to text."""
