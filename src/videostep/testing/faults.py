"""What a fake server does wrong, and when: decided by what is asked, so that it is the same in every run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal, get_args

Fault = Literal[
    "busy",  # 429 with Retry-After
    "unavailable",  # 503
    "error",  # 500
    "drop",  # the connection ends without a reply
    "drop half-way",  # it ends in the middle of the reply
    "slow",  # the reply comes too late
    "endless",  # it never ends
    "broken body",  # the reply is not JSON
    "no choices",  # it holds no text
    "too few",  # fewer samples than asked for
    "too many",  # more
    "empty",  # from here on: the text is at fault
    "cut off",
    "invalid",
    "wrong form",
    "refusal",
    "foreign",
    "duplicates",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
TEXT_FAULTS = FAULTS[FAULTS.index("empty") :]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """Which replies are faulty."""

    share: float
    """Of all replies, 0..1."""
    kinds: tuple[Fault, ...] = FAULTS
    seed: int = 0
    most_in_a_row: int = 2
    """A call that was answered badly so often in a row is answered well: every fault is recoverable."""

    def fault_of(self, call: bytes, times: int) -> Fault | None:
        """What is wrong with the reply to a call that was asked `times` times before; None: nothing."""
        row = 0
        while row < times and self._drawn(call, times - 1 - row):
            row += 1
        return self._drawn(call, times) if row % (self.most_in_a_row + 1) < self.most_in_a_row else None

    def _drawn(self, call: bytes, times: int) -> Fault | None:
        digest = hashlib.sha256(b"%d %d " % (self.seed, times) + call).digest()
        if int.from_bytes(digest[:4]) >= self.share * 2**32:
            return None
        return self.kinds[int.from_bytes(digest[4:8]) % len(self.kinds)]


def damaged(text: str, fault: Fault, *, times: int) -> str:
    """A good text made bad; it differs from time to time, as a transient fault does.

    Args:
        text: What ought to be said.
        fault: One of `TEXT_FAULTS`; "cut off" leaves the finish reason to the caller.
        times: How often it was asked for before.
    """
    match fault:
        case "empty":
            return " " * times
        case "cut off":
            return text[: max(1, len(text) // 2 - times)]
        case "invalid":
            return f"{text[: max(1, len(text) - 2 - times)]} ..."
        case "wrong form":
            return json.dumps({"unexpected": times})
        case "refusal":
            return f"I'm sorry, but I can't help with that request ({times})."
        case "foreign":
            return f"对不起我看不清这张图片 {times}"
        case "duplicates":
            return _with_duplicates(text, times)
    return text


def _with_duplicates(text: str, times: int) -> str:
    try:
        plain = json.loads(text)
    except ValueError:
        return text
    for name, value in plain.items() if isinstance(plain, dict) else ():
        if isinstance(value, list) and value:
            return json.dumps({**plain, name: [*value, *_same(value, times)]})
    return text


def _same(items: list[Any], times: int) -> list[Any]:
    return [items[times % len(items)]]
