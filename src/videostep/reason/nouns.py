"""Nouns and noun phrases: which are plural, which cannot be counted, and what they take before them."""

from __future__ import annotations

import functools

import lemminflect

from videostep.reason.hops import PERSONS
from videostep.reason.words import ordinal, plural, plural_verb, with_article

_MASS = frozenset({
    "bread", "butter", "cheese", "clothing", "coffee", "dirt", "equipment", "fire", "foliage", "food",
    "fruit", "furniture", "garbage", "gravel", "grass", "ground", "hair", "ice", "jewellery", "juice",
    "laundry", "luggage", "meat", "medicine", "milk", "money", "mud", "paper", "pasta", "rice", "rubbish",
    "sand", "sky", "smoke", "snow", "soil", "soup", "tea", "traffic", "trash", "water", "wine", "wood",
})  # fmt: skip
"""Nouns without a plural, of which there is some."""
_PLURAL = frozenset({
    "clothes", "glasses", "goggles", "jeans", "pants", "people", "pliers", "scissors", "shorts", "stairs",
    "sunglasses", "tights", "trousers",
})  # fmt: skip
"""Plurals without a singular of the same meaning."""


class NounPhrase(str):
    """A noun phrase that knows its noun, so that a verb can agree: `the clothes on the bed` are."""

    __slots__ = ("is_plural", "noun")
    noun: str
    is_plural: bool
    """Whether its verb is plural."""

    def __new__(cls, words: str, noun: str) -> NounPhrase:
        """Keep the noun beside the words."""
        phrase = str.__new__(cls, words)
        phrase.noun = noun
        phrase.is_plural = is_plural(noun)
        return phrase

    @property
    def be(self) -> str:
        """`is` or `are`."""
        return "are" if self.is_plural else "is"

    @property
    def do(self) -> str:
        """`does` or `do`."""
        return "do" if self.is_plural else "does"

    @property
    def goes_on(self) -> bool:
        """Whether something follows its noun: "what is the man beside the dog riding?" is hard to read."""
        return not self.endswith(self.noun)

    @property
    def pronoun(self) -> str:
        """After a verb or a preposition: `it`; of several and of one person `them`."""
        return "them" if self.is_plural or relative(self.noun) == "who" else "it"

    def agreeing(self, predicate: str) -> str:
        """What one does, as this does it: `wears a red top`, of several `wear a red top`."""
        return plural_verb(predicate) if self.is_plural else predicate


@functools.lru_cache(maxsize=4096)
def is_plural(noun: str) -> bool:
    """Whether a label names several things: `clothes`, `groceries`."""
    last = noun.rpartition(" ")[2]
    if not last.endswith("s") or last in _PLURAL:
        return last in _PLURAL
    lemmas = lemminflect.getLemma(last, upos="NOUN")
    return bool(lemmas) and lemmas[0] != last


@functools.lru_cache(maxsize=4096)
def relative(noun: str) -> str:
    """`who` of people, else `that`."""
    return "who" if noun.rpartition(" ")[2] in PERSONS else "that"


@functools.lru_cache(maxsize=4096)
def is_mass(noun: str) -> bool:
    """Whether there is some of it, not one or two: `water`."""
    return noun.rpartition(" ")[2] in _MASS


def is_counted(noun: str) -> bool:
    """Whether it takes `a` and `one`."""
    return not (is_mass(noun) or is_plural(noun))


@functools.lru_cache(maxsize=4096)
def some(words: str, noun: str = "") -> NounPhrase:
    """`a bus`, `an umbrella`, `some food`; `noun` is that of longer words: `a bus in the middle`."""
    noun = noun or words
    return NounPhrase(with_article(words) if is_counted(noun) else f"some {words}", noun)


@functools.lru_cache(maxsize=4096)
def any_of(words: str, noun: str = "") -> NounPhrase:
    """As `some`, in a question: `a bus`, `any food`."""
    noun = noun or words
    return NounPhrase(with_article(words) if is_counted(noun) else f"any {words}", noun)


@functools.lru_cache(maxsize=4096)
def another(words: str, noun: str = "") -> NounPhrase:
    """`another bus`, `other food`."""
    noun = noun or words
    return NounPhrase(f"{'another' if is_counted(noun) else 'other'} {words}", noun)


_ANIMALS = frozenset({
    "animal", "antelope", "bear", "bird", "camel", "cat", "cattle", "chicken", "cow", "crab", "crocodile",
    "deer", "dog", "duck", "elephant", "fish", "fox", "frog", "goat", "hamster", "horse", "kangaroo",
    "kitten", "leopard", "lion", "lizard", "monkey", "panda", "penguin", "pig", "puppy", "rabbit", "rat",
    "sheep", "snake", "squirrel", "stingray", "tiger", "turtle", "whale", "zebra",
})  # fmt: skip
_LIFELESS = frozenset({"hot dog", "teddy bear"})
ALONE = frozenset({"ceiling", "floor", "ground", "sky"})
"""Of these nobody says `a`, nor asks whether, or how many, there are: one stands on the floor."""


def sought(label: str, beside: NounPhrase | None) -> NounPhrase:
    """Any thing of a label; beside one of the same kind another one."""
    if label in ALONE:
        return definite(label)
    return another(label) if beside is not None and beside.noun == label else any_of(label)


def offered(label: str, beside: NounPhrase) -> NounPhrase:
    """Some thing of a label; beside one of the same kind another one."""
    if label in ALONE:
        return definite(label)
    return another(label) if beside.noun == label else some(label)


@functools.lru_cache(maxsize=4096)
def definite(noun: str) -> NounPhrase:
    """`the bus`."""
    return NounPhrase(f"the {noun}", noun)


@functools.lru_cache(maxsize=4096)
def brought_in(noun: str, known: int) -> tuple[NounPhrase, NounPhrase]:
    """What brings in a thing beside so many of its kind, and how it is called from then on.

    `one bus` and `that bus`; `another bus` and `the other bus`; `a third bus` and `the third bus`.
    """
    if known == 0 and noun in ALONE:
        new = name = f"the {noun}"
    elif known == 0:
        new, name = f"{'one' if is_counted(noun) else 'some'} {noun}", f"{_that(noun)} {noun}"
    elif known == 1:
        new, name = f"{'another' if is_counted(noun) else 'some other'} {noun}", f"the other {noun}"
    else:
        unit = noun if is_counted(noun) else f"{_unit(noun)} of {noun}"
        new, name = f"a {ordinal(known + 1)} {unit}", f"the {ordinal(known + 1)} {unit}"
        noun = noun if is_counted(noun) else _unit(noun)
    return NounPhrase(new, noun), NounPhrase(name, noun)


@functools.lru_cache(maxsize=4096)
def unnamed(label: str) -> str:
    """What is said in the place of a label: a `thing`, and of what lives an `animal`."""
    is_animal = label.rpartition(" ")[2] in _ANIMALS and label not in _LIFELESS
    return "animal" if is_animal else "thing"


@functools.lru_cache(maxsize=4096)
def numbered(noun: str, place: int) -> NounPhrase:
    """`the second bus`: of several that were brought in one after the other."""
    return NounPhrase(f"the {ordinal(place)} {noun}", noun)


def counted(noun: str, number: int) -> str:
    """The noun after a number: `bus`, `buses`, `pieces of food`."""
    if is_counted(noun):
        return noun if number == 1 else plural(noun)
    return f"{_unit(noun) if number == 1 else plural(_unit(noun))} of {noun}"


def _that(noun: str) -> str:
    return "those" if is_plural(noun) else "that"


def _unit(noun: str) -> str:
    return "set" if is_plural(noun) else "piece"
