"""Graphs -> samples: ask every graph of a run, balance the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from videostep.pipeline.config import RunConfig
from videostep.pipeline.failing import entry_of_failure, trace_of
from videostep.pipeline.progress import Reporter
from videostep.reason.ask import AskResult, DroppedSample, ask_graph
from videostep.reason.balance import balance
from videostep.sample import Sample
from videostep.store.entries import (
    DroppedRow,
    ErrorEntry,
    remove_errors_of,
    write_dropped,
    write_error,
)
from videostep.store.graph_file import read_graph_and_sha256
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import write_samples


class _Failure(NamedTuple):
    """A graph that could not be read or asked."""

    entry: ErrorEntry
    trace: str
    """The Python traceback."""


def ask_run(run: RunFolder, config: RunConfig, reporter: Reporter) -> tuple[ErrorEntry, ...]:
    """Make the samples of all graphs and write them, and all that was dropped, into the run folder.

    Returns:
        The graphs that could not be read or asked; each has its entry in `errors/`.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    paths = run.graph_files()
    reporter.begin("ask", len(paths), "videos")
    remove_errors_of(run, "ask")
    samples: list[Sample] = []
    dropped: list[DroppedRow] = []
    failed: list[ErrorEntry] = []
    for done, path in enumerate(paths, start=1):
        asked = _ask_file(path, config)
        if isinstance(asked, _Failure):
            failed.append(asked.entry)
            write_error(run, asked.entry)
            reporter.fail(asked.entry, asked.trace)
            continue
        samples += asked.samples
        dropped += _rows("ask", asked.dropped)
        reporter.advance("ask", done, {"samples": len(samples), "dropped": len(dropped)})
    _write_balanced(run, samples, dropped, config)
    reporter.end("ask")
    return tuple(failed)


def _ask_file(path: Path, config: RunConfig) -> AskResult | _Failure:
    """Ask a graph file; a damaged one, which cannot say what it is about, goes by its name."""
    video, source = path.stem, str(path)
    try:
        graph, digest = read_graph_and_sha256(path)
        video, source = graph.video.id, graph.video.path
        return ask_graph(graph, graph_sha256=digest, config=config.ask, seed=config.questions_seed)
    except Exception as error:
        return _Failure(entry_of_failure(video, source, "ask", error), trace_of(error))


def _write_balanced(
    run: RunFolder, samples: list[Sample], dropped: list[DroppedRow], config: RunConfig
) -> None:
    balanced = balance(samples, config.balance)
    write_samples(balanced.samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    write_dropped(run, [*dropped, *_rows("balance", balanced.dropped)])


def _rows(stage: str, dropped: Sequence[DroppedSample]) -> Iterator[DroppedRow]:
    for sample in dropped:
        yield DroppedRow(
            video=sample.video,
            stage=stage,
            reason=sample.reason,
            question=sample.question,
            answer=sample.answer,
            program=sample.program,
        )
