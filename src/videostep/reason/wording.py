"""How attributes, relations and descriptions read in English.

One table per kind of attribute; an attribute name that is not in the table (any parser may bring new
ones) gets the general pattern.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from videostep.reason.describe import Description
from videostep.reason.hops import PERSONS, Hop
from videostep.reason.words import base_form, is_verbal, ordinal, participle, past_participle, with_article

PLURALS = {"trouser": "trousers", "trousers": "trousers", "shoe": "shoes", "shorts": "shorts"}
WORN = frozenset(
    {"top", "shirt", "jacket", "coat", "dress", "hat", "helmet", "sweater", "skirt", *PLURALS.values()}
)


INVERSES = {
    "next to": "next to",
    "beside": "beside",
    "near": "near",
    "behind": "in front of",
    "in front of": "behind",
    "above": "below",
    "below": "above",
    "to the left of": "to the right of",
    "to the right of": "to the left of",
}


@dataclass(frozen=True, slots=True)
class AttributeWords:
    """The forms of one attribute value; `{x}` is the thing."""

    noun: str
    """Description: `{label}` is the label. `the {label} in the red top`."""
    some: str
    """Any such thing, without its article: `{label} in a red top`."""
    clause: str
    """After a subject: `wears a red top`."""
    questions: tuple[str, ...]
    """Three phrasings of `What colour is the top of {x}?`"""
    verify: str
    """`Is the top of {x} red?`"""
    statement: str
    """`The top of {x} is red`."""


@functools.lru_cache(maxsize=4096)
def attribute_words(name: str, value: str) -> AttributeWords:
    """The words for one attribute and value."""
    if name == "colour":
        return AttributeWords(
            f"the {value} {{label}}",
            f"{value} {{label}}",
            f"is {value}",
            ("What colour is {x}?", "What is the colour of {x}?", "Which colour is {x}?"),
            f"Is {{x}} {value}?",
            f"{{x}} is {value}",
        )
    if name.endswith(" colour"):
        return _part_colour(name.removesuffix(" colour"), value)
    if name == "position":
        return _position(value)
    if name in ("posture", "state"):
        return _plain_adjective(name, value)
    return AttributeWords(
        f"the {{label}} whose {name} is {value}",
        f"{{label}} whose {name} is {value}",
        f"has {value} as its {name}",
        _plain_questions(name),
        f"Is the {name} of {{x}} {value}?",
        f"the {name} of {{x}} is {value}",
    )


def _part_colour(part: str, value: str) -> AttributeWords:
    plural = PLURALS.get(part)
    part, be = plural or part, "are" if plural else "is"
    coloured = f"{value} {part}" if plural else with_article(f"{value} {part}")
    joint = "in" if part in WORN else "with"
    return AttributeWords(
        f"the {{label}} {joint} {'' if plural else 'the '}{value} {part}",
        f"{{label}} {joint} {coloured}",
        f"{'wears' if part in WORN else 'has'} {coloured}",
        _colour_questions(part, be),
        f"{be.capitalize()} the {part} of {{x}} {value}?",
        f"the {part} of {{x}} {be} {value}",
    )


def _colour_questions(part: str, be: str) -> tuple[str, ...]:
    have = "wear" if part in WORN else "have"
    return (
        f"What colour {be} the {part} of {{x}}?",
        f"What is the colour of the {part} of {{x}}?",
        f"What colour {part} does {{x}} {have}?",
    )


def _plain_questions(name: str) -> tuple[str, ...]:
    return (
        f"What is the {name} of {{x}}?",
        f"Which {name} does {{x}} have?",
        f"What {name} does {{x}} have?",
    )


def _position(value: str) -> AttributeWords:
    place = {"left": "on the left side of", "right": "on the right side of", "middle": "in the middle of"}
    where = f"{place.get(value, f'at the {value} of')} the picture"
    return AttributeWords(
        f"the {{label}} {where}",
        f"{{label}} {where}",
        f"is {where}",
        (
            "In which part of the picture is {x}?",
            "Where in the picture is {x}?",
            "Which part of the picture is {x} in?",
        ),
        f"Is {{x}} {where}?",
        f"{{x}} is {where}",
    )


def _plain_adjective(name: str, value: str) -> AttributeWords:
    words = "standing still" if value == "still" else value
    noun = "{label} standing still" if value == "still" else f"{value} {{label}}"
    clause = f"is {words}"
    questions = _plain_questions(name)
    return AttributeWords(f"the {noun}", noun, clause, questions, f"Is {{x}} {words}?", f"{{x}} {clause}")


def noun_phrase(named: Description) -> str:
    """A description in a question: `the person riding the white bicycle`."""
    hop = named.hop
    if hop is None:
        return f"the {named.label}"
    words = _hop_phrase(hop, named.inner, named.label if hop.labelled else "thing")
    return f"{words} in the {ordinal(named.scene)} scene" if named.scene else words


def _hop_phrase(hop: Hop, inner: Description | None, label: str) -> str:
    who = "who" if label in PERSONS else "that"
    match hop.operator:
        case "with":
            return attribute_words(hop.name, hop.value).noun.format(label=label)
        case "does":
            return f"the {label} {who} {hop.name}"
        case "nth":
            return f"the {'first' if hop.rank == 1 else 'last'} {label} to {base_form(hop.name)}"
        case "longest" | "shortest":
            return f"the {label} {who} {hop.name} for the {hop.operator} time"
    other = noun_phrase(inner) if inner else with_article(hop.kind)
    if hop.operator == "subjects":
        return f"the {label} {participle(hop.name)} {other}"
    inverse = inverse_of(hop.name)
    return (
        f"the {label} {inverse} {other}" if inverse else f"the {label} that {other} is {participle(hop.name)}"
    )


def inverse_of(predicate: str) -> str | None:
    """The relation from its other end: `ridden by`, `in front of`; None where English has no short one."""
    words = participle(predicate)
    if words in INVERSES:
        return INVERSES[words]
    return f"{past_participle(words)} by" if is_verbal(words) and " " not in words else None
