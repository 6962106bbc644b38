"""From a first pair to a path: its answer, and descriptions that say enough and not too much."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from random import Random

from videostep.reason.again import AgainCore
from videostep.reason.changes import FollowCore, ShiftCore, SwitchCore, TurnCore
from videostep.reason.contexts import TimeContext
from videostep.reason.cores import BesidesCore, Core, EventCore, ObjectCore
from videostep.reason.describe import Description
from videostep.reason.hops import Hop
from videostep.reason.index import Fact, hold_in
from videostep.reason.pairs import HappeningCore, LogicCore, PairCore, SameCore
from videostep.reason.path import Path
from videostep.reason.picking import shuffled
from videostep.reason.place import Place
from videostep.reason.sets import CountCore, ExistsCore, GroupCore, count_core, is_covered
from videostep.reason.words import base_form, is_verbal, participle
from videostep.video import TimeSpan

WITH_CLAUSE = (HappeningCore, LogicCore, SwitchCore, ShiftCore, TurnCore)
"""What is asked in a sentence with a clause of its own: a second one, "who enters", is too much."""


class Drawing:
    """A core on its way to a path."""

    def __init__(self, place: Place, core: Core, answer: str, rng: Random) -> None:
        self.place, self.core, self.answer, self.rng = place, core, answer, rng
        self.view, self.roots, self.bare = place.here.view, core.roots, core.bare
        self.again = core if isinstance(core, AgainCore) else None

    def path(self, fewest: int, most: int) -> Path | None:
        """A path that names its things by so many hops, no more than will do; None when there is none."""
        if not self._begin():
            return None
        most = min(most, self.place.most_hops * len(set(self.roots)))
        for hops in range(fewest, most + 1):
            names = self._shared_out(hops)
            if names is not None:
                return self._path(names)
        return None

    def twin(self, of: Path) -> Path | None:
        """A path with as many hops for each thing; what is the same thing keeps its description."""
        models = [(thing, of.names[its]) for thing, its in zip(self.roots, of.core.roots, strict=True)]
        if not all([self.place.ways(thing, model.steps) for thing, model in models]) or not self._begin():
            return None
        names: dict[int, Description] = {}
        for thing, model in models:
            name = self._like(model, thing, names.values())
            if name is None or thing in names:
                return None
            names[thing] = name
        return self._path(names) if self._time_matters(names.values()) else None

    def _like(self, model: Description, thing: int, others: Collection[Description]) -> Description | None:
        """A description of as many hops as the model, which itself is taken where it is of the same thing."""
        if model.thing == thing and self._suits(model) and _are_apart_from_all(model, others):
            return model
        for way in self._ways(thing, model.steps):
            if way.scene == model.scene and _are_apart_from_all(way, others):
                return way
        return None

    def _path(self, names: dict[int, Description]) -> Path:
        for thing in self.bare:
            names[thing] = self.place.here.descriptions(thing, 0)[0]
        core = count_core(self.core.group_, self.view) if isinstance(self.core, CountCore) else self.core
        return Path(core, self.facts, names, self.place.context, self.view, self.answer)

    def _begin(self) -> bool:
        """Whether it can be asked at all; if so, what descriptions must not say and must fit."""
        core, context = self.core, self.place.context
        if self.bare and not set(self.bare).isdisjoint(self.roots):
            return False
        is_event = isinstance(core, EventCore)
        self.said = self._said_by_answer() if not is_event else frozenset()
        if not self.said.isdisjoint(context.words):
            return False
        self.is_elsewhere_so = context.kind != "none" and self._is_so_elsewhere()
        if self.is_elsewhere_so and not is_event and not any(map(self.place.may_tell_time, self.roots)):
            return False
        if isinstance(core, GroupCore) and core.group_.label in context.some_kinds:
            return False
        if isinstance(core, ExistsCore) and not core.is_of_others(self.view, context.said_things):
            return False
        self.facts = facts = core.facts(self.view)
        if facts and _seen_s(facts, context.span_s) < self.place.min_seen_s:
            return False
        self.used = frozenset([fact.id for fact in facts])
        is_any_time = not facts or isinstance(core, PairCore) or core.is_lasting
        self.spans_s = None if is_any_time else [span for fact in facts for span in fact.spans_s]
        return True

    def _said_by_answer(self) -> frozenset[str]:
        """Words that give the answer away; of a "yes" or "no" what it is found by.

        Who stands next to one thing and who stands behind another one have the same posture.
        """
        core, view = self.core, self.view
        if not core.is_bool:
            return _forms_of(self.answer)
        if isinstance(core, SameCore | AgainCore):
            return frozenset().union(*(_forms_of(value or "") for value in core.values(view)))
        if isinstance(core, LogicCore):
            claims = (core.first, core.second)
            return frozenset().union(*(_forms_of(claim.core.answer(view) or "") for claim in claims))
        return frozenset()

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
        if not self.roots:
            return {} if hops == 0 and (isinstance(self.core, EventCore) or self._time_matters(())) else None
        if len(self.roots) == 2 and self.roots[0] != self.roots[1]:
            return self._two_named(*self.roots, hops)
        if len(self.roots) == 2 and hops:
            return None  # the program would say the description of one thing twice, and count its hops twice
        (thing, *_) = self.roots
        way = next((way for way in self._ways(thing, hops) if self._time_matters((way,))), None)
        return {thing: way} if way else None

    def _two_named(self, first: int, second: int, hops: int) -> dict[int, Description] | None:
        start = int(self.rng.random() * (hops + 1))
        for own in (*range(start, hops + 1), *range(start)):
            one = next(self._ways(first, own), None) if self.place.ways(second, hops - own) else None
            if one is None:
                continue
            for other in self._ways(second, hops - own):
                if _are_apart(one, other) and self._time_matters((one, other)):
                    return {first: one, second: other}
        return None

    def _ways(self, thing: int, hops: int) -> Iterator[Description]:
        """Descriptions that suit the question, in random order; kinds of hop count alike."""
        for ways in shuffled(self.place.kinds_of_ways(thing, hops), self.rng):
            for way in shuffled(ways, self.rng):
                if self._suits(way):
                    yield way

    def _suits(self, way: Description) -> bool:
        """Whether a description neither uses what is asked nor says it, and holds when it does."""
        core, context = self.core, self.place.context
        if not (self.used.isdisjoint(way.fact_ids) and self.said.isdisjoint(way.words)):
            return False
        if context.names and not _stands_beside(way, context):
            return False
        if self.again is not None and not self._is_so_in_both(self.again, way):
            return False
        if isinstance(core, ExistsCore):
            named = way.things | context.said_things
            if not core.is_of_others(self.view, named):
                return False
        is_rested_on = isinstance(core, CountCore) or (isinstance(core, ExistsCore) and not core.is_there)
        if is_rested_on and not is_covered(way, self.view):
            return False  # a number or a "no" rests on it
        if way.hop is None:
            return True
        if self.bare and not way.things.isdisjoint(self.bare):
            return False
        return (self.spans_s is None or _holds_then(way, self.spans_s)) and not _jars(core, way)

    def _is_so_in_both(self, core: AgainCore, way: Description) -> bool:
        """Whether a name says the same in two scenes, and sounds like it: by what lasts, if by anything."""
        is_lasting = way.hop is None or (way.hop.operator == "with" and way.hop.is_lasting)
        is_short = way.steps <= 1 and not (way.hop and way.hop.is_negated)
        return is_lasting and is_short and self.place.elsewhere.fits(way, core.scenes)

    def _time_matters(self, ways: Iterable[Description]) -> bool:
        """Whether the question would have no answer, or another one, without its time phrase."""
        return not self.is_elsewhere_so or any(map(self.place.tells_time, ways))


def _jars(core: Core, way: Description) -> bool:
    """Whether a description leads a listener astray beside what the question says otherwise."""
    hop = way.hop
    if hop is None:
        return False
    if isinstance(core, GroupCore):
        if core.group_.is_negated and (hop.is_clause or hop.is_ranking):
            return True  # "how many dogs are not next to the man who waves at any time?"
        if core.group_.is_negated and isinstance(core, CountCore) and is_verbal(hop.name):
            return True  # "how many dogs are not next to the man cutting the cake at any time?"
        if way.some_kind == core.group_.label:
            return True  # "how many dogs are next to the man followed by a dog?"
        if core.group_.operator == "objects" and hop.is_clause:
            return True  # "how many balls is the dog that barks next to?"
        # "a bag next to the bench next to the bus"
        return core.group_.name in [part.hop.name for part in way.expanded() if part.hop]
    inner = [part.hop for part in way.expanded() if part.hop]
    if isinstance(core, ObjectCore):
        if hop.name == core.predicate or (core.forward and any(part.takes_it_in for part in inner)):
            return True
        # "What is the first man who leaves behind?"
        runs_on = core.forward and any(part.is_clause or part.is_ranking for part in inner)
        return (runs_on or hop.is_clause) and not is_verbal(core.predicate)
    if isinstance(core, BesidesCore | FollowCore) and any(hop.is_negated for hop in inner):
        return True  # "what else does the man who does not wave do besides sitting down?"
    if isinstance(core, SwitchCore) and (hop.name == core.predicate or hop.is_ranking):
        return True  # "what is the dog that stops next to after being next to the bus?"
    if isinstance(core, TurnCore) and any(hop.is_ranking for hop in inner):
        return True  # "in what posture is the first man to enter just before sitting?"
    if not isinstance(core, WITH_CLAUSE):
        return False
    if any([hop.is_clause or hop.takes_it_in for hop in inner]):
        return True
    # "is the man carrying the bag watching the dog before the bus stops?"
    return isinstance(core, HappeningCore) and _does_two_things(core, way)


def _does_two_things(core: HappeningCore, way: Description) -> bool:
    """Whether one of two happenings is an activity of a thing that is described by another one."""
    if way.hop is None or way.hop.operator != "subjects" or not is_verbal(way.hop.name):
        return False
    happening = core.first if core.first.thing == way.thing else core.second
    return happening.other >= 0 and is_verbal(happening.predicate)


def _holds_then(way: Description, asked_s: list[TimeSpan]) -> bool:
    """Whether what is asked and how the thing is described come together.

    Somebody who stood next to the bus and sits down a scene later is not, when seen, "the person who
    sits down next to the bus". What lasts may be asked of, or described by, at any time, and a
    description that names its own scene says itself when it holds.
    """
    if way.scene:
        return True
    for part in way.expanded():
        hop = part.hop
        if hop and not hop.is_lasting and not _is_so_in(hop, asked_s):
            return False
    return True


def _is_so_in(hop: Hop, spans_s: list[TimeSpan]) -> bool:
    """Whether a hop holds in one of the spans."""
    for fact in hop.facts:
        for span_s in spans_s:
            if hold_in(fact.spans_s, span_s):
                return True
    return False


@lru_cache(maxsize=4096)
def _forms_of(answer: str) -> frozenset[str]:
    """Words that would give an answer away: its own, and what its verb becomes in a description."""
    return frozenset((*answer.split(), *participle(answer).split()[:1], *base_form(answer).split()[:1]))


def _stands_beside(way: Description, context: TimeContext) -> bool:
    """Whether a description reads well after a time phrase."""
    start = way.innermost
    if (start.hop.kind if start.hop else start.label) in context.told_apart:
        return False  # "Before the dog next to the bench barks, does the dog sit?" sounds like one dog.
    if way.is_unnamed and any(named.is_unnamed for named in context.names.values()):
        return False
    if any(way.words.issuperset(kind.split()) for kind in context.some_kinds):
        return False  # "While the man next to a car waves, what colour is the car?" does, too.
    for part in way.expanded():
        hop = part.hop
        if hop is None:
            continue
        if (hop.is_ranking or hop.operator == "does") and hop.name in context.doings:
            return False  # After "after the dog barks", "the dog that barks" sounds like the same one.
        if hop.is_open and part.label in context.words:
            return False  # "After the bicycle ridden by a person stops, what is that person riding?"
    return True


def _are_apart_from_all(way: Description, others: Iterable[Description]) -> bool:
    return all([_are_apart(way, other) for other in others])


def _are_apart(one: Description, other: Description) -> bool:
    if not one.things.isdisjoint(other.things) or not one.fact_ids.isdisjoint(other.fact_ids):
        return False
    if one.is_unnamed and other.is_unnamed:
        return False
    return not (_may_be_heard_as(one, other) or _may_be_heard_as(other, one))


def _may_be_heard_as(one: Description, other: Description) -> bool:
    """Whether what one begins with may be taken for a thing of the other: "a dog" beside "the dog"."""
    kind = one.some_kind
    return bool(kind) and other.words.issuperset(kind.split())


def _seen_s(facts: tuple[Fact, ...], context_s: TimeSpan) -> float:
    """The shortest time that one of the things is seen so in the context, seconds."""
    start_s, end_s = context_s
    seen_s: dict[int, float] = {}
    for fact in facts:
        for a, b in fact.spans_s:
            part_s = (b if b < end_s else end_s) - (a if a > start_s else start_s)
            seen_s[fact.thing] = seen_s.get(fact.thing, 0.0) + (part_s if part_s > 0 else 0.0)
    return min(seen_s.values(), default=0.0)
