"""Questions and statements about two facts in words."""

from __future__ import annotations

from collections.abc import Callable

from videostep.reason.again import AgainCore
from videostep.reason.cores import AttributeCore, MotionCore
from videostep.reason.index import View
from videostep.reason.nouns import NounPhrase, relative
from videostep.reason.pairs import (
    Claim,
    Happening,
    HappeningCore,
    LogicCore,
    LongerCore,
    OrderCore,
    OverlapCore,
    PairCore,
    SameCore,
)
from videostep.reason.relation_words import related
from videostep.reason.wording import PLURALS, attribute_statement, changing
from videostep.reason.words import (
    base_form,
    is_verbal,
    ordinal,
    participle,
    plural_verb,
    starts_with_be,
    third_person,
)

Name = Callable[[int], NounPhrase]
"""Thing to how it is called in the sentence."""


def pair_question(core: PairCore, name: Name, variant: int = 0) -> str:
    """The question; `variant` chooses one of three phrasings."""
    if isinstance(core, SameCore):
        forms = _same_forms(core, name)
    elif isinstance(core, AgainCore):
        forms = _again_forms(core, name(core.thing))
    elif isinstance(core, LogicCore):
        forms = _logic_forms(core, name)
    else:
        assert isinstance(core, HappeningCore)
        forms = _happening_forms(core, name)
    return forms[variant % len(forms)]


def _happening_forms(core: HappeningCore, name: Name) -> tuple[str, ...]:
    start, first = did(core.first, name), clause(core.first, name(core.first.thing), name)
    second, depending = second_clause(core, name), dependent_clause(core, name)
    if isinstance(core, OrderCore):
        return (
            f"{start} before or after {depending}?",
            f"When {start[:1].lower()}{start[1:]}: before or after {depending}?",
            f"{start} before {depending}, or after that?",
        )
    if isinstance(core, LongerCore):
        return (
            f"{start} for longer than {second}?",
            f"Is it true that {first} for longer than {second}?",
            f"{start} for a longer time than {second}?",
        )
    return (
        f"{start} while {depending}?",
        f"Is it true that {first} while {depending}?",
        f"Do these two happen at the same time: {first}, and {second}?",
    )


def did(happening: Happening, name: Name) -> str:
    """The start of a question about one happening: `Does the bus stop`, `Is the man next to the bus`."""
    subject, predicate = name(happening.thing), happening.predicate
    if happening.other >= 0:
        return f"{subject.be.capitalize()} {subject} {related(predicate, name(happening.other))}"
    if subject.endswith(f" {base_form(predicate)}"):  # "does the second person to enter enter"
        return f"{subject.do.capitalize()} {subject} do so"
    if starts_with_be(predicate):
        return f"{subject.be.capitalize()} {subject} {predicate.partition(' ')[2]}"
    return f"{subject.do.capitalize()} {subject} {base_form(predicate)}"


def clause(happening: Happening, subject: NounPhrase, name: Name) -> str:
    """A happening as a statement."""
    if happening.other >= 0:
        return f"{subject} {subject.be} {related(happening.predicate, name(happening.other))}"
    if subject.endswith(f" {happening.predicate}"):  # "the person on the bus that stops stops"
        return f"{subject} {subject.do} so, too"
    return f"{subject} {subject.agreeing(happening.predicate)}"


def second_clause(core: HappeningCore, name: Name) -> str:
    """The clause of the second happening; a thing that was just named is not named again."""
    again = name(core.second.thing)
    if core.second.thing != core.first.thing:
        return clause(core.second, again, name)
    if again.is_plural or relative(again.noun) == "who":  # one person too is "they"
        return plural_verb_clause(core.second, name)
    return clause(core.second, NounPhrase("it", "it"), name)


def dependent_clause(core: HappeningCore, name: Name) -> str:
    """The second happening after `before`, `after` or `while`: `touching the cup`, `the dog chases a cat`."""
    if core.second.thing == core.first.thing:
        return _doing(core.second, name)
    subject = name(core.second.thing)
    return (clause if isinstance(core, OverlapCore) else completed)(core.second, subject, name)


