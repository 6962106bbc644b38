"""Twins: questions that ask the same of different things (docs/program.md, "Twins").

Who answers one of them from its outermost words alone answers the other one alike, and wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from videostep.errors import ProgramSyntaxError
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.language import RANKS, Call, Type
from videostep.reason.verify.words import may_mean_the_same
from videostep.sample import Sample

_ASK_FOR_SETS = frozenset({"name", "exists", "count"})
"""Of these the outermost filter is the outermost hop."""


def check_twins(executor: Executor, samples: Iterable[Sample]) -> Iterator[tuple[Sample, str]]:
    """Each sample that names a twin which it does not have, with the reason.

    Args:
        executor: Of the graph that the samples are about.
        samples: All samples of one video.
    """
    everyone = list(samples)
    by_id = {sample.id: sample for sample in everyone}
    for sample in everyone:
        if sample.twin_of is not None:
            other = by_id.get(sample.twin_of)
            fault = "its twin is not there" if other is None else twin_fault(executor, sample, other)
            if fault:
                yield sample, fault


def twin_fault(executor: Executor, sample: Sample, other: Sample) -> str | None:
    """Why two samples, each right by itself, are not each other's twins; None when they are."""
    if (sample.twin_of, other.twin_of) != (other.id, sample.id):
        return "the two do not name each other as twins"
    if sample.video.id != other.video.id:
        return "its twin is about another video"
    if min(sample.n_steps, other.n_steps) < 2:
        return "it or its twin has one step only: there is nothing that a guesser could leave out"
    if sample.program == other.program:
        return "its twin asks the same"
    if may_mean_the_same(sample.answer, other.answer):
        return f"its answer {sample.answer!r} and its twin's, {other.answer!r}, may mean the same"
    try:
        asked, asked_too = (_outermost(executor.parse(twin.program)) for twin in (sample, other))
    except ProgramSyntaxError as error:
        return f"its program or its twin's is none: {error}"
    return None if asked == asked_too else f"it asks {asked}, but its twin {asked_too}"


def _outermost(call: Call) -> str:
    """A question without its inner descriptions, as text: what two twins have in common."""
    if call.name in _ASK_FOR_SETS:
        return f"{call.name}({_described(call.parts[0], keep_filter=True)})"
    if call.type is Type.THING:
        return _described(call, keep_filter=False)
    if call.name == "at":
        return f"at({call.parts[0].text}, {_outermost(call.parts[1])})"
    return _joined(call, [_outermost(arg) if isinstance(arg, Call) else repr(arg) for arg in call.args])


def _described(call: Call, *, keep_filter: bool) -> str:
    """A description by its labels and times, and its outermost filter where that is kept."""
    if call.name == "things":
        return "things()"
    if call.name == "at":
        return f"at({call.parts[0].text}, {_described(call.parts[1], keep_filter=keep_filter)})"
    if call.name == "except":
        rest = _described(call.parts[1], keep_filter=keep_filter)
        inner = _described(call.parts[0], keep_filter=False)
        return _joined(call, [inner, rest]) if keep_filter else inner
    is_filter = call.name not in ("called", "unique") and not (call.name in RANKS and not keep_filter)
    inner = _described(call.parts[0], keep_filter=keep_filter and not is_filter)
    if call.name == "called" or (is_filter and keep_filter):
        return _joined(call, [inner, *("..." if _is_inner(arg) else repr(arg) for arg in call.args[1:])])
    return inner


def _is_inner(arg: Call | str | int) -> bool:
    """Whether an argument of a filter belongs to the inner expression: a description, or which of several."""
    return not isinstance(arg, str)


def _joined(call: Call, args: list[str]) -> str:
    return f"{call.name}({', '.join(args)})"
