from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from videostep.models.openai.pace import FIRST_LIMIT, Pace


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(coroutine)


async def rounds(pace: Pace, n: int, took_s: float, *, kind: str = "any") -> None:
    """Keep all slots busy for `n` replies of the same duration, without waiting for it."""
    for _ in range(n):
        width = pace.limit

        async def one() -> None:
            async with pace.slot():
                await asyncio.sleep(0)
                pace.answered(kind, took_s)

        await asyncio.gather(*(one() for _ in range(width)))


def test_never_more_than_the_limit_are_under_way() -> None:
    async def check() -> None:
        pace, under_way, most = Pace(8), 0, 0

        async def one() -> None:
            nonlocal under_way, most
            async with pace.slot():
                under_way += 1
                most = max(most, under_way)
                assert under_way <= 8
                await asyncio.sleep(0)
                under_way -= 1
                pace.answered("any", 0.1)

        await asyncio.gather(*(one() for _ in range(200)))
        assert most == 8

    run(check())


def test_the_limit_rises_while_replies_come_as_fast_as_ever() -> None:
    async def check() -> None:
        pace = Pace(64)
        assert pace.limit == FIRST_LIMIT
        await rounds(pace, 12, 0.5)
        assert pace.limit == 64

    run(check())


def test_the_limit_falls_when_replies_slow_down_with_it() -> None:
    async def check() -> None:
        pace = Pace(64)
        # One slot: a reply takes as long as all that are under way.
        for _ in range(60):
            await rounds(pace, 1, 0.1 * pace.limit)
        assert 2 <= pace.limit <= 24

    run(check())


def test_slow_kinds_do_not_count_as_slowed_down() -> None:
    async def check() -> None:
        pace = Pace(64)
        await rounds(pace, 6, 0.05, kind="yes or no")
        await rounds(pace, 6, 5.0, kind="a narrative")
        assert pace.limit == 64

    run(check())


def test_a_busy_server_halves_the_limit_once_a_window() -> None:
    async def check() -> None:
        pace = Pace(64)
        await rounds(pace, 12, 0.5)
        async with pace.slot() as first_s, pace.slot() as second_s:
            pace.overloaded(first_s, 0.0)
            pace.overloaded(second_s, 0.0)
            assert pace.limit == 32
        await asyncio.sleep(0.001)
        async with pace.slot() as later_s:
            pace.overloaded(later_s, 0.0)
            assert pace.limit == 16

    run(check())


def test_nothing_is_sent_while_the_server_wants_to_be_left_alone() -> None:
    async def check() -> None:
        pace = Pace(4)
        async with pace.slot() as sent_s:
            pace.overloaded(sent_s, 0.05)
        async with pace.slot() as again_s:
            assert again_s >= sent_s + 0.05

    run(check())


def test_the_limit_is_never_below_one() -> None:
    async def check() -> None:
        pace = Pace(4)
        for _ in range(5):
            async with pace.slot() as sent_s:
                pace.overloaded(sent_s, 0.0)
            await asyncio.sleep(0.001)
        assert pace.limit == 1
        async with asyncio.timeout(1), pace.slot():
            pass

    run(check())


@pytest.mark.parametrize("cancelled", [0, 1, 2])
def test_who_gives_up_waiting_takes_no_slot_along(cancelled: int) -> None:
    async def check() -> None:
        pace = Pace(1)

        async def one() -> None:
            async with pace.slot():
                await asyncio.sleep(0.001)

        tasks = [asyncio.create_task(one()) for _ in range(3)]
        await asyncio.sleep(0)
        tasks[cancelled].cancel()
        async with asyncio.timeout(2):
            await asyncio.gather(*tasks, return_exceptions=True)
            async with pace.slot():
                pass

    run(check())
