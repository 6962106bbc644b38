"""The instructions that a Video-LLM parses by: a file each, with version, purpose and an example answer.

What is asked about stands below an instruction as lines of JSON, never inside it: words that a model once
read in a video stay data.
"""

from __future__ import annotations

import functools
import json
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from videostep.errors import ConfigError
from videostep.store.stamps import sha256_of_words

PROMPTS = (
    "narrative",
    "objects",
    "attributes",
    "relations",
    "presence",
    "motions",
    "motion_presence",
    "event",
    "identity",
    "scene",
)
"""In the order in which they are asked; the last one stands for most of the others where it is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One instruction."""

    name: str
    version: int
    purpose: str
    instruction: str
    """Its first line names the task."""
    example: str
    """An answer as it should be, of some other picture."""

    @property
    def task(self) -> str:
        """Its first line, which names the task."""
        return self.instruction.partition("\n")[0]

    def text(self, **data: object) -> str:
        """The instruction, its example, and `data` as lines `name: JSON`."""
        lines = [self.instruction, f"Example of an answer, of another picture: {self.example}"]
        lines += [f"{name}: {json.dumps(value)}" for name, value in data.items()]
        return "\n".join(lines)


@functools.cache
def load_prompt(name: str) -> Prompt:
    """Read an instruction of the package; raises ConfigError if there is none of that name."""
    if name not in PROMPTS:
        raise ConfigError(f"no prompt is called {name!r}", remedy=f"known: {', '.join(PROMPTS)}")
    raw = tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))
    return Prompt(
        name=name,
        version=raw["version"],
        purpose=raw["purpose"],
        instruction=raw["instruction"].strip(),
        example=raw["example"],
    )


@functools.cache
def prompts_sha256() -> str:
    """Of all instructions: part of a parser's name, since other words give other answers."""
    return sha256_of_words({name: load_prompt(name).text() for name in PROMPTS})
