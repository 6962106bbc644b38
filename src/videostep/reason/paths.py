"""Reasoning paths: a first pair, expanded to N steps, in a temporal context (STEP section 3.2)."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from random import Random

from videostep.reason.changes import is_change
from videostep.reason.contexts import TimeContext, always, around_happenings, scenes
from videostep.reason.cores import Core
from videostep.reason.describe import Describer
from videostep.reason.drawing import Drawing
from videostep.reason.elsewhere import Elsewhere
from videostep.reason.index import GraphIndex
from videostep.reason.menu import CoreMenu
from videostep.reason.path import Path
from videostep.reason.picking import shuffled
from videostep.reason.place import MANY_STEPS, Place
from videostep.reason.twins import has_rivals, rivals
from videostep.reason.values import confusable

MOST_TWINS = 64
"""So many things are tried for a twin of one question."""
KIND_SHARES = {
    "order": 0.4,
    "same": 0.15,
    "again": 0.4,
    "logic": 0.3,
    "longer": 0.2,
    "overlap": 0.2,
    "colour": 0.6,
    "exists yes": 0.35,
    "exists no": 0.35,
    "exists not": 0.15,
    "count": 0.5,
    "count not": 0.15,
    "besides": 0.6,
    "follow": 0.6,
}
"""How often a kind is wanted against others (1): there are so many pairs and colours that they crowd
out what is rare."""

WHOLE_SHARE = 0.33
"""How often a question about the whole video is tried for; elsewhere more tries fail."""


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
        self._weights: defaultdict[str, float] = defaultdict(lambda: 1.0, KIND_SHARES)
        self._contexts = [always(index), *self._other_contexts()]
        self._steps, self._with_rivals = 1, False
        self._fertile: list[int] = []
        self._dealt: dict[int, _Setting] = {}

    def _other_contexts(self) -> list[TimeContext]:
        """Scenes, and times around something that happens: about two of these for one of those."""
        room, parts = self.config.contexts_per_video, scenes(self.index)
        most_around = room - min(len(parts), room // 3)
        around = list(islice(around_happenings(self.index, self._whole, self.rng), most_around))
        return [*self.rng.sample(parts, min(len(parts), room - len(around))), *around]

    def begin(self, steps: int, *, with_rivals: bool = False) -> None:
        """Questions of so many steps are wanted: every context may give some again.

        Args:
            steps: Fewest steps.
            with_rivals: Whether only that is wanted which might be asked of something else in the same time.
        """
        self._steps, self._with_rivals = steps, with_rivals
        self._dealt.clear()
        self._fertile = list(range(len(self._contexts)))

    def end(self) -> None:
        """Let go of what holds itself, half-dealt decks and views: memory is free without the collector."""
        for setting in self._settings.values():
            setting.menu.deal(0, 0, with_rivals=False)
        self.index.forget_views()

    @property
    def is_exhausted(self) -> bool:
        """Whether everything that may be asked was tried since `begin`."""
        return not self._fertile

    def draw(self, unwanted: Collection[str] = ()) -> Path | None:
        """A path of as many steps as are wanted; None when this attempt found none.

        Questions with `unwanted` answers are passed over.
        """
        number = self._pick_context()
        setting = self._dealt.get(number) or self._deal(number)
        while kinds := _worth_drawing(setting.menu, unwanted):
            kind = self._pick_kind(kinds)
            drawn = setting.menu.draw(kind, unwanted)
            if drawn is not None:
                return self._named(setting, *drawn, setting.menu.hops(kind))
        self._fertile.remove(number)
        return None

    def _named(self, setting: _Setting, core: Core, answer: str, hops: tuple[int, int]) -> Path | None:
        """A path of a core, where it has rivals if those are wanted."""
        place = setting.place
        if self._with_rivals and not (is_change(core) or has_rivals(core, place.here.view)):
            return None
        return Drawing(place, core, answer, self.rng).path(*hops)

    def twins(self, path: Path) -> Iterator[Path]:
        """Paths in the same time that ask the same of another thing and have another answer."""
        place = self._setting(path.context).place
        # What the time phrase is about is not asked of: "while she walks, does she walk?"
        said = path.context.things
        others = [core for core in rivals(path.core, path.view) if said.isdisjoint(core.roots)]
        for core in islice(shuffled(others, self.rng), MOST_TWINS):
            answer = core.answer(path.view)
            if answer is not None and not confusable(answer, path.answer):
                twin = Drawing(place, core, answer, self.rng).twin(path)
                if twin is not None:
                    yield twin

    def keep(self, path: Path) -> None:
        """The path became a sample: draw its like less often."""
        kind = path.core.kind
        self._drawn[kind] += 1
        self._weights[kind] = KIND_SHARES.get(kind, 1.0) / (1 + self._drawn[kind])

    def _pick_context(self) -> int:
        """Some questions are about the whole video (0), the rest about any other context."""
        if self._fertile[0] == 0 and (len(self._fertile) == 1 or self.rng.random() < WHOLE_SHARE):
            return 0
        first = 1 if self._fertile[0] == 0 else 0
        return self._fertile[first + int(self.rng.random() * (len(self._fertile) - first))]

    def _setting(self, context: TimeContext) -> _Setting:
        found = self._settings.get(context)
        if found is None:
            is_whole = context.kind == "none"
            here = self._whole if is_whole else Describer(self.index.view(context.span_s))
            place = Place(context, here, self._whole, self._elsewhere, self.config.min_seen_s)
            menu = CoreMenu(place, self.rng, max_event_s=self.config.max_event_s)
            found = self._settings[context] = _Setting(place, menu)
        return found

    def _deal(self, number: int) -> _Setting:
        context = self._contexts[number]
        setting = self._dealt[number] = self._setting(context)
        most = self.config.max_steps if self._steps >= MANY_STEPS else self._steps
        fewest, most = self._steps - context.steps, most - context.steps
        setting.menu.deal(fewest, most, with_rivals=self._with_rivals)
        return setting

    def _pick_kind(self, kinds: list[str]) -> str:
        """Rare kinds first: a kind of share s that was drawn n times has the weight s / (1 + n)."""
        up_to = list(accumulate(map(self._weights.__getitem__, kinds)))
        return kinds[bisect(up_to, self.rng.random() * up_to[-1], hi=len(kinds) - 1)]


def _worth_drawing(menu: CoreMenu, unwanted: Collection[str]) -> list[str]:
    """The kinds that may still give something, without those that have one, unwanted, answer only."""
    kinds = list(menu.kinds)
    for answer in unwanted:
        if (kind := f"exists {answer}") in kinds:
            kinds.remove(kind)
    return kinds
