"""What a text names, counted by kind: things, values, predicates, numbers, ranks, negations, times."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable

import lemminflect

from videostep.reason.refinement.reading import Words, tokens
from videostep.reason.refinement.vocabulary import Vocabulary
from videostep.reason.words import number_word, ordinal, plural

_SMALL = frozenset({
    ",", ":", ";", "a", "an", "and", "at", "by", "for", "from", "in", "into", "is", "of", "on", "or", "out",
    "that", "the", "their", "them", "to", "up", "with",
})  # fmt: skip
"""Words of predicates that stand everywhere and say nothing alone."""
_IDIOMS = re.compile("right to say|going on|of these hold|(only|just|exactly) one of these|these two")
"""What questions say whatever they are about: of these words, right is no direction."""
EITHER = re.compile("(at least one|one or both) of these")
"""What may also be said as "either of these, or both": here one is no number, and least no rank."""
_NEGATIONS = frozenset(
    {"cannot", "neither", "never", "no", "nobody", "none", "nor", "not", "nothing", "without"}
)
_RANKS = frozenset(
    {"first", "last", "final", "longest", "shortest", "longer", "shorter", "most", "least", "only"}
)
_BEFORE = frozenset({"before", "earlier", "prior", "until", "till"})
_AFTER = frozenset({"after", "afterwards", "later", "once", "since", "following"})
_NUMBERS = {word: str(n) for n in range(2, 100) for word in (number_word(n), str(n))}
_ORDINALS = frozenset(ordinal(number) for number in range(1, 100)) | _RANKS


class Census:
    """Counts what texts name of one vocabulary."""

    def __init__(self, known: Vocabulary) -> None:
        values = (value for _, value in known.attributes)
        phrases = (*known.labels, *values, *known.relations, *known.motions)
        self._phrases = {phrase: frozenset(map(root, tokens(phrase))) for phrase in phrases}
        plurals = {tokens(plural(label))[-1:]: tokens(label)[-1:] for label in known.labels}
        self._singular = {many[0]: one[0] for many, one in plurals.items() if many}
        names = _roots(known.labels)
        attributes = _roots(value for _, value in known.attributes) | _parts(
            name for name, _ in known.attributes
        )
        predicates = _roots((*known.relations, *known.motions))
        self.counts: dict[str, Callable[[str], Counter[str]]] = {
            "names": functools.partial(self._count, names),
            "attributes": functools.partial(self._count, attributes - names),
            "predicates": functools.partial(self._count, predicates - names - attributes),
            "numbers": lambda text: Counter(_numbers(text)),
            "order": lambda text: Counter(word for word in _ranked(text) if word in _ORDINALS),
            "negation": lambda text: Counter("no" for word in tokens(text) if word in _NEGATIONS),
            "times": lambda text: Counter(_times(tokens(text))),
        }
        """Kind to a function that counts what is named in a text."""

    def phrases(self, text: str) -> tuple[str, ...]:
        """The words and phrases of the vocabulary in a text, as the graph has them."""
        said = frozenset(self._root(word) for word in tokens(text))
        return tuple(phrase for phrase, roots in self._phrases.items() if roots <= said)

    def _count(self, roots: frozenset[str], text: str) -> Counter[str]:
        said = map(self._root, tokens(_IDIOMS.sub("", text)))
        return Counter(word for word in said if word in roots)

    def _root(self, word: str) -> str:
        return root(self._singular.get(word, word))


def difference(template: Counter[str], text: Counter[str]) -> str | None:
    """What a text names more or less often than its template, in words."""
    more, less = text - template, template - text
    if more:
        return f"it adds {min(more)!r}"
    return f"it leaves out {min(less)!r}" if less else None


@functools.lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """What the forms of a word share: `riding`, `rides`, `rode` and `ridden` are one. Left is a direction."""
    lemmas = lemminflect.getLemma(word, upos="VERB") if word != "left" else ()
    return str(lemmas[0]) if lemmas else word


def _roots(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(root(word) for phrase in phrases for word in tokens(phrase) if word not in _SMALL)


def _parts(names: Iterable[str]) -> frozenset[str]:
    """What of a thing a colour is about: `top` of `top colour`. Other names, as posture, may go unsaid."""
    return _roots(name.removesuffix(" colour") for name in names if name.endswith(" colour"))


def _numbers(text: str) -> Iterable[str]:
    return (_NUMBERS[word] for word in tokens(_IDIOMS.sub("", text)) if word in _NUMBERS)


def _ranked(text: str) -> Words:
    return tokens(EITHER.sub("", text.replace("most briefly", "shortest")))


def _times(words: Words) -> Iterable[str]:
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if word in _BEFORE or (word, following) == ("up", "to"):
            yield "before"
        elif word in _AFTER:
            yield "after"
