"""A reasoning path: a first pair, its descriptions and its time, before it has words (STEP section 3.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from videostep.reason.contexts import TimeContext
from videostep.reason.cores import Core
from videostep.reason.describe import Description
from videostep.reason.index import Fact, View


@dataclass(frozen=True, eq=False)
class Path:
    """A question before it has words."""

    core: Core
    core_facts: tuple[Fact, ...]
    """What the answer itself rests on."""
    names: dict[int, Description]
    """How each thing of the core is named."""
    context: TimeContext
    view: View
    answer: str

    def refer(self, thing: int) -> str:
        """The program of the description of a thing."""
        return self.names[thing].program

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Questions made of paths with the same key rest on the same facts: they differ in words only.

        "In the second scene" adds nothing to facts and things of that scene; where nothing is found, it says
        where.
        """
        # Whether it is as before is another question than how it changes.
        when = self.context.kind if self.context.anchors else self.core.temporal or ""
        ids = (when, *sorted({fact.id for fact in self.facts}))
        if self.core_facts:
            return ids
        where = self.core.nodes(self.view) if self.answer == "yes" else (str(self.context.scene),)
        return (*ids, self.core.program(self.refer), *where)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every edge it rests on."""
        hops = [fact for named in self.names.values() for fact in named.facts()]
        return (*self.core_facts, *hops, *self.context.facts)

    @property
    def confidence_bound(self) -> float:
        """The product of its edges' confidences: no sample made of it is more certain."""
        return math.prod({fact.id: fact.confidence for fact in self.facts}.values())

    @property
    def ranked(self) -> frozenset[str]:
        """Labels of the things of which it says which one is the first, or the last, to do something."""
        named = (*self.names.values(), *self.context.names.values())
        hops = ((part.label, part.hop) for each in named for part in each.expanded())
        return frozenset(label for label, hop in hops if hop and hop.is_ranking)