def _doing(happening: Happening, name: Name) -> str:
    """What the subject of the sentence does: `touching the cup`, `being next to the bus`, `stopping`."""
    predicate = happening.predicate
    if happening.other < 0:
        return f"being {participle(predicate)}" if starts_with_be(predicate) else participle(predicate)
    related_to = related(predicate, name(happening.other))
    return related_to if is_verbal(predicate) else f"being {related_to}"


def completed(happening: Happening, subject: NounPhrase, name: Name) -> str:
    """A clause before or after which something else is: nobody says "after the dog is chasing the ball"."""
    if happening.other < 0 or not is_verbal(happening.predicate):
        return clause(happening, subject, name)
    done = third_person(related(happening.predicate, name(happening.other)))
    return f"{subject} {subject.agreeing(done)}"


def plural_verb_clause(happening: Happening, name: Name) -> str:
    """`they walk to the left`, of one person."""
    told = clause(happening, NounPhrase("", ""), name).strip()
    return f"they {plural_verb(told)}"


def _same_forms(core: SameCore, name: Name) -> tuple[str, ...]:
    first, second = name(core.first), name(core.second)
    be, do = first.be, first.do
    if core.name == "colour":
        return (
            f"{be.capitalize()} {first} the same colour as {second}?",
            f"{do.capitalize()} {first} have the same colour as {second}?",
            f"Is it true that {first} {be} the same colour as {second}?",
        )
    if core.name == "material":
        return (
            f"Are {first} and {second} made of the same material?",
            f"{be.capitalize()} {first} made of the same material as {second}?",
            f"Is it true that {first} and {second} are made of the same material?",
        )
    if not core.name.endswith(" colour"):
        return (
            f"Do {first} and {second} have the same {core.name}?",
            f"Is the {core.name} of {first} the same as that of {second}?",
            f"Is it true that {first} and {second} have the same {core.name}?",
        )
    part = core.name.removesuffix(" colour")
    part = PLURALS.get(part, part)
    is_plural = part in PLURALS.values()
    be, do, those = ("are", "do", "those") if is_plural else ("is", "does", "that")
    same = f"the same colour as {those} of {second}"
    return (
        f"{be.capitalize()} the {part} of {first} {same}?",
        f"Is it true that the {part} of {first} {be} {same}?",
        f"{do.capitalize()} the {part} of {first} have {same}?",
    )


def _again_forms(core: AgainCore, who: NounPhrase) -> tuple[str, ...]:
    """`Does the man have the same posture in the first scene as in the second?` is one of them."""
    when = "in the {} scene as in the {}".format(*map(ordinal, core.scenes))
    if isinstance(core.asked, MotionCore):
        does = f"{who} {who.do} the same {when}"
        return (
            f"{who.do.capitalize()} {who} do the same {when}?",
            f"Is it true that {does}?",
            f"{who.do.capitalize()} {who} do the same thing {when}?",
        )
    what = changing(core.asked.name, who)
    has = f"{who.do.capitalize()} {who} have the same {core.asked.name}"
    return (
        f"Is {what} the same {when}?",
        f"Is it true that {what} is the same {when}?",
        f"Is it correct that {what} is the same {when}?"
        if core.asked.name == "position"
        else f"{has} {when}?",
    )


def _logic_forms(core: LogicCore, name: Name) -> tuple[str, ...]:
    first, second = (claim_statement(claim, name) for claim in (core.first, core.second))
    if core.joint == "and":
        return (
            f"Are both of these true: {first}, and {second}?",
            f"Is it true that {first} and that {second}?",
            f"Is it true both that {first} and that {second}?",
        )
    if core.joint == "or":
        ways = ("at least one of these", "either of these, or both of them,", "one or both of these")
    else:
        ways = ("exactly one of these", "just one of these", "precisely one of these")
    one, other, third = (f"Is {way} true: {first}, or {second}?" for way in ways)
    return one, other, third


