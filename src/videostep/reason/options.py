"""Multiple choice: options that are provably wrong, each of a known kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from videostep.reason.changes import FollowCore, SwitchCore, TurnCore
from videostep.reason.cores import AttributeCore, BesidesCore, MotionCore, ObjectCore, PredicateCore
from videostep.reason.index import View
from videostep.reason.path import Path
from videostep.reason.relation_words import manner
from videostep.reason.sets import CountCore
from videostep.reason.values import COMMON_COLOURS, EXCLUSIVE_OBJECTS, confusable
from videostep.reason.words import is_verbal, number_word


@dataclass(frozen=True, slots=True)
class Options:
    """What a question lets one choose from."""

    choices: tuple[str, ...]
    kinds: tuple[str, ...]
    """`answer` for the right one, else why the option is there."""


def options_of(path: Path, number: int, rng: Random) -> Options | None:
    """So many options, the answer among them; None where not so many are provably wrong."""
    chosen = {path.answer: "answer"}
    for kind, values in _sources(path):
        pool = [value for value in values if not any(confusable(value, other) for other in chosen)]
        rng.shuffle(pool)
        # Of each kind at most two: four colours of other things would leave no room for other reasons.
        for value in pool[: min(2, number - len(chosen))]:
            chosen.setdefault(value, kind)
    if len(chosen) < number:
        return None
    choices = tuple(rng.sample(list(chosen), len(chosen)))
    return Options(choices, tuple(chosen[choice] for choice in choices))


def _sources(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Kinds of wrong options with their values, the most tempting first."""
    core, view = path.core, path.view
    index = view.index
    if isinstance(core, AttributeCore):
        whole = index.view(index.whole_s)
        yield "conflicting fact of another time", list(whole.values(core.thing, core.name))
        yield "same attribute on another thing", list(index.values[core.name])
        if core.name.endswith("colour"):
            yield "frequent answer of that type", list(COMMON_COLOURS)
    elif isinstance(core, TurnCore):
        others = [value for value in index.values[core.name] if value != core.value]
        yield "same attribute on another thing", others
    elif isinstance(core, SwitchCore):
        ends = index.ends[core.predicate][1]
        yield "thing that others do so with", [label for label in ends if label != view.label(core.other)]
    elif isinstance(core, BesidesCore | FollowCore):
        covered = view.covered_motions - {core.predicate}
        yield "done by another thing", sorted(covered & index.doers.keys())
        yield "frequent answer of that type", sorted(covered)
    elif isinstance(core, MotionCore):
        whole = index.view(index.whole_s)
        own = [name for name in whole.motions.get(core.thing, ()) if name in view.covered_motions]
        yield "conflicting fact of another time", own
        yield "done by another thing", sorted(view.covered_motions & index.doers.keys())
        yield "frequent answer of that type", sorted(view.covered_motions)
    elif isinstance(core, PredicateCore):
        alike = {name for name in view.covered_relations if _is_said_as(name, path.answer)}
        yield "relation of other things", sorted({name for name, _ in view.subjects} & alike)
        yield "frequent answer of that type", sorted(alike)
    elif isinstance(core, ObjectCore) and is_verbal(core.predicate):
        # One may ride few things; any other would be no temptation.
        ends = index.ends[core.predicate][1 if core.forward else 0]
        yield "thing that others do so with", list(ends)
        yield "other thing one may do it to", list(EXCLUSIVE_OBJECTS.get(core.predicate, ()))
    elif isinstance(core, ObjectCore):
        related = _related(core.thing, index.view(index.whole_s))
        yield "other thing in the picture", [label for label in view.labelled if label not in related]
        yield "thing of another time", [label for label in index.labels if label not in related]
        yield "frequent answer of that type", sorted({*index.graph.coverage.labels} - related)
    elif isinstance(core, CountCore):
        right = len(core.group_.members(view))
        yield "near number", [number_word(near) for near in (right - 1, right + 1, right + 2) if near > 0]
        yield "near number", [number_word(near) for near in (right + 3, right + 4)]


def _related(thing: int, view: View) -> set[str]:
    """What a thing has to do with at any time: who holds a baby is next to it, too, as a viewer sees it."""
    return {view.label(end) for fact in view.relations.get(thing, ()) for end in (fact.thing, fact.other)}


def _is_said_as(predicate: str, answer: str) -> bool:
    """Whether a relation may stand beside another one as an option: no fridge is lying on a person."""
    return (manner(predicate), is_verbal(predicate)) == (manner(answer), is_verbal(answer))
