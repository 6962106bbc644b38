"""Questions in words. The words come from templates, several of each kind; the facts come from the path."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from videostep.reason.change_words import change_question, change_verify
from videostep.reason.changes import ChangeCore, ShiftCore, SuccessionCore, TurnCore
from videostep.reason.contexts import TimeContext
from videostep.reason.cores import (
    AttributeCore,
    BesidesCore,
    Core,
    EventCore,
    MotionCore,
    ObjectCore,
    PredicateCore,
)
from videostep.reason.index import HOLD_BOTH_WAYS
from videostep.reason.nouns import NounPhrase, offered
from videostep.reason.pair_words import clause, dependent_clause, did, differing_part, pair_question
from videostep.reason.pairs import Happening, HappeningCore, LogicCore, OrderCore, PairCore
from videostep.reason.questions import Question
from videostep.reason.relation_words import PREPOSITIONS, related, relation_forms
from videostep.reason.set_words import count_question, exists_question
from videostep.reason.sets import CountCore, ExistsCore
from videostep.reason.values import SAID
from videostep.reason.wording import attribute_words, denied_statement, noun_phrase
from videostep.reason.words import base_form, denied, is_verbal, ordinal, participle, sentence

Name = Callable[[int], NounPhrase]
"""Thing to how it is called in the sentence."""
FORMS = 12
"""So many variants of what is asked, before the next one of when."""
# What people say most stands there most often.
TIME_WORDS = {
    "before": ("before", "before", "up until", "before", "before", "in the time before"),
    "after": ("after", "once", "after", "after", "in the time after", "after"),
    "while": ("while", "as", "while", "while", "during the time when", "while"),
}
BETWEEN_WORDS = ("after {} and before {}", "after {} but before {}", "once {}, but before {}")
STATE_WORDS = ("while", "while", "during the time when", "while", "while", "for as long as")
SCENE_WORDS = (
    *("in the {} scene", "in the {} scene", "during the {} scene"),
    *("in the {} scene", "in the {} scene", "in the {} scene of the video"),
)


def phrase_question(question: Question) -> str:
    """The whole question, with its time phrase."""
    named, variant = question.path.names, question.variant
    when = variant // FORMS
    has_clause = isinstance(question.path.core, HappeningCore | LogicCore)
    rank = 0 if has_clause else variant + when  # not "while the first man who enters leaves"
    words = ask(question, lambda thing: noun_phrase(named[thing], rank), variant)
    return in_time(question.path.context, words, when)


def in_time(context: TimeContext, words: str, variant: int = 0) -> str:
    """Put the time phrase of a context before a question or a statement."""
    if context.kind == "none":
        return sentence(words)
    return sentence(f"{time_phrase(context, variant)}, {words[:1].lower()}{words[1:]}")


def time_phrase(context: TimeContext, variant: int = 0, name: Name | None = None) -> str:
    """`in the second scene`, `after the bus stops`; empty for the whole video.

    `name` says how things are called by now; without it they are described.
    """
    if context.kind == "none":
        return ""
    if context.kind == "scene":
        return _one_of(SCENE_WORDS, variant).format(ordinal(context.scene))
    named = name or (
        lambda thing: noun_phrase(context.names[thing])
    )  # not "before the man who leaves first sits"
    told = [clause(anchor, named(anchor.thing), named) for anchor in context.anchors]
    if context.kind == "between":
        return _one_of(BETWEEN_WORDS, variant).format(*told)
    is_state = context.anchors[0].other >= 0  # "as the man is next to the bus" would mean because
    words = _one_of(STATE_WORDS if is_state else TIME_WORDS[context.kind], variant)
    return f"{words} {told[0]}"


def ask(question: Question, name: Name, variant: int = 0) -> str:
    """The question without its time phrase; `name` says how things are called."""
    core = question.path.core
    if question.structure == "verify" and question.value:
        return verify_words(core, question.value, name, variant)
    if question.structure == "logic" and question.value:
        return denial_words(core, question.value, name, variant)
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
    if isinstance(core, SuccessionCore):
        return change_question(core, answer, name, variant)
    if isinstance(core, AttributeCore):
        who = name(core.thing)
        words = attribute_words(core.name, answer, plural=who.is_plural)
        return _one_of(words.questions, variant).replace("{x}", who)
    return _one_of(_forms(core, answer, name), variant)


def _forms(core: Core, answer: str, name: Name) -> Sequence[str]:
    """Phrasings of a question about a motion, a relation, its other end, or an event."""
    if isinstance(core, MotionCore):
        who = name(core.thing)
        if who.goes_on:
            return f"What {who.do} {who} do?", f"What can {who} be seen doing?"
        return (
            f"What {who.do} {who} do?",
            f"What do you see {who} do?",
            f"What {who.be} {who} seen doing?",
        )
    if isinstance(core, BesidesCore):
        who, doing = name(core.thing), participle(core.predicate)
        return (
            f"What {who.do} {who} do apart from {doing}?",
            f"What else {who.do} {who} do besides {doing}?",
            f"Apart from {doing}, what else {who.do} {who} do?",
        )
    if isinstance(core, ObjectCore):
        return _end_forms(core, name(core.thing))
    if isinstance(core, PredicateCore):
        return relation_forms(name(core.subject), participle(answer), name(core.object))
    assert isinstance(core, EventCore)
    return "What happens?", "What is going on?", "What takes place?"


def _end_forms(core: ObjectCore, who: NounPhrase) -> Sequence[str]:
    """What is at the other end of a relation."""
    if core.forward and not (who.goes_on and core.predicate in HOLD_BOTH_WAYS):
        relation = participle(core.predicate)
        seen = f"What can {who} be seen {relation}?"
        if who.goes_on:
            return (seen,)
        return f"What {who.be} {who} {relation}?", f"What {who.be} {who} seen {relation}?", seen
    relation = related(core.predicate, who)
    return f"What is {relation}?", f"What do you see {relation}?", f"What can be seen {relation}?"


def verify_words(core: Core, value: str, name: Name, variant: int = 0) -> str:
    """The yes/no form that suggests `value`."""
    direct, statement = _suggestion(core, value, name)
    # "Is the cube that starts moving moving?"
    if f" {value} {value}?" in direct or (isinstance(core, AttributeCore) and _runs_on(core, value, name)):
        direct = f"Is it true that {statement}?"
    forms = (
        *(direct, f"Is it true that {statement}?", direct),
        *(direct, f"Is it true that {statement}?", f"Is it correct that {statement}?"),
    )
    return _one_of(forms, variant)


def denial_words(core: Core, value: str, name: Name, variant: int = 0) -> str:
    """The yes/no form that suggests that something is not `value`."""
    statement = _denial(core, value, name)
    forms = (
        *(f"Is this true: {statement}?", f"Is it true that {statement}?", f"Is it correct that {statement}?"),
        *(
            f"Is it true that {statement}?",
            f"Is it true that {statement}?",
            f"Is it correct that {statement}?",
        ),
    )
    return _one_of(forms, variant)


def _denial(core: Core, value: str, name: Name) -> str:
    if isinstance(core, AttributeCore):
        who = name(core.thing)
        return denied_statement(core.name, value, who)
    if isinstance(core, MotionCore):
        who = name(core.thing)
        return f"{who} {denied(value, of_several=who.is_plural)}"
    assert isinstance(core, PredicateCore)
    one = name(core.subject)
    return f"{one} {one.be} not {related(value, name(core.object))}"


def _suggestion(core: Core, value: str, name: Name) -> tuple[str, str]:
    """A claim as a question and as a statement."""
    if isinstance(core, AttributeCore):
        who = name(core.thing)
        words = attribute_words(core.name, value, plural=who.is_plural)
        return words.verify.replace("{x}", who), words.statement.replace("{x}", who)
    if isinstance(core, MotionCore):
        who = name(core.thing)
        return did(Happening(core.thing, value), name) + "?", f"{who} {who.agreeing(value)}"
    if isinstance(core, ObjectCore):
        who = name(core.thing)
        found = offered(value, who)
        one, other = (who, found) if core.forward else (found, who)
        return _claim(one, other, core.predicate)
    if isinstance(core, PredicateCore):
        return _claim(name(core.subject), name(core.object), value)
    if isinstance(core, ChangeCore | TurnCore | ShiftCore):
        return change_verify(core, value, name)
    assert isinstance(core, OrderCore)
    later = dependent_clause(core, name)
    first = clause(core.first, name(core.first.thing), name)
    return f"{did(core.first, name)} {value} {later}?", f"{first} {value} {later}"


def _claim(one: NounPhrase, other: NounPhrase, predicate: str) -> tuple[str, str]:
    """A relation as a question and as a statement."""
    relation = related(predicate, other)
    told = f"{one} {one.be} {relation}"
    if one.goes_on and is_verbal(predicate):
        return f"Can {one} be seen {relation}?", told
    if (
        one.goes_on and one.rpartition(" ")[2] in PREPOSITIONS
    ):  # "is the box that he stands on in front of it?"
        return f"Is it true that {told}?", told
    return f"{one.be.capitalize()} {one} {relation}?", told


def _runs_on(core: Core, value: str, name: Name) -> bool:
    """Whether "is X so?" reads like a longer X: "is the man carrying the bag watching the dog?"."""
    if isinstance(core, AttributeCore):
        clause = attribute_words(core.name, value).clause.split()
        return name(core.thing).goes_on and clause[0] == "is" and clause[1].endswith("ing")
    if isinstance(core, ObjectCore):
        return core.forward and name(core.thing).goes_on and is_verbal(core.predicate)
    return isinstance(core, PredicateCore) and name(core.subject).goes_on and is_verbal(value)


def choose_words(core: Core, choices: tuple[str, ...], name: Name, variant: int = 0) -> str:
    """The form that offers two values."""
    form = variant % 3 or int(_runs_on(core, choices[0], name))
    return _listed_choice(core, choices, name, form) if form else _direct_choice(core, choices, name)


def _direct_choice(core: Core, choices: tuple[str, ...], name: Name) -> str:
    first, second = choices
    words = verify_words(core, first, name).removesuffix("?")
    if isinstance(core, PredicateCore):
        return _either_relation(name(core.subject), (first, second), name(core.object))
    if isinstance(core, ObjectCore):
        who = name(core.thing)
        either = NounPhrase(f"{offered(first, who)} or {offered(second, who)}", second)
        return _claim(*((who, either) if core.forward else (either, who)), core.predicate)[0]
    if isinstance(core, MotionCore):
        return f"{words} or {differing_part(base_form(second), base_form(first))}?"
    if isinstance(core, ChangeCore):
        return f"{words}, or {second}?"
    if isinstance(core, TurnCore | ShiftCore):
        asked = change_question(core, first, name, variant=2).removesuffix("?")
        return f"{asked}: {_listed(core, choices, name)}?"
    other = verify_words(core, second, name).removesuffix("?")
    return f"{words} or {differing_part(other, words)}?"


def _either_relation(subject: NounPhrase, choices: tuple[str, str], other: NounPhrase) -> str:
    first, second = map(participle, choices)
    if related(first, other) == f"{first} {other}":  # else the other thing stands inside the relation
        return f"{subject.be.capitalize()} {subject} {first} or {differing_part(second, first)} {other}?"
    return f"{subject.be.capitalize()} {subject} {related(first, other)} or {related(second, other.pronoun)}?"


def _listed_choice(core: Core, choices: tuple[str, ...], name: Name, variant: int) -> str:
    """`What colour is the bus: red or white?` is one such question; `variant` chooses one of two."""
    asked = query_words(core, choices[0], name, variant - 1).removesuffix("?")
    return f"{asked}: {_listed(core, choices, name)}?"


def _listed(core: Core, choices: tuple[str, ...], name: Name) -> str:
    return " or ".join(_option(core, choice, name) for choice in choices)


def _option(core: Core, choice: str, name: Name) -> str:
    if isinstance(core, MotionCore):
        return base_form(choice)
    if isinstance(core, ObjectCore):
        return offered(choice, name(core.thing))
    if isinstance(core, AttributeCore | TurnCore):
        return SAID.get(choice, choice)
    if isinstance(core, PredicateCore | ShiftCore):
        other = core.object if isinstance(core, PredicateCore) else core.other
        return related(choice, name(other).pronoun)
    return choice


def _one_of(forms: Sequence[str], variant: int) -> str:
    return forms[variant % len(forms)]
