"""How many requests are under way at once: more while the server keeps up, fewer when it does not.

Additive increase, multiplicative decrease, as TCP does it (Jacobson 1988), with slow start. A window is as
many replies as may be under way; within one the limit is lowered once at most, since all that is under way
was sent before the server could profit. Nothing here changes what is asked or answered.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

FIRST_LIMIT = 4.0
SLOWDOWN = 4.0
"""Replies may take this many times as long as the fastest of their kind did on average. A server that takes
one after the other is then asked four at a time; one that batches slows down doing so, and gets its fill."""
_SMOOTHING = 0.2
_EASE, _HALVE = 0.9, 0.5


class Pace:
    """Slots for requests; lives in one event loop."""

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._limit = min(FIRST_LIMIT, self._most)
        self._under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_slow_start = True
        self._smooth_s: dict[Hashable, float] = {}
        self._fastest_s: dict[Hashable, float] = {}
        self._window: list[float] = []
        self._hold_until_s = 0.0
        self._lowered_at_s = -1.0

    @property
    def limit(self) -> int:
        """Requests that may be under way now, 1 or more."""
        return int(self._limit)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[float]:
        """Wait for a slot and hold it; gives the loop's time at which it was got."""
        loop = asyncio.get_running_loop()
        while True:
            await self._turn()
            pause_s = self._hold_until_s - loop.time()
            if pause_s <= 0:
                break
            self._leave()
            await asyncio.sleep(pause_s)
        try:
            yield loop.time()
        finally:
            self._leave()

    async def _turn(self) -> None:
        if self._under_way < self.limit and not self._waiting:
            self._under_way += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        self._under_way -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._under_way < self.limit:
            turn = self._waiting.popleft()
            if not turn.done():
                self._under_way += 1
                turn.set_result(None)

    def answered(self, kind: Hashable, took_s: float) -> None:
        """A reply came after `took_s`; only requests of one `kind` are compared with each other."""
        smooth_s = self._smooth_s.get(kind, took_s)
        self._smooth_s[kind] = smooth_s = smooth_s + _SMOOTHING * (took_s - smooth_s)
        fastest_s = self._fastest_s[kind] = min(smooth_s, self._fastest_s.get(kind, smooth_s))
        self._window.append(took_s / fastest_s if fastest_s > 0 else 1.0)
        if self._is_slow_start and self._is_used:
            self._set_limit(self._limit + 1)
        if len(self._window) >= self.limit:
            self._end_window()

    @property
    def _is_used(self) -> bool:
        """Whether so much is under way that the limit matters: what is not tried out must not rise."""
        return 2 * self._under_way >= self.limit

    def _end_window(self) -> None:
        slowdown = sum(self._window) / len(self._window)
        self._window.clear()
        if slowdown > SLOWDOWN:
            self._is_slow_start = False
            self._set_limit(self._limit * _EASE)
        elif not self._is_slow_start and self._is_used:
            self._set_limit(self._limit + 1)

    def overloaded(self, sent_at_s: float, pause_s: float) -> None:
        """The server could not take a request that was sent at `sent_at_s`; nothing is sent for `pause_s`."""
        now_s = asyncio.get_running_loop().time()
        self._hold_until_s = max(self._hold_until_s, now_s + pause_s)
        if sent_at_s <= self._lowered_at_s:
            return
        self._lowered_at_s = now_s
        self._is_slow_start = False
        self._window.clear()
        self._set_limit(self._limit * _HALVE)

    def _set_limit(self, limit: float) -> None:
        self._limit = min(max(limit, 1.0), self._most)
        self._admit()
