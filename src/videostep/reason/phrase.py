"""Questions in words. The words come from templates; the facts come from the path."""

from __future__ import annotations

from collections.abc import Callable

from videostep.reason.contexts import TimeContext
from videostep.reason.cores import (
    AttributeCore,
    Core,
    EventCore,
    Happening,
    MotionCore,
    ObjectCore,
    OrderCore,
    PredicateCore,
    SameCore,
)
from videostep.reason.hops import PERSONS
from videostep.reason.questions import Question
from videostep.reason.wording import PLURALS, attribute_words, noun_phrase
from videostep.reason.words import (
    base_form,
    is_verbal,
    ordinal,
    participle,
    sentence,
    starts_with_be,
    with_article,
)

Name = Callable[[int], str]
"""Thing to how it is called in the sentence."""
HANDLING = frozenset({"riding", "driving", "holding", "carrying", "pushing", "pulling"})
"""What one does with a thing."""


def phrase_question(question: Question) -> str:
    """The whole question, with its time phrase."""
    named = question.path.descriptions
    return in_time(question.path.context, ask(question, lambda thing: noun_phrase(named[thing])))


def in_time(context: TimeContext, words: str) -> str:
    """Put the time phrase of a context before a question or a statement."""
    phrase = time_phrase(context)
    return sentence(f"{phrase}, {words[:1].lower()}{words[1:]}" if phrase else words)


def time_phrase(context: TimeContext) -> str:
    """`in the second scene`, `after the bus stops`; empty for the whole video."""
    if context.kind == "scene":
        return f"in the {ordinal(context.scene)} scene"
    if context.anchor is None or context.description is None:
        return ""
    return f"{context.kind} {noun_phrase(context.description)} {context.anchor.predicate}"


def ask(question: Question, name: Name) -> str:
    """The question without its time phrase; `name` says how things are called."""
    core = question.path.core
    if question.structure == "verify":
        return verify_words(core, question.value, name)
    if question.structure == "choose":
        return choose_words(core, question.choices or (), name)
    return query_words(core, question.answer, name)


def query_words(core: Core, answer: str, name: Name) -> str:
    """The open form of a core."""
    if isinstance(core, AttributeCore):
        return attribute_words(core.name, answer).question.format(x=name(core.thing))
    if isinstance(core, MotionCore):
        return f"What does {name(core.thing)} do?"
    if isinstance(core, ObjectCore):
        relation = participle(core.predicate)
        return (
            f"What is {name(core.thing)} {relation}?"
            if core.forward
            else f"What is {relation} {name(core.thing)}?"
        )
    if isinstance(core, PredicateCore):
        subject, other = name(core.subject), name(core.object)
        if is_verbal(answer):
            joint = "with" if participle(answer) in HANDLING else "in relation to"
            return f"What is {subject} doing {joint} {other}?"
        return f"Where is {subject} in relation to {other}?"
    if isinstance(core, EventCore):
        return "What happens?"
    if isinstance(core, OrderCore):
        return f"{_did(core.first, name)} before or after {second_happening(core, name)}?"
    assert isinstance(core, SameCore)
    return _same_words(core, name)


def second_happening(core: OrderCore, name: Name) -> str:
    """The clause of the second motion; a thing that was just named is not named again."""
    label = name(core.second.thing)
    if core.second.thing == core.first.thing:
        label = f"that {label.split()[1]}" if label.split()[1] in PERSONS else "it"
    return f"{label} {core.second.predicate}"


def _did(happening: Happening, name: Name) -> str:
    subject, predicate = name(happening.thing), happening.predicate
    if starts_with_be(predicate):
        be, _, rest = predicate.partition(" ")
        return f"{be.capitalize()} {subject} {rest}"
    return f"Does {subject} {base_form(predicate)}"


def _same_words(core: SameCore, name: Name) -> str:
    first, second = name(core.first), name(core.second)
    if core.name == "colour":
        return f"Are {first} and {second} the same colour?"
    if core.name.endswith(" colour"):
        part = core.name.removesuffix(" colour")
        part = PLURALS.get(part, part)
        be = "Are" if part in PLURALS.values() else "Is"
        return (
            f"{be} the {part} of {first} the same colour as {'those' if be == 'Are' else 'that'} of {second}?"
        )
    return f"Do {first} and {second} have the same {core.name}?"


def verify_words(core: Core, value: str, name: Name) -> str:
    """The yes/no form that suggests `value`."""
    if isinstance(core, AttributeCore):
        return attribute_words(core.name, value).verify.format(x=name(core.thing))
    if isinstance(core, MotionCore):
        return _did(Happening(core.thing, value), name) + "?"
    if isinstance(core, ObjectCore):
        relation, thing = participle(core.predicate), name(core.thing)
        suggested = with_article(value)
        return (
            f"Is {thing} {relation} {suggested}?" if core.forward else f"Is {suggested} {relation} {thing}?"
        )
    if isinstance(core, PredicateCore):
        return f"Is {name(core.subject)} {participle(value)} {name(core.object)}?"
    assert isinstance(core, OrderCore)
    return f"{_did(core.first, name)} {value} {second_happening(core, name)}?"


def choose_words(core: Core, choices: tuple[str, ...], name: Name) -> str:
    """The form that offers two values."""
    first, second = choices
    words = verify_words(core, first, name).removesuffix("?")
    if isinstance(core, PredicateCore):
        subject, other = name(core.subject), name(core.object)
        return f"Is {subject} {participle(first)} or {participle(second)} {other}?"
    if isinstance(core, ObjectCore) and not core.forward:
        thing = name(core.thing)
        return f"Is {with_article(first)} or {with_article(second)} {participle(core.predicate)} {thing}?"
    if isinstance(core, ObjectCore):
        return f"{words} or {with_article(second)}?"
    if isinstance(core, MotionCore):
        return f"{words} or {differing_part(base_form(second), base_form(first))}?"
    other = verify_words(core, second, name).removesuffix("?")
    return f"{words} or {differing_part(other, words)}?"


def differing_part(words: str, model: str) -> str:
    """`words` without the words at the start (and end) that it shares with `model`."""
    own, given = words.split(), model.split()
    start = 0
    while start < min(len(own), len(given)) - 1 and own[start] == given[start]:
        start += 1
    while start and own[start - 1] in ("to", "the", "from", "towards"):
        start -= 1  # "to the left", not "left"
    return " ".join(own[start:])
