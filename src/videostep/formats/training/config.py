"""What the user asks of an export."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from videostep.errors import ConfigError
from videostep.formats.training.media import MediaMode
from videostep.formats.training.split import Splits
from videostep.formats.training.target import Target
from videostep.instruction import Instructions

_LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportConfig:
    """Everything that decides what an export holds, besides the run itself."""

    target: Target
    splits: Splits = field(default_factory=Splits)
    media: MediaMode = MediaMode.LINK
    videos: Path | None = None
    """Folder in which to look for videos that do not lie where the run found them."""
    skip_missing: bool = False
    """Leave out samples whose video is missing or has changed, instead of refusing."""
    instructions: Instructions = field(default_factory=Instructions)
    rationale_weight: float = 1.0
    """Lambda of STEP's equation 3; paper: 1."""
    licence: str = "unknown"
    """Of the annotations, as an identifier of the Hugging Face hub."""

    @property
    def cuts(self) -> bool:
        """Whether a trainer can be kept from showing what lies behind a sample's cut."""
        return self.media is not MediaMode.NONE or self.target.says_part

    def __post_init__(self) -> None:
        """Raise ConfigError for what the target cannot carry."""
        if not (math.isfinite(self.rationale_weight) and self.rationale_weight >= 0):
            raise ConfigError(
                f"the rationale weight is {self.rationale_weight}", remedy="give a number of 0 or more"
            )
        if self.rationale_weight != 1.0 and not self.target.weighted:
            raise ConfigError(
                f"{self.target.name} has no place for the weight of a record",
                remedy="leave --rationale-weight out (docs/export.md says what can be done in that trainer)",
            )
        if not _LICENCE.fullmatch(self.licence):
            raise ConfigError(
                f"{self.licence!r} is no licence identifier", remedy="write one such as cc-by-4.0"
            )
