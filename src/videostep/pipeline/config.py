"""RunConfig: the frozen configs of all stages, gathered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from videostep.errors import ConfigError
from videostep.induce.bridge import BridgeConfig
from videostep.induce.merge import MergeConfig
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.split import SplitConfig
from videostep.induce.video import InduceConfig
from videostep.models import is_model_spec
from videostep.models.config import ModelsConfig
from videostep.reason.ask import AskConfig
from videostep.reason.balance import BalanceConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionConfig:
    """How a run is carried out; changes nothing in what comes out, so it is not saved with the run."""

    workers: int | None = None
    """Processes that watch videos at the same time. None: one per core, at most one per video;
    with weights on this machine one, since every process loads them."""
    max_failed_share: float = 0.1
    """Share of the videos, 0..1, that may fail before the run as a whole counts as failed (exit code 4).
    A tenth: single broken downloads are normal in a large collection, more is a mistake."""

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise ConfigError(f"execution.workers is {self.workers}", remedy="give 1 or more")
        if not 0 <= self.max_failed_share <= 1:
            raise ConfigError(
                f"execution.max_failed_share is {self.max_failed_share}", remedy="give a share from 0 to 1"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """Every setting of a run; `run.toml` and command-line flags only fill it in."""

    model: str = "embedded"
    """The scene parser that watches the videos, or the Video-LLM that does, as `BACKEND:TARGET`."""
    seed: int = 0
    """Of everything that is drawn at random, 0 or more."""
    ask_seed: int | None = None
    """Seed of the questions alone, so that other questions can be asked of the same graphs. None: `seed`."""
    split: SplitConfig = field(default_factory=SplitConfig)
    embedded: EmbeddedConfig = field(default_factory=EmbeddedConfig)
    """Of the embedded scene parser; another parser leaves it unused."""
    video_llm: VideoLlmConfig = field(default_factory=VideoLlmConfig)
    """Of the parser that asks a Video-LLM."""
    models: ModelsConfig = field(default_factory=ModelsConfig)
    """How a Video-LLM is opened, and what it may cost."""
    parsers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Of the scene parsers that other packages bring, by name. Each parser checks its own."""
    merge: MergeConfig = field(default_factory=MergeConfig)
    bridge: BridgeConfig = field(default_factory=BridgeConfig)
    ask: AskConfig = field(default_factory=AskConfig)
    balance: BalanceConfig = field(default_factory=BalanceConfig)
    execution: ExecutionConfig = field(default_factory=ExecutionConfig)

    def __post_init__(self) -> None:
        for name in ("seed", "ask_seed"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < 2**63:
                raise ConfigError(f"{name} is {value}", remedy="give a whole number from 0 to 2**63 - 1")
        for name, table in self.parsers.items():
            _check_plain(f"parsers.{name}", table)
        _check_plain("models.installed", self.models.installed or {})

    @property
    def induce(self) -> InduceConfig:
        """The settings of induction: they decide what the graphs are."""
        return InduceConfig(split=self.split, merge=self.merge, bridge=self.bridge)

    @property
    def parser(self) -> EmbeddedConfig | VideoLlmConfig | Mapping[str, Any]:
        """The settings of the chosen scene parser."""
        return self.video_llm if is_model_spec(self.model) else self._settings_of(self.model)

    @property
    def grounding(self) -> EmbeddedConfig | Mapping[str, Any]:
        """The settings of the scene parser that grounds a Video-LLM's words, if one does."""
        return self._settings_of(self.video_llm.grounding)

    def _settings_of(self, parser: str) -> EmbeddedConfig | Mapping[str, Any]:
        return self.embedded if parser == "embedded" else self.parsers.get(parser, {})

    @property
    def questions_seed(self) -> int:
        """The seed that asking uses."""
        return self.seed if self.ask_seed is None else self.ask_seed


def _check_plain(key: str, value: object) -> None:
    """Raise ConfigError unless `run.toml` holds `value` as it is: a date or `nan` would not come back."""
    inner: Mapping[str, object] = {}
    if isinstance(value, Mapping):
        inner = {f"{key}.{name}": item for name, item in value.items()}
    elif isinstance(value, list):
        inner = {f"{key}[{number}]": item for number, item in enumerate(value)}
    elif isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"{key} is {value}", remedy="give a finite number")
    elif not isinstance(value, str | bool | int | float):
        raise ConfigError(
            f"{key} is a {type(value).__name__}", remedy="give text, a number, true, false, a list or a table"
        )
    for name, item in inner.items():
        _check_plain(name, item)
