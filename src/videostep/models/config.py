"""Settings of everything that is behind a Video-LLM's specification: backends, prices, budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from videostep.models.local.config import TransformersConfig
from videostep.models.openai.config import OpenAIConfig
from videostep.models.spending import Budget, Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsConfig:
    """How Video-LLMs are opened and what they may cost."""

    openai: OpenAIConfig = field(default_factory=OpenAIConfig)
    """Of servers."""
    transformers: TransformersConfig = field(default_factory=TransformersConfig)
    """Of weights on this machine."""
    prices: Prices = field(default_factory=Prices)
    """What the server charges, US dollars a million tokens."""
    budget: Budget = field(default_factory=Budget)
    """How much may be spent on a run, all sessions together."""

    installed: Mapping[str, Mapping[str, Any]] | None = None
    """Of the backends that other packages bring, by name. Each backend checks its own."""

    def of_backend(self, spec: str) -> OpenAIConfig | TransformersConfig | Mapping[str, Any] | None:
        """The settings of the backend that a specification names; None: it has none here."""
        match spec.partition(":")[0]:
            case "openai":
                return self.openai
            case "transformers":
                return self.transformers
            case name:
                return (self.installed or {}).get(name)
