"""RUN/report/controls.json: the blind controls of a run's samples, and of which samples they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from videostep.reason.controls.table import Controls
from videostep.records import from_json, to_plain
from videostep.sample import Sample
from videostep.store.atomic import atomic_write
from videostep.store.run_folder import RunFolder
from videostep.store.stamps import sha256_of_file


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlsFile:
    """What the file holds."""

    samples_sha256: str
    """Of the bytes of samples.jsonl; empty: there was none."""
    controls: Controls


def write_controls(
    run: RunFolder, samples: Iterable[Sample], captions: Mapping[str, Sequence[str]], *, of_samples: int
) -> Controls:
    """Measure and write the controls of a run.

    Args:
        run: The run folder.
        samples: Its samples, or those of some of its videos.
        captions: The sentences about each of these videos, by id.
        of_samples: How many samples the run has.

    Raises:
        RunFolderError: The file cannot be written.
    """
    # Loads SciPy, which who only reads the file does without.
    from videostep.reason.controls.measure import measure_controls

    controls = measure_controls(samples, captions, of_samples=of_samples)
    file = ControlsFile(samples_sha256=_sha256_of_samples(run), controls=controls)
    atomic_write(run.controls, msgspec.json.format(msgspec.json.encode(to_plain(file)), indent=1) + b"\n")
    return controls


def read_controls(run: RunFolder) -> Controls | None:
    """The controls of the samples as they are now; None where only others', or none, were measured.

    Raises:
        FormatError: The file is damaged.
    """
    if not run.controls.exists():
        return None
    remedy = "write it anew with videostep report"
    file = from_json(run.controls.read_bytes(), ControlsFile, source=str(run.controls), remedy=remedy)
    return file.controls if file.samples_sha256 == _sha256_of_samples(run) else None


def _sha256_of_samples(run: RunFolder) -> str:
    return sha256_of_file(run.samples_jsonl) if run.samples_jsonl.exists() else ""
