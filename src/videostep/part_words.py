"""What a rationale says of the whole video, taken out where a part of it is shown.

"In the third scene" is false of a part that holds no other scene, and "late in the video" of one that ends
there. Without such words a sentence says less, and nothing false.
"""

from __future__ import annotations

import re
from typing import Final

from videostep.video import TimeSpan

_SCENE: Final = r"(?:in|during) the ([a-z]+(?:-[a-z]+)?) scene(?: of the video)?"
_THIRD: Final = r"(?:early in|in the middle of|late in) the video"


def scenes_told(text: str) -> set[str]:
    """The ordinals of the scenes that a text names: `third`."""
    return {match[1] for match in re.finditer(_SCENE, text, re.IGNORECASE)}


def words_of_part(rationale: str, part_s: TimeSpan | None) -> str:
    """The rationale as it may be said of a part.

    Args:
        rationale: As it stands in the sample. It names one scene at most where the part begins later than the
            video (`window_of` sees to that), so that nothing is told apart by scenes.
        part_s: What is shown of the video; None: all of it.
    """
    if part_s is None:
        return rationale
    told = _without(_THIRD, rationale)
    return _without(_SCENE, told) if part_s.start_s > 0 else told


def _without(phrase: str, text: str) -> str:
    """Take out a phrase: `In the third scene, one bus ...` begins with `One bus`."""
    begun = re.sub(
        rf"(^|[.?!;] ){phrase},? (\w)",
        lambda match: match[1] + match[match.lastindex or 0].upper(),
        text,
        flags=re.IGNORECASE,
    )
    return re.sub(rf", {phrase},|,? {phrase}\b", "", begun, flags=re.IGNORECASE)
