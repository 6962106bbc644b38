from __future__ import annotations

import threading

import pytest

from videostep.errors import BudgetError, ConfigError
from videostep.models.protocol import Image, Message, Request, Sampling, Usage
from videostep.models.spending import Budget, Meter, Prices, Spent, estimate

PRICES = Prices(usd_per_million_prompt_tokens=2.0, usd_per_million_completion_tokens=10.0)


@pytest.mark.parametrize(
    ("budget", "paid"),
    [(Budget(requests=1), Usage()), (Budget(tokens=30), Usage(prompt_tokens=20, completion_tokens=10)),
     (Budget(usd=0.001), Usage(prompt_tokens=500))],
)  # fmt: skip
def test_a_budget_that_is_reached_stops(budget: Budget, paid: Usage) -> None:
    meter = Meter(prices=PRICES, budget=budget)
    meter.begin("a", images=1)
    meter.pay("a", paid)
    with pytest.raises(BudgetError, match="is spent; raise it"):
        meter.begin("b", images=1)
    assert meter.total.requests == 1


def test_what_earlier_sessions_spent_counts() -> None:
    with pytest.raises(BudgetError):
        Meter(budget=Budget(requests=5), spent=Spent(requests=5)).begin("a", images=0)


def test_stages_are_drained_once() -> None:
    meter = Meter(prices=PRICES)
    meter.begin("objects", images=2)
    meter.pay("objects", Usage(prompt_tokens=1_000_000, completion_tokens=100_000))
    meter.begin("events", images=0)
    drained = meter.drain()
    assert drained["objects"].usd == pytest.approx(3.0)
    assert drained["objects"].images == 2
    assert drained["events"].requests == 1
    assert meter.drain() == {}
    assert meter.total.requests == 2


def test_threads_do_not_lose_counts() -> None:
    meter = Meter()

    def spend() -> None:
        for _ in range(500):
            meter.begin("a", images=1)

    threads = [threading.Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert meter.total.requests == meter.drain()["a"].images == 2000


@pytest.mark.parametrize("make", [
    lambda: Budget(requests=-1), lambda: Budget(usd=float("nan")), lambda: Meter(budget=Budget(usd=1.0)),
    lambda: Prices(usd_per_million_prompt_tokens=-1.0),
])  # fmt: skip
def test_senseless_money_is_refused(make) -> None:
    with pytest.raises(ConfigError):
        make()


def test_an_estimate_is_an_upper_bound_of_one_attempt() -> None:
    message = Message(role="user", parts=("x" * 400, Image(data=b"1"), Image(data=b"2")))
    request = Request(messages=(message,), sampling=Sampling(n=5, max_tokens=100))
    found = estimate([request] * 10, tokens_per_image=400, prices=PRICES)
    assert found.requests == 10
    assert found.images == 20
    assert found.usage == Usage(prompt_tokens=10 * (100 + 800), completion_tokens=10 * 500)
    assert found.usd == pytest.approx(9000 * 2e-6 + 5000 * 10e-6)
