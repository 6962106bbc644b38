"""Our own samples (`videostep.qra/1`), of a run folder or a file: any run is a benchmark for another model.

A question is never cut to its evidence: `span_s` of a sample is where the evidence lies, which would give it
away.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item, SubQuestion
from videostep.evaluate.benchmarks.rows import first_file_of
from videostep.sample import Sample
from videostep.store.samples_file import read_samples


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for path in first_file_of(data, "samples.jsonl", "*.jsonl"):
        yield from map(item_of_sample, read_samples(path))


def item_of_sample(sample: Sample) -> Item:
    """A sample as a question to be answered."""
    choices = sample.choices
    is_among = choices is not None and choices.count(sample.answer) == 1
    return Item(
        id=sample.id,
        video=sample.video.path,
        question=sample.question,
        answer=sample.answer,
        choices=choices,
        answer_index=choices.index(sample.answer) if choices is not None and is_among else None,
        kind=sample.answer_kind,
        type=f"{sample.type.structure}/{sample.type.semantics}",
        groups=(
            sample.answer_kind,
            f"structure/{sample.type.structure}",
            f"semantics/{sample.type.semantics}",
            f"temporal/{sample.type.temporal}",
        ),
        n_steps=sample.n_steps,
        rationale=sample.rationale,
        sub_questions=tuple(
            SubQuestion(question=step.sub_question, answer=step.sub_answer, statement=step.text)
            for step in sample.steps
        ),
        twin_of=sample.twin_of,
        outer_candidates=sample.outer_candidates,
    )


BENCHMARK = Benchmark(
    name="qra",
    title="a videostep run",
    where="videostep run",
    terms="those of your videos",
    files="a run folder, or samples.jsonl",
    scorings=("exact", "choice", "judge"),
    read=_read,
)
