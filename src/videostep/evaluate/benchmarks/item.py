"""One question of a benchmark, whichever benchmark asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from videostep.video import TimeSpan

ItemKind = Literal["open", "binary", "choice", "count", "text"]
"""`choice`: one of `choices` is right. `binary`: yes or no, or one of two things that the question names.
`count`: the answer is a whole number. `text`: a caption or summary that only a judge can mark."""
Judging = Literal["answer", "caption", "sub-scene", "summary"]
"""What a judge is asked about a reply (`metrics/judging_forms.py`): whether it means the `answer`, or what
the benchmark's authors ask about a free text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubQuestion:
    """One step on the way to an answer, asked singly."""

    question: str
    answer: str
    statement: str = ""
    """The step as a true sentence; empty: the benchmark has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question about one video."""

    id: str
    """Unique in the benchmark; the key of its prediction."""
    video: str
    """As the benchmark names it: an id, or a path under the folder of videos (`benchmarks/videos.py` finds
    the file)."""
    question: str
    answer: str
    """The true answer in words; empty only where `is_hidden`. Of a choice, the text of the right option."""
    kind: ItemKind
    type: str = ""
    """The benchmark's own finest category, such as `CW` or `Interaction`."""
    groups: tuple[str, ...] = ()
    """Every group under which it counts, such as `global/obj-rel`; "all" and its steps are left out."""
    span_s: TimeSpan | None = None
    """The part of the video it is about. None: the whole video."""
    choices: tuple[str, ...] | None = None
    """Options in their order, without letters; of `kind` choice only."""
    answer_index: int | None = None
    """Place of the right one among `choices`, from 0; of the first one where it stands there twice."""
    also_right: tuple[str, ...] = ()
    """Other true answers in words."""
    judging: Judging = "answer"
    """`answer` but for questions of `kind` text."""
    rubric: str = ""
    """What a judge goes by besides the answer: the question that a caption must answer, with its options;
    the points that a sub-scene's description must make. Empty where the answer is enough."""
    is_hidden: bool = False
    """The benchmark keeps its answer back: it is asked for a submission and never scored."""
    n_steps: int | None = None
    """Reasoning steps. None: the benchmark does not say."""
    rationale: str = ""
    """The true way to the answer in words; empty: the benchmark has none."""
    sub_questions: tuple[SubQuestion, ...] = ()
    """The true steps; the last one's answer is the answer."""
    direct_form: str | None = None
    """Id of the question that asks the same without indirect references (AGQA)."""
    twin_of: str | None = None
    """Id of the question with the same outermost words, another inner description and another answer."""
    outer_candidates: int | None = None
    """How many things fit the outermost words alone: who guesses is right one time in so many."""


def choice_answer(choices: tuple[str, ...], answer_index: int | None) -> str:
    """The text of the right option; empty when there is none in that place."""
    is_there = answer_index is not None and 0 <= answer_index < len(choices)
    return choices[answer_index] if is_there and answer_index is not None else ""


def complaint_about(item: Item) -> str:
    """Why a question cannot be asked and scored, or ""."""
    if not item.question:
        return "the question is empty"
    if item.choices is not None and len(item.choices) < 2:
        return "it has fewer than two options"
    if item.choices is not None and not all(item.choices):
        return "an option is empty"
    if item.is_hidden:
        return ""
    if item.choices is not None and item.answer_index is None:
        return "its answer is none of its options"
    return "" if item.answer else "the answer is empty"


ALL = "all"
"""The group of every question."""


def steps_group(n_steps: int) -> str:
    """The column of the paper's Table 2: one step, two, or three and more."""
    return f"steps/{n_steps}" if n_steps < 3 else "steps/3+"


def groups_of(item: Item) -> tuple[str, ...]:
    """Every group under which a question counts, with "all" and its number of steps."""
    steps = () if item.n_steps is None else (steps_group(item.n_steps),)
    return (ALL, *steps, *item.groups)
