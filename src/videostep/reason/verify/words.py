"""Words: when two may mean the same, and whether a text gives another away (docs/program.md)."""

from __future__ import annotations

import functools
import re

_ALIKE = (
    ("grey", "gray"),
    ("bicycle", "bike"),
    ("motorcycle", "motorbike"),
    ("truck", "lorry"),
    ("sofa", "couch"),
    ("television", "tv"),
    ("phone", "cellphone"),
    ("purple", "violet"),
    ("grey", "silver"),
    ("next", "beside"),
    ("next", "near"),
    ("beside", "near"),
    ("under", "below"),
    ("above", "over"),
    ("starts", "begins"),
)
"""Different words for what a viewer sees as the same."""
_BROADER = {
    "person": ("man", "woman", "boy", "girl", "child", "cyclist", "pedestrian", "driver", "rider"),
    "vehicle": ("car", "bus", "truck", "van", "bicycle", "motorcycle", "train"),
    "car": ("van", "taxi"),
    "child": ("boy", "girl"),
}
"""A word and narrower words, each of which a viewer may also call by the broader one."""
_OPPOSITES = (
    ("left", "right"),
    ("up", "down"),
    ("towards", "away from"),
    ("towards the camera", "away"),
    ("closer", "away"),
    ("enters", "leaves"),
    ("stops", "starts"),
    ("opens", "closes"),
    ("sits down", "stands up"),
    ("behind", "in front of"),
    ("above", "below"),
    ("inside", "outside"),
)
"""Phrases that exclude each other when all the rest of two predicates is the same."""
SAY_NOTHING = frozenset({
    "n/a", "not known", "not sure", "not visible", "null", "uncertain", "unclear", "undefined",
    "undetermined", "unknown", "unspecified", "unsure",
})  # fmt: skip
"""Values and predicates that stand for not knowing: a node or edge with one is as good as none."""
_BEGINNINGS = frozenset({"begin", "start"})
"""Stems of verbs that say of another one that it was not so before."""
_ARTICLES = frozenset({"a", "an", "the"})
_FUNCTION_WORDS = _ARTICLES | {
    "and", "at", "be", "by", "do", "doe", "for", "from", "in", "is", "it", "its", "of", "on", "one", "or",
    "that", "to", "what", "which", "who", "with",
}  # fmt: skip
"""Words that every question may hold: they give nothing away; as stems."""
_WORD = re.compile(r"[^\W_]+")
_CLOSE = re.compile(r"\bclose\b(?: to\b| by\b)?")
"""Where something is; what is `closing` a door has that stem, too."""


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A lower-case word without its ending, so that `walks`, `walking` and `walked` are one."""
    return _undoubled(_without_ending(word))


def _without_ending(word: str) -> str:
    for ending, instead, shortest in (("ies", "y", 5), ("ied", "y", 5), ("ing", "", 6), ("ed", "", 5)):
        if word.endswith(ending) and len(word) >= shortest:
            return word[: -len(ending)] + instead
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def _undoubled(word: str) -> str:
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word


@functools.lru_cache(maxsize=50_000)
def stems(text: str) -> tuple[str, ...]:
    """The stems of the words of `text`, in order."""
    return tuple(stem(word) for word in _WORD.findall(text.lower()))


@functools.lru_cache(maxsize=50_000)
def may_mean_the_same(first: str, second: str) -> bool:
    """Whether a viewer might use either text for the other: `blue` and `dark blue`, `man` and `person`.

    True for equal texts. It is asked only to refuse a claim, so it errs towards True.
    """
    one, other = _meaning(first), _meaning(second)
    return _within(one - other, other - one) or _within(other - one, one - other)


def halves(change: str) -> tuple[str, str]:
    """The two values of an answer of `change`; the second is empty where it is none."""
    before, _, after = change.removeprefix("from ").partition(" to ")
    return before, after


@functools.lru_cache(maxsize=50_000)
def fits_word(word: str, wanted: str) -> bool | None:
    """True when `word` is `wanted`, None when it may mean the same, else False."""
    if word == wanted:
        return True
    return None if may_mean_the_same(word, wanted) and not _goes_on(word, wanted) else False


def _goes_on(word: str, wanted: str) -> bool:
    """Whether `wanted` is a beginning, and `word` only what begins: what moves need not have started to."""
    started, goes_on = _WORD.findall(wanted.lower())[:2], stems(word)[:1]
    is_start = len(started) == 2 and stem(started[0]) in _BEGINNINGS and started[1].endswith("ing")
    return is_start and not _BEGINNINGS.intersection(goes_on)


def _meaning(text: str) -> frozenset[str]:
    return frozenset(stems(_CLOSE.sub("near", text.lower()))) - _ARTICLES


def _within(rest: frozenset[str], other: frozenset[str]) -> bool:
    return all(any(second in _kin().get(first, ()) for second in other) for first in rest)


@functools.cache
def _kin() -> dict[str, frozenset[str]]:
    """Each stem of the two tables to the stems it may stand for."""
    pairs = (*_ALIKE, *((broad, narrow) for broad, all_narrow in _BROADER.items() for narrow in all_narrow))
    found: dict[str, set[str]] = {}
    for first, second in pairs:
        found.setdefault(stem(first), set()).add(stem(second))
        found.setdefault(stem(second), set()).add(stem(first))
    return {key: frozenset(value) for key, value in found.items()}


@functools.lru_cache(maxsize=50_000)
def exclude_each_other(first: str, second: str) -> bool:
    """Whether two predicates are the same but for a phrase and its opposite: left and right."""
    one, other = stems(first), stems(second)
    return any(
        _exchanged(one, stems(here), stems(there)) == other
        or _exchanged(one, stems(there), stems(here)) == other
        for here, there in _OPPOSITES
    )


def _exchanged(words: tuple[str, ...], old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...] | None:
    """`words` with the first `old` phrase replaced by `new`; None when it is not there."""
    starts = range(len(words) - len(old) + 1)
    start = next((start for start in starts if words[start : start + len(old)] == old), None)
    return None if start is None else words[:start] + new + words[start + len(old) :]


def given_away(answer: str, question: str) -> str | None:
    """The first word of `answer` that stands in `question` in some form, or None.

    Function words count only when `answer` has no other: then all of it must stand there as a phrase.
    """
    words = stems(answer)
    telling = _telling(words)
    if not telling:
        return answer if _holds_phrase(stems(question), words) else None
    written = question.lower()
    for word in words:
        # A word and its stem begin alike, up to the stem's last letter: most answers are ruled out by that.
        if word in telling and word[:-1] in written and word in stems(question):
            return word
    return None


def choice_given_away(answer: str, choices: tuple[str, ...], question: str) -> str | None:
    """Why the question gives the right choice away: it names it, but not every other one; or None.

    A choice counts by the words that not all choices share.
    """
    asked = frozenset(stems(question))
    words = {choice: frozenset(stems(choice)) for choice in choices}
    shared = frozenset.intersection(*words.values())
    own = {choice: _telling(tuple(words[choice] - shared)) or words[choice] - shared for choice in choices}
    if own[answer].isdisjoint(asked):
        return None
    other = next((choice for choice in choices if not own[choice] <= asked), None)
    return None if other is None else f"the question names the answer {answer!r} but not {other!r}"


def _telling(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words) - _FUNCTION_WORDS


def says(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text` one after the other, in some form."""
    return _stands_in(text, phrase) or _holds_phrase(stems(text), stems(phrase))


def denials(text: str, phrase: str) -> int:
    """How often `text` denies `phrase`: "red, not blue", "and does not stop"."""
    words, denied = stems(text), ("not", *stems(phrase))
    return sum(words[start : start + len(denied)] == denied for start in range(len(words)))


def _stands_in(text: str, phrase: str) -> bool:
    """Whether `phrase` stands in `text` as it is, between the ends of words: most often it does."""
    start = text.rfind(phrase)
    end = start + len(phrase)
    return start >= 0 and not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _holds_phrase(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    starts = range(len(words) - len(phrase) + 1)
    return any(words[start : start + len(phrase)] == phrase for start in starts)
