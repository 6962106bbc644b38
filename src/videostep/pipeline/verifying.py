"""Samples -> proof: the program of every sample is executed on the graph it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from videostep.errors import FormatError
from videostep.pipeline.progress import Reporter, one_or_many
from videostep.reason.verify import Verifier, check_twins
from videostep.sample import Sample
from videostep.store.entries import ErrorEntry
from videostep.store.graph_file import read_graph_and_sha256
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import SampleFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What re-executing the programs of a run's samples gave."""

    checked: int
    """Samples that could be executed."""
    failed: tuple[tuple[str, str], ...] = ()
    """(sample id, reason) of those that do not hold, video by video in the order of the sample file."""
    unread: tuple[ErrorEntry, ...] = ()
    """Videos that samples are about and whose graph is missing or damaged."""
    unchecked: int = 0
    """Samples of those videos."""

    @property
    def ok(self) -> bool:
        """Whether every sample was executed and holds."""
        return not self.failed and not self.unread


def verify_run(run: RunFolder, reporter: Reporter) -> Verification:
    """Execute the program of every sample file row on the graph it was made from, as both lie on the disk.

    A graph that is missing or damaged costs its own video only: the samples of the others are verified.
    Nothing is written, and the samples of one video are held at a time.

    Raises:
        FormatError: The sample file is not what its format says.
        RunFolderError: There are no samples.
    """
    held = SampleFile(run.samples_jsonl)
    graphs = {path.stem: path for path in run.graph_files()}
    reporter.begin("verify", sum(map(held.count_of, held.videos)), "samples")
    checked, unchecked = 0, 0
    failed: list[tuple[str, str]] = []
    unread: list[ErrorEntry] = []
    for video_id in held.videos:
        samples = held.samples_of(video_id)
        try:
            verifier = _verifier_of(video_id, graphs)
        except FormatError as error:
            unread.append(_entry(samples, error))
            reporter.fail(unread[-1], "")
            unchecked += len(samples)
            continue
        failed += _failures(verifier, samples)
        checked += len(samples)
        reporter.advance("verify", checked, {"failed": len(failed)})
    reporter.end("verify")
    return Verification(checked=checked, failed=tuple(failed), unread=tuple(unread), unchecked=unchecked)


def _failures(verifier: Verifier, samples: Sequence[Sample]) -> Iterator[tuple[str, str]]:
    """(sample id, reason) of all samples of one video that do not hold, by themselves or as twins."""
    twinless = {id(sample): reason for sample, reason in check_twins(verifier.executor, samples)}
    for sample in samples:
        verdict = verifier.check(sample)
        reason = twinless.get(id(sample), "") if verdict.ok else verdict.reason
        if reason:
            yield sample.id, reason


def _verifier_of(video_id: str, graphs: dict[str, Path]) -> Verifier:
    if video_id not in graphs:
        raise FormatError(
            f"the run holds no graph of {video_id}", remedy="make the samples anew with videostep ask"
        )
    return Verifier(*read_graph_and_sha256(graphs[video_id]))


def _entry(samples: Sequence[Sample], error: FormatError) -> ErrorEntry:
    much = f"{len(samples)} {one_or_many('samples', len(samples))}"
    return ErrorEntry(
        video=samples[0].video.id,
        path=samples[0].video.path,
        severity="failed",
        stage="verify",
        reason=f"{error.message}: {much} cannot be verified",
        remedy=error.remedy,
    )
