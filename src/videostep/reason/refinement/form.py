"""How other words must look, whatever they say: pure functions from two texts to a fault, or None."""

from __future__ import annotations

import itertools
import re

from videostep.reason.refinement.reading import tokens
from videostep.reason.words import with_article

MOST_CHARACTERS = 2.0
"""Other words may be so many times as long as the template, and `SLACK` characters longer."""
FEWEST_CHARACTERS = 0.4
SLACK = 40
LEAST_KNOWN_SHARE = 0.6
"""Of the words of an English text that says the same; below it the text is called foreign."""
_ALLOWED = re.compile(r"[A-Za-z0-9 ,;:.?'()-]")
_MARKUP = re.compile(r"[<>\[\]{}`*_#|\\~^@=/&$%]|https?\b|\bwww\b|\n|^\s*[-0-9.)]+\s", re.IGNORECASE)
_FRAMING = re.compile(
    r"\b(?:sure|certainly|of course|here (?:is|are)|here's|rewritten|rewrite|rewording|rephrased?|"
    r"paraphrased?|original|sentence|template|question|rationale|as an ai|language model|i cannot|i can't|"
    r"sorry|note|output|ignore|instructions?|prompt|system|user|assistant)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.?!]+(?=\s|$)")
_CAPITALISED = re.compile(r"[^\W\d_]*[A-Z][^\W\d_]*")


def length_fault(template: str, text: str) -> str | None:
    """Whether it is much longer or shorter than what it is to replace."""
    if len(text) > MOST_CHARACTERS * len(template) + SLACK:
        return "it is much longer than the template"
    return "it is much shorter than the template" if len(text) < FEWEST_CHARACTERS * len(template) else None


def character_fault(template: str, text: str) -> str | None:
    """Characters that the template has not: they are no letters, digits or marks of plain English."""
    strange = next((char for char in text if not _ALLOWED.match(char) and char not in template), None)
    if strange is None or _MARKUP.search(strange):  # of markup the next check speaks
        return None
    return f"it holds the character {strange!a}"


def markup_fault(template: str, text: str) -> str | None:
    """Markup, links, lists and line breaks that the template has not."""
    found = next((mark for mark in _MARKUP.findall(text) if mark not in template), None)
    return None if found is None else f"it holds markup: {found!a}"


def framing_fault(template: str, text: str) -> str | None:
    """Words about the words: an answer to whoever asked for them, or an instruction."""
    found = next((word for word in _FRAMING.findall(text) if word.lower() not in template.lower()), None)
    return None if found is None else f"it speaks of itself: {found!r}"


def question_fault(template: str, text: str) -> str | None:
    """Whether it is anything but one question."""
    if not text.endswith("?"):
        return "it does not end in a question mark"
    if len(sentences(text)) != 1:
        return "it is more than one sentence"
    return _spacing_fault(text)


def rationale_fault(template: str, text: str) -> str | None:
    """Whether it has other sentences than the template: one a step, and the conclusion."""
    if not text.endswith(".") or "?" in text:
        return "it is not made of statements"
    if len(sentences(text)) != len(sentences(template)):
        return "it has more or fewer sentences than the template"
    return _spacing_fault(text)


def article_fault(template: str, text: str) -> str | None:
    """`An dog`; what the template has stays right."""
    words = text.lower().replace(",", "").split()
    for article, word in itertools.pairwise(words):
        said = f"{article} {word}"
        if article in ("a", "an") and said not in template.lower() and with_article(word) != said:
            return f"it says {said!r}"
    return None


def _spacing_fault(text: str) -> str | None:
    if text != " ".join(text.split()) or re.search(r" [,;:.?]|[,;:]\S|[,;:.?][,;:.?]", text):
        return "it has blanks or marks where none belong"
    return None


def sentences(text: str) -> list[str]:
    """The sentences of a text, without their end marks."""
    return [part.strip() for part in _END.split(text) if part.strip()]


def case_fault(template: str, text: str) -> str | None:
    """Capitals stand at the beginning of sentences, and where the template has them."""
    small = [part for part in sentences(text) if not part[:1].isupper() and part[:1] not in template[:1]]
    if small:
        return "a sentence begins in lower case"
    found = next((word for word in _inner_capitals(text) if word not in _inner_capitals(template)), None)
    return None if found is None else f"it holds capitals: {found!r}"


def _inner_capitals(text: str) -> list[str]:
    return [word for part in sentences(text) for word in _CAPITALISED.findall(part[1:])]


def language_fault(text: str, known: set[str]) -> str | None:
    """Words that neither the graph nor the grammar knows; with many of them it is another language."""
    words = tokens(text)
    unknown = [word for word in words if word not in known]
    if not unknown:
        return None
    if len(unknown) > (1 - LEAST_KNOWN_SHARE) * len(words):
        return "it is not the template's language"
    return f"it brings in the word {unknown[0]!r}"
