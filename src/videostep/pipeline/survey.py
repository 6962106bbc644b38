"""The first pass of an export: what would be written, and whether every video is there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from videostep.errors import ConfigError, FormatError, InputError, RunFolderError
from videostep.formats.graphs.source_video import VideoFolder
from videostep.formats.training.card import SplitNumbers
from videostep.formats.training.config import ExportConfig
from videostep.formats.training.media import MediaMode, check_content
from videostep.formats.training.mirroring import tells_left_from_right
from videostep.formats.training.novel import SeenInTrain
from videostep.formats.training.split import TRAIN
from videostep.pipeline.progress import Reporter
from videostep.sample import Sample, VideoRef
from videostep.store.graph_file import graph_sha256
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples

NOT_PROVEN = "a check of the sample failed"
STALE = "the graph has changed since it was asked"
MISSING = "the video is missing"
MIRRORED = "it tells left from right, and the trainer mirrors videos at random"
CHANGED = "the video is not the one that was watched"
UNCUT = "its video must stop before what it asks, which no record can say, and no video is written"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyedVideo:
    """A video that samples are about."""

    split: str
    duration_s: float
    graph_sha256: str
    source: Path | None
    """Its file; None where none is needed, or it cannot be used."""
    fault: str = ""
    """Why its samples are left out; empty if they are not."""
    error: InputError | None = None
    """The fault in full, with its remedy."""


@dataclass(slots=True, kw_only=True)
class Survey:
    """What the samples of a run amount to."""

    numbers: dict[str, SplitNumbers]
    videos: dict[str, SurveyedVideo] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    mirrors: bool = False
    """The trainer mirrors videos at random."""
    cuts: bool = True
    """A question with a cut can be shown what comes before it: by a file of its own, or by its record."""
    seen: SeenInTrain = field(default_factory=SeenInTrain)
    makers: set[str] = field(default_factory=set)
    """Programs, scene parsers and language models behind the samples."""
    seeds: set[int] = field(default_factory=set)

    @property
    def samples(self) -> int:
        """How many will be written."""
        return sum(numbers.samples for numbers in self.numbers.values())

    def fault_of(self, sample: Sample) -> str:
        """Why a sample is left out; empty if it is not."""
        video = self.videos[sample.video.id]
        if "fail" in sample.checks.values():
            return NOT_PROVEN
        if self.mirrors and tells_left_from_right(sample):
            return MIRRORED
        if sample.cut_s is not None and not self.cuts:
            return UNCUT
        return video.fault if sample.provenance.graph_sha256 == video.graph_sha256 else STALE

    def count(self, sample: Sample) -> None:
        """Add a sample whose video is known."""
        if fault := self.fault_of(sample):
            self.left_out[fault] += 1
            return
        split = self.videos[sample.video.id].split
        self.numbers[split].count(sample)
        if split == TRAIN:
            self.seen.add(sample)
        self.makers.add(f"samples by {sample.provenance.generator} {sample.provenance.version}")
        self.makers.update([f"words refined by {sample.refined_by}"] if sample.refined_by else [])
        self.seeds.add(sample.provenance.seed)


def survey_run(run: RunFolder, config: ExportConfig, reporter: Reporter) -> Survey:
    """Count what an export would hold; look for every video and compare it with what was watched.

    Raises:
        ConfigError: A split got no sample.
        InputError: There is no sample, or a video is missing or has changed and was not to be left out.
        FormatError: A sample or graph file is damaged.
        RunFolderError: There is no sample file, or no graph for a sample.
    """
    numbers = {name: SplitNumbers() for name in config.splits.names}
    survey = Survey(numbers=numbers, mirrors=config.target.mirrors, cuts=config.cuts)
    finder = _VideoFinder(config)
    used: set[str] = set()
    reporter.begin("check", len(run.graph_files()), "videos")
    for sample in read_samples(run.samples_jsonl):
        video_id = sample.video.id
        if video_id not in survey.videos:
            head, digest = _read_head(run.graph(video_id))
            survey.videos[video_id] = finder.find(sample.video, head, digest)
            survey.makers.add(head.provenance.words)
            reporter.advance("check", len(survey.videos), {})
        survey.count(sample)
        if video_id not in used and not survey.fault_of(sample):
            used.add(video_id)
            survey.numbers[survey.videos[video_id].split].videos += 1
    reporter.end("check")
    _refuse_unusable(survey, config)
    return survey


class _VideoHead(msgspec.Struct):
    duration_s: float
    sha256_of: str = "video"
    """`annotations`: the graph was imported without the file, so its digest says nothing about one."""


class _ProvenanceHead(msgspec.Struct):
    generator: str
    version: str
    model: str

    @property
    def words(self) -> str:
        return f"graphs by {self.generator} {self.version}, {self.model}"


class _Head(msgspec.Struct):
    """The part of a graph file that an export needs: reading it whole takes many times as long."""

    video: _VideoHead
    provenance: _ProvenanceHead


def _read_head(path: Path) -> tuple[_Head, str]:
    """The head of a graph file, and the digest by which samples refer to the file."""
    try:
        data = path.read_bytes()
        return msgspec.json.decode(data, type=_Head), graph_sha256(data)
    except OSError as error:
        raise RunFolderError(
            f"the graph of a sample cannot be read: {path}: {error.strerror}",
            remedy="make the samples anew with videostep ask",
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(
            f"{path} is not a graph file: {error}", remedy="delete it and run again to make it anew"
        ) from error


class _VideoFinder:
    """Finds the files of videos where they were watched, or in the folder that the user names."""

    def __init__(self, config: ExportConfig) -> None:
        self._config = config
        self._folder = VideoFolder(config.videos)

    def find(self, video: VideoRef, head: _Head, graph_sha256: str) -> SurveyedVideo:
        found = SurveyedVideo(
            split=self._config.splits.split_of(video.sha256),
            duration_s=head.video.duration_s,
            graph_sha256=graph_sha256,
            source=None,
        )
        if self._config.media is MediaMode.NONE:
            return found
        source = self._folder.find(Path(video.path).name) or Path(video.path)
        fault, error = _fault_of(video, source, head)
        return replace(found, source=None if error else source, fault=fault, error=error)


def _fault_of(video: VideoRef, source: Path, head: _Head) -> tuple[str, InputError | None]:
    if not source.is_file():
        return MISSING, InputError(f"there is no video {source}")
    if head.video.sha256_of == "video":
        try:
            check_content(video, source)
        except InputError as error:
            return CHANGED, error
    return "", None


def _refuse_unusable(survey: Survey, config: ExportConfig) -> None:
    errors = [video.error for video in survey.videos.values() if video.error is not None]
    if errors and not config.skip_missing:
        more = f" (and {len(errors) - 1} more like it)" if len(errors) > 1 else ""
        raise InputError(
            f"{errors[0].message}{more}",
            remedy="name the videos' folder with --videos, leave their samples out with --skip-missing, "
            "or write none with --media none",
        )
    if not survey.samples:
        reasons = "; ".join(f"{count}: {reason}" for reason, count in survey.left_out.items())
        raise InputError(
            f"there is no sample to export{f' ({reasons})' if reasons else ''}",
            remedy="make samples with videostep ask",
        )
    for name, numbers in survey.numbers.items():
        if not numbers.samples:
            raise ConfigError(
                f"the split {name!r} got none of the {len(survey.videos)} videos",
                remedy="give it a larger share, another --seed, or more videos",
            )
