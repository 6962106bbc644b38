"""What asking costs: prices, a budget that stops it, a ledger per stage, and an estimate beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from videostep.errors import BudgetError, ConfigError
from videostep.models.forms import schema_text
from videostep.models.protocol import Message, Request, Usage

CHARACTERS_A_TOKEN = 4
"""Of English, roughly: for estimates, and for servers that count nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a server charges. 0: nothing, such as one's own."""

    usd_per_million_prompt_tokens: float = 0.0
    """US dollars for a million tokens of requests, those of pictures included."""
    usd_per_million_completion_tokens: float = 0.0
    """US dollars for a million tokens of replies."""

    def __post_init__(self) -> None:
        if min(self.usd_per_million_prompt_tokens, self.usd_per_million_completion_tokens) < 0:
            raise ConfigError("a price is negative", remedy="give prices of 0 or more")

    def usd(self, usage: Usage) -> float:
        """The price of some tokens, US dollars."""
        return (
            usage.prompt_tokens * self.usd_per_million_prompt_tokens
            + usage.completion_tokens * self.usd_per_million_completion_tokens
        ) / 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much may be spent, all told. None: no limit.

    What is under way when tokens or dollars run out is still paid for; the number of requests is exact.
    """

    requests: int | None = None
    """HTTP requests that reached a server, second attempts included."""
    tokens: int | None = None
    """Of prompts and replies together."""
    usd: float | None = None
    """US dollars, by the prices that are set."""

    def __post_init__(self) -> None:
        for name in ("requests", "tokens", "usd"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ConfigError(f"budget.{name} is {value}", remedy="give 0 or more")

    def check(self, total: Spent) -> None:
        """Raise BudgetError if so much is all that may be spent."""
        usage = total.usage
        for name, spent, most in (
            ("requests", total.requests, self.requests),
            ("tokens", usage.prompt_tokens + usage.completion_tokens, self.tokens),
            ("usd", total.usd, self.usd),
        ):
            if most is not None and spent >= most:
                raise BudgetError(
                    f"the budget of {most:,} {name} is spent",
                    remedy="raise it and run the same command again: what was answered is kept",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was spent, or might be."""

    requests: int = 0
    """HTTP requests that reached a server, second attempts included."""
    images: int = 0
    """Pictures sent, each time they were sent."""
    usage: Usage = field(default_factory=Usage)
    usd: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            requests=self.requests + other.requests,
            images=self.images + other.images,
            usage=self.usage + other.usage,
            usd=self.usd + other.usd,
        )


Check = Callable[[Spent], None]
"""Raises BudgetError where a total leaves nothing to spend."""


class Account(Protocol):
    """Where what is spent is added up. Several meters may share one, in other processes too."""

    def book(self, stage: str, spent: Spent, check: Check) -> None:
        """Add to what a stage has spent, unless `check` objects to the total so far; one at a time."""

    def total(self) -> Spent:
        """Of all stages, and of earlier sessions."""

    def drain(self) -> dict[str, Spent]:
        """What is booked and lies in no file yet, by stage, since the last call."""


class Purse:
    """An account in memory."""

    def __init__(self, spent: Spent | None = None) -> None:
        """`spent` is what earlier sessions spent."""
        self._total = spent or Spent()
        self._by_stage: dict[str, Spent] = {}
        self._lock = Lock()

    def book(self, stage: str, spent: Spent, check: Check) -> None:
        """Add it up."""
        with self._lock:
            check(self._total)
            self._total += spent
            self._by_stage[stage] = self._by_stage.get(stage, Spent()) + spent

    def total(self) -> Spent:
        """Of this session and the earlier ones."""
        return self._total

    def drain(self) -> dict[str, Spent]:
        """Of this session."""
        with self._lock:
            drained, self._by_stage = self._by_stage, {}
        return drained


class Meter:
    """Counts what is spent, by stage, and says no when the budget is reached. Threads may share it."""

    def __init__(
        self,
        *,
        prices: Prices | None = None,
        budget: Budget | None = None,
        spent: Spent | None = None,
        account: Account | None = None,
    ) -> None:
        """Meters of one account keep to their budgets together.

        Args:
            prices: None: nothing costs anything.
            budget: None: no limit.
            spent: What earlier sessions spent of the same budget, where the account is the meter's own.
            account: Where it is added up; None: one of its own, in memory.

        Raises:
            ConfigError: The budget is in dollars, and no price is known.
        """
        self._prices = prices or Prices()
        self._budget = budget or Budget()
        if self._budget.usd is not None and self._prices == Prices():
            raise ConfigError(
                "a budget in dollars needs prices",
                remedy="set usd_per_million_prompt_tokens and usd_per_million_completion_tokens",
            )
        self._account = account or Purse(spent)

    def begin(self, stage: str, *, images: int) -> None:
        """Count a request that is about to be sent; raise BudgetError instead if the budget is spent."""
        self._account.book(stage, Spent(requests=1, images=images), self._budget.check)

    def take_back(self, stage: str, *, images: int) -> None:
        """A request that was counted has reached nobody: it costs nothing."""
        self._account.book(stage, Spent(requests=-1, images=-images), _allow)

    def pay(self, stage: str, usage: Usage) -> None:
        """Count what came back."""
        self._account.book(stage, Spent(usage=usage, usd=self._prices.usd(usage)), _allow)

    @property
    def total(self) -> Spent:
        """Of all stages and of earlier sessions."""
        return self._account.total()

    def drain(self) -> dict[str, Spent]:
        """What each stage spent since the last call, for a ledger to keep."""
        return self._account.drain()


def _allow(total: Spent) -> None:
    """What has come back is paid for, and what was not spent may always be taken back."""


def estimate(requests: Iterable[Request], *, tokens_per_image: int, prices: Prices | None = None) -> Spent:
    """What asking would cost at most, if each request were answered at once with all tokens it allows.

    Args:
        requests: What would be asked.
        tokens_per_image: The model's own figure; Qwen2.5-VL makes about 400 of 768 x 432 pixels.
        prices: None: it costs nothing.
    """
    total, prices = Spent(), prices or Prices()
    for request in requests:
        images = sum(1 for _ in request.images())
        words = sum(map(_characters, request.messages)) + len(
            schema_text(request.form) if request.form else ""
        )
        usage = Usage(
            prompt_tokens=-(-words // CHARACTERS_A_TOKEN) + images * tokens_per_image,
            completion_tokens=request.sampling.n * request.sampling.max_tokens,
        )
        total += Spent(requests=1, images=images, usage=usage, usd=prices.usd(usage))
    return total


def _characters(message: Message) -> int:
    return sum(len(part) for part in message.parts if isinstance(part, str))
