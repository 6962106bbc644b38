"""What things are called in a rationale: `one bus`, `that bus`, and beside another one `the first bus`."""

from __future__ import annotations

from collections.abc import Collection

from videostep.reason.index import GraphIndex
from videostep.reason.nouns import NounPhrase, brought_in, definite, is_counted, numbered


class Mentions:
    """The things that were brought in so far, and how they are called from then on.

    Args:
        index: Of the graph.
        ranked: Labels of things of which the question says which one is the first to do something. Of these
            none is called "the first bus" for being named first, but "that bus" and "the other bus".
    """

    def __init__(self, index: GraphIndex, ranked: Collection[str]) -> None:
        self._things, self._ranked = index.things, ranked
        self._names: dict[int, NounPhrase] = {}
        self._alike: dict[str, list[int]] = {}
        """Things by label, in the order in which they came in."""

    def known(self, thing: int) -> NounPhrase | None:
        """How a thing is called by now; None for one that was not brought in."""
        return self._names.get(thing)

    def called(self, thing: int) -> NounPhrase:
        """The same; a bare label needs no introduction."""
        return self._names.get(thing) or definite(self._things[thing].label)

    def introduce(self, thing: int) -> NounPhrase:
        """Words that bring a thing in; afterwards it has a name of its own."""
        if thing in self._names:
            return self._names[thing]
        label = self._things[thing].label
        alike = self._alike.setdefault(label, [])
        is_numbered = label not in self._ranked and is_counted(label)
        new, name = brought_in(label, len(alike))
        if alike and is_numbered:
            name = numbered(label, len(alike) + 1)
            self._names[alike[0]] = numbered(label, 1)
        alike.append(thing)
        self._names[thing] = name
        return new
