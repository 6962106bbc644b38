"""`videostep selftrain`, STEP's loop: model k parses the videos, and what follows makes it model k+1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from videostep.errors import ConfigError
from videostep.learn.config import TrainConfig
from videostep.learn.mixing import StepMix
from videostep.learn.plan import hold_out
from videostep.models import is_model_spec
from videostep.models.local.target import check_target, parse_transformers_target
from videostep.pipeline.claims import check_claim, claim, plain_settings
from videostep.pipeline.config import RunConfig
from videostep.pipeline.config_file import read_toml, settings_from
from videostep.pipeline.estimating import CostEstimate, estimate_cost
from videostep.pipeline.guards import GuardConfig, find_collapse
from videostep.pipeline.inputs import find_videos
from videostep.pipeline.progress import Reporter, Silent
from videostep.pipeline.round_table import rounds_markdown
from videostep.pipeline.rounds import (
    Round,
    RoundFolder,
    ScoreHook,
    measure_graphs,
    measure_samples,
    read_round,
    write_round,
)
from videostep.pipeline.run import plan_run, run_videos
from videostep.pipeline.training_data import DataConfig
from videostep.pipeline.training_files import make_folder
from videostep.pipeline.training_job import TrainingResult, TrainJob
from videostep.records import to_plain
from videostep.store.atomic import atomic_write
from videostep.store.lock import hold_lock
from videostep.store.run_folder import RunFolder

LOOP_FORMAT = "videostep.loop/1"
LOOP_FILE = "loop.toml"
_REMEDY = "give another --out"
Train = Callable[[TrainJob], TrainingResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopConfig:
    """How model and data take turns."""

    rounds: int = 3
    """Times that the videos are parsed and learnt from. Paper: not given."""
    start: Literal["initial", "previous"] = "initial"
    """What each round's training begins with: the model that the loop began with, or the last round's.
    Paper: not given."""
    replay: float = 0.0
    """Share of samples of earlier rounds among those of a training, 0 to below 1. Paper: not given."""
    guards: GuardConfig = field(default_factory=GuardConfig)

    def __post_init__(self) -> None:
        if self.rounds < 1:
            raise ConfigError(f"rounds is {self.rounds}", remedy="give 1 or more")
        if self.start not in ("initial", "previous"):
            raise ConfigError(f"a round cannot start from {self.start!r}", remedy="give initial or previous")
        if not 0 <= self.replay < 1:
            raise ConfigError(f"replay is {self.replay}", remedy="give a share from 0 to below 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopJob:
    """What `videostep selftrain` is asked for."""

    videos: tuple[str, ...]
    """Files, folders, globs and lists."""
    model: str
    """`ID_OR_PATH[+ADAPTER]`: model 0."""
    out: Path
    loop: LoopConfig = field(default_factory=LoopConfig)
    run: RunConfig = field(default_factory=RunConfig)
    """How videos become samples; its model is set round by round."""
    train: TrainConfig = field(default_factory=TrainConfig)
    step_mix: StepMix | None = None
    """Shares of questions of 1, 2, and 3 or more steps; None: as they are."""
    parser: str | None = None
    """A scene parser that parses in the model's place in every round, for trials; None: the model itself."""
    truth: Path | None = None
    """A run whose graphs are taken for the truth."""
    skip_long: bool = False
    report_to: tuple[str, ...] = ()
    loaders: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopResult:
    """What the loop has come to."""

    rounds: tuple[Round, ...]
    model: str
    """The last model that was trained, as `transformers:ID[+ADAPTER]`."""

    @property
    def stopped(self) -> str:
        """Why a guard has stopped the loop; empty if none has."""
        return self.rounds[-1].stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPlan:
    """What is left to do of a loop."""

    videos: int
    held_out_videos: int
    """Of these, those that no round learns from."""
    rounds_done: int
    rounds_left: int
    parser: str = ""
    """Of the next round, as `BACKEND:TARGET`; empty when there is none."""
    watch: tuple[str, ...] = ()
    """Videos that the next round has still to parse."""
    cost: CostEstimate | None = None
    """Of parsing these; None: there are none, or the parser is no Video-LLM."""


