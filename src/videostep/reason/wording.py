"""How attributes, relations and descriptions read in English.

One pattern per kind of attribute; an attribute name that none is known for (any parser may bring new
ones) gets the general pattern.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

import lemminflect

from videostep.reason.describe import Description
from videostep.reason.hops import Hop
from videostep.reason.nouns import (
    NounPhrase,
    another,
    any_of,
    definite,
    is_mass,
    is_plural,
    relative,
    some,
    unnamed,
)
from videostep.reason.relation_words import inverse_of, is_place, related
from videostep.reason.values import SAID
from videostep.reason.words import (
    base_form,
    denied,
    is_verbal,
    ordinal,
    participle,
    plural_verb,
)

PLURALS = {"trouser": "trousers", "trousers": "trousers", "shoe": "shoes", "shorts": "shorts"}
WORN = frozenset(
    {"top", "shirt", "jacket", "coat", "dress", "hat", "helmet", "sweater", "skirt", *PLURALS.values()}
)
MADE_OF = {"wood": "wooden", "wool": "woollen"}
"""Materials whose adjective is another word; others are their own: `the metal bench`."""
_ADJECTIVAL = frozenset({
    "age", "condition", "expression", "fill", "mood", "pattern", "posture", "shape", "state", "surface",
    "temperature", "texture",
})  # fmt: skip
"""What a value says of the thing itself where it is an adjective: `the striped towel`, `the round table`."""
STATES = frozenset({"posture", "state", "condition"})
"""What one is in."""

_BE = re.compile(r"(\{x\} (?:is|are))\b")

_HOW_LONG = {"longest": "longest", "shortest": "most briefly"}


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
def attribute_words(name: str, value: str, *, plural: bool = False) -> AttributeWords:
    """The words for one attribute and value; `plural`: of a thing whose label is a plural."""
    words = _attribute_words(name, value)
    return _of_several(words) if plural else words


def _attribute_words(name: str, value: str) -> AttributeWords:
    if name == "colour":
        asked = ("What colour is {x}?", "What is the colour of {x}?", "Which colour is {x}?")
        return _adjective(value, asked)
    if name.endswith(" colour"):
        return _part_colour(name.removesuffix(" colour"), value)
    if name == "position":
        return _position(value)
    if name == "material":
        return _material(value)
    if name == "shape":
        adjective = value if _is_adjective(value) else f"{value}-shaped"
        return _adjective(
            adjective, ("What shape is {x}?", "What is the shape of {x}?", "Which shape is {x}?")
        )
    if name in _ADJECTIVAL and _is_adjective(value):
        return _adjective(value, state_questions(name) if name in STATES else _plain_questions(name))
    return AttributeWords(
        f"the {{label}} whose {name} is {value}",
        f"{{label}} whose {name} is {value}",
        f"has the {name} {value}",
        _plain_questions(name),
        f"Is the {name} of {{x}} {value}?",
        f"the {name} of {{x}} is {value}",
    )


def _of_several(words: AttributeWords) -> AttributeWords:
    """The same of `clothes`: what agrees with them is plural."""
    return replace(
        words,
        clause=plural_verb(words.clause),
        questions=tuple(
            q.replace(" is {x}", " are {x}").replace("does {x}", "do {x}") for q in words.questions
        ),
        verify=words.verify.replace("Is {x}", "Are {x}"),
        statement=words.statement.replace("{x} is", "{x} are")
        if words.statement.startswith("{x}")
        else words.statement,
    )


def _is_adjective(value: str) -> bool:
    """Whether a value describes a thing by itself: `round`, `striped`, `sitting`."""
    first = value.partition(" ")[0]
    return value.endswith(("ed", "ing")) or "ADJ" in lemminflect.getAllLemmas(first)


def _adjective(value: str, questions: tuple[str, ...]) -> AttributeWords:
    """What a thing is: before its noun, or after it where it has words of its own: `sitting on a chair`."""
    follows = value in SAID or len(value.split()) > 2
    value = SAID.get(value, value)
    noun = f"{{label}} {value}" if follows else f"{value} {{label}}"
    return AttributeWords(
        f"the {noun}", noun, f"is {value}", questions, f"Is {{x}} {value}?", f"{{x}} is {value}"
    )


def _material(value: str) -> AttributeWords:
    adjective = MADE_OF.get(value, value)
    return AttributeWords(
        f"the {adjective} {{label}}",
        f"{adjective} {{label}}",
        f"is made of {value}",
        ("What is {x} made of?", "What material is {x} made of?", "Which material is {x} made of?"),
        f"Is {{x}} made of {value}?",
        f"{{x}} is made of {value}",
    )


def _part_colour(part: str, value: str) -> AttributeWords:
    plural = PLURALS.get(part)
    part, be = plural or part, "are" if plural else "is"
    is_plain = bool(plural) or is_mass(part)
    coloured = f"{value} {part}" if is_plain else some(f"{value} {part}")
    joint = "in" if part in WORN else "with"
    return AttributeWords(
        f"the {{label}} {joint} {'' if is_plain else 'the '}{value} {part}",
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


def state_questions(name: str) -> tuple[str, ...]:
    """How one asks what state something is in: `In what posture is {x}?`.

    "What posture is the man who waits in?" would end in a preposition that seems to belong to the man.
    """
    return (f"In what {name} is {{x}}?", f"What is the {name} of {{x}}?", f"In which {name} is {{x}}?")


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
            "In which part of the picture can {x} be seen?",
        ),
        f"Is {{x}} {where}?",
        f"{{x}} is {where}",
    )


def attribute_statement(name: str, value: str, subject: NounPhrase) -> str:
    """`the top of that person is red`."""
    return attribute_words(name, value, plural=subject.is_plural).statement.replace("{x}", subject)


def denied_statement(name: str, value: str, subject: NounPhrase) -> str:
    """`the top of that person is not red`."""
    return _BE.sub(
        r"\1 not", attribute_words(name, value, plural=subject.is_plural).statement, count=1
    ).replace("{x}", subject)


def changing(attribute: str, who: NounPhrase) -> str:
    """What may change of a thing: `the posture of the man`, `the position of the dog in the picture`."""
    return f"the {attribute} of {who}{' in the picture' if attribute == 'position' else ''}"


def noun_phrase(description: Description, variant: int = 0) -> NounPhrase:
    """A description in a question: `the person riding the white bicycle`.

    `variant` chooses one of three phrasings of a rank.
    """
    label, hop = description.label, description.hop
    if hop is None:
        return definite(label)
    label = label if hop.labelled else unnamed(label)
    inner = description.inner
    if hop.is_ranking:
        words = ranked(hop.operator, hop.rank, hop.name, label, variant)
    else:
        other = noun_phrase(inner, variant) if inner else some(hop.kind) if hop.kind else None
        words = _described(hop, label, other)
    if description.scene:
        # What lasts does not hold in one scene: "the man in the red top from the first scene".
        joint = "from" if hop.is_lasting else "in"
        words = f"{words} {joint} the {ordinal(description.scene)} scene"
    return NounPhrase(words, label)


def _described(hop: Hop, label: str, other: NounPhrase | None) -> str:
    if hop.is_negated:
        return f"the {label} {relative(label)} {denied(hop_clause(hop), of_several=is_plural(label))}"
    if hop.operator == "with":
        words = attribute_words(hop.name, hop.value)
        if hop.value in SAID and not words.noun.endswith("{label}"):
            return f"the {label} {relative(label)} {definite(label).agreeing(words.clause)}"
        return words.noun.replace("{label}", label)
    return f"the {_told_apart(hop, label, other)}"


@functools.lru_cache(maxsize=4096)
def ranked(operator: str, rank: int, predicate: str, label: str, variant: int = 0) -> str:
    """`the first person to enter`: which of several that do the same; in three phrasings."""
    who = f"{label} {relative(label)} {definite(label).agreeing(predicate)}"
    if operator == "nth":
        first = "last" if rank < 0 else ordinal(rank)
        forms = (f"the {first} {label} to {base_form(predicate)}", f"the {who} {first}", f"the {first} {who}")
    else:
        longest = f"the {who} for the {operator} time"
        forms = (longest, f"the {who} {_HOW_LONG[operator]}", f"{longest} of all")
    return forms[variant % len(forms)]


def hop_clause(hop: Hop) -> str:
    """What an attribute or a motion says of one thing: `wears a red top`, `enters`."""
    return attribute_words(hop.name, hop.value).clause if hop.operator == "with" else hop.name


def any_phrase(hop: Hop, label: str, other: NounPhrase | None) -> NounPhrase:
    """Some thing that a hop of a set describes: `a person in a red top`."""
    if hop.is_negated:
        lacks = denied(hop_clause(hop), of_several=is_plural(label))
        return any_of(f"{label} {relative(label)} {lacks}", label)
    if hop.operator == "with":
        return any_of(attribute_words(hop.name, hop.value).some.replace("{label}", label), label)
    is_alike = other is not None and other.noun == label
    return (another if is_alike else any_of)(_told_apart(hop, label, other), label)


def _told_apart(hop: Hop, label: str, other: NounPhrase | None) -> str:
    """A label and what tells it from others: by what it does, or by its relation to another thing."""
    who = relative(label)
    if other is None:
        return f"{label} {who} {definite(label).agreeing(hop.name)}"
    if hop.operator == "subjects":
        return f"{label} {related(hop.name, other)}"
    inverse = inverse_of(hop.name)
    if inverse:
        return f"{label} {inverse} {other}"
    is_known = other.startswith(("the ", "that "))
    # "The bench that the man is sitting on", but "the man with the car passing to the left of them".
    is_stranded = is_verbal(hop.name) and is_known and not hop.name.endswith(" of")
    if is_place(hop.name) and not is_stranded:
        return f"{label} with {other} {related(hop.name, definite(label).pronoun)}"
    # "A person that that person is carrying" would stammer.
    joint = "whom" if who == "who" else "which" if other.startswith("that ") else "that"
    return f"{label} {joint} {other} {other.be} {participle(hop.name)}"
