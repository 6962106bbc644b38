"""What a reply is worth: right or wrong, and what it was taken to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fault = Literal["", "no reply", "unparsed", "unjudged"]
"""Why nothing could be read from a reply. `no reply`: the model gave none, or an error. `unparsed`: it names
no option, or several. `unjudged`: the judge failed or replied something else than a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The mark of one reply."""

    right: bool | None
    """None: the protocol gives points and says neither right nor wrong, or the judge failed, which counts
    neither way and is shown. A reply that is missing or cannot be parsed is wrong, and is shown too."""
    read: str = ""
    """The answer that the reply was taken to give, in words; empty when nothing could be read."""
    points: float | None = None
    """By the scale of the protocol (`scale_of`), such as a judge's 0 to 5. A reply that is missing or cannot
    be parsed has the worst of it. None: the protocol gives none, or the judge failed."""
    fault: Fault = ""


NO_REPLY = Mark(right=False, fault="no reply")
