"""A rewriter without a model: it reads a template by the grammar and says its meaning in other phrasings.

It varies no more than the grammar knows, but what it says means what the template means: a floor for language
models, and a way to vary the words of a set offline.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from videostep.reason.refinement.form import sentences
from videostep.reason.refinement.grammar import english
from videostep.reason.refinement.lexicon import lexicon_of
from videostep.reason.refinement.protocol import Wording
from videostep.reason.refinement.reading import Reader
from videostep.reason.refinement.writing import Writer
from videostep.reason.words import sentence

_TRIES = 8
"""Draws of one sentence, to find words that are others."""


class Paraphraser:
    """Draws other phrasings from the grammar; equal texts and seeds give equal words."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.name = f"paraphrase/1 seed {seed}"

    def rewrite(self, wordings: Sequence[Wording]) -> Sequence[str]:
        """Each wording in other phrasings; a sentence that cannot be read, or is ambiguous, stays."""
        return [self._reworded(wording) for wording in wordings]

    def _reworded(self, wording: Wording) -> str:
        lexicon = lexicon_of(wording.known)
        reader, writer = Reader(english(), lexicon), Writer(english(), lexicon)
        rng = Random(hashlib.sha256(f"{self._seed}\n{wording.text}".encode()).digest())
        if wording.part == "question":
            return _said(reader, writer, "question", wording.text.removesuffix("?"), rng) + "?"
        told = (_said(reader, writer, "sentence", part, rng) for part in sentences(wording.text))
        return " ".join(f"{said}." for said in told)


def _said(reader: Reader, writer: Writer, symbol: str, text: str, rng: Random) -> str:
    """One sentence in other words, without its end mark; the same where no other words mean just the same."""
    meant = reader.readings(symbol, text)
    if len(meant) != 1:
        return text
    (meaning,) = meant
    for _ in range(_TRIES):
        said = writer.write(symbol, meaning, rng)
        if said is None or _stutters(said):
            continue
        if reader.readings(symbol, said) == meant and sentence(said, "") != text:
            return sentence(said, "")
    return text


def _stutters(said: str) -> bool:
    """Whether a word follows itself: "is the cube that starts moving moving?"."""
    return any(one == other for one, other in pairwise(said.split()))
