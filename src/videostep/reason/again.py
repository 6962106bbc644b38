"""First pairs about one thing in two scenes: is it as it was, does it do the same?

Reference edges say that what is seen in two scenes is one thing (STEP section 3.1, cross-clip bridging).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from videostep.reason.cores import AttributeCore, MotionCore, Refer
from videostep.reason.index import Fact, View
from videostep.reason.pairs import PairCore
from videostep.reason.program import at, call
from videostep.reason.values import confusable, is_trait, opposite_of
from videostep.sample import Semantics, Temporal


@dataclass(slots=True)
class AgainCore(PairCore):
    """Is X in the same posture in the first scene as in the second?"""

    is_bool: ClassVar[bool] = True
    kind: ClassVar[str] = "again"
    temporal: ClassVar[Temporal | None] = "scene"
    asked: AttributeCore | MotionCore
    scenes: tuple[int, int]
    """Their numbers from 1, the earlier one first."""

    @property
    def semantics(self) -> Semantics:
        return self.asked.semantics

    @property
    def roots(self) -> tuple[int, ...]:
        return self.asked.roots

    @property
    def thing(self) -> int:
        """What it is about."""
        return self.asked.thing

    def values(self, view: View) -> tuple[str | None, str | None]:
        """What is found in each of the two scenes."""
        one, other = (self.asked.answer(self.scene_view(number, view)) for number in (0, 1))
        return one, other

    def answer(self, view: View) -> str | None:
        one, other = self.values(view)
        if one is None or other is None:
            return None
        if one == other:
            return "yes"
        return None if confusable(one, other) or not self._are_apart(one, other, view) else "no"

    def _are_apart(self, one: str, other: str, view: View) -> bool:
        """Whether who does one thing surely does not do the other: it was looked for, or excludes it."""
        if isinstance(self.asked, AttributeCore) or opposite_of(one) == other:
            return True
        return {one, other} <= view.covered_motions

    def program(self, refer: Refer) -> str:
        return call("same", *(at(call("scene", k), self.asked.program(refer)) for k in self.scenes))

    def side(self, number: int, view: View) -> tuple[Fact, ...]:
        """What is seen in the first (0) or second (1) of the scenes."""
        return self.asked.facts(self.scene_view(number, view))

    def scene_view(self, number: int, view: View) -> View:
        """The first (0) or second (1) of the scenes."""
        return view.index.view(view.index.graph.clips[self.scenes[number] - 1].span_s)


def again_cores(view: View) -> Iterator[AgainCore]:
    """Every question about a thing in a scene and in the next one in which it is seen; of what may change."""
    clips = view.index.graph.clips
    for thing in view.index.things:
        if len(thing.clips) < 2:
            continue
        seen = [number for number, clip in enumerate(clips, start=1) if clip.id in thing.clips]
        changing = [name for name in view.attributes.get(thing.key, ()) if not is_trait(name)]
        for scenes in pairwise(seen):
            yield from (AgainCore(AttributeCore(thing.key, name), scenes) for name in changing)
            yield AgainCore(MotionCore(thing.key), scenes)
