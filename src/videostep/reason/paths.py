"""Reasoning paths: a first pair, expanded to N steps, in a temporal context (STEP section 3.2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from videostep.reason.contexts import TimeContext, always, around_happenings, scenes
from videostep.reason.cores import Core, CoreMenu, OrderCore
from videostep.reason.describe import Describer, Draft, Hop
from videostep.reason.index import Fact, GraphIndex, View
from videostep.video import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class PathConfig:
    """How paths are drawn."""

    max_steps: int = 6
    """Most steps of a question. Paper: N, not given; its tables group 1, 2 and >= 3."""
    min_seen_s: float = 0.5
    """An answer's facts must hold at least this long in the time context, seconds. Paper: not given;
    half a second is about the shortest thing a viewer reports."""
    contexts_per_video: int = 60
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
    def steps(self) -> int:
        """Edges looked up, by the rule of docs/program.md."""
        return self.core.steps + len(self.draft.hops) + self.context.anchor_steps


@dataclass(slots=True, eq=False)
class _Setting:
    """One time context with all that can be asked in it."""

    context: TimeContext
    describer: Describer
    menu: CoreMenu


@dataclass(slots=True, eq=False)
class PathSampler:
    """Draws paths from one graph; what was drawn often comes up less."""

    index: GraphIndex
    config: PathConfig
    rng: Random
    _settings: list[_Setting] = field(default_factory=list)
    _whole: Describer = field(init=False)
    _drawn: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._whole = Describer(self.index.view(self.index.whole_s))
        timed = around_happenings(self.index, self._whole, self.rng)
        room = self.config.contexts_per_video
        chosen = [*scenes(self.index)[:room], *self.rng.sample(timed, min(room, len(timed)))]
        self._settings = [self._setting(context) for context in (always(self.index), *chosen)]
        self._settings = [setting for setting in self._settings if setting.menu.names]

    def _setting(self, context: TimeContext) -> _Setting:
        view = self.index.view(context.span_s)
        describer = self._whole if context.kind == "none" else Describer(view)
        return _Setting(context, describer, CoreMenu(view))

    def draw(self, steps: int) -> Path | None:
        """A path of exactly `steps` steps, or None when this attempt found none."""
        setting = self._pick_setting()
        if setting is None:
            return None
        core = self._pick_core(setting)
        if core is None:
            return None
        hops = steps - core.steps - setting.context.anchor_steps
        draft = self._expanded(setting, core, hops) if hops >= 0 else None
        if draft is None:
            return None
        view = setting.describer.view
        path = Path(core, draft, setting.context, view, core.answer(view) or "")
        return path if self._is_sound(path, setting) else None

    def keep(self, path: Path) -> None:
        """The path became a sample: draw its like less often."""
        self._drawn[_kind(path.core.group)] += 1

    def _pick_setting(self) -> _Setting | None:
        """Half of the questions are about the whole video, the rest about any other context."""
        if not self._settings:
            return None
        if len(self._settings) == 1 or self.rng.random() < 0.5:
            return self._settings[0]
        return self.rng.choice(self._settings[1:])

    def _pick_core(self, setting: _Setting) -> Core | None:
        """Rare kinds first: a kind drawn n times has the weight 1 / (1 + n)."""
        kinds: dict[str, list[tuple[str, str]]] = {}
        for group in setting.menu.names:
            kinds.setdefault(_kind(group), []).append(group)
        weights = [1 / (1 + self._drawn[kind]) for kind in kinds]
        kind = self.rng.choices(list(kinds), weights)[0]
        return setting.menu.draw(self.rng.choice(kinds[kind]), self.rng)

    def _expanded(self, setting: _Setting, core: Core, hops: int) -> Draft | None:
        """Expand nodes of Q until `hops` expansions are made; None when it gets stuck."""
        used = frozenset(fact.id for fact in core.facts(setting.describer.view))
        draft = Draft(setting.describer, core.roots, used)
        for done in range(hops):
            if draft.need > hops - done:
                return None
            choice = self._pick_hop(draft, hops - done)
            if choice is None:
                return None
            draft.expand(*choice)
        return draft if draft.need == 0 else None

    def _pick_hop(self, draft: Draft, budget: int) -> tuple[int, Hop] | None:
        """A random node of Q and a random way to describe it; kinds of hop count alike."""
        for node in self.rng.sample(draft.open, len(draft.open)):
            kinds: dict[tuple[str, str], list[Hop]] = {}
            for hop in draft.options(node, budget):
                kinds.setdefault((hop.operator, hop.name), []).append(hop)
            if kinds:
                return node, self.rng.choice(kinds[self.rng.choice(sorted(kinds))])
        return None

    def _is_sound(self, path: Path, setting: _Setting) -> bool:
        if path.core.group[0] == "event":
            return setting.context.kind == "scene" or len(self.index.graph.clips) == 1
        if setting.context.anchor is not None and _is_lasting(path.core):
            return False
        if _seen_s(path.core.facts(path.view), path.view.span_s) < self.config.min_seen_s:
            return False
        if isinstance(path.core, OrderCore) and path.core.is_trivial:
            return False
        anchor = setting.context.anchor
        if anchor is not None and anchor.thing in path.core.roots:
            return False
        return setting.context.kind == "none" or self._time_matters(path)

    def _time_matters(self, path: Path) -> bool:
        """Whether the question would have no answer, or another one, without its time phrase."""
        whole = self._whole
        return path.core.answer(whole.view) != path.answer or not path.draft.fits(whole)


def _kind(group: tuple[str, str]) -> str:
    """What counts as one kind when kinds are drawn evenly: all colours are one, all predicates too."""
    kind, name = group
    if kind != "attribute":
        return kind
    return "colour" if name.endswith("colour") else f"attribute {name}"


def _is_lasting(core: Core) -> bool:
    """Whether a viewer expects no change: "after the bus leaves, what colour is the car?" sounds odd."""
    return core.group[0] in ("attribute", "same") and core.group[1].endswith(("colour", "size"))


def _seen_s(facts: tuple[Fact, ...], context_s: TimeSpan) -> float:
    """The shortest time that one of the things is seen so in the context, seconds."""
    seen: dict[int, float] = {}
    for fact in facts:
        parts = (span.overlap(context_s) for span in fact.spans_s)
        seen[fact.thing] = seen.get(fact.thing, 0.0) + sum(part.duration_s for part in parts if part)
    return min(seen.values(), default=0.0)
