"""One budget for all who spend from one file."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from videostep.errors import BudgetError, RunFolderError
from videostep.models.protocol import Usage
from videostep.models.spending import Budget, Meter, Prices, Spent
from videostep.store.spending import SpendingLedger, read_spending

BUDGET = Budget(requests=50)


def spend_all(path: Path, model: str) -> None:
    ledger = SpendingLedger(path, model)
    meter = Meter(budget=BUDGET, account=ledger)
    with suppress(BudgetError):
        while True:
            meter.begin("objects", images=1)
    ledger.close()


def test_processes_keep_to_one_budget_exactly(tmp_path: Path) -> None:
    path = tmp_path / "requests.sqlite"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=spend_all, args=(path, f"model {number}")) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert read_spending(path) == {"objects": Spent(requests=50, images=50)}


def test_threads_keep_to_it_too(tmp_path: Path) -> None:
    path = tmp_path / "requests.sqlite"
    threads = [threading.Thread(target=spend_all, args=(path, "model")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_spending(path)["objects"].requests == 50


def test_what_came_back_is_paid_for_though_nothing_is_left(tmp_path: Path) -> None:
    ledger = SpendingLedger(tmp_path / "requests.sqlite", "model")
    prices = Prices(usd_per_million_prompt_tokens=1.0)
    meter = Meter(prices=prices, budget=Budget(usd=0.5), account=ledger)
    meter.begin("objects", images=0)
    meter.pay("objects", Usage(prompt_tokens=1_000_000))
    assert meter.total.usd == pytest.approx(1.0)
    with pytest.raises(BudgetError, match=r"the budget of 0\.5 usd is spent"):
        meter.begin("objects", images=0)
    assert ledger.drain() == {}
    ledger.close()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "requests.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(RunFolderError, match=r"requests\.sqlite cannot be used"):
        read_spending(tmp_path / "requests.sqlite")


def test_without_a_file_nothing_was_spent(tmp_path: Path) -> None:
    assert read_spending(tmp_path / "requests.sqlite") == {}
    assert not (tmp_path / "requests.sqlite").exists()


@pytest.mark.parametrize("is_open", [True, False])
def test_reading_leaves_nothing_behind_and_sees_what_was_just_booked(tmp_path: Path, is_open: bool) -> None:
    path = tmp_path / "a #%? folder" / "requests.sqlite"
    ledger = SpendingLedger(path, "model")
    Meter(account=ledger).begin("objects", images=0)
    if not is_open:
        ledger.close()
    before = sorted(path.parent.iterdir())
    assert read_spending(path)["objects"].requests == 1
    assert sorted(path.parent.iterdir()) == before
    ledger.close()


def test_a_cache_of_another_kind_has_no_ledger(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "requests.sqlite").execute(
        "CREATE TABLE replies (key TEXT)"
    ).connection.close()
    assert read_spending(tmp_path / "requests.sqlite") == {}
