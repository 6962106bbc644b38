"""Reasoning paths: a first pair, expanded to N steps, in a temporal context (STEP section 3.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from videostep.reason.contexts import TimeContext, always, around_happenings, scenes
from videostep.reason.describe import Describer
from videostep.reason.drawing import Drawing, Place
from videostep.reason.elsewhere import Elsewhere
from videostep.reason.index import GraphIndex
from videostep.reason.menu import MANY_STEPS, CoreMenu, kind_of
from videostep.reason.path import Path
from videostep.reason.twins import rivals

MOST_TWINS = 12
"""So many things are tried for a twin of one question."""
KIND_SHARES = {
    "same": 0.25,
    "logic": 0.4,
    "longer": 0.4,
    "overlap": 0.4,
    "colour": 0.6,
    "exists yes": 0.4,
    "exists no": 0.4,
}
"""How often a kind is wanted against others (1): there are so many pairs and colours that they crowd
out what is rare."""


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
    contexts_per_video: int = 8
    """Most time contexts tried for one video; drawn evenly. Bounds the time for an hour-long graph."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """A place and all that can be asked there."""

    place: Place
    menu: CoreMenu


class PathSampler:
    """Draws paths from one graph; what was drawn often comes up less."""

    def __init__(self, index: GraphIndex, config: PathConfig, rng: Random) -> None:
        self.index, self.config, self.rng = index, config, rng
        self._whole = Describer(index.view(index.whole_s))
        self._elsewhere = Elsewhere(index)
        self._settings: dict[TimeContext, _Setting] = {}
        self._drawn: Counter[str] = Counter()
        self._contexts = [always(index), *self._other_contexts()]
        self._steps = 1
        self._fertile: list[int] = []
        self._dealt: set[TimeContext] = set()

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
        setting = self._dealt_setting(self._contexts[number])
        kinds = setting.menu.kinds
        if not kinds:
            self._fertile.remove(number)
            return None
        core = setting.menu.draw(self._pick_kind(kinds))
        return None if core is None else Drawing(setting.place, core, self.rng).path(steps)

    def has_rivals(self, path: Path) -> bool:
        """Whether the same could be asked of another thing of that label, were it not for its description."""
        return any(core.answer(path.view) is not None for core in rivals(path.core, path.view))

    def twins(self, path: Path) -> Iterator[Path]:
        """Paths in the same time that ask the same of another thing and have another answer."""
        place = self._setting(path.context).place
        others = list(rivals(path.core, path.view))
        for core in self.rng.sample(others, min(MOST_TWINS, len(others))):
            answer = core.answer(path.view)
            if answer is not None and answer != path.answer:
                twin = Drawing(place, core, self.rng).twin(path)
                if twin is not None:
                    yield twin

    def keep(self, path: Path) -> None:
        """The path became a sample: draw its like less often."""
        self._drawn[kind_of(path.core.group)] += 1

    def _pick_context(self) -> int:
        """Half of the questions are about the whole video (0), the rest about any other context."""
        if self._fertile[0] == 0 and (len(self._fertile) == 1 or self.rng.random() < 0.5):
            return 0
        first = 1 if self._fertile[0] == 0 else 0
        return self._fertile[first + int(self.rng.random() * (len(self._fertile) - first))]

    def _setting(self, context: TimeContext) -> _Setting:
        found = self._settings.get(context)
        if found is None:
            is_whole = context.kind == "none"
            here = self._whole if is_whole else Describer(self.index.view(context.span_s))
            place = Place(context, here, self._whole, self._elsewhere, self.config.min_seen_s)
            found = self._settings[context] = _Setting(place, self._menu(context, here))
        return found

    def _menu(self, context: TimeContext, here: Describer) -> CoreMenu:
        is_short = context.span_s.duration_s <= self.config.max_event_s
        anchored = context.anchor is not None
        return CoreMenu(
            here.view, lasting=not anchored, events=not anchored and is_short, said=context.things
        )

    def _dealt_setting(self, context: TimeContext) -> _Setting:
        setting = self._setting(context)
        if context not in self._dealt:
            self._dealt.add(context)
            many = self._steps >= MANY_STEPS
            setting.menu.deal(self._steps if many else self._steps - context.steps, self.rng)
        return setting

    def _pick_kind(self, kinds: list[str]) -> str:
        """Rare kinds first: a kind of share s that was drawn n times has the weight s / (1 + n)."""
        if len(kinds) == 1:
            return kinds[0]
        weights = [KIND_SHARES.get(kind, 1.0) / (1 + self._drawn[kind]) for kind in kinds]
        return self.rng.choices(kinds, weights)[0]
