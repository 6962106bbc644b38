"""Graphs -> samples: ask every graph of a run, balance the answers, check every program again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from videostep.errors import RunFolderError
from videostep.graph import VideoGraph
from videostep.pipeline.config import RunConfig
from videostep.pipeline.failing import entry_of_failure, trace_of
from videostep.pipeline.progress import Reporter
from videostep.reason.ask import AskResult, DroppedSample, ask_graph
from videostep.reason.balance import balance
from videostep.reason.verify import Verifier
from videostep.sample import Sample
from videostep.store.entries import (
    DroppedRow,
    ErrorEntry,
    remove_errors_of,
    write_dropped,
    write_error,
)
from videostep.store.graph_file import decode_graph, graph_sha256
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples, write_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What re-executing the programs of a run's samples gave."""

    checked: int
    failed: tuple[tuple[str, str], ...]
    """(sample id, reason), in the order of the sample file."""


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
        graph, digest = _read_with_digest(path)
        video, source = graph.video.id, graph.video.path
        return ask_graph(graph, graph_sha256=digest, config=config.ask, seed=config.questions_seed)
    except RunFolderError:
        raise
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


def verify_run(run: RunFolder, reporter: Reporter) -> Verification:
    """Execute the program of every sample file row on the graph it was made from, as both lie on the disk.

    Raises:
        FormatError: A graph or sample file is not what its format says.
        RunFolderError: There are no samples, or a file cannot be read.
    """
    samples = list(read_samples(run.samples_jsonl))
    graphs = {path.stem: path for path in run.graph_files()}
    reporter.begin("verify", len(samples), "samples")
    failed: list[tuple[str, str]] = []
    verifiers: dict[str, Verifier] = {}
    for done, sample in enumerate(samples, start=1):
        reason = _fault(sample, graphs, verifiers)
        if reason:
            failed.append((sample.id, reason))
        reporter.advance("verify", done, {"failed": len(failed)})
    reporter.end("verify")
    return Verification(checked=len(samples), failed=tuple(failed))


def _fault(sample: Sample, graphs: dict[str, Path], verifiers: dict[str, Verifier]) -> str:
    """Why the sample does not hold; empty if it does. `verifiers` keeps the last graph's."""
    video_id = sample.video.id
    if video_id not in graphs:
        return f"the run holds no graph of {video_id}"
    if video_id not in verifiers:
        # Samples lie video by video: one graph in memory is enough.
        verifiers.clear()
        verifiers[video_id] = Verifier(*_read_with_digest(graphs[video_id]))
    verdict = verifiers[video_id].check(sample)
    return "" if verdict.ok else verdict.reason


def _read_with_digest(path: Path) -> tuple[VideoGraph, str]:
    """A graph and the digest by which samples refer to it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RunFolderError(f"{path} cannot be read: {error.strerror}") from error
    return decode_graph(data, source=str(path)), graph_sha256(data)
