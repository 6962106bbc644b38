"""Question structures: what is done with a path's answer. Query it, verify it, choose it.

A "no" is asked only where the graph holds a conflicting fact (docs/program.md), never because
something was not mentioned.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from videostep.reason.cores import (
    AttributeCore,
    EventCore,
    MotionCore,
    ObjectCore,
    OrderCore,
    PredicateCore,
    SameCore,
)
from videostep.reason.paths import Path
from videostep.reason.program import at, call, text
from videostep.sample import AnswerKind, SampleType, Structure

CLOSE_VALUES = (
    frozenset({"black", "dark grey", "dark blue", "grey"}),
    frozenset({"white", "grey", "silver", "beige"}),
    frozenset({"brown", "beige", "orange"}),
    frozenset({"red", "orange", "pink"}),
    frozenset({"purple", "pink", "blue"}),
    frozenset({"blue", "green", "turquoise"}),
    frozenset({"yellow", "orange", "beige"}),
)
"""Values that people confuse: never set against each other."""
COMMON_COLOURS = ("black", "blue", "green", "grey", "red", "white", "yellow")
OPPOSITES = (
    ("left", "right"),
    ("towards", "away from"),
    ("towards the camera", "away"),
    ("enters", "leaves"),
    ("sits down", "stands up"),
    ("behind", "in front of"),
    ("approaching", "moving away from"),
    ("comes closer", "moves away"),
)
EXCLUSIVE_OBJECTS = {
    "riding": ("bicycle", "motorcycle", "horse"),
    "driving": ("car", "bus", "truck"),
    "sitting on": ("bench", "chair", "couch"),
}
"""One cannot do this to two things at once, so another object is a "no"; and what one may do it to."""
CHOICE_ONLY = frozenset({"posture", "state"})
"""Asked as yes/no or as a choice: nobody asks "what is the state of the car?"."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A path with a structure, an answer and its whole program."""

    path: Path
    structure: Structure
    program: str
    answer: str
    answer_kind: AnswerKind
    value: str = ""
    """What a yes/no question suggests."""
    choices: tuple[str, ...] | None = None
    distractor_kinds: tuple[str, ...] | None = None

    @property
    def type(self) -> SampleType:
        """Where it stands in the table of tasks."""
        return SampleType(
            structure=self.structure, semantics=self.path.core.semantics, temporal=self.path.context.kind
        )


def make_question(path: Path, rng: Random, *, want_yes: bool) -> Question | None:
    """Give a path one of the structures that suit it; None when none does."""
    core = path.core
    if isinstance(core, SameCore):
        return _question(path, "compare", core.program(path.refer), path.answer, "binary")
    if isinstance(core, OrderCore):
        return rng.choice((_order_choice, _verify))(path, rng, want_yes)
    if isinstance(core, EventCore):
        return _query(path, rng, want_yes)
    makers = [_verify, _choose] if core.group[1] in CHOICE_ONLY else [_query, _query, _verify, _choose]
    made = (make(path, rng, want_yes) for make in rng.sample(makers, len(makers)))
    return next((question for question in made if question is not None), None)


def other_value(path: Path, rng: Random) -> tuple[str, str] | None:
    """A value that is provably wrong, and its kind; None when the graph proves none wrong."""
    core = path.core
    if isinstance(core, AttributeCore):
        return _other_attribute(path, core.name, rng)
    if isinstance(core, MotionCore | PredicateCore):
        opposite = opposite_of(path.answer)
        return (opposite, "opposite") if opposite else None
    if isinstance(core, ObjectCore) and core.forward:
        others = [label for label in EXCLUSIVE_OBJECTS.get(core.predicate, ()) if label != path.answer]
        return (rng.choice(others), "other thing one may do it to") if others else None
    return None


def opposite_of(predicate: str) -> str | None:
    """The predicate that excludes this one, by its words; None when none is known."""
    words = f" {predicate} "
    for pair in OPPOSITES:
        for here, there in (pair, pair[::-1]):
            if f" {here} " in words:
                return words.replace(f" {here} ", f" {there} ").strip()
    return None


def _other_attribute(path: Path, name: str, rng: Random) -> tuple[str, str] | None:
    pool = [value for value in path.view.index.values[name] if not confusable(value, path.answer)]
    if pool:
        return rng.choice(pool), "same attribute on another thing"
    if name.endswith("colour"):
        pool = [value for value in COMMON_COLOURS if not confusable(value, path.answer)]
        return rng.choice(pool), "frequent answer of that type"
    return None


def confusable(a: str, b: str) -> bool:
    """Whether a viewer could take one value for the other."""
    return a == b or any(a in group and b in group for group in CLOSE_VALUES) or a in b or b in a


def _question(
    path: Path, structure: Structure, body: str, answer: str, kind: AnswerKind, value: str = ""
) -> Question:
    return Question(path, structure, at(path.context.program, body), answer, kind, value)


def _query(path: Path, rng: Random, want_yes: bool) -> Question | None:
    return _question(path, "query", path.core.program(path.refer), path.answer, "open")


def _verify(path: Path, rng: Random, want_yes: bool) -> Question | None:
    if isinstance(path.core, OrderCore):
        value = rng.choice(("before", "after"))
    elif want_yes:
        value = path.answer
    else:
        other = other_value(path, rng)
        if other is None:
            return None
        value = other[0]
    body = call("equal", path.core.program(path.refer), text(value))
    return _question(path, "verify", body, "yes" if value == path.answer else "no", "binary", value)


def _choose(path: Path, rng: Random, want_yes: bool) -> Question | None:
    other = other_value(path, rng)
    if other is None:
        return None
    choices = tuple(rng.sample((path.answer, other[0]), 2))
    body = call("choose", path.core.program(path.refer), *(text(choice) for choice in choices))
    kinds = tuple("answer" if choice == path.answer else other[1] for choice in choices)
    program = at(path.context.program, body)
    return Question(path, "choose", program, path.answer, "choice", choices=choices, distractor_kinds=kinds)


def _order_choice(path: Path, rng: Random, want_yes: bool) -> Question | None:
    kinds = tuple("answer" if choice == path.answer else "other order" for choice in ("before", "after"))
    program = at(path.context.program, path.core.program(path.refer))
    return Question(
        path, "order", program, path.answer, "choice", choices=("before", "after"), distractor_kinds=kinds
    )
