"""The steps that lead to a thing: what each one asks, what it answers, and the sentence that tells it."""

from __future__ import annotations

from typing import NamedTuple

from videostep.reason.describe import Description
from videostep.reason.hops import SUPERLATIVES, Hop
from videostep.reason.index import View
from videostep.reason.nouns import NounPhrase, any_of, counted, definite, relative, some, sought
from videostep.reason.pairs import Happening
from videostep.reason.program import call, text
from videostep.reason.relation_words import inverse_of, related
from videostep.reason.set_words import instead_words
from videostep.reason.wording import any_phrase, attribute_words, hop_clause, ranked
from videostep.reason.words import base_form, denied, ordinal, participle
from videostep.video import TimeSpan


class Finding(NamedTuple):
    """What a step asks about a thing, and what comes of it. The question does not hold the answer."""

    question: str
    answer: str
    program: str


def finding(described: Description, hop: Hop, other: NounPhrase | None, view: View) -> Finding:
    """The question of one hop of a description.

    A relation that one thing alone has is asked for that thing: what is next to the bus? That some person
    wears a red top can only be confirmed, since who asks for a person has named the answer. Who of several
    does it first is shown by when.

    Args:
        described: The thing and its description.
        hop: Its outermost hop.
        other: How the thing at the other end of a relation is called by now.
        view: The facts of the time in which it is described.
    """
    label = described.label if hop.labelled and not hop.is_open else ""
    if not label or hop.is_ranking or hop.is_negated:
        thing = hop.program(label, described.end)
        if hop.is_negated:
            return _only_one(described, hop, thing)
        return _ranked(described, hop, thing, view) if label else _open(described, hop, thing, other)
    return Finding(_confirmed(hop, label, other), "yes", call("exists", hop.members(label, described.end)))


def _only_one(described: Description, hop: Hop, thing: str) -> Finding:
    """Who alone does not do something is told by what all others do."""
    lacks = f"{relative(described.label)} {denied(hop_clause(hop))}"
    return Finding(
        f"Is there only one {counted(described.label, 1)} {lacks}?", "yes", _is_there(described, thing)
    )


def _is_there(described: Description, thing: str) -> str:
    """Whether a definite description fits: it is a thing of that label."""
    return call("equal", call("name", thing), text(described.label))


def _confirmed(hop: Hop, label: str, other: NounPhrase | None) -> str:
    """`Is there a person in a red top?`, `Is that person sitting on a bench?`."""
    if other is not None and hop.operator == "objects" and inverse_of(hop.name) is None:
        return f"{other.be.capitalize()} {other} {related(hop.name, sought(label, other))}?"
    phrase = any_phrase(hop, label, other)
    return f"{phrase.be.capitalize()} there {phrase}?"


def _open(described: Description, hop: Hop, thing: str, other: NounPhrase | None) -> Finding:
    assert other is not None
    if hop.operator == "subjects":
        asked = f"What is {related(hop.name, other)}?"
    else:
        asked = f"What {other.be} {other} {participle(hop.name)}?"
    return Finding(asked, described.label, call("name", thing))


def _ranked(described: Description, hop: Hop, thing: str, view: View) -> Finding:
    """Who does it first of several is asked when; and where it does so twice, whether it is there."""
    done = f"{relative(described.label)} {definite(described.label).agreeing(hop.name)}{_rank_words(hop)}"
    fact = Happening(described.thing, hop.name).fact(view)
    who = NounPhrase(ranked(hop.operator, hop.rank, hop.name, described.label), described.label)
    if fact is None:
        asked = f"{who.be.capitalize()} there {any_of(f'{who.noun} {done}', who.noun)}?"
        return Finding(asked, "yes", _is_there(described, thing))
    when = call("when", thing, text(hop.name))
    return Finding(f"When {who.do} {who} do so?", span_words(fact.spans_s[0]), when)


def statement(hop: Hop, new: NounPhrase, other: NounPhrase | None) -> str:
    """What a hop says of the thing that it brings in."""
    if hop.is_negated:
        alone = "only " if new.startswith("one ") else ""
        has = dict.fromkeys(fact.value for fact in hop.facts if fact.value != hop.value)
        lacks = denied(hop_clause(hop), of_several=new.is_plural)
        return f"{alone}{new} {lacks}{instead_words(hop.name, has, new.noun)}"
    if hop.operator == "with":
        return f"{new} {attribute_words(hop.name, hop.value, plural=new.is_plural).clause}"
    if hop.operator == "nth":
        return f"{new} {new.be} the {'last' if hop.rank < 0 else ordinal(hop.rank)} to {base_form(hop.name)}"
    if other is None:
        return f"{new} {new.agreeing(hop.name)}{_rank_words(hop)}"
    if hop.operator == "subjects":
        return f"{new} {new.be} {related(hop.name, other)}"
    inverse = inverse_of(hop.name)
    if inverse is not None and not inverse.endswith(" by"):
        return f"{new} {new.be} {inverse} {other}"
    new = some(new.noun) if new.startswith("one ") else new
    return f"{other} {other.be} {related(hop.name, new)}"


def _rank_words(hop: Hop) -> str:
    """How a step says which of several: ` first`, ` for the longest time`."""
    if hop.operator == "nth":
        return " last" if hop.rank < 0 else f" {ordinal(hop.rank)}"
    return f" for the {hop.operator} time" if hop.operator in SUPERLATIVES else ""


def span_words(span_s: TimeSpan) -> str:
    """A piece of time as programs print it."""
    return f"{span_s.start_s:.1f} s to {span_s.end_s:.1f} s"
