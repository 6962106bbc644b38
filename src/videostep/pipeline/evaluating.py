"""Evaluating, the first half: a benchmark's questions go to a model, its replies into files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import msgspec

from videostep.errors import ConfigError
from videostep.evaluate.answering.asking import Examiner, Posed
from videostep.evaluate.answering.config import AnswerConfig
from videostep.evaluate.answering.posing import FindVideo, pose, pose_captioned, pose_unseen
from videostep.evaluate.answering.spread import open_spread
from videostep.evaluate.answering.words import OptionStyle, open_item
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.benchmarks.benchmark import Skipped
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.benchmarks.videos import BenchmarkVideos
from videostep.evaluate.diagnosis import steps_of
from videostep.evaluate.folder import EvaluationFolder, EvaluationSettings
from videostep.evaluate.prediction import Condition, Control, Mode, Prediction
from videostep.evaluate.prediction_file import PredictionFile
from videostep.models.config import ModelsConfig
from videostep.models.protocol import VideoModel
from videostep.pipeline.asking_as_trained import AsTrained, open_taught
from videostep.pipeline.progress import Reporter
from videostep.records import to_plain
from videostep.store.atomic import atomic_write
from videostep.store.lock import hold_lock

_UNASKED = "it was not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What is asked of whom, and how."""

    benchmark: str
    """As `open_benchmark` calls it."""
    data: Path
    """Its files."""
    videos: Path | None = None
    """Folder of its videos; None: `data` itself."""
    model: str
    """`BACKEND:TARGET`; of the openai backend with several URLs, `MODEL@URL,URL`."""
    limit: int | None = None
    """Only the first questions; None: all."""
    modes: tuple[Mode, ...] = ("answer",)
    """Each is asked with the video."""
    controls: tuple[Control, ...] = ()
    """Blind controls, asked by the first mode."""
    seeds: int = 1
    """How often everything is asked with the video, each time with the next seed."""
    options: OptionStyle | None = None
    """How choices are put; None: our own samples in words, as they are trained, others with letters."""
    as_trained: bool = False
    """Show each video by the model's own video input, in training's words; `model` is a transformers one."""
    shown_as: Path | None = None
    """With `as_trained`: a `train.toml` in place of the model's own, for one that has none, too."""
    diagnose: bool = False
    """Ask the true sub-questions singly, too."""
    answering: AnswerConfig = field(default_factory=AnswerConfig)
    models: ModelsConfig = field(default_factory=ModelsConfig)

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"--limit is {self.limit}", remedy="give 1 or more, or leave it out for all")
        if self.seeds < 1:
            raise ConfigError(f"--seeds is {self.seeds}", remedy="give 1 or more")
        if self.seeds > 1 and self.answering.temperature == 0:
            raise ConfigError(
                "greedy decoding says the same with every seed", remedy="give --temperature 0.7, or one seed"
            )

        if self.as_trained and self.answering.temperature > 0:
            raise ConfigError("as in training a model answers greedily", remedy="leave --temperature out")
        if self.shown_as is not None and not self.as_trained:
            raise ConfigError("--shown-as says what --as-trained shows", remedy="give both, or neither")

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything that is asked, in this order."""
        sighted = (Condition(mode, seed=seed) for mode in self.modes for seed in range(self.seeds))
        blind = (Condition(self.modes[0], control) for control in dict.fromkeys(self.controls))
        steps = [Condition(self.modes[0], single_steps=True)] if self.diagnose else []
        return (*sighted, *blind, *steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking."""

    questions: int
    """Of all conditions together."""
    faults: Mapping[str, int]
    """Why questions have no reply, and how many, the most frequent reason first."""
    missing_videos: tuple[str, ...]
    skipped: int
    """Rows of the benchmark that could not be asked at all."""

    @property
    def failed(self) -> int:
        """Questions without a reply."""
        return sum(self.faults.values())

    @property
    def failed_share(self) -> float:
        """0..1."""
        return self.failed / self.questions if self.questions else 0.0


