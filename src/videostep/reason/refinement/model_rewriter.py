"""A rewriter that asks a language model: any backend, a server or weights on this machine."""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from videostep.errors import BudgetError, ModelError, ServerError
from videostep.models.protocol import Message, Outcome, Reply, Request, Sampling, VideoModel, ask_all
from videostep.reason.refinement.protocol import Part, Wording
from videostep.store.stamps import sha256_of_words

STAGE = "refine"
"""For whom the ledger counts it."""
TEMPERATURE = 0.7
"""Of what it writes: greedy models mostly repeat the template. Paper: not given."""
MOST_TOKENS = {"question": 96, "rationale": 384}
"""Longer words are refused anyway: twice the template and 40 characters is the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """How words for one part of a sample are asked for."""

    instruction: str
    examples: tuple[tuple[str, str], ...]
    """(words, other words)."""

    def messages(self, wording: Wording) -> tuple[Message, ...]:
        """The instruction, its examples as turns of a conversation, and the words in question."""
        turns = [
            turn
            for words, other in self.examples
            for turn in (
                Message(role="user", parts=(_asked(words, ()),)),
                Message(role="assistant", parts=(other,)),
            )
        ]
        first = Message(role="user", parts=(f"{self.instruction}\n{turns[0].parts[0]}",))
        return (first, *turns[1:], Message(role="user", parts=(_asked(wording.text, wording.keep),)))


def _asked(words: str, keep: Sequence[str]) -> str:
    lines = [f"words: {json.dumps(words, ensure_ascii=False)}"]
    return "\n".join([*lines, f"keep: {json.dumps(list(keep), ensure_ascii=False)}"] if keep else lines)


@functools.cache
def load_instruction(part: Part) -> Instruction:
    """Read the instruction of a part."""
    page = files("videostep.reason.refinement") / "instructions" / f"{part}.toml"
    raw = tomllib.loads(page.read_text(encoding="utf-8"))
    examples = tuple((words, other) for words, other in raw["examples"])
    return Instruction(instruction=raw["instruction"].strip(), examples=examples)


class ModelRewriter:
    """Asks for each wording once; what it gets is judged by others."""

    def __init__(self, model: VideoModel, *, seed: int) -> None:
        """`seed`: of what the model draws."""
        self._model, self._seed = model, seed

    @property
    def name(self) -> str:
        """The model, a digest of the instructions, and the seed."""
        parts: tuple[Part, ...] = ("question", "rationale")
        digest = sha256_of_words({part: repr(load_instruction(part)) for part in parts})
        return f"{self._model.name} instructions/{digest[:12]} seed {self._seed}"

    def rewrite(self, wordings: Sequence[Wording]) -> Sequence[str]:
        """Each wording as the model says it; as it is where it gives no usable answer.

        Raises:
            ServerError: The model cannot be reached.
            BudgetError: The budget is spent.
        """
        outcomes = ask_all(self._model, map(self._request, wordings))
        return [_text(outcome, wording) for outcome, wording in zip(outcomes, wordings, strict=True)]

    def close(self) -> None:
        """Let go of the model."""
        self._model.close()

    def _request(self, wording: Wording) -> Request:
        sampling = Sampling(temperature=TEMPERATURE, max_tokens=MOST_TOKENS[wording.part], seed=self._seed)
        messages = load_instruction(wording.part).messages(wording)
        return Request(messages=messages, sampling=sampling, stage=STAGE)


def _text(outcome: Outcome, wording: Wording) -> str:
    if isinstance(outcome, ServerError | BudgetError):
        raise outcome
    if isinstance(outcome, ModelError):
        return wording.text
    assert isinstance(outcome, Reply)
    return _unquoted(outcome.texts[0])


def _unquoted(text: str) -> str:
    """Without the quotation marks that stood around the words in question."""
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]
    return text[1:-1].strip() if is_quoted else text
