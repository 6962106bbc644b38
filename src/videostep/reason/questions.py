"""Question structures: what is done with a path's answer. Query it, verify it, choose it.

A "no" is asked only where the graph holds a conflicting fact (docs/program.md), never because
something was not mentioned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from videostep.reason.changes import ChangeCore, FollowCore, ShiftCore, SwitchCore, TurnCore, from_to
from videostep.reason.cores import (
    AttributeCore,
    BesidesCore,
    EventCore,
    MotionCore,
    ObjectCore,
    PredicateCore,
)
from videostep.reason.options import Options, options_of
from videostep.reason.pairs import LogicCore, OrderCore, PairCore
from videostep.reason.path import Path
from videostep.reason.program import at, call, text
from videostep.reason.sets import CountCore, ExistsCore
from videostep.reason.star import star_of
from videostep.reason.values import COMMON_COLOURS, EXCLUSIVE_OBJECTS, confusable, opposite_of
from videostep.sample import AnswerKind, SampleType, Semantics, Star, Structure, Temporal

CHOICE_ONLY = frozenset({"posture", "state"})
"""Asked as yes/no or as a choice: nobody asks "what is the state of the car?"."""
VARIANTS = 72
"""Wordings are numbered up to this: twelve of what is asked, each with six of when."""


@dataclass(slots=True, eq=False)
class Question:
    """A path with a structure, an answer and its whole program; never changed, as `Description`."""

    path: Path
    structure: Structure
    program: str
    answer: str
    answer_kind: AnswerKind
    variant: int
    """Which of several wordings it gets."""
    value: str = ""
    """What a yes/no question suggests."""
    choices: tuple[str, ...] | None = None
    distractor_kinds: tuple[str, ...] | None = None

    def type(self, cut_s: float | None) -> SampleType:
        """Where it stands in the table of tasks, given where the video may stop, seconds."""
        path = self.path
        when = path.core.temporal or path.context.kind
        return _type(self.structure, path.core.semantics, when, star_of(path, cut_s))


@lru_cache(maxsize=1024)
def _type(structure: Structure, semantics: Semantics, temporal: Temporal, star: Star | None) -> SampleType:
    """One of the few hundred types; samples share them."""
    return SampleType(structure=structure, semantics=semantics, temporal=temporal, star=star)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the samples so far lack."""

    yes: bool
    """A yes/no question should be answered by yes."""
    options: int
    """So many choices for an open question; 0: none."""


Maker = Callable[[Path, Random, Wanted], Question | None]


def make_question(path: Path, rng: Random, wanted: Wanted) -> Question | None:
    """Give a path one of the structures that suit it; None when none does."""
    makers = _makers(path)
    made = (make(path, rng, wanted) for make in rng.sample(makers, len(makers)))
    return next((question for question in made if question is not None), None)


def _makers(path: Path) -> list[Maker]:
    core = path.core
    if isinstance(core, OrderCore):
        return [_order_choice, _verify]
    if isinstance(core, PairCore | ExistsCore):
        return [_plain_yes_no]
    if isinstance(core, BesidesCore | EventCore | CountCore | FollowCore | SwitchCore):
        return [_query]
    if isinstance(core, ChangeCore):
        return [_query, _verify, _choose]
    if isinstance(core, ObjectCore | TurnCore | ShiftCore):
        return [_query, _query, _verify, _choose]
    if isinstance(core, AttributeCore) and core.name in CHOICE_ONLY:
        return [_verify, _verify, _deny, _choose, _choose]
    return [*[_query, _verify, _choose] * 2, _query, _query, _deny]


def alike(question: Question, path: Path) -> Question | None:
    """The same question of another path, with the same suggestion and choices; None without an answer."""
    core, answer, variant = path.core.program(path.refer), path.answer, question.variant
    structure, kind, options = question.structure, question.answer_kind, None
    if question.choices:
        if answer not in question.choices:
            return None
        kinds = tuple("answer" if choice == answer else "twin's answer" for choice in question.choices)
        options = Options(question.choices, kinds)
    if structure in ("verify", "logic") and question.value:
        return _suggested(path, structure, question.value, variant)
    if structure == "choose" and question.choices:
        core = call("choose", core, *map(text, question.choices))
    return _made(path, structure, core, answer, kind, variant, options=options)


