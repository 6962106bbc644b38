"""What a guesser knows of a question before its details: its type, its answer kind, and chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from videostep.sample import Sample, SampleProvenance, Template, VideoRef

_NOWHERE = SampleProvenance(graph_sha256="", generator="", version="", seed=0)
_UNSAID = Template(question="", rationale="")


def without_reasoning(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Samples as far as blind controls look at them, so that those of a large data set fit into memory."""
    videos: dict[str, VideoRef] = {}
    for sample in samples:
        yield replace(
            sample,
            video=videos.setdefault(sample.video.id, sample.video),
            rationale="",
            steps=(),
            program=sample.program if sample.type.semantics == "attribute" else "",
            template=_UNSAID,
            checks={},
            provenance=_NOWHERE,
            distractor_kinds=None,
        )


def question_type(sample: Sample) -> tuple[str, ...]:
    """What a guesser sees of a question before its details: structure, semantics, asked name, answer kind.

    The kind belongs to it: what is asked with options to choose from is guessed otherwise than without.
    """
    structure, semantics = sample.type.structure, sample.type.semantics
    asks_name = structure == "query" and semantics == "attribute"
    asked = sample.program.rpartition(",")[2].strip(' ")') if asks_name else ""
    return (structure, semantics, asked, sample.answer_kind)


def chance_of(sample: Sample) -> float | None:
    """How often blind luck is right: one over the number of choices, a half for yes and no; None: open."""
    if sample.answer_kind == "choice" and sample.choices:
        return 1 / len(sample.choices)
    return 0.5 if sample.answer_kind == "binary" else None


def offered_answers(sample: Sample) -> tuple[str, ...]:
    """The answers that a closed question leaves to choose from, in the order of its words; open: none."""
    if sample.answer_kind == "binary":
        return ("yes", "no")
    return sample.choices or ()