def ask_benchmark(evaluation: Evaluation, out: Path, reporter: Reporter) -> Asked:
    """Ask what was not answered yet; predictions lie in `out` as they come.

    Raises:
        ConfigError, InputError, FormatError: The benchmark or the model cannot be opened.
        RunFolderError: `out` is another evaluation's, in use, or cannot be written.
        ModelError: The model cannot be reached, or its budget is spent; the same command goes on.
    """
    items, skipped = read_items(evaluation)
    find = video_finder(evaluation)
    folder = EvaluationFolder(out)
    out.mkdir(parents=True, exist_ok=True)
    with hold_lock(out):
        respondent = _open_respondent(evaluation, find, folder.requests)
        try:
            folder.claim(settings_of(evaluation, respondent.name))
            missing = _note_missing(folder, missing_videos(items, find))
            _note_skipped(folder, skipped)
            asker = _Asker(folder, respondent, reporter)
            faults = [fault for one in evaluation.conditions for fault in asker.ask(one, items)]
        finally:
            respondent.close()
    return Asked(
        questions=len(faults),
        faults=dict(Counter(filter(None, faults)).most_common()),
        missing_videos=missing,
        skipped=len(skipped),
    )


def read_items(evaluation: Evaluation) -> tuple[list[Item], list[Skipped]]:
    """The questions, and the rows that ask nothing that could be scored; raises as `ask_benchmark`."""
    benchmark = open_benchmark(evaluation.benchmark)
    skipped: list[Skipped] = []
    items = list(benchmark.items(evaluation.data, limit=evaluation.limit, hear=skipped.append))
    return (list(map(open_item, items)) if evaluation.options == "none" else items), skipped


class _Asker:
    """Asks all conditions of one evaluation."""

    def __init__(self, folder: EvaluationFolder, respondent: Respondent, reporter: Reporter) -> None:
        self._folder, self._respondent, self._reporter = folder, respondent, reporter

    def ask(self, condition: Condition, items: Sequence[Item]) -> list[str]:
        """Ask one condition; of each of its questions why it has no reply, "" where it has one."""
        asked, known = questions_of(condition, items)
        file = PredictionFile(self._folder.predictions(condition))
        faults = file.faults()
        todo = [item for item in _by_video(asked) if faults.get(item.id, _UNASKED)]
        if todo or not file.path.exists():
            with file.appending() as append:
                for prediction in self._told(condition, len(asked), todo, known):
                    append(prediction)
            file.finish([item.id for item in asked])
        faults = file.faults()
        return [faults.get(item.id, _UNASKED) for item in asked]

    def _told(
        self, condition: Condition, total: int, todo: Sequence[Item], known: Mapping[str, tuple[str, ...]]
    ) -> Iterator[Prediction]:
        """The predictions of `todo`; the reporter hears how far it is."""
        counts = {"failed": 0}
        self._reporter.begin(condition.name, total, "questions")
        answers = self._respondent.answer(condition, todo, known)
        for done, prediction in enumerate(answers, start=total - len(todo) + 1):
            yield prediction
            counts["failed"] += prediction.reply is None
            self._reporter.advance(condition.name, done, counts)
        self._reporter.end(condition.name)


