"""Cannot see, or cannot compose? The true steps of a question, asked singly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from videostep.evaluate.benchmarks.item import Item, ItemKind, SubQuestion, groups_of

_MARK: Final = "#step-"
_TRUTHS: Final = frozenset({"yes", "no"})
OUTCOMES: Final = ("right, all seen", "right, not all seen", "wrong, all seen", "wrong, not all seen")
"""In this order: sound; luck or a shortcut; cannot compose; cannot see."""


class Step(NamedTuple):
    """A sub-question as a question of its own."""

    item: Item
    known: tuple[str, ...]
    """The true statements of the steps before it: "that person" is one of theirs."""


def steps_of(item: Item) -> Iterator[Step]:
    """The true steps of a question of two steps or more; of others nothing."""
    if len(item.sub_questions) < 2:
        return
    told: list[str] = []
    for number, step in enumerate(item.sub_questions, start=1):
        yield Step(_alone(item, number, step), tuple(told))
        told += [step.statement] if step.statement else []


def _alone(item: Item, number: int, step: SubQuestion) -> Item:
    is_last = number == len(item.sub_questions)
    return replace(
        item,
        id=f"{item.id}{_MARK}{number}",
        question=step.question,
        answer=step.answer,
        # The last step asks for the answer itself, so it leaves the same options.
        kind=item.kind if is_last else _kind_of(step),
        choices=item.choices if is_last else None,
        answer_index=item.answer_index if is_last else None,
        also_right=item.also_right if is_last else (),
        rationale="",
        sub_questions=(),
        twin_of=None,
        outer_candidates=None,
    )


def _kind_of(step: SubQuestion) -> ItemKind:
    return "binary" if step.answer.casefold() in _TRUTHS else "open"


def question_of(step_id: str) -> str:
    """The id of the question that a step belongs to."""
    return step_id.rpartition(_MARK)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """How many questions of a group came out how."""

    group: str
    outcomes: dict[str, int]
    """By `OUTCOMES`."""


class Seen(NamedTuple):
    """A question with steps: was it answered right, and were all its steps?"""

    item: Item
    right: bool
    all_seen: bool


def diagnose(answered: Iterable[tuple[Item, bool]], steps: Mapping[str, list[bool]]) -> Iterator[Seen]:
    """Join questions with the marks of their steps; those whose steps were not all asked are left out.

    Args:
        answered: Questions, and whether they were answered right.
        steps: Question id to the marks of its steps, in any order.
    """
    for item, right in answered:
        marks = steps.get(item.id, [])
        if marks and len(marks) == len(item.sub_questions):
            yield Seen(item, right, all(marks))


def count_outcomes(seen: Iterable[Seen]) -> tuple[Diagnosis, ...]:
    """Counts by group, `all` first."""
    counts: dict[str, dict[str, int]] = {}
    for one in seen:
        outcome = f"{'right' if one.right else 'wrong'}, {'all seen' if one.all_seen else 'not all seen'}"
        for group in groups_of(one.item):
            counts.setdefault(group, dict.fromkeys(OUTCOMES, 0))[outcome] += 1
    order = sorted(counts, key=lambda group: (group != "all", group))
    return tuple(Diagnosis(group=group, outcomes=counts[group]) for group in order)
