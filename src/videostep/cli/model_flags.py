"""Flags that say how a Video-LLM is opened and what it may cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from videostep.errors import ConfigError
from videostep.models.config import ModelsConfig
from videostep.models.spending import Budget, Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFlags:
    """What was given on the command line; None and False: not given."""

    attn: str | None = None
    trust_remote_code: bool = False
    budget_requests: int | None = None
    budget_tokens: int | None = None
    budget_usd: float | None = None
    prices: str | None = None
    """`IN/OUT`, US dollars a million tokens."""

    def over(self, config: ModelsConfig) -> ModelsConfig:
        """The settings with the flags over them; raises ConfigError."""
        local = config.transformers
        if local.trust_remote_code and not self.trust_remote_code:
            # A file of settings may come from anybody; whose code runs here is said here.
            raise ConfigError(
                "the settings ask to run code that comes with the weights",
                remedy="give --trust-remote-code if you trust who wrote it, else take the setting out",
            )
        return replace(
            config,
            transformers=replace(
                local,
                attn=self.attn or local.attn,
                trust_remote_code=self.trust_remote_code,
            ),
            budget=self._budget(config.budget),
            prices=read_prices(self.prices) if self.prices is not None else config.prices,
        )

    def _budget(self, saved: Budget) -> Budget:
        given = (self.budget_requests, self.budget_tokens, self.budget_usd)
        if all(one is None for one in given):
            return saved
        return Budget(requests=given[0], tokens=given[1], usd=given[2])


def read_prices(text: str) -> Prices:
    """`0.25/1.25` as prices; raises ConfigError."""
    try:
        prompt, completion = (float(price) for price in text.split("/"))
    except ValueError as error:
        raise ConfigError(
            f"--prices {text!r} are no prices", remedy="give them as IN/OUT, such as 0.25/1.25"
        ) from error
    if not (math.isfinite(prompt) and math.isfinite(completion)):
        raise ConfigError(f"--prices {text!r} are no prices", remedy="give finite numbers")
    return Prices(usd_per_million_prompt_tokens=prompt, usd_per_million_completion_tokens=completion)
