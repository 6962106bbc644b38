"""OpenAIModel: a VideoModel on any server that speaks chat/completions."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

from videostep.errors import ModelError
from videostep.models.openai.config import OpenAIConfig
from videostep.models.openai.line import Line
from videostep.models.openai.send import Sender
from videostep.models.openai.talk import Talk
from videostep.models.protocol import Outcome, Request
from videostep.models.spending import Meter

T = TypeVar("T")
OPENAI_URL = "https://api.openai.com/v1"
_REQUESTS_A_SLOT = 2
"""Requests taken in for each that may be under way, so that a slot never waits for the caller."""
_CLOSE_S = 5.0


class OpenAIModel:
    """Its connections live in an event loop in a thread of their own, so it works inside other loops too."""

    def __init__(
        self,
        model: str,
        url: str = OPENAI_URL,
        *,
        config: OpenAIConfig | None = None,
        meter: Meter | None = None,
    ) -> None:
        """Nothing is sent before something is asked.

        Args:
            model: As the server calls it.
            url: Up to and with `/v1`.
            config: How the server is talked to.
            meter: Counts what is spent and may stop it; None: one without limits.
        """
        self._model, self._config = model, config or OpenAIConfig()
        self.meter = meter or Meter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"openai:{model}", daemon=True)
        self._thread.start()
        self._line, self._sender = self._run(self._connect(url)).result()

    async def _connect(self, url: str) -> tuple[Line, Sender]:
        line = Line(url, api_key(url, self._config), self._config)
        return line, Sender(self._model, line, self._config, self.meter)

    @property
    def name(self) -> str:
        """`openai:MODEL`: the same model elsewhere is the same model."""
        return f"openai:{self._model}"

    def ask(self, requests: Iterable[Request]) -> Iterator[tuple[int, Outcome]]:
        """Answer every request once, as the replies come in."""
        done: SimpleQueue[int] = SimpleQueue()
        under_way: dict[int, Future[Outcome]] = {}
        self._line.dead = None

        def next_outcome() -> tuple[int, Outcome]:
            number = done.get()
            return number, under_way.pop(number).result()

        try:
            for number, request in enumerate(requests):
                while len(under_way) >= _REQUESTS_A_SLOT * self._config.max_concurrency:
                    yield next_outcome()
                under_way[number] = future = self._run(self._outcome(request))
                future.add_done_callback(partial(_put, done, number))
            while under_way:
                yield next_outcome()
        finally:
            for future in under_way.values():
                future.cancel()

    async def _outcome(self, request: Request) -> Outcome:
        try:
            return await Talk(self._sender, request).reply()
        except ModelError as error:
            return error

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def close(self) -> None:
        """Close all connections and end the thread."""
        if self._loop.is_closed():
            return
        with contextlib.suppress(TimeoutError):
            self._run(self._line.close()).result(_CLOSE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSE_S)
        if not self._thread.is_alive():
            self._loop.close()


def _put(done: SimpleQueue[int], number: int, future: Future[Outcome]) -> None:
    done.put(number)


def api_key(url: str, config: OpenAIConfig) -> str:
    """The key for a server, from the environment; "" without one."""
    own = "OPENAI_API_KEY" if url == OPENAI_URL else "VIDEOSTEP_API_KEY"
    return os.environ.get(config.key_variable or own, "").strip()
