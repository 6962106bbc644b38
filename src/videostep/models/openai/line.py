"""The line to a server: one body out, one back, bounded in time and size; and waiting while it is dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from dataclasses import dataclass

import httpx2
import openai

from videostep.errors import ModelError, ReplyError, ServerError, UnavailableError
from videostep.models.openai.config import OpenAIConfig
from videostep.models.openai.faults import Transient, Unreachable, Unsent, raise_sorted
from videostep.models.openai.pace import Pace

_PROBE_S, _MOST_PROBE_S = 0.1, 5.0


@dataclass(slots=True)
class _Absence:
    """Of a server: since when, on the loop's clock, and how long to wait before it is asked again."""

    since_s: float
    pause_s: float = _PROBE_S


class Line:
    """Lives in one event loop."""

    def __init__(self, url: str, key: str, config: OpenAIConfig) -> None:
        self._url, self._key, self._config = url, key, config
        timeout = httpx2.Timeout(config.timeout_s, connect=config.connect_timeout_s, pool=None)
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=config.max_concurrency)
        # Reading all the certificates of a machine takes 0.1 s: only where they are used.
        needs_tls = not url.startswith("http://")
        http = httpx2.AsyncClient(
            timeout=timeout, limits=limits, verify=needs_tls, event_hooks={"response": [self._bound]}
        )
        # Redirects are not followed: pictures and the key go where they were meant to go. Retries are ours.
        self._client = openai.AsyncOpenAI(
            api_key=key or "none", base_url=url, http_client=http, timeout=timeout, max_retries=0
        )
        self._pace = Pace(config.max_concurrency)
        self._has_answered = False
        self._absence: _Absence | None = None
        self.dead: UnavailableError | None = None
        """Set: nothing more is sent, everything fails with it."""
        self._probing: asyncio.Task[bool] | None = None

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def post(self, body: bytes, *, kind: Hashable) -> bytes:
        """Send a chat/completions body once and wait for the reply's.

        A body that reached no server was not sent: it is sent when one listens again.

        Args:
            body: JSON.
            kind: Replies of one kind take about as long as each other.

        Raises:
            Transient, Refused, RequestError, UnavailableError: See `raise_sorted`.
            Unsent: The body has reached no server, and none is there any more.
        """
        while True:
            try:
                return await self._post_in_turn(body, kind)
            except Unreachable:
                await self._wait_until_back()

    async def _post_in_turn(self, body: bytes, kind: Hashable) -> bytes:
        async with self._pace.slot() as sent_at_s:
            if self.dead:
                raise Unsent(self.dead)
            try:
                data = await self._post(body)
            except Transient as fault:
                if fault.busy:
                    self._pace.overloaded(sent_at_s, min(fault.pause_s or 0.0, self._config.max_backoff_s))
                raise
            now_s = asyncio.get_running_loop().time()
            self._absence = None
            self._has_answered = True
            self._pace.answered(kind, now_s - sent_at_s)
            return data

    async def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        try:
            async with asyncio.timeout(self._config.timeout_s):
                # Bytes out and bytes back: the client's own records cost half as much again.
                response = await self._client.post(
                    "/chat/completions", cast_to=httpx2.Response, content=body, options={"headers": headers}
                )
            return response.content
        except (TimeoutError, openai.APITimeoutError) as error:
            if isinstance(error.__cause__, httpx2.ConnectTimeout):
                raise Unreachable from error
            what = f"no whole reply within {self._config.timeout_s:g} s"
            raise Transient(
                ServerError(what, remedy="raise timeout_s or allow fewer tokens"), busy=True
            ) from error
        except openai.APIError as error:
            raise_sorted(error, key=self._key)
            raise

    async def _bound(self, response: httpx2.Response) -> None:
        """Limit how much of a response is read; the client calls this before it reads."""
        if response.headers.get("content-encoding", "identity") != "identity":
            # A small compressed body may be huge: its size would be known too late.
            raise Transient(ReplyError("the server compressed its reply though it was asked not to"))
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Bounded(response.stream, self._config.max_reply_bytes)

    async def _wait_until_back(self) -> None:
        """Return when the server listens again; Unsent for all who wait when patience ends."""
        if self._probing is None:
            self._probing = asyncio.create_task(self._probe())
            self._probing.add_done_callback(self._end_probing)
        # One that is cancelled must not end the waiting of the others.
        if not await asyncio.shield(self._probing):
            assert self.dead is not None
            raise Unsent(self.dead)

    def _end_probing(self, task: asyncio.Task[bool]) -> None:
        self._probing = None

    async def _probe(self) -> bool:
        now_s = asyncio.get_running_loop().time
        patience_s = self._config.patience_s if self._has_answered else self._config.first_patience_s
        # One that goes down may answer on open connections while it takes no new ones: until a body comes
        # through, it is the same absence, with ever longer pauses.
        absence = self._absence = self._absence or _Absence(since_s=now_s())
        while now_s() - absence.since_s + absence.pause_s <= patience_s:
            await asyncio.sleep(absence.pause_s)
            absence.pause_s = min(2 * absence.pause_s, _MOST_PROBE_S)
            if await self._listens():
                return True
        self._has_answered = False
        self.dead = UnavailableError(
            f"no server answers at {self._url} (tried for {patience_s:g} s)",
            remedy="start it, or check the URL, such as http://HOST:PORT/v1",
        )
        return False

    async def _listens(self) -> bool:
        try:
            await self.model_names()
        except Unreachable:
            return False
        return True

    async def model_names(self) -> tuple[str, ...]:
        """The models that the server says it has; none if it does not say. Raises Unreachable."""
        try:
            async with asyncio.timeout(self._config.connect_timeout_s):
                page = await self._client.models.list()
            return tuple(str(model.id) for model in page.data)
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout):
                raise Unreachable from error
            return ()
        except (
            TimeoutError,
            ValueError,
            TypeError,
            AttributeError,
            openai.OpenAIError,
            ModelError,
            Transient,
        ):
            return ()


class _Bounded(httpx2.AsyncByteStream):
    """A response's body that breaks off when it grows too long."""

    def __init__(self, stream: httpx2.AsyncByteStream, most_bytes: int) -> None:
        self._stream, self._most_bytes = stream, most_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > self._most_bytes:
                raise Transient(
                    ReplyError(
                        f"the reply is longer than {self._most_bytes} bytes", remedy="allow fewer tokens"
                    )
                )
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
