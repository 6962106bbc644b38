"""Carrying out `videostep evaluate`: asking, scoring, printing, and the exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from videostep.cli.exit_codes import ExitCode
from videostep.cli.listening import open_listener
from videostep.cli.model_flags import ModelFlags
from videostep.cli.printing import print_json, print_lines, print_tables, printable
from videostep.cli.settings import gather_config
from videostep.errors import ConfigError
from videostep.evaluate.answering.config import AnswerConfig
from videostep.evaluate.answering.frames import FrameConfig
from videostep.evaluate.answering.words import OPTION_STYLES
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.folder import EvaluationFolder
from videostep.evaluate.metrics.wordnet import WordNet
from videostep.evaluate.prediction import CONTROLS, MODES
from videostep.evaluate.scorecard import ScoreCard
from videostep.evaluate.tables.of_card import tables_of
from videostep.models.config import ModelsConfig
from videostep.models.images import ImageConfig
from videostep.pipeline.evaluating import Asked, Evaluation, ask_benchmark
from videostep.pipeline.evaluation_plan import EvaluationPlan, plan_evaluation
from videostep.pipeline.marking import Report, score_folder, write_submission
from videostep.pipeline.progress import in_words
from videostep.plugins import nearest
from videostep.records import to_plain
from videostep.store.request_cache import open_cached

Name = TypeVar("Name", bound=str)
_SHOWN_MISSING = 5
_SHOWN_TABLES = 3
"""The most telling ones; the others stand in report.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The arguments of `evaluate`."""

    benchmark: str
    model: str | None
    data: Path | None
    videos: Path | None
    out: Path | None
    limit: int | None
    mode: Sequence[str] | None
    blind: Sequence[str] | None
    options_as: str | None
    judge: Sequence[str] | None
    wordnet: Path | None
    as_trained: bool
    shown_as: Path | None
    diagnose: bool
    seeds: int
    temperature: float
    frames: int | None
    side_px: int | None
    max_tokens: int | None
    predictions: Sequence[Path] | None
    label: str
    tag: Sequence[str] | None
    submission: Path | None
    max_failed_share: float
    config: Path | None
    flags: ModelFlags
    dry_run: bool
    json: bool
    quiet: bool
    verbose: int


def request_of(given: Mapping[str, Any]) -> Request:
    """The arguments by their names."""
    flags = ModelFlags(**{field.name: given[field.name] for field in fields(ModelFlags)})
    own = {field.name: given[field.name] for field in fields(Request) if field.name != "flags"}
    return Request(**own, flags=flags)


def carry_out(request: Request) -> int:
    """Ask or take predictions, score, print, and say by the exit code whether it is good."""
    _check(request)
    models = request.flags.over(gather_config(request.config).models)
    report = Report(label=request.label, tags=_tags(request.tag or ()))
    if request.dry_run:
        return _tell_plan(request, models)
    with ExitStack() as stack:
        for spec in request.judge or ():
            # A judge that does not exist is told now, not when everything has been asked.
            open_cached(spec, models).close()
        wordnet = None if request.wordnet is None else WordNet(request.wordnet)
        out = request.out or Path(stack.enter_context(TemporaryDirectory()))
        asked = _ask(request, request.model, models, out) if request.model is not None else None
        cards = _score(request, models, EvaluationFolder(out), report, wordnet)
    _print(request, cards, asked)
    return _code(asked, request.max_failed_share)


def _check(request: Request) -> None:
    if (request.model is None) == (not request.predictions):
        raise ConfigError("nobody is asked", remedy="give --model SPEC, or --predictions FILE, not both")
    if request.model is not None and (request.data is None or request.out is None):
        raise ConfigError(
            "a model is asked questions from files, and its replies are kept", remedy="give --data and --out"
        )
    if request.submission is not None and request.benchmark != "star":
        raise ConfigError(
            f"{request.benchmark} has no server for hidden answers", remedy="leave --submission out"
        )
    if request.wordnet is not None and request.benchmark != "nextqa-open":
        raise ConfigError(f"{request.benchmark} is not scored by WordNet", remedy="leave --wordnet out")
    if not 0 <= request.max_failed_share <= 1:
        raise ConfigError(
            f"--max-failed-share is {request.max_failed_share}", remedy="give a share from 0 to 1"
        )


def _tell_plan(request: Request, models: ModelsConfig) -> int:
    if request.model is None or request.out is None:
        raise ConfigError(
            "--dry-run says what a model would be asked", remedy="give --model, or leave it out"
        )
    plan = plan_evaluation(_evaluation(request, request.model, models), request.out)
    if request.json:
        print_json(to_plain(plan))
    elif not request.quiet:
        print_lines(plan_lines(plan))
    return ExitCode.OK


def plan_lines(plan: EvaluationPlan) -> Iterator[str]:
    """What an evaluation would ask, for the terminal."""
    for condition, questions in plan.questions.items():
        yield f"would ask   {condition}: {plan.to_ask[condition]} of {in_words({'questions': questions})}"
    if plan.pictures is not None:
        yield f"would send  {in_words({'pictures': plan.pictures})}"
    if plan.missing_videos:
        yield f"missing     {_listed(plan.missing_videos)}"
    if plan.skipped:
        yield f"would skip  {in_words({'rows': plan.skipped})} that ask nothing that could be scored"


def _listed(videos: Sequence[str]) -> str:
    more = f" and {len(videos) - _SHOWN_MISSING} more" if len(videos) > _SHOWN_MISSING else ""
    return f"{', '.join(videos[:_SHOWN_MISSING])}{more}"


def _ask(request: Request, model: str, models: ModelsConfig, out: Path) -> Asked:
    evaluation = _evaluation(request, model, models)
    with open_listener(quiet=request.quiet, verbose=request.verbose) as listener:
        return ask_benchmark(evaluation, out, listener)


def _evaluation(request: Request, model: str, models: ModelsConfig) -> Evaluation:
    assert request.data is not None
    return Evaluation(
        benchmark=request.benchmark,
        data=request.data,
        videos=request.videos,
        model=model,
        limit=request.limit,
        modes=_known("--mode", request.mode or ("answer",), MODES),
        controls=_known("--blind", request.blind or (), CONTROLS[1:]),
        options=_known("--options", [request.options_as], OPTION_STYLES)[0] if request.options_as else None,
        seeds=request.seeds,
        as_trained=request.as_trained,
        shown_as=request.shown_as,
        diagnose=request.diagnose,
        answering=_answering(request),
        models=models,
    )


def _answering(request: Request) -> AnswerConfig:
    config = AnswerConfig(frames=_frames(request), temperature=request.temperature)
    most = request.max_tokens
    return config if most is None else replace(config, max_tokens=most, max_rationale_tokens=most)


def _frames(request: Request) -> FrameConfig:
    if request.as_trained and (request.frames is not None or request.side_px is not None):
        raise ConfigError(
            "--frames and --side-px do not change what --as-trained shows",
            remedy="leave them out, or give --shown-as a file with max_frames and max_pixels",
        )
    usual = FrameConfig()
    return FrameConfig(
        frames=usual.frames if request.frames is None else request.frames,
        image=usual.image if request.side_px is None else ImageConfig(side_px=request.side_px),
    )


def _known(option: str, given: Sequence[str], known: Sequence[Name]) -> tuple[Name, ...]:
    """Each once, in the order given; raises ConfigError for one that there is not."""
    by_name: dict[str, Name] = dict(zip(known, known, strict=True))
    for name in given:
        if name not in by_name:
            raise ConfigError(f"{option} {name!r} is none", remedy=nearest(name, known))
    return tuple(dict.fromkeys(by_name[name] for name in given))


def _score(
    request: Request,
    models: ModelsConfig,
    folder: EvaluationFolder,
    report: Report,
    wordnet: WordNet | None,
) -> tuple[ScoreCard, ...]:
    with ExitStack() as stack:
        judges = []
        for spec in request.judge or ():
            judges.append(open_cached(spec, models, folder.requests))
            stack.callback(judges[-1].close)
        taken = request.predictions or ()
        cards = score_folder(folder, request.benchmark, report, judges, predictions=taken, wordnet=wordnet)
    if wordnet is None and "wups" in open_benchmark(request.benchmark).scorings:
        _say("WUPS, the authors' metric, is not computed: give --wordnet DIR")
    if request.submission is not None:
        unanswered = write_submission(folder, request.submission)
        if unanswered:
            _say(f"{len(unanswered)} replies name no option: those questions are not in {request.submission}")
    return cards


def _tags(texts: Iterable[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for key, equals, value in pairs:
        if not (key and equals and value):
            raise ConfigError(f"--tag {key + equals + value!r} is none", remedy="write KEY=VALUE")
    return {key: value for key, _, value in pairs}


def _say_unjudged(cards: Sequence[ScoreCard]) -> None:
    for card in cards:
        unjudged = sum(faults.get("unjudged", 0) for faults in card.faults.values())
        if unjudged:
            _say(f"{unjudged} replies have no verdict and count neither way: {card.protocol}")


def _print(request: Request, cards: Sequence[ScoreCard], asked: Asked | None) -> None:
    if asked is not None:
        _warn(asked)
    _say_unjudged(cards)
    if request.json:
        print_json([to_plain(card) for card in cards])
    elif not request.quiet:
        for card in cards:
            print_tables(tables_of(card)[:_SHOWN_TABLES])
        if request.out is not None:
            print_lines([f"everything: {request.out / 'report.md'}"])


def _warn(asked: Asked) -> None:
    missing = asked.missing_videos
    if missing:
        are = "video is" if len(missing) == 1 else "videos are"
        _say(f"{len(missing)} {are} missing: {_listed(missing)}")
    if asked.skipped:
        _say(f"{asked.skipped} rows of the benchmark ask nothing that could be scored: skipped.jsonl")
    if asked.failed:
        reason, count = next(iter(asked.faults.items()))
        _say(
            f"{asked.failed} of {asked.questions} questions have no reply and count as wrong; "
            f"{'all' if count == asked.failed else count} of them: {reason}"
        )


def _say(text: str) -> None:
    print(printable(f"warning: {text}"), file=sys.stderr)


def _code(asked: Asked | None, max_failed_share: float) -> ExitCode:
    if asked is None or asked.failed_share <= max_failed_share:
        return ExitCode.OK
    return ExitCode.NOTHING_USABLE if asked.failed == asked.questions else ExitCode.TOO_MANY_FAILED