def self_train(
    job: LoopJob, *, train: Train, score: ScoreHook | None = None, reporter: Reporter | None = None
) -> LoopResult:
    """Go through the rounds, or go on with them; what is done already is not done again.

    Args:
        job: What is asked for.
        train: Trains as a job says; in a process of its own, so that the next round has the device's memory.
        score: The evaluation hook.
        reporter: Hears how the videos are parsed.

    Raises:
        InputError: Nothing that was named can be used.
        ServerError: There is no such model.
        RunFolderError: The folder holds another loop, is in use, or cannot be written.
        VideostepError: A round cannot go on; the same command does, when what is named is mended.
    """
    reporter = reporter or Silent()
    # A wrong name would only come to light when the first round is parsed.
    check_target(parse_transformers_target(job.model.removeprefix("transformers:")))
    make_folder(job.out)
    with hold_lock(job.out):
        digests, held_out = _shared_out(job)
        claim(job.out / LOOP_FILE, _settings(job, digests, held_out), what="loop", remedy=_REMEDY)
        loop = _Loop(job, held_out, train, score, reporter)
        course = loop.course
        while not course.is_over:
            loop.go()
            _write_table(job.out, course.rounds)
        # One that was killed just before it wrote the last table.
        _write_table(job.out, course.rounds)
    return LoopResult(rounds=tuple(course.rounds), model=course.model_after(len(course.rounds)))


def plan_loop(job: LoopJob) -> LoopPlan:
    """What `self_train` would do; nothing is written, and no weights are loaded. Raises as it does."""
    check_target(parse_transformers_target(job.model.removeprefix("transformers:")))
    digests, held_out = _shared_out(job)
    if job.out.exists():
        check_claim(job.out / LOOP_FILE, _settings(job, digests, held_out), what="loop", remedy=_REMEDY)
    course = _Course(job)
    course.recall()
    plan = LoopPlan(
        videos=len(digests),
        held_out_videos=len(held_out),
        rounds_done=len(course.rounds),
        rounds_left=0 if course.is_over else job.loop.rounds - len(course.rounds),
    )
    if course.is_over:
        return plan
    number = len(course.rounds) + 1
    config = course.run_config(number)
    todo = plan_run(job.videos, course.folder(number).run.root, config)[1].todo
    return replace(
        plan,
        parser=config.model,
        watch=tuple(video.path for video in todo),
        cost=estimate_cost(todo, config) if is_model_spec(config.model) and todo else None,
    )


def read_loop_config(path: Path) -> LoopConfig:
    """Settings of a loop and its guards from TOML; raises ConfigError."""
    return settings_from(read_toml(path), LoopConfig, LOOP_FORMAT, source=str(path))


class _Course:
    """The rounds so far, and which model comes after which."""

    def __init__(self, job: LoopJob) -> None:
        self._job = job
        self.rounds: list[Round] = []

    @property
    def is_over(self) -> bool:
        """Whether all rounds are done, or a guard has stopped the loop."""
        return len(self.rounds) >= self._job.loop.rounds or bool(self.rounds and self.rounds[-1].stopped)

    def recall(self) -> None:
        """Read the rounds that are done; raises FormatError."""
        while not self.is_over:
            done = read_round(self.folder(len(self.rounds) + 1))
            if done is None:
                break
            self.rounds.append(done)

    def folder(self, number: int) -> RoundFolder:
        """Of round `number`."""
        return RoundFolder(self._job.out / f"round-{number}")

    def parser(self, number: int) -> str:
        """What parses the videos in round `number`, after those before it."""
        return self._job.parser or self.model_after(number - 1)

    def run_config(self, number: int) -> RunConfig:
        """Other questions each round, of the same videos."""
        seed = self._job.run.questions_seed + number - 1
        return replace(self._job.run, model=self.parser(number), ask_seed=seed)

    def model_after(self, number: int) -> str:
        """The model after round `number`; 0, or a round without training: the one before."""
        trained = [each.number for each in self.rounds[:number] if each.training is not None]
        return self.left_by(trained[-1]) if trained else f"transformers:{self._initial}"

    def left_by(self, number: int) -> str:
        """What the training of a round has left."""
        checkpoint = self.folder(number).checkpoint
        weights = parse_transformers_target(self._initial).weights
        return f"transformers:{checkpoint if self._job.train.full else f'{weights}+{checkpoint}'}"

    @property
    def _initial(self) -> str:
        return self._job.model.removeprefix("transformers:")


