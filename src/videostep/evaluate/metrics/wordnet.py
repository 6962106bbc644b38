"""WordNet's own database files: base forms of words, and how near two words lie.

The files are those of `wndb(5WN)`: `index.POS`, `data.POS` and `POS.exc`, as they lie in WordNet's `dict`, in
Debian's package wordnet-base (`/usr/share/wordnet`) and in NLTK's `corpora/wordnet`. Base forms are found by
the rules of `morphy(7WN)`, and nearness is that of Wu and Palmer, "Verb semantics and lexical selection", ACL
1994, as NLTK works it out (`Synset.wup_similarity`), so that scores agree with those of others who use it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

from videostep.errors import FormatError, InputError

Pos = Literal["noun", "verb", "adj", "adv"]
PARTS_OF_SPEECH: Final[tuple[Pos, ...]] = get_args(Pos)
"""In the order in which a word's senses count: its first noun is its first sense, if it has one."""
_ENDINGS: Final[dict[Pos, tuple[tuple[str, str], ...]]] = {
    "noun": (
        ("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"),
        ("men", "man"), ("ies", "y"),
    ),
    "verb": (
        ("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""),
    ),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
    "adv": (),
}  # fmt: skip
_LETTERS: Final[dict[str, Pos]] = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
_IS_A: Final = ("@", "@i")
"""Pointers to a hypernym, and from an instance to its class."""
_VERSION: Final = re.compile(rb"WordNet (\d+\.\d+)")
_REMEDY: Final = "name the folder of WordNet's files, such as /usr/share/wordnet of Debian's wordnet-base"


class Synset(NamedTuple):
    """A sense, by its place in the database."""

    pos: Pos
    offset: int


_ROOT: Final = Synset("noun", -1)
"""Above everything, where not both are nouns: the others have no common hypernym of their own."""


class WordNet:
    """The database, read as it is needed."""

    def __init__(self, folder: Path) -> None:
        """Read it; raises InputError where the files are not there, FormatError where they are others."""
        self._folder = folder
        self._index = {pos: _read_index(folder / f"index.{pos}") for pos in PARTS_OF_SPEECH}
        self._exceptions = {pos: _read_exceptions(folder / f"{pos}.exc") for pos in PARTS_OF_SPEECH}
        self._data = {pos: _bytes_of(folder / f"data.{pos}") for pos in PARTS_OF_SPEECH}
        found = _VERSION.search(self._data["noun"][:4_096])
        self.version = found[1].decode() if found else "unknown"
        """Such as `3.0`, from the licence at the head of the files."""
        self._hypernyms = functools.cache(self._read_hypernyms)
        self._depths = functools.cache(self._find_depths)
        self.nearness = functools.cache(self._nearness)
        """From two words to how near their first senses lie, 0..1: equal words at 1, unknown ones at 0."""
        self.base_form = functools.cache(self._base_form)
        """From a word to its shortest base form of any part of speech; an unknown word is its own."""

    def base_forms(self, word: str, pos: Pos) -> list[str]:
        """The words of the database that a word may be a form of, itself first."""
        regular = [word.removesuffix(end) + new for end, new in _ENDINGS[pos] if word.endswith(end)]
        forms = (word, *self._exceptions[pos].get(word, regular))
        return [form for form in dict.fromkeys(forms) if form in self._index[pos]]

    def _base_form(self, word: str) -> str:
        forms = [form for pos in PARTS_OF_SPEECH for form in self.base_forms(word, pos)]
        return min(forms, key=len) if forms else word

    def first_sense(self, word: str) -> Synset | None:
        """The first sense of a word or of what it is a form of; None: it is not there."""
        for pos in PARTS_OF_SPEECH:
            for form in self.base_forms(word, pos):
                return Synset(pos, self._index[pos][form][0])
        return None

    def _nearness(self, one: str, other: str) -> float:
        if one == other:
            return 1.0
        first, second = self.first_sense(one), self.first_sense(other)
        return 0.0 if first is None or second is None else self._wu_palmer(first, second)

    def _wu_palmer(self, one: Synset, other: Synset) -> float:
        is_rooted = (one.pos, other.pos) != ("noun", "noun")
        ways, other_ways = self._ways_up(one, is_rooted), self._ways_up(other, is_rooted)
        common = ways.keys() & other_ways.keys()
        if not common:
            return 0.0
        deepest = max(self._depths(synset)[0] for synset in common)
        lowest = sorted((synset for synset in common if self._depths(synset)[0] == deepest), key=self._name)
        subsumer = one if one in lowest else lowest[0]
        depth = self._depths(subsumer)[1] + 1
        above = self._ways_up(subsumer, is_rooted)
        lengths = (depth + _shortest(of_one, above) for of_one in (ways, other_ways))
        return 2 * depth / sum(lengths)

    def _ways_up(self, synset: Synset, is_rooted: bool) -> dict[Synset, int]:
        """Every sense above one, itself included, and the fewest steps to it."""
        if synset == _ROOT:
            return {_ROOT: 0}
        ways, reached = {synset: 0}, [synset]
        for below in reached:
            for above in self._hypernyms(below):
                if above not in ways:
                    ways[above] = ways[below] + 1
                    reached.append(above)
        if is_rooted:
            ways[_ROOT] = max(ways.values()) + 1
        return ways

    def _find_depths(self, synset: Synset) -> tuple[int, int]:
        """The fewest and the most steps to a top of the database."""
        above = [self._depths(hypernym) for hypernym in self._hypernyms(synset)]
        if not above:
            return 0, 0
        return 1 + min(least for least, _ in above), 1 + max(most for _, most in above)

    def _read_hypernyms(self, synset: Synset) -> tuple[Synset, ...]:
        if synset == _ROOT:
            return ()
        fields = self._line(synset)
        n_words = int(fields[3], 16)
        pointers = fields[5 + 2 * n_words :]
        fours = (pointers[4 * place : 4 * place + 4] for place in range(int(fields[4 + 2 * n_words])))
        return tuple(
            Synset(_LETTERS[pos], int(offset)) for symbol, offset, pos, _ in fours if symbol in _IS_A
        )

    def _name(self, synset: Synset) -> str:
        """By which NLTK orders senses that are equally good: first word, part of speech, sense number."""
        if synset == _ROOT:
            return "*ROOT*"
        fields = self._line(synset)
        word = fields[4].lower()
        return f"{word}.{fields[2]}.{self._index[synset.pos][word].index(synset.offset) + 1:02d}"

    def _line(self, synset: Synset) -> list[str]:
        data = self._data[synset.pos]
        end = data.find(b"\n", synset.offset)
        line = data[synset.offset : end if end >= 0 else len(data)].decode()
        if not line.startswith(f"{synset.offset:08d} "):
            raise FormatError(
                f"{self._folder / f'data.{synset.pos}'} and its index do not agree", remedy=_REMEDY
            )
        return line.partition(" | ")[0].split()


def _shortest(ways: Mapping[Synset, int], above: Mapping[Synset, int]) -> int:
    """The fewest steps from one sense to another over a sense above both."""
    return min(ways[synset] + above[synset] for synset in ways.keys() & above.keys())


def _read_index(path: Path) -> dict[str, tuple[int, ...]]:
    """Word to the places of its senses, the most frequent first."""
    index: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(_lines(path), start=1):
        fields = line.split()
        try:
            n_senses, n_pointers = int(fields[2]), int(fields[3])
            index[fields[0]] = tuple(map(int, fields[6 + n_pointers :]))
            is_whole = len(index[fields[0]]) == n_senses > 0
        except (IndexError, ValueError):
            is_whole = False
        if not is_whole:
            raise FormatError(f"{path}: entry {number} is none of WordNet's", remedy=_REMEDY)
    return index


def _read_exceptions(path: Path) -> dict[str, tuple[str, ...]]:
    """Irregular forms to their base forms."""
    return {form: tuple(bases) for form, *bases in map(str.split, _lines(path))}


def _lines(path: Path) -> Iterator[str]:
    """Without the licence, whose lines begin with spaces."""
    text = _bytes_of(path).decode("utf-8", errors="replace")
    return (line for line in text.splitlines() if line and not line.startswith(" "))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", remedy=_REMEDY) from error
