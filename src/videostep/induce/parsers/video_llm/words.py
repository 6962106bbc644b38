"""A Video-LLM's words as a graph holds them: lower case, lemma, singular, one word for its synonyms.

The vocabulary stays open. What is no plain English phrase (markup, a path, a sentence of commands, another
script) has no place in a graph and is refused.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

import lemminflect

_PHRASE = re.compile(r"[a-z0-9]+(?:[ '-][a-z0-9]+)*")
_SENTENCE = re.compile(r"[a-z0-9]+(?:,? (?:[a-z0-9]+(?:['-][a-z0-9]+)*))*")
_AROUND = " .,;:!?\"'"
_ARTICLES = frozenset({"a", "an", "the", "some"})
_AUXILIARIES = frozenset({"is", "are", "was", "were", "be", "being"})
NARROWER: Mapping[str, frozenset[str]] = {
    "person": frozenset({
        "adult", "baby", "boy", "child", "cyclist", "dancer", "driver", "girl", "kid", "lady", "man",
        "passenger", "pedestrian", "player", "rider", "toddler", "waiter", "woman", "worker",
    }),
    "car": frozenset({"hatchback", "sedan", "suv", "taxi", "van"}),
}  # fmt: skip
"""What a detector calls by one word, and a Video-LLM by narrower ones."""
_MOST_WORDS_OF_A_LABEL = 3
_MOST_WORDS_OF_A_PREDICATE = 6


class Words:
    """Normalises labels, names, values and predicates."""

    def __init__(self, same_words: Mapping[str, tuple[str, ...]]) -> None:
        """`same_words`: words to the others that each replaces."""
        self._stand_in = {other: word for word, others in same_words.items() for other in others}

    def label(self, text: str) -> str | None:
        """`The Cars` as `car`; None: it is no name of a thing."""
        words = _phrase(text, _MOST_WORDS_OF_A_LABEL)
        return self._one_for_all([*words[:-1], _singular(words[-1])]) if words else None

    def name(self, text: str) -> str | None:
        """`Top Color` as `top colour`; None: it names no property."""
        words = _phrase(text, _MOST_WORDS_OF_A_LABEL)
        return self._one_for_all(words) if words else None

    def relation(self, text: str) -> str | None:
        """`is Riding` and `rides` as `riding`; None: it says no relation."""
        words = _without_auxiliary(_phrase(text, _MOST_WORDS_OF_A_PREDICATE))
        return self._one_for_all([_inflected(words[0], "VBG", if_ends="s"), *words[1:]]) if words else None

    def motion(self, text: str) -> str | None:
        """`is walking to the left` as `walks to the left`; None: it says no motion."""
        words = _without_auxiliary(_phrase(text, _MOST_WORDS_OF_A_PREDICATE))
        return self._one_for_all([_inflected(words[0], "VBZ"), *words[1:]]) if words else None

    def _one_for_all(self, words: list[str]) -> str:
        """The phrase, or else each of its words, replaced by what stands for it."""
        phrase = " ".join(words)
        return self._stand_in.get(phrase) or " ".join(self._stand_in.get(word, word) for word in words)


def may_be_called(label: str, word: str) -> bool:
    """Whether what one calls `label` may be what another calls `word`, itself or a narrower one."""
    return word == label or word.rpartition(" ")[2] in NARROWER.get(label, ())


def sentence_of(text: str) -> str | None:
    """A sentence in lower case without its full stop; None: it is more than plain English words."""
    plain = _levelled(text)
    return plain if _SENTENCE.fullmatch(plain) else None


def _levelled(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").split()).strip(_AROUND)


def _phrase(text: str, most_words: int) -> list[str]:
    """Its words without the article; none if it is no plain phrase of so many words."""
    plain = _levelled(text)
    words = plain.split() if _PHRASE.fullmatch(plain) else []
    words = words[1:] if len(words) > 1 and words[0] in _ARTICLES else words
    return words if len(words) <= most_words else []


def _without_auxiliary(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] in _AUXILIARIES else words


@functools.cache
def _singular(noun: str) -> str:
    """`women` as `woman`; a word that has no other singular (`glasses`) stays."""
    lemmas = lemminflect.getLemma(noun, upos="NOUN", lemmatize_oov=False)
    return noun if not lemmas or noun in lemmas else str(lemmas[0])


@functools.cache
def _inflected(word: str, tag: str, *, if_ends: str = "") -> str:
    """The verb in another form; a word that is no verb stays."""
    lemmas = lemminflect.getLemma(word, upos="VERB", lemmatize_oov=False)
    if not lemmas or not word.endswith(if_ends):
        return word
    forms = lemminflect.getInflection(lemmas[0], tag=tag)
    return str(forms[0]) if forms else word
