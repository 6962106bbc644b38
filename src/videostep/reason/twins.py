"""The same question about another thing: the rivals of a question, and its possible twins.

A question of several steps can be guessed without its inner steps when few things fit its outermost hop.
Two questions that differ inside only, and in their answers, punish that: who ignores the inner description
answers both alike and is wrong once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from videostep.reason.again import AgainCore
from videostep.reason.changes import ChangeCore, FollowCore, ShiftCore, SwitchCore, TurnCore
from videostep.reason.cores import AttributeCore, BesidesCore, Core, MotionCore, ObjectCore, PredicateCore
from videostep.reason.index import View
from videostep.reason.pairs import Claim, Happening, HappeningCore, LogicCore, SameCore
from videostep.reason.sets import CountCore, ExistsCore, Group


def has_rivals(core: Core, view: View) -> bool:
    """Whether the same could be asked of another thing of that label, were it not for its description."""
    for rival in rivals(core, view):  # noqa: SIM110 - a generator costs three times as much
        if rival.answer(view) is not None:
            return True
    return False


def rivals(core: Core, view: View) -> Iterator[Core]:
    """The same question, with another thing that is called alike in the place of one of its own.

    What a relation leads to is left out altogether by who ignores descriptions, so it may be any thing.
    """
    match core:
        case AttributeCore(thing, name):
            yield from (AttributeCore(other, name) for other in _called_alike(thing, view))
        case BesidesCore(thing, predicate):
            yield from (BesidesCore(other, predicate) for other in _called_alike(thing, view))
        case MotionCore(thing):
            yield from (MotionCore(other) for other in _called_alike(thing, view))
        case ChangeCore(thing, name):
            yield from (ChangeCore(other, name) for other in _called_alike(thing, view))
        case TurnCore(thing, name, value, side):
            yield from (TurnCore(other, name, value, side) for other in _called_alike(thing, view))
        case FollowCore(thing, predicate, side):
            yield from (FollowCore(other, predicate, side) for other in _called_alike(thing, view))
        case SwitchCore(thing, predicate, given, side):
            yield from (SwitchCore(other, predicate, given, side) for other in _called_alike(thing, view))
        case ShiftCore(thing, predicate, end, side):
            yield from (ShiftCore(other, predicate, end, side) for other in _called_alike(thing, view))
            yield from (ShiftCore(thing, predicate, other, side) for other in _called_alike(end, view))
        case ObjectCore(thing, predicate, forward):
            yield from (ObjectCore(other, predicate, forward) for other in view.visible if other != thing)
        case PredicateCore(one, two):
            yield from (PredicateCore(other, two) for other in _called_alike(one, view))
            yield from (PredicateCore(one, other) for other in _called_alike(two, view))
        case ExistsCore() | CountCore():
            yield from _of_other_groups(core, view)
        case HappeningCore(first, second):
            yield from (type(core)(other, second) for other in _by_others(first, view))
            yield from (type(core)(first, other) for other in _by_others(second, view))
        case SameCore(one, two, name):
            yield from (SameCore(other, two, name) for other in _called_alike(one, view))
            yield from (SameCore(one, other, name) for other in _called_alike(two, view))
        case AgainCore(asked, scenes):
            yield from (
                AgainCore(replace(asked, thing=other), scenes) for other in _called_alike(asked.thing, view)
            )
        case LogicCore(joint, left, right):
            yield from (LogicCore(joint, other, right) for other in _of_others(left, view))
            yield from (LogicCore(joint, left, other) for other in _of_others(right, view))


def _called_alike(thing: int, view: View) -> Iterator[int]:
    return (other for other in view.labelled[view.label(thing)] if other != thing)


def _of_other_groups(core: ExistsCore | CountCore, view: View) -> Iterator[Core]:
    group = core.group_
    ends = view.subjects if group.operator == "subjects" else view.objects
    likely = view.index.ends[group.name][group.operator == "subjects"] if group.neighbour >= 0 else ()
    for thing in view.visible if group.neighbour >= 0 else ():
        if thing == group.neighbour or group.label == view.label(thing):
            continue
        other = Group(group.label, group.operator, group.name, "", thing, group.is_negated)
        if isinstance(core, ExistsCore):
            is_there = bool(other.members(view))
            if is_there or view.label(thing) in likely:  # nobody asks whether a bench holds a baby
                yield ExistsCore(other, is_there)
        elif (group.name, thing) in ends:
            yield CountCore(other)


def _by_others(happening: Happening, view: View) -> Iterator[Happening]:
    others = _called_alike(happening.thing, view)
    return (Happening(thing, happening.predicate, happening.other) for thing in others)


def _of_others(claim: Claim, view: View) -> Iterator[Claim]:
    for core in rivals(claim.core, view):
        assert isinstance(core, AttributeCore | MotionCore)
        yield Claim(core, claim.value)
