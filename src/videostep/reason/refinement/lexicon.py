"""The words of a graph and its samples, in every form in which a sentence may hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import lemminflect

from videostep.reason.refinement.reading import Lexicon, Meaning, Words, tokens
from videostep.reason.refinement.vocabulary import Vocabulary
from videostep.reason.wording import PLURALS, WORN, AttributeWords, attribute_words, inverse_of
from videostep.reason.words import (
    base_form,
    is_verbal,
    number_word,
    ordinal,
    participle,
    plural,
    plural_verb,
    with_article,
)

_MOST_SCENES = 30
"""Scenes are numbered in words up to this."""
_MOST_COUNTED = 30


class _Entries:
    """A lexicon in the making."""

    def __init__(self) -> None:
        self.found: dict[str, dict[Words, tuple[Meaning, ...]]] = {}

    def add(self, symbol: str, text: str, meaning: Meaning) -> None:
        """Let `text` be a phrase of `symbol`; an empty text is one only where it is said so."""
        phrases = self.found.setdefault(symbol, {})
        words = tokens(text)
        phrases[words] = tuple(dict.fromkeys((*phrases.get(words, ()), meaning)))


def lexicon_of(known: Vocabulary) -> Lexicon:
    """Every phrase in which the words of a vocabulary may stand in a sentence."""
    entries = _Entries()
    for label in known.labels:
        _add_label(entries, label)
    for name, value in known.attributes:
        _add_property(entries, name, value, known.labels)
    for name in dict.fromkeys(name for name, _ in known.attributes):
        _add_attribute_name(entries, name)
    for relation in known.relations:
        _add_relation(entries, relation)
    for motion in known.motions:
        _add_motion(entries, motion)
    for event in known.events:
        entries.add("event", event, _word("event", event))
    _add_numbers(entries)
    if known.answer:
        kind = "answer.phrase" if " " in known.answer else "answer.word"
        entries.add(kind, known.answer, _word("answer", known.answer))
    return entries.found


def _add_label(entries: _Entries, label: str) -> None:
    meaning = _word("label", label)
    entries.add("label", label, meaning)
    entries.add("label.a", with_article(label), meaning)
    entries.add("label.s", plural(label), meaning)


def _add_property(entries: _Entries, name: str, value: str, labels: Iterable[str]) -> None:
    meaning = _word(name, value)
    words = attribute_words(name, value)
    before, after = _around(words.noun.removeprefix("the "), "{label}")
    entries.add("property.after" if after else "property.before", after or before, meaning)
    before, after = _around(words.some, "{label}")
    entries.add("property.some" if after else "property.before", after or before, meaning)
    for other in _other_phrases(words):
        entries.add("property.some", other, meaning)
    if before:
        entries.add("property.before a", with_article(before), meaning)
    for clause in (words.clause, *_other_clauses(name, words)):
        entries.add("property.clause", clause, meaning)
        entries.add("property.clauses", plural_verb(clause), meaning)
        entries.add("property.base", base_form(clause), meaning)
        be, _, state = clause.partition(" ")
        if be == "is":
            entries.add("property.be", state, meaning)
    be, _, state = words.clause.partition(" ")
    if be == "is":
        entries.add("property.state", state, meaning)
    head, tail = _around(words.statement, "{x}")
    if head:
        entries.add("property.head", head, meaning)
        entries.add("property.tail", tail, meaning)
    head, tail = _around(words.verify.removesuffix("?"), "{x}")
    entries.add("property.asked head", head, meaning)
    entries.add("property.asked tail", tail, meaning)
    for question in words.questions:
        head, tail = _around(question.removesuffix("?"), "{x}")
        entries.add("property.question head", head, meaning)
        entries.add("property.question tail", tail, meaning)
    entries.add("property.value", value, meaning)


def _other_clauses(name: str, words: AttributeWords) -> Iterator[str]:
    """Ways to say what somebody wears."""
    verb, _, rest = words.clause.partition(" ")
    if verb == "wears":
        yield f"is wearing {rest}"
        yield f"is dressed in {rest}"
        yield f"is in {rest}"


def _other_phrases(words: AttributeWords) -> Iterator[str]:
    """Ways to name somebody by what they wear."""
    verb, _, rest = words.clause.partition(" ")
    if verb == "wears":
        yield f"wearing {rest}"
        yield f"dressed in {rest}"


def _other_questions(name: str) -> Iterator[str]:
    """More ways to ask for an attribute."""
    part = name.removesuffix(" colour")
    if name == "colour":
        yield "What colour does {x} have?"
        yield "{x} is what colour?"
    elif part != name:
        part, be = (PLURALS[part], "are") if part in PLURALS else (part, "is")
        yield f"Which colour {be} the {part} of {{x}}?"
        if part in WORN:
            yield f"What colour {part} is {{x}} wearing?"
            yield f"What colour {be} the {part} worn by {{x}}?"
            yield f"What colour {be} the {part} that {{x}} wears?"


def _add_attribute_name(entries: _Entries, name: str) -> None:
    meaning = _word("name", name)
    entries.add("name", name, meaning)
    if name.endswith(" colour"):
        part = name.removesuffix(" colour")
        is_many = part in PLURALS
        entries.add("part.many" if is_many else "part.one", PLURALS.get(part, part), meaning)
    questions = (*attribute_words(name, "").questions, *_other_questions(name))
    for number, question in enumerate(questions, start=1):
        head, tail = _around(question.removesuffix("?"), "{x}")
        entries.add(f"asked {number} head", head, meaning)
        entries.add(f"asked {number} tail", tail, meaning)
    if name == "colour":
        entries.add("indirect head", "what colour", meaning)
        entries.add("indirect tail", "is", meaning)


def _add_relation(entries: _Entries, relation: str) -> None:
    meaning = _word("relation", participle(relation))
    entries.add("relation", participle(relation), meaning)
    inverse = inverse_of(relation)
    if inverse is not None and inverse.endswith(" by"):
        entries.add("relation.by", inverse, meaning)
    elif inverse is not None:
        entries.add("relation", inverse, _word("relation", inverse))
        entries.add("relation.inverse", inverse, meaning)
    if is_verbal(relation):
        entries.add("relation.base", base_form(relation), meaning)
        for tag in ("VBZ", "VBD"):
            entries.add("relation.s", _inflected(relation, tag), meaning)


def _add_motion(entries: _Entries, motion: str) -> None:
    meaning = _word("motion", motion)
    entries.add("motion.s", motion, meaning)
    entries.add("motion.s", _inflected(motion, "VBD"), meaning)
    entries.add("motion.done", _inflected(motion, "VBN"), meaning)
    entries.add("motion.base", base_form(motion), meaning)
    entries.add("motion.are", plural_verb(motion), meaning)
    entries.add("motion.ing", participle(motion), meaning)


def _add_numbers(entries: _Entries) -> None:
    for number in range(_MOST_COUNTED + 1):
        for words in (number_word(number), str(number)):
            entries.add("number", words, _word("number", str(number)))
    for number in range(1, _MOST_SCENES + 1):
        entries.add("ordinal", ordinal(number), _word("ordinal", str(number)))


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