def claim_statement(claim: Claim, name: Name) -> str:
    """`the bus is white`."""
    return told_of(claim.core, claim.value, name)


def told_of(core: AttributeCore | MotionCore, value: str, name: Name) -> str:
    """What is so of a thing: `the bus is white`, `the bus stops`."""
    subject = name(core.thing)
    if isinstance(core, AttributeCore):
        return attribute_statement(core.name, value, subject)
    return f"{subject} {subject.agreeing(value)}"


def found_of(claim: Claim, view: View, name: Name) -> str:
    """What is really so, against what is claimed: `the bus is white, not red`."""
    found = claim.core.answer(view) or ""
    return told_of(claim.core, found, name) + _and_not(claim.core, claim.value, found, name)


def _and_not(core: AttributeCore | MotionCore, wrong: str, found: str, name: Name) -> str:
    """`, not red`, `, and does not stop`; empty where what is found is not wrong."""
    if wrong == found:
        return ""
    if isinstance(core, AttributeCore):
        return f", not {otherwise(told_of(core, wrong, name), told_of(core, found, name), wrong)}"
    return f", {instead_of(wrong, found, name(core.thing))}"


def instead_of(wrong: str, answer: str, subject: NounPhrase) -> str:
    """`not to the left`, or where all of it differs, `and does not stop`."""
    part = differing_part(wrong, answer)
    return f"and {subject.do} not {base_form(wrong)}" if part == wrong else f"not {part}"


def otherwise(wrong: str, told: str, value: str) -> str:
    """Of a wrong statement what a true one denies: `in the middle of the picture`; else the bare value."""
    part = differing_part(wrong, told)
    return value if part == wrong else part


def differing_part(words: str, model: str) -> str:
    """`words` without the words at the start that it shares with `model`."""
    own, given = words.split(), model.split()
    start = 0
    while start < min(len(own), len(given)) - 1 and own[start] == given[start]:
        start += 1
    if start > 1 and own[start - 1] == "the":
        start -= 2  # "to the left", not "left"
    return " ".join(own[start:])


def pair_conclusion(core: PairCore, view: View, answer: str, name: Name) -> str:
    """What the second side shows, against the first."""
    if isinstance(core, AgainCore):
        before, now = core.values(view)
        told = told_of(core.asked, now or "", name)
        return told + (_and_not(core.asked, before or "", now or "", name) or " too")
    if isinstance(core, SameCore):
        first, second = core.values(view)
        subject = name(core.second)
        told = attribute_statement(core.name, second or "", subject)
        if first == second:
            return f"{told} too"
        other = attribute_statement(core.name, first or "", subject)
        return f"{told}, not {otherwise(other, told, first or '')}"
    if isinstance(core, LogicCore):
        so = sum(bool(claim.is_so(view)) for claim in (core.first, core.second))
        summary = ("neither is", "exactly one of the two is", "both are")[so]
        return f"{found_of(core.second, view, name)}; {summary} true"
    assert isinstance(core, HappeningCore)
    told = clause(core.second, name(core.second.thing), name)
    if isinstance(core, LongerCore):
        return f"{told} for a {'shorter' if answer == 'yes' else 'longer'} time"
    return told


CONJUNCTIONS = {"at the same time": "while", "after that": "after", "before that": "before"}
"""How the same is said of what "that" does not point at."""


def compared(core: PairCore, view: View, answer: str) -> str:
    """When the second of two happenings is, as seen from the first; empty where that is not asked."""
    if isinstance(core, LongerCore) or not isinstance(core, HappeningCore):
        return ""
    if isinstance(core, OverlapCore) and answer == "yes":
        return "at the same time"
    spans_s = core.spans_s(view)
    assert spans_s is not None
    return "after that" if spans_s[0].end_s <= spans_s[1].start_s else "before that"
