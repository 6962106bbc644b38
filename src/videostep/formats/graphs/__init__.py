"""Others' scene graphs, read into `videostep.stsg/1`: one reader a format, loaded when it is chosen."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Final

from videostep.errors import ConfigError
from videostep.formats.graphs.imported import Reader

READERS: Final = {
    "action-genome": "action_genome",
    "agqa": "agqa",
    "clevrer": "clevrer",
    "pvsg": "pvsg",
    "star": "star",
    "vidor": "vidor",
    "vidvrd": "vidvrd",
}
"""Name of a format to the module of this folder that reads it, by a function `read`."""


def open_reader(name: str) -> Reader:
    """The reader of a format; raises ConfigError when there is none of that name."""
    if name not in READERS:
        near = get_close_matches(name, READERS, n=1)
        known = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(READERS)}"
        raise ConfigError(f"no format of scene graphs is called {name!r}", remedy=known)
    reader: Reader = import_module(f"{__name__}.{READERS[name]}").read
    return reader
