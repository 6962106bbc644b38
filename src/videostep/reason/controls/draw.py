"""Of a large data set so many videos are measured that their questions fit into memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

MOST_MEASURED = 50_000
"""Samples: some 100 MB; a share of half of them is known to half a point. Of more, whole videos are drawn."""


def draw_videos(sizes: Mapping[str, int], most: int = MOST_MEASURED) -> frozenset[str]:
    """Videos to measure: all, or so many that they have up to `most` samples, in the order of a digest.

    Args:
        sizes: Samples of each video.
        most: Samples that may be measured; one video always is.
    """
    if sum(sizes.values()) <= most:
        return frozenset(sizes)
    drawn: list[str] = []
    left = most
    for video in sorted(sizes, key=lambda video: hashlib.sha256(video.encode()).digest()):
        left -= sizes[video]
        if left < 0 and drawn:
            break
        drawn.append(video)
    return frozenset(drawn)
