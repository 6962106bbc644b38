"""The model card: what was trained, on which data, made by whom, with what result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from videostep.learn.history import HeldOutLosses


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFacts:
    """Where the samples come from."""

    samples_sha256: str
    """Of all examples that were trained on or held out, words and videos."""
    videos: int
    """Trained on."""
    held_out_videos: int
    skipped_videos: int
    """Could not be read."""
    counts: Mapping[str, Mapping[str, int]]
    """Set to what was drawn from it: samples, answers, rationales, samples by steps, cut, left out."""
    made_by: tuple[str, ...]
    """Programs, scene parsers and language models behind the samples."""
    seeds: tuple[int, ...]
    """Of the samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What the card says of the training."""

    name: str
    base: str
    """The model that was trained, without a path of this machine."""
    is_adapter: bool
    is_hub_id: bool
    settings: str
    """As TOML."""
    steps: int
    best_step: int | None
    sharing: str
    answer: float | None
    """Loss at the end, a token."""
    rationale: float | None
    looks: tuple[HeldOutLosses, ...]
    version: str
    """Of videostep."""


def card_text(model: ModelFacts, data: DataFacts) -> str:
    """The card as Markdown with YAML front matter; equal trainings give equal text."""
    return "\n".join([*_front_matter(model), "", *_body(model, data), ""])


def _front_matter(model: ModelFacts) -> Iterator[str]:
    yield "---"
    if model.is_hub_id:
        yield f"base_model: {json.dumps(model.base)}"
    yield f"library_name: {'peft' if model.is_adapter else 'transformers'}"
    yield from ("pipeline_tag: video-text-to-text", "tags:", "- video", "- reasoning", "- videostep", "---")


def _body(model: ModelFacts, data: DataFacts) -> Iterator[str]:
    what = "A LoRA adapter for" if model.is_adapter else "All weights of"
    yield from (f"# {model.name}", "")
    yield f"{what} `{model.base}`, trained with videostep {model.version} on questions about videos,"
    yield "each with its answer and with its rationale, which were derived from the videos' scene graphs."
    yield from ("", "## Data", "", *_data(data), "", "## Training", "", *_training(model))
    yield from ("", "```toml", model.settings.strip(), "```", "", "## Limits", "")
    yield "The scene graphs are a program's or a model's, not people's: a proven answer is true of the graph."
    yield "The licences of the base model, the videos and the annotations apply, and are not known here."


def _data(data: DataFacts) -> Iterator[str]:
    yield "| set | samples | answers | rationales | 1 step | 2 steps | 3+ steps | cut | left out |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, counts in data.counts.items():
        keys = ("samples", "answers", "rationales", "1", "2", "3+", "cut", "left out")
        yield f"| {name} | {' | '.join(str(counts.get(key, 0)) for key in keys)} |"
    yield from (
        "",
        "*cut*: samples that are shown a part of their video only, as what comes next is asked.",
        "",
    )
    yield f"- videos trained on: {data.videos}; held out: {data.held_out_videos}; "
    yield f"  not readable and left out: {data.skipped_videos}"
    yield from (f"- {line}" for line in data.made_by)
    yield f"- seeds of the samples: {', '.join(map(str, data.seeds)) or 'none'}"
    yield f"- sha256 of the examples: `{data.samples_sha256}`"


def _training(model: ModelFacts) -> Iterator[str]:
    kept = "the last" if model.best_step is None else f"those after step {model.best_step}, the best held out"
    answer, rationale = _number(model.answer), _number(model.rationale)
    yield f"- optimizer steps: {model.steps}; the weights are {kept}"
    yield f"- sharing of video tokens: {model.sharing}"
    yield f"- loss a token over the last steps: answers {answer}, rationales {rationale}"
    yield from ("", "![losses over the steps](losses.svg)")
    if model.looks:
        yield from (
            "",
            "Held-out videos. *exact*: share of answers whose every token is the first choice when",
        )
        yield "the right ones before it are given (teacher-forced), an upper bound of what it would say."
        yield from ("", "| step | loss | answer | rationale | exact | 1 step | 2 steps | 3+ steps |")
        yield "|---|---|---|---|---|---|---|---|"
        yield from (_look(look) for look in model.looks)


def _look(look: HeldOutLosses) -> str:
    losses = (look.loss, look.answer, look.rationale, look.exact)
    by_steps = (look.exact_by_steps.get(kind) for kind in ("1", "2", "3+"))
    return f"| {look.step} | {' | '.join(map(_number, (*losses, *by_steps)))} |"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
