r"""Which option a reply names, without ever guessing: a reply that names none, or several, names none.

Read are, as the whole reply or after "answer:", "the answer is", "option" and the like:

    B    (B)    [B]    B.    B)    B:    **B**    B. sits down    B because ...    (B) is correct    sits down

or whatever stands in <answer>...</answer> or \boxed{...}.

A letter in running text is no choice ("A person sits down" is not A), and neither is one that is denied,
that lies beyond the last option, that is followed by another option's letter or words, or that could as well
be the words of another option.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from videostep.evaluate.metrics.words import level

LETTERS: Final = string.ascii_uppercase
"""How the options are called, in their order."""

_FRAMED = re.compile(r"<answer>(.*?)</answer>|\\boxed\{(?:\\text\{)?([^{}]*)\}", re.IGNORECASE | re.DOTALL)
"""A final answer as reasoning models mark it; where there is one, nothing else counts."""
_MARKER = re.compile(
    r"(?:\b(?:answer|option|choice|choose|pick|select)\b(?: to the question)?"
    r"(?: (?:is|would be|should be|must be))?|答案(?:是|为)?)[\s*]*[:=]?[\s*]*(?=\S)",
    re.IGNORECASE,
)
"""What stands before a final answer."""
_DENIED = re.compile(r"(?:\b(?:not|never|cannot|neither|nor)|n't) (?:\w+ )?$", re.IGNORECASE)
"""What stands before the marker of an answer that is none: "I would not choose B"."""
_LETTER = re.compile(
    r"\W*(?:option |choice )?([A-Z])"
    r"(?:\s*[)\]}>.:,;*\-]+(?=\s|$)|\s*$|[ \t]*(?=\n)|\s+(?=\(|(?:because|since|is|was|seems)\b))",
    re.IGNORECASE,
)
"""A letter at the beginning, with something behind it that shows that it is no word."""
_PRAISE = re.compile(r"(?:is|was|seems) (?:the )?(?:correct|right|best|true|most likely)\b", re.IGNORECASE)
_VERB = re.compile(r"(?:is|was|seems|isn't|can't|cannot|does|doesn't|could|might|may|would)\b", re.IGNORECASE)
_OTHER_LETTER = re.compile(
    r"[(\[{<]\s*([A-Za-z])\s*[)\]}>]"
    r"|(?<![A-Za-z0-9'])([B-HJ-Z]|[AI](?!\s+[A-Za-z]))(?![A-Za-z0-9'])"
    r"|(?:\b(?:and|or|nor)\s+|[,/&]\s*)([AI])\b"
)
"""In brackets, or a capital on its own; A and I only where they can be no words."""
_AT_THE_END = re.compile(r"[(\[]\s*([A-Z])\s*[)\]]\W*$", re.IGNORECASE)
_DENIAL = re.compile(r"\bnot\b|n't\b|\b(?:neither|nor|wrong|incorrect|except|unlikely)\b", re.IGNORECASE)
_YES_NO = re.compile(r"\W*(yes|no)(?:\W*$|\s*[,.;:!\-])", re.IGNORECASE)


def read_option(reply: str, choices: Sequence[str]) -> int | None:
    """The place of the one option that a reply names, from 0; None: it names none, or several.

    Args:
        reply: What the model said.
        choices: The options in the order in which they were lettered.
    """
    text = unicodedata.normalize("NFKC", reply).strip()
    framed = tuple(match[1] or match[2] or "" for match in _FRAMED.finditer(text))
    if framed:
        named = {_named_by(part.strip(), choices) for part in framed}
        return named.pop() if len(named) == 1 else None
    conclusions = tuple(_conclusions(text))
    named = {_named_by(part, choices) for part in (text, *conclusions)} - {None}
    if not named and not conclusions:
        named = {_named_at_the_end(text, choices)}
    return named.pop() if len(named) == 1 else None


def _conclusions(text: str) -> Iterator[str]:
    """What follows each "answer:" on its line; nothing after one that is denied."""
    markers = list(_MARKER.finditer(text))
    stops = [*(marker.start() for marker in markers[1:]), len(text)]
    for marker, stop in zip(markers, stops, strict=False):
        is_denied = _DENIED.search(text[: marker.start()])
        yield "" if is_denied else text[marker.end() : stop].partition("\n")[0]


def _named_by(text: str, choices: Sequence[str]) -> int | None:
    """The option that a text is about from its beginning, by its words or by its letter."""
    by_words, by_letter = _by_words(text, choices), _by_letter(text, choices)
    if by_words is not None and by_letter is not None and by_words != by_letter:
        return None
    return by_letter if by_words is None else by_words


def _by_words(text: str, choices: Sequence[str]) -> int | None:
    words = [level(choice) for choice in choices]
    if words.count(level(text)) == 1:
        return words.index(level(text))
    spoken = _YES_NO.match(text)
    return words.index(spoken[1].lower()) if spoken and sorted(words) == ["no", "yes"] else None


def _by_letter(text: str, choices: Sequence[str]) -> int | None:
    match = _LETTER.match(text)
    place = LETTERS.index(match[1].upper()) if match else len(choices)
    if match is None or place >= len(choices):
        return None
    rest = text[match.end() :]
    # A small letter is an answer alone or before its own words; "a, b" is a list, and "a - " a sentence.
    is_sure = match[1].isupper() or level(rest) in ("", level(choices[place]))
    return place if is_sure and _goes_with(rest, place, choices) else None


def _goes_with(rest: str, place: int, choices: Sequence[str]) -> bool:
    """Whether what follows a letter leaves no doubt that its option is meant."""
    said, words = level(rest.strip(" ()[]")), [level(choice) for choice in choices]
    if said == words[place]:
        return True
    line = rest.partition("\n")[0].strip()
    is_judged = _VERB.match(line) and not _PRAISE.match(line)
    others = _places_in(line) - {place}
    return not is_judged and said not in words and all(other >= len(choices) for other in others)


def _places_in(text: str) -> set[int]:
    """Of all letters of options that stand in a text."""
    return {
        LETTERS.index(letter.upper()) for found in _OTHER_LETTER.findall(text) for letter in found if letter
    }


def _named_at_the_end(text: str, choices: Sequence[str]) -> int | None:
    """The only letter in brackets, if it ends the text: "I think it is (B)."."""
    match = _AT_THE_END.search(text)
    if match is None or _DENIAL.search(text):
        return None
    place = LETTERS.index(match[1].upper())
    return place if _places_in(text) == {place} and place < len(choices) else None
