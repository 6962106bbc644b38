"""A run's samples -> training files: once through the samples to count, once to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec

from videostep.errors import RunFolderError
from videostep.formats.training.card import Card, SplitNumbers, card_text
from videostep.formats.training.config import ExportConfig
from videostep.formats.training.files import RowFile, file_pattern, open_rows
from videostep.formats.training.folder import EXPORT_FILE, EXPORT_FORMAT, check_replaceable, new_export
from videostep.formats.training.media import CUT_MEANING, MEANING, MediaFolder
from videostep.formats.training.records import records_of
from videostep.formats.training.split import TRAIN
from videostep.formats.training.target import Shipment
from videostep.pipeline.progress import Reporter
from videostep.pipeline.survey import Survey, SurveyedVideo, survey_run
from videostep.sample import Sample
from videostep.store.atomic import atomic_write
from videostep.store.lock import LOCK_NAME
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples
from videostep.store.stamps import sha256_of_file


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """What an export holds."""

    out: Path
    files: dict[str, str]
    """Split to its file of records, relative to `out`."""
    numbers: dict[str, SplitNumbers]
    left_out: dict[str, int]
    """Why samples of the run are not in it, and how many."""


def plan_export(run: RunFolder, out: Path, config: ExportConfig, reporter: Reporter) -> ExportResult:
    """What `export_run` would write; raises what it would raise, and writes nothing."""
    check_replaceable(out)
    return _result(out, config, survey_run(run, config, reporter))


def export_run(run: RunFolder, out: Path, config: ExportConfig, reporter: Reporter) -> ExportResult:
    """Write the samples of a run as training files.

    The folder appears whole or not at all, and equal runs give equal bytes in it.

    Raises:
        ConfigError: A split got no sample.
        InputError: There is no sample, or a video is missing or has changed and was not to be left out.
        MediaError: A video cannot be cut.
        FormatError: A sample or graph file is damaged.
        RunFolderError: There are no samples, or `out` holds something else or cannot be written.
    """
    check_replaceable(out)
    survey = survey_run(run, config, reporter)
    result = _result(out, config, survey)
    with new_export(out) as folder:
        _Exporter(folder, out, config, survey).write(run, reporter)
        _write_beside(run, folder, out, config, survey)
    return result


def _result(out: Path, config: ExportConfig, survey: Survey) -> ExportResult:
    return ExportResult(
        out=out,
        files={split: file_pattern(config.target, split) for split in survey.numbers},
        numbers=survey.numbers,
        left_out=dict(sorted(survey.left_out.items())),
    )


class _Exporter:
    """Writes the records of an export into the folder that is being made."""

    def __init__(self, folder: Path, out: Path, config: ExportConfig, survey: Survey) -> None:
        self._folder = folder
        self._config = config
        self._survey = survey
        target = config.target
        self._media = MediaFolder(mode=config.media, root=out.resolve(), absolute=target.absolute_media)

    def write(self, run: RunFolder, reporter: Reporter) -> None:
        """Write the records of all splits, and the videos."""
        written = 0
        reporter.begin("export", len(self._survey.videos), "videos")
        with ExitStack() as stack:
            files = {
                split: stack.enter_context(open_rows(self._config.target, self._folder, split, n.records))
                for split, n in self._survey.numbers.items()
            }
            for done, (video, samples) in enumerate(self._by_video(run), start=1):
                self._write_video(self._survey.videos[video], samples, files)
                written += 2 * len(samples)
                reporter.advance("export", done, {"records": written})
        reporter.end("export")

    def _by_video(self, run: RunFolder) -> Iterator[tuple[str, list[Sample]]]:
        """The samples to write, those of one video at a time: sample files hold them together."""
        kept = (sample for sample in read_samples(run.samples_jsonl) if not self._survey.fault_of(sample))
        for video, samples in groupby(kept, key=lambda sample: sample.video.id):
            yield video, list(samples)

    def _write_video(self, video: SurveyedVideo, samples: list[Sample], files: dict[str, RowFile]) -> None:
        media = [self._media.media_of(sample, video.duration_s) for sample in samples]
        self._media.place(samples[0].video, video.source, (one.part_s for one in media), self._folder)
        for sample, shown in zip(samples, media, strict=True):
            novel_pairs = self._survey.seen.novel_pairs(sample) if video.split != TRAIN else ()
            records = records_of(
                sample,
                split=video.split,
                media=shown,
                instructions=self._config.instructions,
                shown_s=shown.window_s if self._config.target.shows_part else shown.part_s,
                rationale_weight=self._config.rationale_weight,
                novel_pairs=novel_pairs,
            )
            for record in records:
                files[video.split].write(self._config.target.encode(record))
            self._survey.numbers[video.split].novel += bool(novel_pairs)


def _write_beside(run: RunFolder, folder: Path, out: Path, config: ExportConfig, survey: Survey) -> None:
    """The files that describe the records: the trainer's own, the card, and what the export was made of."""
    result = _result(out, config, survey)
    digest = _sha256_of_samples(run)
    beside = config.target.beside(Shipment(root=out.resolve(), files=result.files))
    texts = {**beside, "README.md": card_text(_card(result, config, survey, digest))}
    for name, text in texts.items():
        atomic_write(folder / name, text.encode())
    holds = sorted({path.name for path in folder.iterdir() if path.name != LOCK_NAME} | {EXPORT_FILE})
    said = {"format": EXPORT_FORMAT, "target": config.target.name, "samples_sha256": digest, "holds": holds}
    atomic_write(folder / EXPORT_FILE, msgspec.json.format(msgspec.json.encode(said)) + b"\n")


def _sha256_of_samples(run: RunFolder) -> str:
    try:
        return sha256_of_file(run.samples_jsonl)
    except OSError as error:
        raise RunFolderError(f"{run.samples_jsonl} cannot be read: {error.strerror}") from error


def _card(result: ExportResult, config: ExportConfig, survey: Survey, digest: str) -> Card:
    return Card(
        name=f"videostep samples for {config.target.read_by}",
        read_by=config.target.read_by,
        licence=config.licence,
        files=result.files,
        numbers=result.numbers,
        left_out=result.left_out,
        media=MEANING[config.media],
        cut=CUT_MEANING[config.media],
        instructions=config.instructions,
        rationale_weight=config.rationale_weight,
        made_by=tuple(sorted(survey.makers)),
        seeds=", ".join(map(str, sorted(survey.seeds))),
        samples_sha256=digest,
    )