class Respondent(Protocol):
    """Who is asked, and how a question gets there."""

    @property
    def name(self) -> str:
        """Whatever decides the replies; never a secret."""

    def answer(
        self, condition: Condition, items: Sequence[Item], known: Mapping[str, tuple[str, ...]]
    ) -> Iterator[Prediction]:
        """One prediction for each question; `known` are true sentences by question id."""

    def close(self) -> None:
        """Let go of connections and memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPictures:
    """Any VideoModel: frames are sent as pictures, many questions are under way."""

    model: VideoModel
    benchmark: str
    config: AnswerConfig
    find: FindVideo

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    def answer(
        self, condition: Condition, items: Sequence[Item], known: Mapping[str, tuple[str, ...]]
    ) -> Iterator[Prediction]:
        """One prediction for each question, as replies come in."""
        examiner = Examiner(
            model=self.model, benchmark=self.benchmark, condition=condition, config=self.config
        )
        posed = self._pose(condition, items)
        return examiner.answer(replace(one, known=known.get(one.item.id, ())) for one in posed)

    def close(self) -> None:
        """Close the model."""
        self.model.close()

    def _pose(self, condition: Condition, items: Sequence[Item]) -> Iterator[Posed]:
        if condition.control == "question":
            return pose_unseen(items)
        if condition.control == "caption":
            return pose_captioned(items, self.find, self.config.frames, self.model)
        return pose(items, self.find, self.config.frames)


def _open_respondent(evaluation: Evaluation, find: FindVideo, cache: Path) -> Respondent:
    config = answering_of(evaluation)
    if evaluation.as_trained:
        return AsTrained(
            model=open_taught(evaluation.model, evaluation.shown_as),
            benchmark=evaluation.benchmark,
            config=config,
            find=find,
        )
    model = open_spread(evaluation.model, evaluation.models, cache)
    return ByPictures(model=model, benchmark=evaluation.benchmark, config=config, find=find)


def questions_of(
    condition: Condition, items: Sequence[Item]
) -> tuple[Sequence[Item], dict[str, tuple[str, ...]]]:
    """What is asked under a condition, and what is known beforehand, by question id."""
    if not condition.single_steps:
        return items, {}
    steps = [step for item in items for step in steps_of(item)]
    return [step.item for step in steps], {step.item.id: step.known for step in steps}


def _by_video(items: Iterable[Item]) -> list[Item]:
    """Questions of one video in a row, videos as they come first: each is decoded once."""
    place: dict[str, int] = {}
    return sorted(items, key=lambda item: place.setdefault(item.video, len(place)))


def answering_of(evaluation: Evaluation) -> AnswerConfig:
    """How the benchmark is asked."""
    usual: OptionStyle = "words" if evaluation.benchmark == "qra" else "letters"
    return replace(evaluation.answering, options=evaluation.options or usual)


def video_finder(evaluation: Evaluation) -> FindVideo:
    """Finds a video by its path, or by its name in the folder of videos; raises InputError."""
    data = evaluation.data if evaluation.data.is_dir() else evaluation.data.parent
    videos = BenchmarkVideos(evaluation.videos or data)
    return lambda name: Path(name) if Path(name).is_file() else videos.find(name)


def settings_of(evaluation: Evaluation, model: str) -> EvaluationSettings:
    """What all replies of its folder have in common; `model` as its backend names it."""
    sent = dict(_leaves(to_plain(answering_of(evaluation))))
    if evaluation.as_trained:
        # Its frames are the training's, which the model's name tells apart.
        sent = {key: value for key, value in sent.items() if not key.startswith("frames.")}
    return EvaluationSettings(benchmark=evaluation.benchmark, model=model, sent=sent)


def _leaves(plain: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in plain.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def missing_videos(items: Iterable[Item], find: FindVideo) -> tuple[str, ...]:
    """The videos that are not there, as they come first."""
    return tuple(name for name in dict.fromkeys(item.video for item in items) if find(name) is None)


def _note_missing(folder: EvaluationFolder, missing: tuple[str, ...]) -> tuple[str, ...]:
    """List the videos that are not there in a file, too."""
    if missing:
        atomic_write(folder.missing_videos, "".join(f"{name}\n" for name in missing).encode())
    else:
        folder.missing_videos.unlink(missing_ok=True)
    return missing


def _note_skipped(folder: EvaluationFolder, skipped: Sequence[Skipped]) -> None:
    if skipped:
        atomic_write(folder.skipped, b"".join(msgspec.json.encode(row) + b"\n" for row in skipped))
    else:
        folder.skipped.unlink(missing_ok=True)
