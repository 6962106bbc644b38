"""Splits by video, never by question: questions about one video share its facts."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass

from videostep.errors import ConfigError

TRAIN = "train"
"""The split against which compositions of the others are novel."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_REMEDY = "write for example train=0.8,val=0.1,test=0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """Names and shares of the splits, in the order given."""

    shares: tuple[tuple[str, float], ...] = ((TRAIN, 1.0),)
    """They add up to 1."""
    seed: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The splits' names, in the order given."""
        return tuple(name for name, _ in self.shares)

    def split_of(self, video_sha256: str) -> str:
        """The split of a video: it follows from its content and the seed alone.

        A video keeps its split when others come or go, and two files of the same content never part. The
        price is that shares of a few videos are met roughly only.
        """
        digest = hashlib.sha256(f"{self.seed}\n{video_sha256}".encode()).digest()
        drawn = int.from_bytes(digest[:8]) / 2**64
        reached = 0.0
        for name, share in self.shares:
            reached += share
            if drawn < reached:
                return name
        return self.shares[-1][0]  # the shares' sum may fall short of 1 by rounding


def parse_splits(text: str, *, seed: int = 0) -> Splits:
    """Read `train=0.8,val=0.1,test=0.1`; raises ConfigError."""
    shares = tuple(_parse_share(part) for part in text.split(","))
    names = [name for name, _ in shares]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(f"the split {twice!r} is given twice", remedy=_REMEDY)
    total = math.fsum(share for _, share in shares)
    if not math.isclose(total, 1.0, abs_tol=1e-6):
        raise ConfigError(f"the shares of the splits add up to {total:g}, not to 1", remedy=_REMEDY)
    return Splits(shares=shares, seed=seed)


def _parse_share(part: str) -> tuple[str, float]:
    name, equals, number = (piece.strip() for piece in part.partition("="))
    if not equals or not _NAME.fullmatch(name):
        raise ConfigError(f"{part.strip()!r} is no split with its share", remedy=_REMEDY)
    try:
        share = float(number)
    except ValueError as error:
        raise ConfigError(f"the share of {name!r} is no number: {number!r}", remedy=_REMEDY) from error
    if not 0.0 < share <= 1.0:
        raise ConfigError(f"the share of {name!r} is {number}, not above 0 and at most 1", remedy=_REMEDY)
    return name, share
