"""From a first pair to a path: its answer, and descriptions that say enough and not too much."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from random import Random

from videostep.reason.changes import ShiftCore, SwitchCore
from videostep.reason.contexts import TimeContext
from videostep.reason.cores import Core, EventCore, ObjectCore
from videostep.reason.describe import MOST_STEPS, Description
from videostep.reason.hops import SUPERLATIVES
from videostep.reason.index import Fact, hold_in
from videostep.reason.pairs import HappeningCore, LogicCore, PairCore
from videostep.reason.path import Path
from videostep.reason.place import MANY_STEPS, Place
from videostep.reason.sets import CountCore, ExistsCore, Group, GroupCore, count_core, is_covered
from videostep.reason.words import base_form, is_verbal, participle
from videostep.video import TimeSpan


class Drawing:
    """A core on its way to a path."""

    def __init__(self, place: Place, core: Core, answer: str, rng: Random) -> None:
        self.place, self.core, self.answer, self.rng = place, core, answer, rng
        self.view = place.here.view

    def path(self, steps: int) -> Path | None:
        """A path of `steps` steps, of many steps maybe fewer; None when there is none."""
        given = self.core.steps + self.place.context.steps
        left = min(steps - given, MOST_STEPS * len(set(self.core.roots)))
        fewest = max(0, min(steps, MANY_STEPS) - given)
        if left < fewest or not self._begin():
            return None
        named = (self._shared_out(hops) for hops in range(left, fewest - 1, -1))
        return self._path(next((names for names in named if names is not None), None))

    def twin(self, of: Path) -> Path | None:
        """A path with as many hops for each thing; what is the same thing keeps its description."""
        if not self._begin():
            return None
        names: dict[int, Description] = {}
        for thing, its in zip(self.core.roots, of.core.roots, strict=True):
            model = of.names[its]
            ways = [way for way in self._ways(thing, model.steps) if way.scene == model.scene]
            fitting = [way for way in ways if all(_are_apart(way, name) for name in names.values())]
            if not fitting or thing in names:
                return None
            names[thing] = model if model in fitting else self._picked(fitting)
        return self._path(names) if self._time_matters(names.values()) else None

    def _path(self, names: dict[int, Description] | None) -> Path | None:
        if names is None:
            return None
        bare = {thing: self.place.here.descriptions(thing, 0)[0] for thing in self.core.bare}
        core = count_core(self.core.group_, self.view) if isinstance(self.core, CountCore) else self.core
        return Path(core, self.facts, {**names, **bare}, self.place.context, self.view, self.answer)

    def _begin(self) -> bool:
        """Whether it can be asked at all; if so, what descriptions must not say and must fit."""
        core, context = self.core, self.place.context
        if not set(core.bare).isdisjoint(core.roots):
            return False
        if context.steps and isinstance(core, GroupCore) and not core.group_.operator:
            return False  # "after the bus that stops leaves, are there dogs?": all hops would fix the time
        if isinstance(core, GroupCore) and _repeats(core.group_, context):
            return False
        is_event = isinstance(core, EventCore)
        self.said = frozenset() if core.is_bool or is_event else _forms_of(self.answer)
        if not self.said.isdisjoint(context.words):
            return False
        self.is_elsewhere_so = context.kind != "none" and self._is_so_elsewhere()
        if self.is_elsewhere_so and not core.roots and not is_event:
            return False
        self.facts = facts = core.facts(self.view)
        if facts and _seen_s(facts, context.span_s) < self.place.min_seen_s:
            return False
        self.used = frozenset(fact.id for fact in facts)
        is_any_time = not facts or isinstance(core, PairCore) or core.is_lasting
        self.spans_s = None if is_any_time else [span for fact in facts for span in fact.spans_s]
        return True

    def _is_so_elsewhere(self) -> bool:
        """Whether the answer is the same without the time phrase.

        What is there at one time is there in the whole video: of that, the other scenes must not have any.
        """
        core, view = self.core, self.view
        if not isinstance(core, ExistsCore) or not core.is_there:
            return core.answer(self.place.whole.view) == self.answer
        if self.place.context.kind != "scene":
            return True
        others = (clip.span_s for clip in view.index.graph.clips if clip.span_s != view.span_s)
        return all(core.group_.members(view.index.view(span_s)) for span_s in others)

    def _shared_out(self, hops: int) -> dict[int, Description] | None:
        """Descriptions of the roots with so many hops together."""
        if not self.core.roots:
            return {} if hops == 0 and (isinstance(self.core, EventCore) or self._time_matters(())) else None
        first, *rest = self.core.roots
        if not rest or first in rest:
            # The program would say the description of one thing twice, and count its hops twice.
            ways = self._ways(first, hops) if not rest or hops == 0 else []
            named = {first: self._picked(ways)} if ways else {}
            return named if named and self._time_matters(named.values()) else None
        return self._two_named(first, rest[0], hops)

    def _two_named(self, first: int, second: int, hops: int) -> dict[int, Description] | None:
        start = int(self.rng.random() * (hops + 1))
        for own in (*range(start, hops + 1), *range(start)):
            firsts = self._ways(first, own)
            seconds = self._ways(second, hops - own) if firsts else []
            if not seconds:
                continue
            one = self._picked(firsts)
            apart = [way for way in seconds if _are_apart(one, way)]
            named = {first: one, second: self._picked(apart)} if apart else {}
            if named and self._time_matters(named.values()):
                return named
        return None

    def _ways(self, thing: int, hops: int) -> list[Description]:
        """Descriptions that neither use what is asked nor say it, and hold when it does."""
        asked = self.core.predicate if isinstance(self.core, ObjectCore | SwitchCore) else ""
        return [
            way
            for way in self.place.ways(thing, hops)
            if way.fact_ids.isdisjoint(self.used)
            and way.words.isdisjoint(self.said)
            and not (asked and way.hop is not None and way.hop.name == asked)
            and way.things.isdisjoint(self.core.bare)
            and self._reads_well(way)
            and self._holds_then(way)
            and self._is_known(way)
        ]

    def _reads_well(self, way: Description) -> bool:
        """Whether a listener is not led astray by a description beside what the question says otherwise."""
        if self.place.context.names and not _stands_beside(way, self.place.context):
            return False
        if way.hop is None:
            return True
        core = self.core
        if isinstance(core, GroupCore) and core.group_.name in {p.hop.name for p in way.expanded() if p.hop}:
            return False  # "a bag next to the bench next to the bus"
        if isinstance(core, GroupCore) and core.group_.is_negated and way.hop.is_negated:
            return False  # "a dog that is not next to the bench that is not blue"
        if isinstance(core, SwitchCore) and way.hop.is_ranking:
            return False  # "what is the dog that stops next to after being next to the bus?"
        has_clause = isinstance(core, HappeningCore | LogicCore | SwitchCore | ShiftCore) or (
            isinstance(core, ObjectCore) and not is_verbal(core.predicate)
        )
        return not (has_clause and way.hop.is_clause)

    def _is_known(self, way: Description) -> bool:
        """Whether a number or a "no" may rest on a description."""
        core = self.core
        needs_coverage = isinstance(core, CountCore) or (isinstance(core, ExistsCore) and not core.is_there)
        return not needs_coverage or is_covered(way, self.view)

    def _holds_then(self, way: Description) -> bool:
        """Whether what is asked and how the thing is described come together.

        Somebody who stood next to the bus and sits down a scene later is not, when seen, "the person who
        sits down next to the bus". What lasts may be asked of, or described by, at any time, and a
        description that names its own scene says itself when it holds.
        """
        if self.spans_s is None or way.hop is None or way.scene:
            return True
        changing = [part.hop for part in way.expanded() if part.hop and not part.hop.is_lasting]
        return all(
            any(hold_in(fact.spans_s, asked_s) for fact in hop.facts for asked_s in self.spans_s)
            for hop in changing
        )

    def _time_matters(self, ways: Iterable[Description]) -> bool:
        """Whether the question would have no answer, or another one, without its time phrase."""
        return not self.is_elsewhere_so or not all(way.scene or self.place.whole.fits(way) for way in ways)

    def _picked(self, ways: list[Description]) -> Description:
        """A random description; kinds of hop count alike."""
        if len(ways) == 1:
            return ways[0]
        kinds: dict[tuple[str, str, bool], list[Description]] = {}
        for way in ways:
            kinds.setdefault(_kind(way), []).append(way)
        return self.rng.choice(kinds[self.rng.choice(list(kinds))])


def _repeats(group: Group, context: TimeContext) -> bool:
    """Whether the time phrase speaks of what a group does, or is beside.

    "While the first person waves, how many people wave?" is one such question, and "while the dog next to a
    bench runs, is there a dog next to the bench?" another.
    """
    if group.name in [anchor.predicate for anchor in context.anchors]:
        return True
    return group.neighbour >= 0 and group.name in context.relations


@lru_cache(maxsize=4096)
def _forms_of(answer: str) -> frozenset[str]:
    """Words that would give an answer away: its own, and what its verb becomes in a description."""
    return frozenset((*answer.split(), participle(answer).split()[0], base_form(answer).split()[0]))


def _kind(way: Description) -> tuple[str, str, bool]:
    """What counts as one kind of description: a ranking is one, whatever it ranks by."""
    if way.hop is None:
        return ("", "", False)
    if way.hop.is_negated:
        return ("not", "", False)
    is_ranking = way.hop.operator in ("nth", *SUPERLATIVES)
    return ("ranking", "", False) if is_ranking else (way.hop.operator, way.hop.name, way.scene > 0)


def _stands_beside(way: Description, context: TimeContext) -> bool:
    """Whether a description reads well after a time phrase."""
    start = way.innermost
    kind = start.hop.kind if start.hop else start.label
    if any(named.hop and named.label == kind for named in context.names.values()):
        return False  # "Before the dog next to the bench barks, does the dog sit?" sounds like one dog.
    hops = [(part.label, part.hop) for part in way.expanded() if part.hop]
    doing = {hop.name for _, hop in hops if hop.is_ranking or hop.operator == "does"}
    if not doing.isdisjoint(context.ranked_by):
        return False  # Then "the first person to enter" is not the one of "after the first person to enter".
    # "After the bicycle ridden by a person stops, what is that person riding?" tells its own answer.
    return not any(hop.is_open and label in context.words for label, hop in hops)


def _are_apart(one: Description, other: Description) -> bool:
    return one.things.isdisjoint(other.things) and one.fact_ids.isdisjoint(other.fact_ids)


def _seen_s(facts: tuple[Fact, ...], context_s: TimeSpan) -> float:
    """The shortest time that one of the things is seen so in the context, seconds."""
    start_s, end_s = context_s
    seen_s: dict[int, float] = {}
    for fact in facts:
        for a, b in fact.spans_s:
            part_s = (b if b < end_s else end_s) - (a if a > start_s else start_s)
            seen_s[fact.thing] = seen_s.get(fact.thing, 0.0) + (part_s if part_s > 0 else 0.0)
    return min(seen_s.values(), default=0.0)
