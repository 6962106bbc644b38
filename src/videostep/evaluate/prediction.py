"""What a model replied to one question of a benchmark, and how it was asked: `videostep.prediction/1`.

A prediction holds its question with the true answer and the reply word for word, so that it can be scored
again by anybody, at any time, without the model and without the benchmark's files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, get_args

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import Mark

PREDICTION_FORMAT: Final = "videostep.prediction/1"
Mode = Literal["answer", "rationale-then-answer"]
"""`answer`: the reply is the answer. `rationale-then-answer`: it explains first."""
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
Control = Literal["none", "question", "one-frame", "shuffled", "caption"]
"""What a model is shown. `none`: the video. The others are blind controls: the question only, the middle
frame, the frames in another order, or the model's own caption of the video instead of the video."""
CONTROLS: Final[tuple[Control, ...]] = get_args(Control)


class Condition(NamedTuple):
    """How a question was asked: what must be the same within one column of numbers."""

    mode: Mode = "answer"
    control: Control = "none"
    seed: int = 0
    single_steps: bool = False
    """The true sub-questions were asked singly, not the question."""

    @property
    def name(self) -> str:
        """Of its file: `answer`, `answer.blind-question`, `answer.steps.seed-2`."""
        parts: list[str] = [self.mode]
        if self.single_steps:
            parts.append("steps")
        if self.control != "none":
            parts.append(f"blind-{self.control}")
        if self.seed:
            parts.append(f"seed-{self.seed}")
        return ".".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One reply to one question."""

    format: Literal["videostep.prediction/1"] = PREDICTION_FORMAT
    benchmark: str
    item: Item
    model: str
    """As its backend names it; whatever decides its replies."""
    mode: Mode = "answer"
    control: Control = "none"
    seed: int = 0
    single_steps: bool = False
    reply: str | None
    """Word for word. None: there is none, and `error` says why."""
    error: str = ""
    frames_s: tuple[float, ...] = ()
    """Times of the frames that were shown, in the order in which they were shown."""
    caption: str = ""
    """What was shown in place of frames, under the control `caption`."""
    marks: dict[str, Mark] = field(default_factory=dict)
    """By protocol, such as `exact` or `judge openai:gpt-4o-mini`."""

    @property
    def condition(self) -> Condition:
        """How it was asked."""
        return Condition(self.mode, self.control, self.seed, self.single_steps)
