"""A paraphrase grammar: its lines under one name are ways to say the same thing.

    thing.plain:  the {label}
    thing.doing:  the {label} who|that {motion.s}
    thing.doing:  the {label} {motion.ing}

Before the dot stands the *symbol*, where such a phrase may stand; after it the *meaning* that all lines of
that name share. `{slot:symbol}` is a phrase of another symbol; its slot, if not given, is the symbol up to
its dot. `a|b` are alternatives, `(words)` may be left out, `~` before a line: understood, but never written.
A line without a meaning passes on that of its only slot. A comma is written, and need not be there to be
read; where no line has one, none may stand.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

GRAMMAR_FILE = Path(__file__).with_name("english.txt")
_LINE = re.compile(r"(?P<symbol>[\w ]+?)(?:\.(?P<meaning>[\w ]+))?:(?P<silent>~)? +(?P<pattern>.+)")
_SLOT = re.compile(r"\{(?:(?P<slot>\w+):)?(?P<symbol>[\w. ]+)\}")
_PIECE = re.compile(r"\([^)]*\)|\{[^}]*\}|[,:;]|[^\s{}(),:;]+")


class Slot(NamedTuple):
    """Where a phrase of another symbol stands."""

    name: str
    symbol: str


Part = str | Slot


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to say a meaning."""

    symbol: str
    meaning: str
    """Empty: that of its only slot."""
    parts: tuple[Part, ...]
    """Words and commas as they are written, and slots."""
    is_written: bool

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its slots in order."""
        return tuple(part for part in self.parts if isinstance(part, Slot))


class Grammar:
    """Rules by symbol, in the order of their file."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules: dict[str, tuple[Rule, ...]] = {}
        for rule in rules:
            self.rules[rule.symbol] = (*self.rules.get(rule.symbol, ()), rule)
        self.literals = frozenset(part for rule in rules for part in rule.parts if isinstance(part, str))
        """All words of its own."""


@functools.cache
def english() -> Grammar:
    """The grammar of the questions and rationales that videostep writes, and of other words for them."""
    lines = GRAMMAR_FILE.read_text(encoding="utf-8").splitlines()
    return Grammar(tuple(rule for line in lines for rule in _rules_of(line)))


def _rules_of(line: str) -> Iterator[Rule]:
    if not line or line.startswith("#"):
        return
    read = _LINE.fullmatch(line)
    assert read is not None, f"no line of a grammar: {line!r}"
    for parts in _variants(read["pattern"]):
        yield Rule(read["symbol"], read["meaning"] or "", parts, is_written=not read["silent"])


def _variants(pattern: str) -> Iterator[tuple[Part, ...]]:
    """A pattern without alternatives and brackets, the preferred form first."""
    choices = [list(_choices(piece)) for piece in _PIECE.findall(pattern)]
    for chosen in itertools.product(*choices):
        yield tuple(itertools.chain.from_iterable(chosen))


def _choices(piece: str) -> Iterator[tuple[Part, ...]]:
    if piece.startswith("("):
        yield ()
        yield from _variants(piece[1:-1])
        return
    for word in piece.split("|"):
        slot = _SLOT.fullmatch(word)
        if slot is not None:
            yield (Slot(slot["slot"] or slot["symbol"].partition(".")[0], slot["symbol"]),)
        else:
            yield (word,)
