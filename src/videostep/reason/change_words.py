"""Questions and statements about what changes in words."""

from __future__ import annotations

from collections.abc import Callable

from videostep.reason.changes import ChangeCore, FollowCore, ShiftCore, SuccessionCore, SwitchCore, TurnCore
from videostep.reason.nouns import NounPhrase, offered
from videostep.reason.relation_words import related, relation_forms
from videostep.reason.wording import attribute_words, changing
from videostep.reason.words import is_verbal, participle

Name = Callable[[int], NounPhrase]
"""Thing to how it is called in the sentence."""


def change_question(core: SuccessionCore, answer: str, name: Name, variant: int = 0) -> str:
    """The question; `variant` chooses one of three phrasings."""
    if isinstance(core, ChangeCore):
        forms = _change_forms(core, name(core.thing))
    elif isinstance(core, TurnCore):
        forms = _turn_forms(core, answer, name(core.thing), variant)
    elif isinstance(core, FollowCore):
        forms = _follow_forms(core, name(core.thing))
    elif isinstance(core, ShiftCore):
        forms = _shift_forms(core, participle(answer), name, variant)
    else:
        assert isinstance(core, SwitchCore)
        forms = _switch_forms(core, name(core.thing), name(core.other))
    return forms[variant % len(forms)]


def _change_forms(core: ChangeCore, who: NounPhrase) -> tuple[str, ...]:
    what = changing(core.name, who)
    return (
        f"How does {what} change?",
        f"In what way does {what} change?",
        f"From what to what does {what} change?",
    )


def _turn_forms(core: TurnCore, answer: str, who: NounPhrase, variant: int) -> tuple[str, ...]:
    questions = attribute_words(core.name, answer, plural=who.is_plural).questions
    asked = questions[variant // 3 % len(questions)].replace("{x}", who).removesuffix("?")
    when = _turned_when(core)
    return tuple(f"{asked} {how} {when}?" for how in ("just", "directly", "immediately"))


def being(name: str, value: str) -> str:
    """A value after `before`: `sitting`, `being red`, `having the mood sad`."""
    clause = attribute_words(name, value).clause
    if not clause.startswith("is "):
        return participle(clause)
    state = clause.removeprefix("is ")
    return state if state.partition(" ")[0].endswith("ing") else f"being {state}"


def been(name: str, value: str) -> str:
    """A value after `after`: right after lying down one is lying, so it is `having been lying down`."""
    state = being(name, value)
    return f"having been {state}" if state.endswith(" down") else state


def _turned_when(core: TurnCore) -> str:
    state = being(core.name, core.value) if core.side < 0 else been(core.name, core.value)
    return f"{_side(core.side)} {state}"


def _side(side: int) -> str:
    return "before" if side < 0 else "after"


def _switch_forms(core: SwitchCore, who: NounPhrase, other: NounPhrase) -> tuple[str, ...]:
    relation, side = participle(core.predicate), _side(core.side)
    which = "last" if core.side < 0 else "next"
    is_so = related(core.predicate, other)
    was_so = is_so if is_verbal(relation) else f"being {is_so}"
    forms = (
        f"What {who.be} {who} {relation} {side} {was_so}?",
        f"Which thing {who.be} {who} {relation} {side} {was_so}?",
    )
    if other.goes_on:  # "the next thing he is holding after the thing in the bowl"
        return forms
    return f"What is the {which} thing {who} {who.be} {relation} {side} {other}?", *forms


def _shift_forms(core: ShiftCore, relation: str, name: Name, variant: int) -> tuple[str, ...]:
    """`Where is the man in relation to the sofa just before being on it?` is one of them."""
    who, other = name(core.thing), name(core.other)
    ways = relation_forms(who, relation, other)
    asked = ways[variant // 3 % len(ways)].removesuffix("?")
    when = _related_when(core, other)
    return tuple(f"{asked} {how} {when}?" for how in ("just", "directly", "immediately"))


def _related_when(core: ShiftCore, other: NounPhrase) -> str:
    """`before being on it`, `after holding it`."""
    relation = related(core.predicate, other.pronoun)
    return f"{_side(core.side)} {relation if is_verbal(core.predicate) else f'being {relation}'}"


def _follow_forms(core: FollowCore, who: NounPhrase) -> tuple[str, ...]:
    when, which = f"{_side(core.side)} {participle(core.predicate)}", "last" if core.side < 0 else "next"
    return (
        f"What {who.do} {who} do {which} {when}?",
        f"What is the {which} thing {who} {who.do} {when}?",
        f"{when[:1].upper()}{when[1:]}, what {who.do} {who} do {which}?",
    )


def change_verify(core: SuccessionCore, value: str, name: Name) -> tuple[str, str]:
    """A suggested answer as a question and as a statement."""
    if isinstance(core, ChangeCore):
        what = changing(core.name, name(core.thing))
        return f"Does {what} change {value}?", f"{what} changes {value}"
    who = name(core.thing)
    if isinstance(core, ShiftCore):
        so = f"{related(value, name(core.other))} just {_related_when(core, name(core.other))}"
        told = f"{who} {who.be} {so}"
        is_hard = who.goes_on and is_verbal(value)
        return f"Is it true that {told}?" if is_hard else f"{who.be.capitalize()} {who} {so}?", told
    assert isinstance(core, TurnCore)
    words = attribute_words(core.name, value, plural=who.is_plural)
    when = f"just {_turned_when(core)}"
    asked, told = words.verify.replace("{x}", who).removesuffix("?"), words.statement.replace("{x}", who)
    if who.goes_on and words.clause.partition(" ")[2].endswith("ing"):
        asked = f"Is it true that {told}"
    return f"{asked} {when}?", f"{told} {when}"


def change_statement(core: SuccessionCore, answer: str, name: Name) -> str:
    """What is found: `the posture of that person changes from standing to sitting`."""
    who = name(core.thing)
    if isinstance(core, FollowCore):
        when = "before that" if core.side < 0 else "after that"
        return f"{who} {who.agreeing(core.predicate)}, and {when} {who.agreeing(answer)}"
    if isinstance(core, SwitchCore):
        found, given = offered(answer, who), related(core.predicate, name(core.other))
        when = "before that" if core.side < 0 else "after that"
        return f"{who} {who.be} {given}, and {when} {related(core.predicate, found)}"
    return change_verify(core, answer, name)[1]
