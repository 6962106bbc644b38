"""Refinement: other words for samples, taken only where they provably say the same (STEP 3.2, step 4).

A rewriter, a language model for one, says question and rationale otherwise. Words that fail a check are
refused with its name, and the template's stay. What is taken keeps the template's words beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from videostep.graph import VideoGraph
from videostep.reason.refinement.acceptance import Judge, Refusal, SampleWords
from videostep.reason.refinement.protocol import Part
from videostep.reason.verify import Verifier
from videostep.sample import Sample

PARTS: tuple[Part, ...] = ("question", "rationale")
MOST_KEPT = 2_000
"""Of refused words so many characters are kept: a model may write without end."""
Fate = Literal["accepted", "unchanged", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """Other words for a part of a sample, and what became of them."""

    video: str
    sample: str
    """Id of the sample while it has the template's words."""
    part: Part
    template: str
    text: str
    """Of very long words the beginning."""
    fate: Fate
    check: str = ""
    """Name of the check that refused them."""
    reason: str = ""


class Refiner:
    """Refines the samples of one graph.

    Args:
        graph: The graph of the same run.
        graph_sha256: Of the graph file's bytes.
        refined_by: Name of the rewriter.
    """

    def __init__(self, graph: VideoGraph, graph_sha256: str, *, refined_by: str) -> None:
        self._judge = Judge(graph)
        self._verifier = Verifier(graph, graph_sha256)
        self._refined_by = refined_by

    def words_of(self, sample: Sample) -> SampleWords:
        """What a rewriter is asked about a sample, and what its words are judged by."""
        return self._judge.words_of(sample)

    def refine(
        self, words: SampleWords, texts: Sequence[str], asked: Collection[str] = ()
    ) -> tuple[Sample, tuple[Rewrite, ...]]:
        """Take those of a rewriter's words that pass every check.

        Args:
            words: Of a sample that has the template's words.
            texts: Other words for its parts, in the order of `PARTS`.
            asked: Questions of the video's other samples.

        Returns:
            The sample in its words of now, and what became of each text.
        """
        refined, rewrites = words.sample, list[Rewrite]()
        for part, text in zip(PARTS, texts, strict=True):
            if text == getattr(refined, part):
                rewrites.append(_rewrite(words.sample, part, text, "unchanged"))
                continue
            candidate = self._with(refined, part, text)
            refusal = self._refusal(words, candidate, part, asked)
            if refusal is None:
                refined = candidate
                rewrites.append(_rewrite(words.sample, part, text, "accepted"))
            else:
                rewrites.append(_rewrite(words.sample, part, text, "refused", refusal))
        return refined, tuple(rewrites)

    def _with(self, sample: Sample, part: Part, text: str) -> Sample:
        if part == "rationale":
            return replace(sample, rationale=text, refined_by=self._refined_by)
        return _identified(replace(sample, question=text, refined_by=self._refined_by))

    def _refusal(
        self, words: SampleWords, candidate: Sample, part: Part, asked: Collection[str]
    ) -> Refusal | None:
        text = getattr(candidate, part)
        refusal = words.refusal(part, text)
        if refusal is not None:
            return refusal
        if part == "question" and text in asked:
            return Refusal("twice", "another sample of the video asks in these words")
        verdict = self._verifier.check(candidate)
        return None if verdict.ok else Refusal("proof", verdict.reason)


def _rewrite(sample: Sample, part: Part, text: str, fate: Fate, refusal: Refusal | None = None) -> Rewrite:
    return Rewrite(
        video=sample.video.id,
        sample=sample.id,
        part=part,
        template=getattr(sample, part),
        text=text[:MOST_KEPT],
        fate=fate,
        check=refusal.check if refusal else "",
        reason=refusal.reason if refusal else "",
    )


def unrefined(sample: Sample) -> Sample:
    """A sample in the template's words; `twin_of` still names the other's id of now."""
    template = sample.template
    return _identified(
        replace(sample, question=template.question, rationale=template.rationale, refined_by=None)
    )


def rename_twins(samples: Sequence[Sample], renamed: Mapping[str, str]) -> list[Sample]:
    """The samples with `twin_of` as ids are now: with other words a sample has another id."""
    return [
        replace(sample, twin_of=renamed.get(sample.twin_of, sample.twin_of)) if sample.twin_of else sample
        for sample in samples
    ]


def _identified(sample: Sample) -> Sample:
    """The sample with the id of its words (docs/formats.md)."""
    key = f"{sample.video.id}\n{sample.program}\n{sample.question}"
    return replace(sample, id=hashlib.sha256(key.encode()).hexdigest()[:16])
