"""Graphs -> samples: ask every graph of a run, balance the answers.

Samples are held while their own video is asked or copied; of all of them only what balancing looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from videostep.errors import FormatError, RunFolderError
from videostep.pipeline.config import RunConfig
from videostep.pipeline.failing import entry_of_failure, trace_of
from videostep.pipeline.progress import Reporter
from videostep.pipeline.reuse import asking_made_of
from videostep.reason.ask import DroppedSample, ask_graph
from videostep.reason.balance import GUESSED_KINDS, Fates, drop_sample, find_fates
from videostep.reason.controls.sheet import SheetWriter
from videostep.sample import Sample
from videostep.store.asked import AskedHead, read_asked, remove_asked, write_asked
from videostep.store.entries import DroppedFiles, DroppedRow, ErrorEntry, remove_errors_of, write_error
from videostep.store.graph_file import read_graph_and_sha256
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import decode_sample, write_sample_lines
from videostep.store.stamps import sha256_of_words


class _Asked(NamedTuple):
    """What asking found in one video."""

    samples: Sequence[Sample]
    dropped: tuple[DroppedRow, ...]


class _AskedRun(NamedTuple):
    """What asking all videos came to; the samples are on the disk."""

    videos: tuple[str, ...]
    fates: Fates
    """Of all samples, video by video."""
    failed: tuple[ErrorEntry, ...]


class _Failure(NamedTuple):
    """A graph that could not be read or asked."""

    entry: ErrorEntry
    trace: str
    """The Python traceback."""


def ask_run(run: RunFolder, config: RunConfig, reporter: Reporter) -> tuple[ErrorEntry, ...]:
    """Make the samples of all graphs and write them, and all that was dropped, into the run folder.

    What a run that was broken off has asked already is not asked again.

    Returns:
        The graphs that could not be read or asked; each has its entry in `errors/`.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    remove_errors_of(run, "ask")
    asked = _ask_all(run, config, reporter)
    _write_balanced(run, asked)
    remove_asked(run)
    reporter.end("ask")
    return asked.failed


def _ask_all(run: RunFolder, config: RunConfig, reporter: Reporter) -> _AskedRun:
    """Ask every graph; what balancing looks at is let go before anything is written."""
    paths = run.graph_files()
    reporter.begin("ask", len(paths), "videos")
    sheet = SheetWriter(words_of=GUESSED_KINDS)
    videos: list[str] = []
    failed: list[ErrorEntry] = []
    samples, dropped = 0, 0
    for done, path in enumerate(paths, start=1):
        asked = _ask_file(run, path, config)
        if isinstance(asked, _Failure):
            failed.append(asked.entry)
            write_error(run, asked.entry)
            reporter.fail(asked.entry, asked.trace)
            continue
        videos.append(path.stem)
        sheet.add(asked.samples)
        samples, dropped = samples + len(asked.samples), dropped + len(asked.dropped)
        reporter.advance("ask", done, {"samples": samples, "dropped": dropped})
    return _AskedRun(tuple(videos), find_fates(sheet.sheet(), config.balance), tuple(failed))


def _ask_file(run: RunFolder, path: Path, config: RunConfig) -> _Asked | _Failure:
    """Ask a graph file; a damaged one, which cannot say what it is about, goes by its name."""
    video, source = path.stem, str(path)
    try:
        graph, digest = read_graph_and_sha256(path)
        if graph.video.id != path.stem:
            raise FormatError(
                f"{path} is the graph of the video {graph.video.id!r}, not of {path.stem!r}",
                remedy="name a graph's file after its video's id, or delete it",
            )
        source = graph.video.path
        made_of = sha256_of_words({"graph": digest, **asking_made_of(config)})
        head, lines = read_asked(run, path.stem)
        if head is not None and head.made_of == made_of:
            return _Asked([decode_sample(line, source=source) for line in lines], head.dropped)
        result = ask_graph(graph, graph_sha256=digest, config=config.ask, seed=config.questions_seed)
        asked = _Asked(result.samples, tuple(_row("ask", drop) for drop in result.dropped))
        write_asked(run, path.stem, AskedHead(made_of=made_of, dropped=asked.dropped), asked.samples)
        return asked
    except RunFolderError:
        raise
    except Exception as error:
        return _Failure(entry_of_failure(video, source, "ask", error), trace_of(error))


def _write_balanced(run: RunFolder, asked: _AskedRun) -> None:
    dropped = DroppedFiles(run)
    lines = _settled(run, asked.videos, asked.fates, dropped)
    write_sample_lines(lines, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    dropped.close()


def _settled(run: RunFolder, videos: Sequence[str], fates: Fates, files: DroppedFiles) -> Iterator[bytes]:
    """The lines of the samples that stay, video by video; all that is dropped goes to its file."""
    row = 0
    for video in videos:
        head, lines = read_asked(run, video)
        if head is None:
            raise RunFolderError(
                f"what was asked of {video} is gone from {run.asking}", remedy="run the same command again"
            )
        reasons = [fates.reason_of(row + place) for place in range(len(lines))]
        row += len(lines)
        marked = list(zip(lines, reasons, strict=True))
        surplus = (
            _row("balance", drop_sample(decode_sample(line, source=video), reason))
            for line, reason in marked
            if reason
        )
        files.write(video, [*head.dropped, *surplus])
        yield from _without_lost_twins([line for line, reason in marked if not reason])


class _Twin(msgspec.Struct):
    """Of a sample, who it is and who its twin is."""

    id: str
    twin_of: str | None = None


def _without_lost_twins(lines: Sequence[bytes]) -> Iterator[bytes]:
    """The lines of one video's samples; a twin of what was dropped stays, without its link."""
    twins = [msgspec.json.decode(line, type=_Twin) for line in lines]
    ids = {twin.id for twin in twins}
    for line, twin in zip(lines, twins, strict=True):
        if twin.twin_of is None or twin.twin_of in ids:
            yield line
        else:
            row = msgspec.json.decode(line)
            del row["twin_of"]
            yield msgspec.json.encode(row) + b"\n"


def _row(stage: str, drop: DroppedSample) -> DroppedRow:
    return DroppedRow(
        video=drop.video,
        stage=stage,
        reason=drop.reason,
        question=drop.question,
        answer=drop.answer,
        program=drop.program,
    )