class _Loop:
    """How to do the next round."""

    def __init__(
        self,
        job: LoopJob,
        held_out: tuple[str, ...],
        train: Train,
        score: ScoreHook | None,
        reporter: Reporter,
    ) -> None:
        self._job, self._train, self._score, self._reporter = job, train, score, reporter
        self._config = replace(job.train, held_out=replace(job.train.held_out, videos=held_out))
        self.course = _Course(job)
        self.course.recall()

    def go(self) -> None:
        """Do the next round."""
        number = len(self.course.rounds) + 1
        self._reporter.say(f"round {number}: {self.course.parser(number)} parses")
        done = self._round(number, self.course.folder(number))
        write_round(self.course.folder(number), done)
        self.course.rounds.append(done)

    def _round(self, number: int, folder: RoundFolder) -> Round:
        course, job = self.course, self._job
        config = course.run_config(number)
        run_videos(job.videos, folder.run.root, config, reporter=self._reporter)
        graphs = measure_graphs(folder.run, RunFolder(job.truth) if job.truth else None)
        samples = measure_samples(folder.run)
        done = Round(number=number, parser=config.model, graphs=graphs, samples=samples)
        if reason := find_collapse(graphs, samples, course.rounds, job.loop.guards):
            return replace(done, stopped=reason)
        training = self._train(self._train_job(number, folder))
        scores = self._score(course.left_by(number), folder.evaluation) if self._score else {}
        return replace(done, training=training, scores=scores)

    def _train_job(self, number: int, folder: RoundFolder) -> TrainJob:
        job = self._job
        earlier = tuple(self.course.folder(before).run.root for before in range(1, number))
        share = job.loop.replay if earlier else 0.0
        start = self.course.model_after(number - 1 if job.loop.start == "previous" else 0)
        return TrainJob(
            run=folder.run.root,
            model=start,
            out=folder.checkpoint,
            config=self._config,
            data=DataConfig(step_mix=job.step_mix, replay=earlier, replay_share=share),
            skip_long=job.skip_long,
            report_to=job.report_to,
            loaders=job.loaders,
        )


def _shared_out(job: LoopJob) -> tuple[list[str], tuple[str, ...]]:
    """The videos by their content, and those of them that no round trains on.

    They are drawn once for all rounds: what one round has learnt from must not be held out in another.
    """
    digests = [video.sha256 for video in find_videos(job.videos).videos]
    held_out = hold_out(digests, share=job.train.held_out.share, seed=job.train.seed)
    return sorted(digests), tuple(sorted(held_out))


def _settings(job: LoopJob, digests: list[str], held_out: tuple[str, ...]) -> dict[str, Any]:
    """Everything that decides what comes out of the loop."""
    return {
        "format": LOOP_FORMAT,
        "model": job.model,
        "parser": job.parser or "",
        "videos": digests,
        "held_out": list(held_out),
        "loop": {name: value for name, value in plain_settings(job.loop).items() if name != "rounds"},
        "run": {name: value for name, value in plain_settings(job.run).items() if name != "execution"},
        "train": plain_settings(job.train),
        "step_mix": list(job.step_mix.shares) if job.step_mix else [],
    }


def _write_table(out: Path, rounds: Sequence[Round]) -> None:
    atomic_write(out / "rounds.md", rounds_markdown(rounds).encode())
    plain = [to_plain(each) for each in rounds]
    atomic_write(out / "rounds.json", msgspec.json.format(msgspec.json.encode(plain)) + b"\n")
