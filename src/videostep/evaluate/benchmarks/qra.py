"""Our own samples (`videostep.qra/1`), of a run folder or a file: any run is a benchmark for another model.

A video is never cut to a question's evidence: `span_s` of a sample is where the evidence lies, which would
give it away. It is cut where a prediction says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item, SubQuestion
from videostep.evaluate.benchmarks.rows import first_file_of, read_rows
from videostep.records import from_plain
from videostep.sample import Sample
from videostep.store.samples_file import read_samples


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for path in first_file_of(data, "samples.jsonl", "samples.parquet"):
        samples = _parquet_samples(path) if path.suffix == ".parquet" else read_samples(path)
        yield from map(item_of_sample, samples)


def _parquet_samples(path: Path) -> Iterator[Sample]:
    """The samples of a Parquet file; fields that videostep does not know ask nothing and are left out."""
    for row in read_rows(path):
        told = {name: row.value(name) for name in row.names() if name in row and name != "extra"}
        told["checks"] = dict(told.get("checks", ()))
        yield from_plain(told, Sample, source=row.source, remedy="make the samples anew with videostep ask")


def item_of_sample(sample: Sample) -> Item:
    """A sample as a question to be answered."""
    choices = sample.choices
    return Item(
        id=sample.id,
        video=sample.video.path,
        question=sample.question,
        answer=sample.answer,
        choices=choices,
        answer_index=choices.index(sample.answer) if choices and sample.answer in choices else None,
        kind=sample.answer_kind,
        type=f"{sample.type.structure}/{sample.type.semantics}",
        groups=(
            sample.answer_kind,
            f"structure/{sample.type.structure}",
            f"semantics/{sample.type.semantics}",
            f"temporal/{sample.type.temporal}",
        ),
        span_s=sample.shown_s,
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
    files="a run folder, samples.jsonl or samples.parquet",
    scorings=("exact", "choice", "judge"),
    read=_read,
)
