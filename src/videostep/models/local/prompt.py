"""What is asked of weights and what they say, without the libraries that run them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from videostep.models.protocol import FinishReason, Usage

Conversation = list[dict[str, Any]]
"""Turns as a chat template takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How one text of a batch is drawn."""

    temperature: float
    """0 is greedy."""
    top_p: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One text to be generated."""

    conversation: Conversation
    draw: Draw
    max_tokens: int
    form: type[Any] | None = None
    """What the text must be, where it can be held to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """One text."""

    text: str
    reason: FinishReason
    usage: Usage
    p_yes: float | None
    """By the first token's probabilities, before temperature; None if that is neither yes nor no."""
