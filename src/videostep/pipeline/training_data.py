"""What is trained on: a run's samples, beside or instead of them other sets, and each video's file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from videostep.errors import ConfigError, FormatError, InputError, RunFolderError
from videostep.formats.graphs.source_video import VideoFolder
from videostep.instruction import Instructions
from videostep.learn.examples import Example, examples_of
from videostep.learn.lessons import Lesson, lessons_of
from videostep.learn.mixing import Mixed, Source, StepMix, mix, replay_sources
from videostep.learn.qa_file import read_qa
from videostep.records import to_plain
from videostep.sample import Sample
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples
from videostep.store.stamps import sha256_of_file


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConfig:
    """Which samples are trained on."""

    step_mix: StepMix | None = None
    """Shares of questions of 1, 2, and 3 or more steps among the run's samples; None: as they are."""
    instruct: Path | None = None
    """A file of questions and answers, such as people's."""
    distill: Path | None = None
    """A run that another model has made."""
    instead: bool = False
    """Train on `instruct` and `distill` alone, as the paper's controls do."""
    replay: tuple[Path, ...] = ()
    """Runs of earlier rounds."""
    replay_share: float = 0.0
    """Of the samples of `replay` among all, 0 to below 1."""
    videos: Path | None = None
    """Folder in which to look for videos that do not lie where the run found them."""
    instructions: Instructions = field(default_factory=Instructions)

    def __post_init__(self) -> None:
        if self.instead and self.instruct is None and self.distill is None:
            raise ConfigError("there is nothing to train on instead", remedy="name --instruct or --distill")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingData:
    """The lessons, and what is to be said of them."""

    lessons: tuple[Lesson, ...]
    counts: dict[str, dict[str, int]]
    """Set to what was drawn from it."""
    made_by: tuple[str, ...]
    seeds: tuple[int, ...]
    sha256: str
    """Of all examples, their words and videos."""


def gather_data(run: RunFolder, config: DataConfig, *, answers_only: bool, seed: int) -> TrainingData:
    """Read all sets, draw from them, and find the videos.

    Raises:
        RunFolderError: A run has no samples.
        InputError: Nothing is left to train on, or a set cannot be read.
        FormatError: A file is damaged.
    """
    makers, seeds = set[str](), set[int]()
    sources = list(_sources(run, config, answers_only, makers, seeds))
    mixed = mix(sources, step_mix=config.step_mix, seed=seed)
    if not mixed.examples:
        raise InputError(
            f"there is no sample to train on in {run.root}", remedy="make samples with videostep ask"
        )
    finder = _Finder(config.videos)
    lessons = lessons_of(finder.with_file(example) for example in mixed.examples)
    return TrainingData(
        lessons=lessons,
        counts={name: dict(counts) for name, counts in mixed.counts.items()},
        made_by=tuple(sorted(makers)),
        seeds=tuple(sorted(seeds)),
        sha256=_digest(mixed),
    )


def _sources(
    run: RunFolder, config: DataConfig, answers_only: bool, makers: set[str], seeds: set[int]
) -> Iterator[Source]:
    def of(folder: RunFolder, name: str) -> Source:
        samples = [_told(sample, makers, seeds) for sample in _proven(folder)]
        heads = _heads_of_graphs(folder, samples)
        makers.update(f"scene graphs by {head.provenance.model}" for head in heads if head.provenance.model)
        false = {head.video.sha256 for head in heads if head.video.sha256_of == "annotations"}
        examples = [
            replace(example, video_sha256=None) if example.video_sha256 in false else example
            for example in examples_of(samples, instructions=config.instructions, answers_only=answers_only)
        ]
        return Source(name=name, examples=examples)

    if not config.instead:
        yield of(run, "run")
    if config.distill is not None:
        distilled = RunFolder(config.distill)
        distilled.check_exists()
        yield of(distilled, "distill")
    if config.instruct is not None:
        examples = read_qa(config.instruct, instructions=config.instructions, answers_only=answers_only)
        makers.add(f"questions of {config.instruct.name}, sha256 {sha256_of_file(config.instruct)[:12]}")
        yield Source(name="instruct", examples=examples)
    earlier = [of(RunFolder(path), f"round {number}") for number, path in enumerate(config.replay, start=1)]
    yield from replay_sources(earlier, config.replay_share)


def _proven(run: RunFolder) -> Iterator[Sample]:
    """The samples of which no check failed."""
    if not run.samples_jsonl.exists():
        raise RunFolderError(
            f"{run.root} holds no samples", remedy=f"make some with videostep ask {run.root}"
        )
    return (sample for sample in read_samples(run.samples_jsonl) if "fail" not in sample.checks.values())


def _told(sample: Sample, makers: set[str], seeds: set[int]) -> Sample:
    made = sample.provenance
    makers.add(f"samples by {made.generator} {made.version}")
    makers.update([f"words refined by {sample.refined_by}"] if sample.refined_by else [])
    seeds.add(made.seed)
    return sample


class _VideoHead(msgspec.Struct):
    sha256: str
    sha256_of: str = "video"
    """`annotations`: the graph was imported without the file, so its digest says nothing about one."""


class _ProvenanceHead(msgspec.Struct):
    model: str = ""


class _Head(msgspec.Struct):
    """What is asked of a graph here; the rest is not even read."""

    video: _VideoHead
    provenance: _ProvenanceHead = msgspec.field(default_factory=_ProvenanceHead)


def _heads_of_graphs(run: RunFolder, samples: Iterable[Sample]) -> list[_Head]:
    """Of the graphs that the samples were asked of, as far as they are there."""
    videos = dict.fromkeys(sample.video.id for sample in samples)
    return [head for video in videos if (head := _read_head(run.graph(video))) is not None]


def _read_head(graph: Path) -> _Head | None:
    try:
        return msgspec.json.decode(graph.read_bytes(), type=_Head)
    except OSError:
        return None  # Samples can be trained on without their graphs.
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(
            f"{graph} is not a graph file: {error}", remedy="delete it and run again to make it anew"
        ) from error


class _Finder:
    """Finds the files of videos, and knows them by content."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = VideoFolder(folder)
        self._digests: dict[str, str | None] = {}

    def with_file(self, example: Example) -> Example:
        """The example with its video where it lies now; one file under two names is one video."""
        found = self._folder.find(Path(example.video).name)
        path = example.video if found is None else str(found)
        digest = example.video_sha256 or self._digest(path)
        return replace(example, video=path, video_sha256=digest)

    def _digest(self, path: str) -> str | None:
        if path not in self._digests:
            try:
                self._digests[path] = sha256_of_file(Path(path))
            except OSError:
                self._digests[path] = None  # Reading it will fail, and then it is an error entry.
        return self._digests[path]


def _digest(mixed: Mixed) -> str:
    digest = hashlib.sha256()
    for example in mixed.examples:
        plain = to_plain(example)
        # Where a video lies may change; what it is may not.
        plain["video"] = plain.get("video_sha256", plain["video"])
        digest.update(msgspec.json.encode(plain) + b"\n")
    return digest.hexdigest()
