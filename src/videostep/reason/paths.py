"""Reasoning paths: a first pair, expanded to N steps, in a temporal context (STEP section 3.2)."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from random import Random

from videostep.reason.contexts import TimeContext, always, around_happenings, scenes
from videostep.reason.cores import Core, OrderCore, SameCore
from videostep.reason.describe import Describer, Description
from videostep.reason.index import Fact, GraphIndex, View
from videostep.reason.menu import MANY_STEPS, CoreMenu, is_lasting, kind_of
from videostep.video import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class PathConfig:
    """How paths are drawn."""

    max_steps: int = 6
    """Most steps of a question. Paper: N, not given; its tables group 1, 2 and >= 3."""
    min_seen_s: float = 0.5
    """An answer's facts must hold at least this long in the time context, seconds. Paper: not given;
    half a second is about the shortest thing a viewer reports."""
    max_event_s: float = 20.0
    """"What happens?" is asked of clips no longer than this, seconds: of more, no one sentence is right."""
    contexts_per_video: int = 16
    """Most time contexts tried for one video; drawn evenly. Bounds the time for an hour-long graph."""


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A question before it has words."""

    core: Core
    descriptions: dict[int, Description]
    """How each root of the core is named."""
    context: TimeContext
    view: View
    answer: str

    def refer(self, thing: int) -> str:
        """The program of the description of a root."""
        return self.descriptions[thing].program

    @property
    def key(self) -> tuple[str, ...]:
        """Questions made of paths with the same key rest on the same facts: they differ in words only."""
        facts = sorted({fact.id for fact in self.facts})
        return (self.context.program, *(facts or [self.core.program(self.refer)]))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every edge it rests on."""
        hops = [fact for named in self.descriptions.values() for fact in named.facts()]
        return (*self.core.facts(self.view), *hops, *self.context.facts)


class _Setting:
    """One time context with all that can be asked in it."""

    def __init__(self, context: TimeContext, describer: Describer, *, max_event_s: float) -> None:
        self.context = context
        self.describer = describer
        is_one_clip = context.kind == "scene" or len(describer.view.index.graph.clips) == 1
        is_short = context.span_s.duration_s <= max_event_s
        anchored = context.anchor is not None
        self.menu = CoreMenu(
            describer.view,
            lasting=not anchored,
            events=not anchored and is_one_clip and is_short,
            said=context.anchor.thing if context.anchor else -1,
        )


class PathSampler:
    """Draws paths from one graph; what was drawn often comes up less."""

    def __init__(self, index: GraphIndex, config: PathConfig, rng: Random) -> None:
        self.index, self.config, self.rng = index, config, rng
        self._whole = Describer(index.view(index.whole_s))
        self._settings = {0: _Setting(always(index), self._whole, max_event_s=config.max_event_s)}
        self._drawn: Counter[str] = Counter()
        self._contexts = [self._settings[0].context, *self._other_contexts()]
        self._steps = 1
        self._fertile: list[int] = []
        self._dealt: set[int] = set()

    def _other_contexts(self) -> list[TimeContext]:
        """Scenes, and times around something that happens: about two of these for one of those."""
        room = self.config.contexts_per_video
        parts = scenes(self.index)
        around = list(islice(around_happenings(self.index, self._whole, self.rng), room))
        n_scenes = min(len(parts), max(room // 3, room - len(around)))
        return [*self.rng.sample(parts, n_scenes), *around[: room - n_scenes]]

    def begin(self, steps: int) -> None:
        """Questions of so many steps are wanted: every context may give some again."""
        self._steps = steps
        self._dealt.clear()
        self._fertile = list(range(len(self._contexts)))

    @property
    def is_exhausted(self) -> bool:
        """Whether everything that may be asked was tried since `begin`."""
        return not self._fertile

    def draw(self, steps: int) -> Path | None:
        """A path of `steps` steps, of many steps maybe fewer; None when this attempt found none."""
        number = self._pick_context()
        setting = self._setting(number)
        kinds = setting.menu.kinds
        if not kinds:
            self._fertile.remove(number)
            return None
        core = setting.menu.draw(self._pick_kind(kinds), self.rng)
        return _Drawing(setting, self._whole, core, self.config, self.rng).path(steps)

    def keep(self, path: Path) -> None:
        """The path became a sample: draw its like less often."""
        self._drawn[kind_of(path.core.group)] += 1

    def _pick_context(self) -> int:
        """Half of the questions are about the whole video (0), the rest about any other context."""
        if self._fertile[0] == 0 and (len(self._fertile) == 1 or self.rng.random() < 0.5):
            return 0
        first = 1 if self._fertile[0] == 0 else 0
        return self._fertile[first + int(self.rng.random() * (len(self._fertile) - first))]

    def _setting(self, number: int) -> _Setting:
        found = self._settings.get(number)
        if found is None:
            context = self._contexts[number]
            describer = Describer(self.index.view(context.span_s))
            found = _Setting(context, describer, max_event_s=self.config.max_event_s)
            self._settings[number] = found
        if number not in self._dealt:
            self._dealt.add(number)
            found.menu.deal(self._steps - found.context.steps, self.rng)
        return found

    def _pick_kind(self, kinds: list[str]) -> str:
        """Rare kinds first: a kind drawn n times has the weight 1 / (1 + n)."""
        if len(kinds) == 1:
            return kinds[0]
        return self.rng.choices(kinds, [1 / (1 + self._drawn[kind]) for kind in kinds])[0]


class _Drawing:
    """A core on its way to a path: its answer, and descriptions that say enough and not too much."""

    def __init__(
        self, setting: _Setting, whole: Describer, core: Core, config: PathConfig, rng: Random
    ) -> None:
        self.setting, self.whole, self.core, self.config, self.rng = setting, whole, core, config, rng
        self.view = setting.describer.view

    def path(self, steps: int) -> Path | None:
        """A path of `steps` steps, of many steps maybe fewer; None when there is none."""
        core, context = self.core, self.setting.context
        answer = core.answer(self.view)
        if answer is None or (isinstance(core, OrderCore) and core.is_trivial):
            return None
        self.said = frozenset(answer.split())
        self.facts = core.facts(self.view)
        is_event = core.group[0] == "event"
        if not is_event and not self._is_fit_for_asking():
            return None
        self.is_elsewhere_so = context.kind != "none" and core.answer(self.whole.view) == answer
        left = steps - core.steps - context.steps
        fewest = max(0, min(left, MANY_STEPS - core.steps - context.steps))
        named = {} if is_event and left == 0 else self._named(left, fewest)
        return None if named is None else Path(core, named, context, self.view, answer)

    def _is_fit_for_asking(self) -> bool:
        context = self.setting.context
        if not self.said.isdisjoint(context.words):
            return False
        return _seen_s(self.facts, context.span_s) >= self.config.min_seen_s

    def _named(self, hops: int, fewest: int) -> dict[int, Description] | None:
        """Descriptions of all roots with `hops` hops together, or fewer but not less than `fewest`."""
        self.used = frozenset(fact.id for fact in self.facts)
        spans = [span for fact in self.facts for span in fact.spans_s]
        is_any_time = isinstance(self.core, OrderCore | SameCore) or is_lasting(self.core)
        self.spans_s = None if is_any_time else spans
        for total in range(hops, fewest - 1, -1):
            named = self._shared_out(total)
            if named is not None:
                return named
        return None

    def _shared_out(self, hops: int) -> dict[int, Description] | None:
        first, *rest = self.core.roots
        if not rest or first in rest:
            # The program would say the description of one thing twice, and count its hops twice.
            ways = self._ways(first, hops) if not rest or hops == 0 else []
            return {first: self._picked(ways)} if ways else None
        second = rest[0]
        for own in self.rng.sample(range(hops + 1), hops + 1):
            firsts = self._ways(first, own)
            if not firsts:
                continue
            one = self._picked(firsts)
            others = [
                other
                for other in self._ways(second, hops - own)
                if other.things.isdisjoint(one.things) and other.fact_ids.isdisjoint(one.fact_ids)
            ]
            named = [one, self._picked(others)] if others else []
            if named and self._time_matters(*named):
                return dict(zip((first, second), named, strict=True))
        return None

    def _ways(self, thing: int, hops: int) -> list[Description]:
        """Descriptions that neither use what is asked nor say it, and hold when it does."""
        asked = self.core.group[1] if self.core.group[0] == "object" else ""
        return [
            way
            for way in self.setting.describer.descriptions(thing, hops)
            if way.fact_ids.isdisjoint(self.used)
            and way.words.isdisjoint(self.said)
            and not (asked and way.hop is not None and way.hop.name == asked)
            and self._holds_then(way)
            and (len(self.core.roots) > 1 or self._time_matters(way))
        ]

    def _holds_then(self, way: Description) -> bool:
        """Whether what is asked and how the thing is described come together.

        Somebody who stood next to the bus and sits down a scene later is not, when seen, "the person who
        sits down next to the bus". What lasts may be asked of, or described by, at any time.
        """
        if self.spans_s is None or way.hop is None:
            return True
        changing = [part.hop for part in way.expanded() if part.hop and not part.hop.is_lasting]
        return all(
            any(span.overlap(other) for fact in hop.facts for span in fact.spans_s for other in self.spans_s)
            for hop in changing
        )

    def _time_matters(self, *ways: Description) -> bool:
        """Whether the question would have no answer, or another one, without its time phrase."""
        return not self.is_elsewhere_so or not all(map(self.whole.fits, ways))

    def _picked(self, ways: list[Description]) -> Description:
        """A random description; kinds of hop count alike."""
        if len(ways) == 1:
            return ways[0]
        kinds: dict[tuple[str, str], list[Description]] = {}
        for way in ways:
            kinds.setdefault((way.hop.operator, way.hop.name) if way.hop else ("", ""), []).append(way)
        return self.rng.choice(kinds[self.rng.choice(list(kinds))])


def confidence_bound(path: Path) -> float:
    """The product of its edges' confidences: no sample made of the path is more certain."""
    return math.prod({fact.id: fact.confidence for fact in path.facts}.values())


def _seen_s(facts: tuple[Fact, ...], context_s: TimeSpan) -> float:
    """The shortest time that one of the things is seen so in the context, seconds."""
    seen: dict[int, float] = {}
    for fact in facts:
        parts = (span.overlap(context_s) for span in fact.spans_s)
        seen[fact.thing] = seen.get(fact.thing, 0.0) + sum(part.duration_s for part in parts if part)
    return min(seen.values(), default=0.0)
