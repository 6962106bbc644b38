"""Reasoning paths: a first pair, expanded to N steps, in a temporal context (STEP section 3.2)."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from random import Random

from videostep.reason.contexts import TimeContext, always, around_happenings, scenes
from videostep.reason.cores import Core, OrderCore, SameCore
from videostep.reason.describe import Describer, Draft, Hop
from videostep.reason.index import Fact, GraphIndex, View
from videostep.reason.menu import MANY_STEPS, CoreMenu, is_lasting, kind_of
from videostep.video import TimeSpan

SMALL_WORDS = frozenset({"a", "an", "by", "from", "in", "of", "on", "the", "to", "with"})
"""They stand in every question and give nothing away."""


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
    patience: int = 20
    """So many draws in a row without a new sample end a time context, for questions of one length."""
    whole_patience: int = 60
    """The same for the whole video, of which half of the questions are."""
    contexts_per_video: int = 16
    """Most time contexts tried for one video; drawn evenly. Bounds the time for an hour-long graph."""


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A question before it has words."""

    core: Core
    draft: Draft
    context: TimeContext
    view: View
    answer: str

    @property
    def key(self) -> tuple[str, ...]:
        """Questions made of paths with the same key rest on the same facts: they differ in words only."""
        facts = sorted({fact.id for fact in self.facts})
        return (self.context.program, *(facts or [self.core.program(self.draft.refer)]))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every edge it rests on."""
        hops = [fact for hop in self.draft.hops.values() for fact in hop.facts]
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
            describer,
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
        self._failed: Counter[str] = Counter()
        room = config.contexts_per_video
        found = [*scenes(index), *around_happenings(index, self._whole, rng)]
        chosen = found if len(found) <= room else rng.sample(found, room)
        self._contexts = [self._settings[0].context, *chosen]
        self._fertile: list[int] = []

    def begin(self) -> None:
        """A new kind of question is wanted: every context may give some again."""
        self._failed.clear()
        self._fertile = list(range(len(self._contexts)))
        for setting in self._settings.values():
            setting.menu.shuffle()

    @property
    def is_exhausted(self) -> bool:
        """Whether every context has failed so often that there is hardly more to ask."""
        return not self._fertile

    def draw(self, steps: int) -> Path | None:
        """A path of `steps` steps, of many steps maybe fewer; None when this attempt found none."""
        number = self._pick_context()
        setting = self._setting(number)
        steps_left = steps - setting.context.anchor_steps
        kinds = setting.menu.kinds(steps_left, self.rng)
        self._count_try(number, is_empty=not kinds)
        core = self._pick_core(setting, kinds, steps_left) if kinds else None
        if core is None:
            return None
        fewest = steps_left - max(0, steps - MANY_STEPS)
        draft = self._expanded(setting, core, steps_left - core.steps, fewest - core.steps)
        if draft is None:
            return None
        view = setting.describer.view
        path = Path(core, draft, setting.context, view, core.answer(view) or "")
        return path if self._is_sound(path) else None

    def keep(self, path: Path) -> None:
        """The path became a sample: draw its like less often."""
        self._drawn[kind_of(path.core.group)] += 1
        self._failed[path.context.program] = 0

    def _pick_context(self) -> int:
        """Half of the questions are about the whole video (0), the rest about any other context."""
        if self._fertile[0] == 0 and (len(self._fertile) == 1 or self.rng.random() < 0.5):
            return 0
        first = 1 if self._fertile[0] == 0 else 0
        return self._fertile[self.rng.randrange(first, len(self._fertile))]

    def _setting(self, number: int) -> _Setting:
        found = self._settings.get(number)
        if found is None:
            context = self._contexts[number]
            describer = Describer(self.index.view(context.span_s))
            found = _Setting(context, describer, max_event_s=self.config.max_event_s)
            self._settings[number] = found
        return found

    def _count_try(self, number: int, *, is_empty: bool) -> None:
        """A context that has nothing of that length, or has failed too often, is done with for now."""
        program = self._contexts[number].program
        self._failed[program] += 1
        patience = self.config.patience if number else self.config.whole_patience
        if is_empty or self._failed[program] >= patience:
            self._fertile.remove(number)

    def _pick_core(self, setting: _Setting, kinds: list[str], steps: int) -> Core | None:
        """Rare kinds first: a kind drawn n times has the weight 1 / (1 + n)."""
        weights = [1 / (1 + self._drawn[kind]) for kind in kinds]
        return setting.menu.draw(self.rng.choices(kinds, weights)[0], steps, self.rng)

    def _expanded(self, setting: _Setting, core: Core, hops: int, fewest: int) -> Draft | None:
        """Expand nodes of Q `hops` times, or until nothing expands; None when that is before `fewest`."""
        used = frozenset(fact.id for fact in core.facts(setting.describer.view))
        asked = core.group[1] if core.group[0] == "object" else ""
        draft = Draft(setting.describer, core.roots, used, asked)
        for done in range(hops):
            choice = self._pick_hop(draft, hops - done)
            if choice is None:
                return draft if draft.need == 0 and done >= fewest else None
            draft.expand(*choice)
        return draft if draft.need == 0 else None

    def _pick_hop(self, draft: Draft, budget: int) -> tuple[int, Hop] | None:
        """A random node of Q and a random way to describe it; kinds of hop count alike."""
        nodes = draft.open if len(draft.open) == 1 else self.rng.sample(draft.open, len(draft.open))
        for node in nodes:
            kinds: dict[tuple[str, str], list[Hop]] = {}
            for hop in draft.options(node, budget):
                kinds.setdefault((hop.operator, hop.name), []).append(hop)
            if kinds:
                return node, self.rng.choice(kinds[self.rng.choice(sorted(kinds))])
        return None

    def _is_sound(self, path: Path) -> bool:
        core, context = path.core, path.context
        if core.group[0] == "event":
            return True
        if _gives_away(path) or not _is_of_one_time(path):
            return False
        if _seen_s(core.facts(path.view), context.span_s) < self.config.min_seen_s:
            return False
        return context.kind == "none" or self._time_matters(path)

    def _time_matters(self, path: Path) -> bool:
        """Whether the question would have no answer, or another one, without its time phrase."""
        whole = self._whole
        return path.core.answer(whole.view) != path.answer or not path.draft.fits(whole)


def _is_of_one_time(path: Path) -> bool:
    """Whether what is asked and how the thing is described come together.

    Somebody who stood next to the bus and sits down a scene later is not, when seen, "the person who
    sits down next to the bus". What lasts may be asked of, or described by, at any time.
    """
    core = path.core
    if isinstance(core, OrderCore | SameCore) or is_lasting(core):
        return True
    spans = [span for fact in core.facts(path.view) for span in fact.spans_s]
    changing = (hop for hop in path.draft.hops.values() if not hop.is_lasting)
    return all(
        any(span.overlap(other) for fact in hop.facts for span in fact.spans_s for other in spans)
        for hop in changing
    )


def confidence_bound(path: Path) -> float:
    """The product of its edges' confidences: no sample made of the path is more certain."""
    return math.prod({fact.id: fact.confidence for fact in path.facts}.values())


def _gives_away(path: Path) -> bool:
    """Whether a description or the time phrase already says a word of the answer."""
    said: set[str] = set()
    for draft in (path.draft, path.context.draft):
        if draft is not None:
            things = path.view.index.things
            said.update(things[thing].label for thing in (*draft.open, *draft.closed))
            said.update(word for hop in draft.hops.values() for word in (hop.name, hop.value))
    if path.context.anchor is not None:
        said.add(path.context.anchor.predicate)
    words = {word for phrase in said for word in phrase.split()} - SMALL_WORDS
    return not words.isdisjoint(path.answer.split())


def _seen_s(facts: tuple[Fact, ...], context_s: TimeSpan) -> float:
    """The shortest time that one of the things is seen so in the context, seconds."""
    seen: dict[int, float] = {}
    for fact in facts:
        parts = (span.overlap(context_s) for span in fact.spans_s)
        seen[fact.thing] = seen.get(fact.thing, 0.0) + sum(part.duration_s for part in parts if part)
    return min(seen.values(), default=0.0)
