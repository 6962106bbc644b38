"""The words of a graph and its samples, in every form in which a sentence may hold them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator

import lemminflect

from videostep.reason.change_words import been, being
from videostep.reason.refinement.reading import Lexicon, Meaning, Words, tokens
from videostep.reason.refinement.vocabulary import Vocabulary
from videostep.reason.relation_words import inverse_of
from videostep.reason.wording import PLURALS, STATES, WORN, AttributeWords, attribute_words, state_questions
from videostep.reason.words import (
    base_form,
    denied,
    is_verbal,
    number_word,
    ordinal,
    participle,
    plural,
    plural_verb,
    with_article,
)

MOST_SCENES = 60
"""Scenes are numbered in words up to this."""
MOST_COUNTED = 60
"""Numbers are known up to this."""


Entry = tuple[str, str, Meaning]
"""A symbol, one of its phrases, and what that may mean."""


def lexicon_of(known: Vocabulary) -> Lexicon:
    """Every phrase in which the words of a vocabulary may stand in a sentence."""
    names = dict.fromkeys(name for name, _ in known.attributes)
    parts = (
        *map(_label, known.labels),
        *(_property(name, value) for name, value in known.attributes),
        *map(_attribute_name, names),
        *map(_relation, known.relations),
        *map(_motion, known.motions),
        _numbers(),
        tuple(_events(known)),
    )
    found: dict[str, dict[Words, tuple[Meaning, ...]]] = {}
    for symbol, text, meaning in itertools.chain.from_iterable(parts):
        phrases, words = found.setdefault(symbol, {}), tokens(text)
        phrases[words] = tuple(dict.fromkeys((*phrases.get(words, ()), meaning)))
    return found


def _entries(make: Callable[..., Iterator[Entry]]) -> Callable[..., tuple[Entry, ...]]:
    """Remembers the entries of a word: the same ones stand in most samples."""

    @functools.lru_cache(maxsize=4096)
    def remembered(*words: str) -> tuple[Entry, ...]:
        return tuple(make(*words))

    return remembered


def _events(known: Vocabulary) -> Iterator[Entry]:
    for event in known.events:
        yield "event", event, _word("event", event)
    if known.answer:
        # "So the answer is walks" is no English; with a colon it is.
        is_phrase = " " in known.answer or known.answer in (*known.motions, *known.relations)
        kind = "answer.phrase" if is_phrase else "answer.word"
        yield kind, known.answer, _word("answer", known.answer)


@_entries
def _label(label: str) -> Iterator[Entry]:
    meaning = _word("label", label)
    yield "label", label, meaning
    yield "label.a", with_article(label), meaning
    yield "label.s", plural(label), meaning


@_entries
def _property(name: str, value: str) -> Iterator[Entry]:
    """An attribute with its value, in the phrases of the sampler and some more."""
    meaning, words = _word(name, value), attribute_words(name, value)
    phrases = (*_descriptions(words), *_clauses(words), *_sentences(words))
    yield from ((f"property.{symbol}", text, meaning) for symbol, text in phrases)
    yield "property.value", value, meaning
    yield "property.being", being(name, value), meaning
    yield "property.been", been(name, value), meaning


def _descriptions(words: AttributeWords) -> Iterator[tuple[str, str]]:
    """Before a label (`red`), after it with `the` (`in the red top`), after it with `a` (`in a red top`)."""
    before, after = _around(words.noun.removeprefix("the "), "{label}")
    yield ("after", after) if after else ("before", before)
    before, after = _around(words.some, "{label}")
    yield ("some", after) if after else ("before", before)
    if before:
        yield "before a", with_article(before)
    verb, _, rest = words.clause.partition(" ")
    if verb == "wears":
        yield "some", f"wearing {rest}"
        yield "some", f"dressed in {rest}"
        yield "some", f"wearing {_around(words.noun, '{label} in')[1]}"
    head, tail = _around(words.statement, "{x}")
    if head.startswith("the ") and head.endswith(" of"):
        yield "some", f"whose {head[4:-3]} {tail}"
        yield "owned", f"{head[4:-3]} {tail}"


def _clauses(words: AttributeWords) -> Iterator[tuple[str, str]]:
    """After a subject: `wears a red top`; of several things, after `does`, and after `is`."""
    verb, _, rest = words.clause.partition(" ")
    if verb == "is":
        yield from (("state", rest), ("value", rest))
    worn = (f"is wearing {rest}", f"is dressed in {rest}", f"is in {rest}") if verb == "wears" else ()
    for clause in (words.clause, *worn):
        yield "clause", clause
        yield "clauses", plural_verb(clause)
        yield "clause denied", denied(clause)
        yield "clauses denied", denied(clause, of_several=True)
        yield "base", base_form(clause)
        if clause.startswith("is "):
            yield "be", clause.removeprefix("is ")


def _sentences(words: AttributeWords) -> Iterator[tuple[str, str]]:
    """What stands before and behind the thing in statements, yes/no questions and questions."""
    head, tail = _around(words.statement, "{x}")
    if head:
        yield from (("head", head), ("tail", tail), ("tail denied", _denied(tail)))
    else:
        yield "denied", _denied(tail)
    questions = ((f"question {number}", text) for number, text in enumerate(words.questions, start=1))
    for kind, question in (("asked", words.verify), *questions):
        head, tail = _around(question.removesuffix("?"), "{x}")
        yield from ((f"{kind} head", head), (f"{kind} tail", tail))


def _denied(tail: str) -> str:
    """`is red` as `is not red`."""
    be, _, rest = tail.partition(" ")
    return f"{be} not {rest}"


@_entries
def _attribute_name(name: str) -> Iterator[Entry]:
    meaning = _word("name", name)
    yield "name", name, meaning
    if name.endswith(" colour"):
        part = name.removesuffix(" colour")
        yield "part.many" if part in PLURALS else "part.one", PLURALS.get(part, part), meaning
    questions = (*attribute_words(name, "").questions, *_other_questions(name))
    for number, question in enumerate(questions, start=1):
        head, tail = _around(question.removesuffix("?"), "{x}")
        yield f"asked {number} head", head, meaning
        yield f"asked {number} tail", tail, meaning
    if name == "colour":
        yield "indirect head", "what colour", meaning
        yield "indirect tail", "is", meaning


def _other_questions(name: str) -> Iterator[str]:
    """More ways to ask for an attribute than the sampler has."""
    part = name.removesuffix(" colour")
    if name in STATES:
        in_what, _, in_which = state_questions(name)
        yield from (in_what, in_which, f"What {name} is {{x}} in?", f"Which {name} is {{x}} in?")
    elif name == "colour":
        yield "What colour does {x} have?"
        yield "{x} is what colour?"
    elif part != name:
        part, be = (PLURALS[part], "are") if part in PLURALS else (part, "is")
        yield f"Which colour {be} the {part} of {{x}}?"
        if part in WORN:
            yield f"What colour {part} is {{x}} wearing?"
            yield f"What colour {be} the {part} worn by {{x}}?"
            yield f"What colour {be} the {part} that {{x}} wears?"


@_entries
def _relation(relation: str) -> Iterator[Entry]:
    meaning = _word("relation", participle(relation))
    yield "relation", participle(relation), meaning
    state = "" if is_verbal(relation) else "being "
    yield "relation.being", f"{state}{participle(relation)}", meaning
    inverse = inverse_of(relation)
    if inverse is not None and inverse.endswith(" by"):
        yield "relation.by", inverse, meaning
    elif inverse is not None:
        yield "relation", inverse, _word("relation", inverse)
    if is_verbal(relation):
        yield "relation.base", base_form(relation), meaning
        yield "relation.s", _inflected(relation, "VBZ"), meaning
        yield "relation.s", _inflected(relation, "VBD"), meaning


@_entries
def _motion(motion: str) -> Iterator[Entry]:
    meaning = _word("motion", motion)
    yield "motion.s", motion, meaning
    yield "motion.s", _inflected(motion, "VBD"), meaning
    yield "motion.done", _inflected(motion, "VBN"), meaning
    yield "motion.base", base_form(motion), meaning
    yield "motion.are", plural_verb(motion), meaning
    yield "motion.ing", participle(motion), meaning


@_entries
def _numbers() -> Iterator[Entry]:
    for number in range(MOST_COUNTED + 1):
        meaning = _word("number", str(number))
        yield "number", number_word(number), meaning
        yield "number", str(number), meaning
    for number in range(1, MOST_SCENES + 1):
        yield "ordinal", ordinal(number), _word("ordinal", str(number))


def _word(kind: str, word: str) -> Meaning:
    return Meaning(kind, word=word)


def _around(pattern: str, hole: str) -> tuple[str, str]:
    before, _, after = pattern.partition(hole)
    return before.strip(), after.strip()


def _inflected(predicate: str, tag: str) -> str:
    first, _, rest = predicate.partition(" ")
    lemmas = lemminflect.getLemma(first, upos="VERB")
    forms = lemminflect.getInflection(lemmas[0], tag=tag) if lemmas else ()
    return f"{forms[0] if forms else first} {rest}".strip()
