"""How a model is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from videostep.errors import ConfigError
from videostep.evaluate.answering.frames import FrameConfig
from videostep.evaluate.answering.words import OptionStyle
from videostep.evaluate.prediction import Mode
from videostep.instruction import Instructions
from videostep.models.protocol import Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerConfig:
    """Everything that decides what is sent for a question."""

    frames: FrameConfig = field(default_factory=FrameConfig)
    """What is shown."""
    instructions: Instructions = field(default_factory=Instructions)
    """What follows the question: as in training."""
    options: OptionStyle = "letters"
    """How a choice is put; `words` for videostep's own samples, which are trained that way."""
    max_tokens: int = 512
    """Of an answer. Short limits cut explanations off, and then nothing counts."""
    max_rationale_tokens: int = 1_024
    """Of an explanation with its answer."""
    temperature: float = 0.0
    """0 is greedy, and then every seed says the same. Paper: not given."""

    def __post_init__(self) -> None:
        for name in ("max_tokens", "max_rationale_tokens"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} is {getattr(self, name)}", remedy="give 1 or more")
        self.sampling("answer", 0)

    def sampling(self, mode: Mode, seed: int) -> Sampling:
        """How the reply is drawn; raises ConfigError."""
        most = self.max_tokens if mode == "answer" else self.max_rationale_tokens
        return Sampling(temperature=self.temperature, max_tokens=most, seed=seed)
