"""Questions and statements about groups of things in words."""

from __future__ import annotations

from collections.abc import Callable

from videostep.reason.hops import PERSONS
from videostep.reason.sets import CountCore, ExistsCore, Group
from videostep.reason.wording import attribute_words
from videostep.reason.words import base_form, number_word, participle, plural, plural_verb, with_article

Name = Callable[[int], str]


def exists_question(core: ExistsCore, name: Name, variant: int = 0) -> str:
    """`Is there a dog next to the bus?`; `variant` chooses one of three phrasings."""
    forms = _exists_forms(core.group_, name)
    return forms[variant % len(forms)]


def _exists_forms(group: Group, name: Name) -> tuple[str, ...]:
    some = with_article(group.label)
    if group.operator == "objects":
        who, some = name(group.neighbour), f"{participle(group.name)} {some}"
        return f"Is {who} {some}?", f"Is it true that {who} is {some}?", f"Can one see that {who} is {some}?"
    if group.operator == "does":
        done = base_form(group.name)
        return (
            f"Does {some} {done}?",
            f"Can one see {some} {done}?",
            f"Is there {some} {'who' if group.label in PERSONS else 'that'} {group.name}?",
        )
    if group.operator == "with":
        some = with_article(attribute_words(group.name, group.value).some.format(label=group.label))
    elif group.operator == "subjects":
        some = f"{some} {participle(group.name)} {name(group.neighbour)}"
    return f"Is there {some}?", f"Can one see {some}?", f"Is it true that there is {some}?"


def exists_statement(core: ExistsCore, name: Name) -> str:
    """`A dog is next to the bus`, `no dog is next to the bus`."""
    group = core.group_
    label = group.label
    if group.operator == "with":
        label = attribute_words(group.name, group.value).some.format(label=label)
    some = with_article(label) if core.is_there else f"no {label}"
    if group.operator == "objects":
        return f"{name(group.neighbour)} is {participle(group.name)} {some}"
    if group.operator in ("", "with"):
        return f"there is {some}"
    return f"{some} {_clause(group, name)}"


def count_question(core: CountCore, name: Name, variant: int = 0) -> str:
    """`How many people wear a red top?`; `variant` chooses one of three phrasings."""
    group, many = core.group_, plural(core.group_.label)
    if group.operator == "objects":
        asked = f"{many} is {name(group.neighbour)} {participle(group.name)}?"
    else:
        asked = f"{many} {plural_verb(_clause(group, name))}?" if group.operator else f"{many} are there?"
    together = f"{asked.removesuffix('?')} altogether?"
    forms = (f"How many {asked}", f"What number of {asked}", f"How many {together}")
    return forms[variant % len(forms)]


def count_statement(core: CountCore, number: int, name: Name) -> str:
    """`Two people wear a red top`."""
    group = core.group_
    some = f"{number_word(number)} {group.label if number == 1 else plural(group.label)}"
    if group.operator == "objects":
        return f"{name(group.neighbour)} is {participle(group.name)} {some}"
    if not group.operator:
        return f"there {'is' if number == 1 else 'are'} {some}"
    clause = _clause(group, name)
    return f"{some} {clause if number == 1 else plural_verb(clause)}"


def _clause(group: Group, name: Name) -> str:
    """What its members do or are, of one."""
    if group.operator == "with":
        return attribute_words(group.name, group.value).clause
    if group.operator == "does":
        return group.name
    return f"is {participle(group.name)} {name(group.neighbour)}"
