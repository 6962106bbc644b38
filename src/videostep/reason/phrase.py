"""Questions in words. The words come from templates, several of each kind; the facts come from the path."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from videostep.reason.contexts import TimeContext
from videostep.reason.cores import AttributeCore, Core, EventCore, MotionCore, ObjectCore, PredicateCore
from videostep.reason.pair_words import clause, did, pair_question, second_clause
from videostep.reason.pairs import Happening, OrderCore, PairCore
from videostep.reason.questions import Question
from videostep.reason.set_words import count_question, exists_question
from videostep.reason.sets import CountCore, ExistsCore
from videostep.reason.wording import attribute_words, noun_phrase
from videostep.reason.words import base_form, is_verbal, ordinal, participle, sentence, with_article

Name = Callable[[int], str]
"""Thing to how it is called in the sentence."""
HANDLING = frozenset({"riding", "driving", "holding", "carrying", "pushing", "pulling"})
"""What one does with a thing."""
TIME_WORDS = {
    "before": ("before", "in the time before", "up to the moment when"),
    "after": ("after", "once", "in the time after"),
    "while": ("while", "as", "during the time when"),
}
STATE_WORDS = ("while", "during the time when", "as long as")
SCENE_WORDS = ("in the {} scene", "during the {} scene", "in the {} scene of the video")


def phrase_question(question: Question) -> str:
    """The whole question, with its time phrase."""
    named = question.path.names
    words = ask(question, lambda thing: noun_phrase(named[thing]), question.variant)
    return in_time(question.path.context, words, question.variant // 3)


def in_time(context: TimeContext, words: str, variant: int = 0) -> str:
    """Put the time phrase of a context before a question or a statement."""
    phrase = time_phrase(context, variant)
    return sentence(f"{phrase}, {words[:1].lower()}{words[1:]}" if phrase else words)


def time_phrase(context: TimeContext, variant: int = 0, name: Name | None = None) -> str:
    """`in the second scene`, `after the bus stops`; empty for the whole video.

    `name` says how things are called by now; without it they are described.
    """
    if context.kind == "scene":
        return _one_of(SCENE_WORDS, variant).format(ordinal(context.scene))
    if context.anchor is None:
        return ""
    named = name or (lambda thing: noun_phrase(context.names[thing]))
    is_state = context.anchor.other >= 0  # "as the man is next to the bus" would mean because
    words = _one_of(STATE_WORDS if is_state else TIME_WORDS[context.kind], variant)
    return f"{words} {clause(context.anchor, named(context.anchor.thing), named)}"


def ask(question: Question, name: Name, variant: int = 0) -> str:
    """The question without its time phrase; `name` says how things are called."""
    core = question.path.core
    if question.structure == "verify" and question.value:
        return verify_words(core, question.value, name, variant)
    if question.structure == "choose":
        return choose_words(core, question.choices or (), name, variant)
    return query_words(core, question.answer, name, variant)


def query_words(core: Core, answer: str, name: Name, variant: int = 0) -> str:
    """The plain form of a core."""
    if isinstance(core, PairCore):
        return pair_question(core, name, variant)
    if isinstance(core, ExistsCore):
        return exists_question(core, name, variant)
    if isinstance(core, CountCore):
        return count_question(core, name, variant)
    if isinstance(core, AttributeCore):
        return _one_of(attribute_words(core.name, answer).questions, variant).format(x=name(core.thing))
    return _one_of(_forms(core, answer, name), variant)


def _forms(core: Core, answer: str, name: Name) -> Sequence[str]:
    """Three phrasings of a question about a motion, a relation, its other end, or an event."""
    if isinstance(core, MotionCore):
        who = name(core.thing)
        return f"What does {who} do?", f"What is {who} doing?", f"What can {who} be seen doing?"
    if isinstance(core, ObjectCore):
        relation, who = participle(core.predicate), name(core.thing)
        if core.forward:
            return (
                f"What is {who} {relation}?",
                f"What is it that {who} is {relation}?",
                f"What can {who} be seen {relation}?",
            )
        return (
            f"What is {relation} {who}?",
            f"What is it that is {relation} {who}?",
            f"What can be seen {relation} {who}?",
        )
    if isinstance(core, PredicateCore):
        return _relation_forms(name(core.subject), answer, name(core.object))
    assert isinstance(core, EventCore)
    return "What happens?", "What is going on?", "What can be seen to happen?"


def _relation_forms(subject: str, answer: str, other: str) -> Sequence[str]:
    if is_verbal(answer):
        end = f"{'with' if participle(answer) in HANDLING else 'in relation to'} {other}?"
        return (
            f"What is {subject} doing {end}",
            f"What is it that {subject} is doing {end}",
            f"What can {subject} be seen doing {end}",
        )
    return (
        f"Where is {subject} in relation to {other}?",
        f"How is {subject} placed in relation to {other}?",
        f"Where can {subject} be seen in relation to {other}?",
    )


def verify_words(core: Core, value: str, name: Name, variant: int = 0) -> str:
    """The yes/no form that suggests `value`."""
    direct, statement = _suggestion(core, value, name)
    forms = (direct, f"Is it true that {statement}?", f"Would it be right to say that {statement}?")
    return _one_of(forms, variant)


def _suggestion(core: Core, value: str, name: Name) -> tuple[str, str]:
    """A claim as a question and as a statement."""
    if isinstance(core, AttributeCore):
        words, who = attribute_words(core.name, value), name(core.thing)
        return words.verify.format(x=who), words.statement.format(x=who)
    if isinstance(core, MotionCore):
        return did(Happening(core.thing, value), name) + "?", f"{name(core.thing)} {value}"
    if isinstance(core, ObjectCore):
        who, some = name(core.thing), with_article(value)
        one, other = (who, some) if core.forward else (some, who)
        relation = participle(core.predicate)
        return f"Is {one} {relation} {other}?", f"{one} is {relation} {other}"
    if isinstance(core, PredicateCore):
        one, other = name(core.subject), name(core.object)
        return f"Is {one} {participle(value)} {other}?", f"{one} is {participle(value)} {other}"
    assert isinstance(core, OrderCore)
    later = second_clause(core, name)
    first = clause(core.first, name(core.first.thing), name)
    return f"{did(core.first, name)} {value} {later}?", f"{first} {value} {later}"


def choose_words(core: Core, choices: tuple[str, ...], name: Name, variant: int = 0) -> str:
    """The form that offers two values."""
    forms = (_direct_choice, _listed_choice, _choice_first)
    return forms[variant % len(forms)](core, choices, name)


def _direct_choice(core: Core, choices: tuple[str, ...], name: Name) -> str:
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


def _listed_choice(core: Core, choices: tuple[str, ...], name: Name) -> str:
    """`What colour is the bus: red or white?` is one such question."""
    asked = query_words(core, choices[0], name).removesuffix("?")
    return f"{asked}: {' or '.join(_offered(core, choice) for choice in choices)}?"


def _choice_first(core: Core, choices: tuple[str, ...], name: Name) -> str:
    """`Red or white: what colour is the bus?` is one such question."""
    asked = query_words(core, choices[0], name)
    return f"{' or '.join(_offered(core, choice) for choice in choices)}: {asked[:1].lower()}{asked[1:]}"


def _offered(core: Core, choice: str) -> str:
    if isinstance(core, MotionCore):
        return base_form(choice)
    if isinstance(core, ObjectCore):
        return with_article(choice)
    return participle(choice) if isinstance(core, PredicateCore) else choice


def differing_part(words: str, model: str) -> str:
    """`words` without the words at the start (and end) that it shares with `model`."""
    own, given = words.split(), model.split()
    start = 0
    while start < min(len(own), len(given)) - 1 and own[start] == given[start]:
        start += 1
    while start and own[start - 1] in ("to", "the", "from", "towards"):
        start -= 1  # "to the left", not "left"
    return " ".join(own[start:])


def _one_of(forms: Sequence[str], variant: int) -> str:
    return forms[variant % len(forms)]
