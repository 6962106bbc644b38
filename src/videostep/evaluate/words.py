"""When two words are the same: spelling is levelled, synonyms come from a file of the user's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from videostep.errors import ConfigError

_SHAPE = 'it holds lists of words in tables, such as [labels] person = ["man", "woman"]'


@lru_cache(maxsize=4096)
def level(word: str) -> str:
    """Lower case, underscores as spaces, single spaces: `Next_to` is `next to`."""
    return " ".join(word.casefold().replace("_", " ").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """For each kind of word: the word that stands for it, by levelled word. Others stand for themselves."""

    labels: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Names, such as `colour`."""
    values: Mapping[str, str] = field(default_factory=dict)
    predicates: Mapping[str, str] = field(default_factory=dict)
    """Of relations and motions."""

    def label(self, word: str) -> str:
        """The word that stands for an object's label."""
        return _stand_in(word, self.labels)

    def attribute(self, name: str, value: str) -> tuple[str, str]:
        """The words that stand for an attribute."""
        return _stand_in(name, self.attributes), _stand_in(value, self.values)

    def predicate(self, word: str) -> str:
        """The word that stands for what a relation or a motion says."""
        return _stand_in(word, self.predicates)


def _stand_in(word: str, synonyms: Mapping[str, str]) -> str:
    levelled = level(word)
    return synonyms.get(levelled, levelled)


def read_synonyms(path: Path) -> Synonyms:
    """Read a TOML file with a table for each kind of word (docs/score.md).

    Raises:
        ConfigError: The file cannot be read, names an unknown kind, or puts a word into two groups.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", remedy="check its path") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}", remedy=_SHAPE) from error
    known = [kind.name for kind in fields(Synonyms)]
    for kind in raw:
        if kind not in known:
            near = get_close_matches(kind, known, n=1)
            remedy = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise ConfigError(f"{path}: there is no kind of word {kind!r}", remedy=remedy)
    return Synonyms(**{kind: _grouped(groups, f"{path}: [{kind}]") for kind, groups in raw.items()})


def _grouped(groups: Any, source: str) -> dict[str, str]:
    """Every word of every group with the word that stands for it."""
    if not isinstance(groups, dict):
        raise ConfigError(f"{source} is no table of synonyms", remedy=_SHAPE)
    stand_ins: dict[str, str] = {}
    for head, others in groups.items():
        if not isinstance(others, list) or not all(isinstance(word, str) for word in others):
            raise ConfigError(f"{source}: {head!r} is no list of words", remedy=_SHAPE)
        for word in dict.fromkeys(map(level, (head, *others))):
            if word in stand_ins:
                raise ConfigError(f"{source}: {word!r} stands in two groups", remedy="keep it in one")
            stand_ins[word] = level(head)
    return stand_ins
