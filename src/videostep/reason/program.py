"""Programs as the sampler writes them: text of calls (docs/program.md), nothing is executed here."""

from __future__ import annotations

import functools
import json


def call(name: str, *args: str | int) -> str:
    """A call in canonical print; arguments are calls, quoted texts or integers."""
    return f"{name}({', '.join(map(str, args))})"


@functools.lru_cache(maxsize=4096)
def text(words: str) -> str:
    """A text argument."""
    return json.dumps(words, ensure_ascii=False)


@functools.lru_cache(maxsize=4096)
def things_called(label: str) -> str:
    """The things of a label, as text; all things where it is empty."""
    return call("called", "things()", text(label)) if label else "things()"


def at(time: str, expression: str) -> str:
    """`expression` in a time context; the whole video needs none."""
    return expression if time == "always()" else call("at", time, expression)
