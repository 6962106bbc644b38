"""Things as they are described in other scenes: "the person who was next to the bus in the first scene".

Reference edges say that what is seen in two scenes is one thing (STEP section 3.1, cross-clip bridging).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from videostep.reason.describe import Describer, Description
from videostep.reason.index import GraphIndex


class Elsewhere:
    """The descriptions that the scenes of one graph give; each scene is described when first asked for."""

    def __init__(self, index: GraphIndex) -> None:
        self._index = index
        self._describers: dict[int, Describer] = {}
        self._taken: dict[Description, Description] = {}

    def descriptions(self, thing: int, steps: int, here: Describer) -> Iterator[Description]:
        """Ways to name a thing by what it is or does in another scene than `here`, and not here."""
        clips = self._index.things[thing].clips
        if len(clips) < 2 or not steps or here.view.bare_is_unique(thing):
            return
        for number, clip in enumerate(self._index.graph.clips, start=1):
            if clip.id in clips and clip.span_s.overlap(here.view.span_s) is None:
                for way in self._describer(number).descriptions(thing, steps):
                    if _is_plain(way) and not here.fits(way):
                        yield self._in_scene(way, number)

    def fits(self, way: Description, numbers: Iterable[int]) -> bool:
        """Whether a description of the whole video fits the same thing alone in each of some scenes."""
        return all(self._describer(number).fits(way) for number in numbers)

    def _describer(self, number: int) -> Describer:
        found = self._describers.get(number)
        if found is None:
            span_s = self._index.graph.clips[number - 1].span_s
            found = self._describers[number] = Describer(self._index.view(span_s))
        return found

    def _in_scene(self, way: Description, number: int) -> Description:
        found = self._taken.get(way)
        if found is None:
            found = self._taken[way] = way.taken_from(number)
        return found


def _is_plain(way: Description) -> bool:
    """Whether "in the first scene" behind it can only belong to all of it.

    "The person on the bench next to the bicycle that is not red in the first scene" leaves that open.
    """
    inner = way.inner.hop if way.inner else None
    is_negated = (way.hop and way.hop.is_negated) or (inner and inner.is_negated)
    return way.nesting <= 1 and not is_negated