def other_value(path: Path, rng: Random) -> tuple[str, str] | None:
    """A value that is provably wrong, and its kind; None when the graph proves none wrong."""
    core = path.core
    if isinstance(core, AttributeCore):
        return _other_attribute(path, core.name, rng)
    if isinstance(core, TurnCore):
        return _other_attribute(path, core.name, rng, core.value)
    if isinstance(core, ChangeCore):
        before, after = (run.value for run in core.chosen(path.view) or ())
        return from_to(after, before), "the other way round"
    if isinstance(core, MotionCore | PredicateCore | ShiftCore):
        opposite = opposite_of(path.answer)
        is_given = isinstance(core, ShiftCore) and opposite == core.predicate
        return (opposite, "opposite") if opposite and not is_given else None
    if isinstance(core, ObjectCore) and core.forward:
        others = [label for label in EXCLUSIVE_OBJECTS.get(core.predicate, ()) if label != path.answer]
        return (rng.choice(others), "other thing one may do it to") if others else None
    return None


def _other_attribute(path: Path, name: str, rng: Random, given: str = "") -> tuple[str, str] | None:
    """A value that something else has, but the one that the question gives.

    Best one of a thing that is called alike: of that thing it is right, and makes a twin.
    """
    view, (thing, *_) = path.view, path.core.roots
    wrong = (value for value in view.index.values[name] if not confusable(value, path.answer))
    pool = [value for value in wrong if value != given]
    alike = {value for other in view.labelled[view.label(thing)] for value in view.values(other, name)}
    if pool:
        return rng.choice([v for v in pool if v in alike] or pool), "same attribute on another thing"
    if name.endswith("colour"):
        pool = [each for each in COMMON_COLOURS if not confusable(each, path.answer) and each != given]
        return rng.choice(pool), "frequent answer of that type"
    return None


def _made(
    path: Path,
    structure: Structure,
    body: str,
    answer: str,
    kind: AnswerKind,
    variant: int,
    value: str = "",
    options: Options | None = None,
) -> Question:
    choices, kinds = (options.choices, options.kinds) if options else (None, None)
    program = at(path.context.program, body)
    return Question(path, structure, program, answer, kind, variant, value, choices, kinds)


def _query(path: Path, rng: Random, wanted: Wanted) -> Question | None:
    structure: Structure = "count" if isinstance(path.core, CountCore) else "query"
    options = options_of(path, wanted.options, rng) if wanted.options else None
    kind: AnswerKind = "choice" if options else "open"
    body, variant = path.core.program(path.refer), rng.randrange(VARIANTS)
    return _made(path, structure, body, path.answer, kind, variant, options=options)


def _plain_yes_no(path: Path, rng: Random, wanted: Wanted) -> Question | None:
    """What is a yes/no question by itself."""
    structure: Structure = "verify" if isinstance(path.core, ExistsCore) else "compare"
    if isinstance(path.core, LogicCore):
        structure = "logic"
    body = path.core.program(path.refer)
    return _made(path, structure, body, path.answer, "binary", rng.randrange(VARIANTS))


def _verify(path: Path, rng: Random, wanted: Wanted) -> Question | None:
    if isinstance(path.core, OrderCore):
        value = rng.choice(("before", "after"))
    elif wanted.yes:
        value = path.answer
    else:
        other = other_value(path, rng)
        if other is None:
            return None
        value = other[0]
    return _suggested(path, "verify", value, rng.randrange(VARIANTS))


def _deny(path: Path, rng: Random, wanted: Wanted) -> Question | None:
    """Is it not so? A "yes" takes a value that the graph proves wrong, as a "no" elsewhere.

    A coin decides: denials are too few for what is wanted of all questions to make theirs even.
    """
    other = other_value(path, rng) if rng.random() < 0.5 else (path.answer, "")
    return _suggested(path, "logic", other[0], rng.randrange(VARIANTS)) if other else None


def _suggested(path: Path, structure: Structure, value: str, variant: int) -> Question:
    """Whether the answer is `value`; as logic, whether it is not."""
    body, so = call("equal", path.core.program(path.refer), text(value)), value == path.answer
    if structure == "logic":
        body, so = call("not", body), not so
    return _made(path, structure, body, "yes" if so else "no", "binary", variant, value)


def _choose(path: Path, rng: Random, wanted: Wanted) -> Question | None:
    other = other_value(path, rng)
    if other is None:
        return None
    choices = tuple(rng.sample((path.answer, other[0]), 2))
    body = call("choose", path.core.program(path.refer), *(text(choice) for choice in choices))
    kinds = tuple("answer" if choice == path.answer else other[1] for choice in choices)
    options = Options(choices, kinds)
    return _made(path, "choose", body, path.answer, "choice", rng.randrange(VARIANTS), options=options)


def _order_choice(path: Path, rng: Random, wanted: Wanted) -> Question | None:
    choices = ("before", "after")
    kinds = tuple("answer" if choice == path.answer else "other order" for choice in choices)
    body, variant = path.core.program(path.refer), rng.randrange(VARIANTS)
    return _made(path, "order", body, path.answer, "choice", variant, options=Options(choices, kinds))
