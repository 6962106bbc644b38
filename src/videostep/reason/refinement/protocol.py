"""The Rewriter protocol: words of a sample go in, other words that should mean the same come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from videostep.reason.refinement.vocabulary import Vocabulary

Part = Literal["question", "rationale"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words to be said otherwise."""

    part: Part
    text: str
    """The template's words."""
    keep: tuple[str, ...]
    """Words and phrases of the graph in `text`, which must all be said again."""
    known: Vocabulary
    """Everything that the sample may speak of, by kind, for who reads `text` by rules. Holds the answer."""


class Rewriter(Protocol):
    """Says words otherwise. Nobody trusts it: all that it gives is checked."""

    @property
    def name(self) -> str:
        """Becomes `refined_by`; names all that decides what it writes: model, version, settings."""

    def rewrite(self, wordings: Sequence[Wording]) -> Sequence[str]:
        """Each wording in other words, in the same order; the same words where it knows no others.

        Raises:
            VideostepError: It cannot go on; what it has written before is kept.
        """


@runtime_checkable
class HoldsOpen(Protocol):
    """A rewriter that holds connections or a model's memory."""

    def close(self) -> None:
        """Let go of them; a second call does nothing."""


def close_rewriter(rewriter: Rewriter) -> None:
    """Let a rewriter that is not needed any more let go of what it holds open, if anything."""
    if isinstance(rewriter, HoldsOpen):
        rewriter.close()


class RewriterFactory(Protocol):
    """Opens one kind of rewriter: what an entry point of the group `videostep.rewriters` names."""

    def __call__(self, argument: str, *, seed: int) -> Rewriter:
        """Open the rewriter.

        Args:
            argument: What stands behind the colon of `NAME:ARGUMENT`; empty without one.
            seed: Of whatever it draws at random.

        Raises:
            VideostepError: The argument is none of its own.
        """
