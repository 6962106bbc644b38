"""English inflection, by lemminflect (verbs) and inflect (articles, numbers); cached, since words repeat."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import lemminflect

if TYPE_CHECKING:
    import inflect

LARGEST_WORD = 12
"""Larger numbers are written in digits."""
_NOUN_MARKS = frozenset({"a", "an", "her", "his", "its", "some", "the", "their"})
"""After these an `and` joins two things, not two verbs."""
_BE = frozenset({"is", "are", "was", "were"})
_NOT_VERBS = frozenset({"across", "towards", "besides", "alongside", "opposite", "on", "in", "near", "with"})


@functools.lru_cache(maxsize=4096)
def with_article(noun: str) -> str:
    """`a bus`, `an umbrella`."""
    said = str(_engine().a(noun))
    return said if said.endswith(noun) else f"a {noun}"  # of odd words inflect makes nothing


@functools.lru_cache(maxsize=256)
def ordinal(number: int) -> str:
    """1 is `first`."""
    return str(_engine().number_to_words(_engine().ordinal(str(number))))


@functools.lru_cache(maxsize=256)
def number_word(number: int) -> str:
    """`three` up to twelve, then digits."""
    return str(_engine().number_to_words(str(number))) if number <= LARGEST_WORD else str(number)


@functools.lru_cache(maxsize=4096)
def plural(noun: str) -> str:
    """`person` is `people`, `bus or truck` is `buses or trucks`."""
    return " or ".join(str(_engine().plural_noun(part) or part) for part in noun.split(" or "))


@functools.lru_cache(maxsize=4096)
def plural_verb(clause: str) -> str:
    """What one does as several do it: `wears a red top` is `wear a red top`, `is standing` `are standing`."""
    first, _, rest = clause.partition(" ")
    return f"are {rest}" if first in _BE else base_form(clause)


@functools.lru_cache(maxsize=4096)
def denied(clause: str, *, of_several: bool = False) -> str:
    """What one does not do: `does not wear a red top`, `is not standing`; of several `are not standing`."""
    first, _, rest = clause.partition(" ")
    if first in _BE:
        return f"{'are' if of_several else 'is'} not {rest}"
    return f"{'do' if of_several else 'does'} not {base_form(clause)}"


@functools.lru_cache(maxsize=4096)
def base_form(predicate: str) -> str:
    """`walks to the left` is `walk to the left`."""
    return _inflected(predicate, "VB")


@functools.lru_cache(maxsize=4096)
def participle(predicate: str) -> str:
    """How a relation follows `is`: `rides`, `ride` and `is riding` are `riding`; `next to` stays."""
    first, _, rest = predicate.partition(" ")
    if first in _BE:
        return rest
    return _inflected(predicate, "VBG") if _is_finite(first, rest) else predicate


def _is_finite(first: str, rest: str) -> bool:
    """Whether the first word of a predicate is a verb as it follows its subject: `rides`, `ride`."""
    lemmas = lemminflect.getAllLemmas(first)
    if first in _NOT_VERBS or "VERB" not in lemmas:
        return False
    if is_third_person(first):
        return True
    # "Close to" and "left of" are places, though both words may be verbs.
    is_place = "ADJ" in lemmas or "ADV" in lemmas or rest.startswith("of")
    return _lemma(first) == first and not is_place


@functools.lru_cache(maxsize=4096)
def third_person(predicate: str) -> str:
    """`chasing the ball` is `chases the ball`."""
    return _inflected(predicate, "VBZ")


@functools.lru_cache(maxsize=4096)
def past_participle(predicate: str) -> str:
    """`riding` is `ridden`."""
    return _inflected(predicate, "VBN")


@functools.lru_cache(maxsize=4096)
def is_verbal(predicate: str) -> bool:
    """Whether a relation is something one does (`riding`), not where one is (`next to`)."""
    return participle(predicate).partition(" ")[0].endswith("ing")


@functools.lru_cache(maxsize=4096)
def is_third_person(word: str) -> bool:
    """Whether a word may be what one does: `stops`."""
    if not word.endswith("s") or word in _NOT_VERBS:
        return False
    return any(lemma != word for lemma in lemminflect.getAllLemmas(word).get("VERB", ()))


def starts_with_be(predicate: str) -> bool:
    """`is carried`: its question needs no `do`."""
    return predicate.partition(" ")[0] in _BE


def _inflected(predicate: str, tag: str) -> str:
    """The verb in another form, and a second one that follows: `reaches for and grabs it`."""
    joint = " or " if predicate.partition(" ")[2].startswith("or ") else " and "
    first, joint, second = predicate.partition(joint)
    verb, _, rest = first.partition(" ")
    is_verb = joint and not _NOUN_MARKS & {*rest.split()} and _lemma(second.split()[0]) != second.split()[0]
    forms = lemminflect.getInflection(_lemma(verb), tag=tag)
    words = [forms[0] if forms else verb, *rest.split()]
    return " ".join(words) + (f"{joint}{_inflected(second, tag)}" if is_verb else joint + second)


def _lemma(word: str) -> str:
    lemmas = lemminflect.getLemma(word, upos="VERB")
    return str(lemmas[0]) if lemmas else word


@functools.cache
def _engine() -> inflect.engine:
    """Made when first asked for: importing inflect takes two seconds."""
    import inflect

    return inflect.engine()


def sentence(words: str, end: str = ".") -> str:
    """Capitalised, with an end mark; an end that is there already stays."""
    words = words.strip()
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '?', '!')) else end}"
