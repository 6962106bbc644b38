"""Questions and statements about groups of things in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from videostep.reason.nouns import (
    NounPhrase,
    any_of,
    counted,
    is_counted,
    is_plural,
    offered,
    relative,
    some,
    sought,
)
from videostep.reason.pair_words import differing_part
from videostep.reason.relation_words import related
from videostep.reason.sets import CountCore, ExistsCore, Group
from videostep.reason.wording import attribute_words
from videostep.reason.words import base_form, denied, is_verbal, number_word, participle, plural_verb

Name = Callable[[int], NounPhrase]


def exists_question(core: ExistsCore, name: Name, variant: int = 0) -> str:
    """`Is there a dog next to the bus?`; `variant` chooses one of three phrasings."""
    group = core.group_
    if group.is_negated:
        forms = _lacking_forms(group, name)
    elif group.operator == "does":
        forms = _done_forms(group)
    elif group.neighbour >= 0:
        forms = _related_forms(group, name(group.neighbour))
    else:
        any_ = any_of(_words(group), group.label)
        forms = (
            f"{any_.be.capitalize()} there {any_}?",
            f"Can {any_} be seen?",
            f"Do you see {any_}?",
        )
    return forms[variant % len(forms)]


def _done_forms(group: Group) -> tuple[str, ...]:
    any_, done = any_of(group.label), base_form(group.name)
    who = relative(group.label)
    return (
        f"{any_.do.capitalize()} {any_} {done}?",
        f"Do you see {any_} {done}?",
        f"{any_.be.capitalize()} there {any_} {who} {any_.agreeing(group.name)}?",
    )


def _lacking_forms(group: Group, name: Name) -> tuple[str, ...]:
    any_, who = any_of(group.label), relative(group.label)
    lacks = denied(_clause(group, name), of_several=any_.is_plural)
    return (
        f"{any_.be.capitalize()} there {any_} {who} {lacks}?",
        f"Can {any_} be seen {who} {lacks}?",
        f"Do you see {any_} {who} {lacks}?",
    )


def _related_forms(group: Group, other: NounPhrase) -> tuple[str, ...]:
    any_, some_ = sought(group.label, other), offered(group.label, other)
    if group.operator == "objects":
        seen = f"Can {other} be seen {related(group.name, any_)}?"
        is_hard = other.goes_on and is_verbal(group.name)  # "is the man kicking the ball pointing to a dog?"
        return (
            seen if is_hard else f"{other.be.capitalize()} {other} {related(group.name, any_)}?",
            seen,
            f"Is it true that {other} {other.be} {related(group.name, some_)}?",
        )
    relation = related(group.name, other)
    return (
        f"{any_.be.capitalize()} there {any_} {relation}?",
        f"Can {any_} be seen {relation}?",
        f"Do you see {any_} {relation}?",
    )


def _is_alike(group: Group, name: Name) -> bool:
    """Whether its members are of the same kind as the thing that they are beside."""
    return group.neighbour >= 0 and name(group.neighbour).noun == group.label


def exists_statement(core: ExistsCore, name: Name, instead: tuple[str, ...] = ()) -> str:
    """`A dog is next to the bus`, `no dog is next to the bus`.

    Args:
        core: What is asked.
        name: How things are called by now.
        instead: Of what lacks a value, the values that it has.
    """
    group = core.group_
    if group.is_negated:
        told = _lacking_statement(group, core.is_there, name)
        return f"{told}{instead_words(group.name, instead, group.label)}"
    other = name(group.neighbour) if group.neighbour >= 0 else None
    if other is not None and group.operator == "objects":
        if not core.is_there:
            return f"{other} {other.be} not {related(group.name, sought(group.label, other))}"
        return f"{other} {other.be} {related(group.name, offered(group.label, other))}"
    if not core.is_there:
        found = _missing(group, name)
    else:
        found = offered(group.label, other) if other is not None else some(_words(group), group.label)
    if group.operator in ("", "with"):
        return f"there {found.be} {found}"
    return f"{found} {found.agreeing(_clause(group, name))}"


def _lacking_statement(group: Group, is_there: bool, name: Name) -> str:
    """`One person does not wear a red top`, `every person wears a red top`."""
    clause, found = _clause(group, name), some(group.label)
    if is_there:
        return f"{found} {denied(clause, of_several=found.is_plural)}"
    if is_counted(group.label):
        return f"every {group.label} {clause}"
    return f"all {group.label} {found.agreeing(clause)}"


def _missing(group: Group, name: Name) -> NounPhrase:
    other = "other " if _is_alike(group, name) else ""
    return NounPhrase(f"no {other}{_words(group)}", group.label)


def _words(group: Group) -> str:
    """Its label, with the attribute that its members have: `person in a red top`."""
    if group.operator != "with":
        return group.label
    return attribute_words(group.name, group.value).some.replace("{label}", group.label)


def count_question(core: CountCore, name: Name, variant: int = 0) -> str:
    """`How many people wear a red top?`; `variant` chooses one of three phrasings."""
    forms = _many_forms(core.group_, name, of_several="of the " if core.is_part else "")
    asked = forms[variant % len(forms)]
    return f"How many {asked}{f' {_whenever(core.group_)}' if core.is_spread else ''}?"


def _many_forms(group: Group, name: Name, *, of_several: str) -> tuple[str, ...]:
    """What follows `How many`, in three ways; `of_several` stands before several of which some are meant."""
    many = f"{'other ' if _is_alike(group, name) else ''}{counted(group.label, 2)}"
    if not group.operator:
        return f"{many} are there", f"{many} can be seen", f"{many} do you see"
    if group.operator == "objects":
        who = name(group.neighbour)
        so = f"{who.be} {who} {participle(group.name)}"
        that = f"{many} are there that {who} {who.be} {participle(group.name)}"
        return f"{many} {so}", f"{of_several}{many} {so}", that
    clause = _clause(group, name)
    clause = denied(clause, of_several=True) if group.is_negated else plural_verb(clause)
    return f"{many} {clause}", f"{of_several}{many} {clause}", _seen(group, many, clause, name)


def _seen(group: Group, many: str, clause: str, name: Name) -> str:
    """`red cars are there`, `cars do you see stop`, `cars are there next to the bus`."""
    if group.is_negated:
        return f"{many} are there {relative(group.label)} {clause}"
    if group.operator == "does":
        return f"{many} do you see {clause}"
    if group.operator == "with":
        return f"{attribute_words(group.name, group.value).some.replace('{label}', many)} are there"
    return f"{many} are there {related(group.name, name(group.neighbour))}"


def _whenever(group: Group) -> str:
    """That all are counted, not those of one moment."""
    return "at any time" if group.is_negated else "at some time"


def count_statement(core: CountCore, number: int, name: Name, instead: tuple[str, ...] = ()) -> str:
    """`Two people wear a red top`, `one car is not red: it is blue`; `instead` as in `exists_statement`."""
    told = _count_statement(core, number, name)
    told = f"{told} {_whenever(core.group_)}" if core.is_spread else told
    return f"{told}{instead_words(core.group_.name, instead, core.group_.label, of_several=number > 1)}"


def instead_words(attribute: str, values: Iterable[str], noun: str, *, of_several: bool = False) -> str:
    """What those have that lack a value: `: they wear a red top or a blue top`; empty where none is known."""
    are_they = of_several or is_plural(noun) or relative(noun) == "who"  # one person too is "they"
    clauses = [attribute_words(attribute, value).clause for value in values]
    if not clauses:
        return ""
    first, *others = map(plural_verb, clauses) if are_they else clauses
    joint = " or " if of_several else " and "  # of one thing each is so at some time
    said = joint.join((first, *(differing_part(other, first) for other in others)))
    return f": {'they' if are_they else 'it'} {said}"


def _count_statement(core: CountCore, number: int, name: Name) -> str:
    group = core.group_
    other = "other " if _is_alike(group, name) else ""
    many = f"{number_word(number)} {other}{counted(group.label, number)}"
    if group.operator == "objects":
        who = name(group.neighbour)
        return f"{who} {who.be} {related(group.name, many)}"
    if not group.operator:
        return f"there {'is' if number == 1 else 'are'} {many}"
    clause = _clause(group, name)
    if group.is_negated:
        return f"{many} {denied(clause, of_several=number > 1)}"
    return f"{many} {clause if number == 1 else plural_verb(clause)}"


def _clause(group: Group, name: Name) -> str:
    """What its members do or are, of one."""
    if group.operator == "with":
        return attribute_words(group.name, group.value).clause
    if group.operator == "does":
        return group.name
    return f"is {related(group.name, name(group.neighbour))}"
