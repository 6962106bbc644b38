"""The same question about another thing: the rivals of a question, and its possible twins.

A question of several steps can be guessed without its inner steps when few things fit its outermost hop.
Two questions that differ inside only, and in their answers, punish that: who ignores the inner description
answers both alike and is wrong once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from videostep.reason.cores import AttributeCore, Core, MotionCore, ObjectCore, PredicateCore
from videostep.reason.index import View
from videostep.reason.pairs import Claim, Happening, HappeningCore, LogicCore, SameCore
from videostep.reason.sets import CountCore, ExistsCore


def rivals(core: Core, view: View) -> Iterator[Core]:
    """The same question, with another thing that is called alike in the place of one of its own.

    What a relation leads to is left out altogether by who ignores descriptions, so it may be any thing.
    """
    if isinstance(core, AttributeCore | MotionCore):
        yield from (replace(core, thing=thing) for thing in _called_alike(core.thing, view))
    elif isinstance(core, ObjectCore):
        yield from (replace(core, thing=thing) for thing in view.visible if thing != core.thing)
    elif isinstance(core, PredicateCore):
        yield from (replace(core, subject=thing) for thing in _called_alike(core.subject, view))
        yield from (replace(core, object=thing) for thing in _called_alike(core.object, view))
    elif isinstance(core, ExistsCore | CountCore):
        yield from _of_other_groups(core, view)
    elif isinstance(core, HappeningCore):
        yield from (replace(core, first=other) for other in _by_others(core.first, view))
        yield from (replace(core, second=other) for other in _by_others(core.second, view))
    elif isinstance(core, SameCore):
        yield from (replace(core, first=thing) for thing in _called_alike(core.first, view))
        yield from (replace(core, second=thing) for thing in _called_alike(core.second, view))
    elif isinstance(core, LogicCore):
        yield from (replace(core, first=other) for other in _of_others(core.first, view))
        yield from (replace(core, second=other) for other in _of_others(core.second, view))


def _called_alike(thing: int, view: View) -> Iterable[int]:
    return (other for other in view.labelled[view.label(thing)] if other != thing)


def _of_other_groups(core: ExistsCore | CountCore, view: View) -> Iterator[Core]:
    group = core.group_
    for thing in view.visible if group.neighbour >= 0 else ():
        other = replace(group, neighbour=thing)
        if thing != group.neighbour and other.label != view.label(thing):
            if isinstance(core, CountCore):
                yield CountCore(other)
            else:
                yield ExistsCore(other, bool(other.members(view)))


def _by_others(happening: Happening, view: View) -> Iterator[Happening]:
    return (replace(happening, thing=thing) for thing in _called_alike(happening.thing, view))


def _of_others(claim: Claim, view: View) -> Iterator[Claim]:
    cores = (replace(claim.core, thing=thing) for thing in _called_alike(claim.core.thing, view))
    return (Claim(core, claim.value) for core in cores)
