"""A fake server: chat/completions over real HTTP on the loopback, answered by a function, failing as told.

    with FakeServer(lambda asked, seed: "a red car") as server:
        model = open_model(f"openai:fake@{server.url}")

As a process of its own: python -m videostep.testing.fake_server --latency-s 0.2 --slots 64
"""

from __future__ import annotations

import argparse
import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal

import msgspec

from videostep.testing.fake_wire import (
    CHARACTERS_A_TOKEN,
    REFUSALS,
    Asked,
    Feature,
    Refusal,
    features_of,
    logprobs_of,
    prompt_tokens_of,
    read_request,
)
from videostep.testing.faults import TEXT_FAULTS, Fault, FaultPlan, damaged

_CHUNK, _MOST_CHUNKS = b" " * 2**16, 1024


Answer = Callable[[Asked, int], str]
"""(request, seed of the sample) to text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeConfig:
    """What kind of server it is."""

    models: tuple[str, ...] = ("fake",)
    faults: FaultPlan | None = None
    latency_s: float = 0.0
    slots: int | None = None
    """Requests worked on at once; the others wait. None: all."""
    key: str = ""
    """The API key it wants; "": none."""
    refuses: frozenset[Feature] = frozenset()
    """Answered with 400."""
    ignores: frozenset[Literal["n", "logprobs"]] = frozenset()
    """Passed over without a word. Schemas always are: the answer decides."""
    most_tokens: int = 32_768
    """Of prompt and reply together."""
    most_image_bytes: int = 2**20
    sees: bool = True
    """Whether its model takes pictures; else it says so with 500, as llama.cpp does."""
    p_sure: float = 0.9
    """Probability of the word that is said, where log-probabilities are asked for."""
    html: bool = False
    """It is a web site, and answers everything with a page."""
    slow_s: float = 5.0
    """How late a "slow" reply is, at most until the server stops."""
    retry_after_s: float = 0.0
    """What a "busy" one asks for."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """What a server was asked, all told."""

    requests: int = 0
    images: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    under_way: int = 0
    most_under_way: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    calls: Counter[bytes] = field(default_factory=Counter)
    """How often each call came, by its content."""
    samples: Counter[tuple[bytes, int]] = field(default_factory=Counter)
    """How often each sample was asked for, by the content of the messages and its seed."""


class FakeServer:
    """Lives in a thread; stop it and start it again on the same port as often as you like."""

    def __init__(self, answer: Answer, config: FakeConfig | None = None, *, port: int = 0) -> None:
        """`answer` is called in the server's thread. Port 0: a free one."""
        self._answer, self.config, self.counts = answer, config or FakeConfig(), Counts()
        self._port = port
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Up to and with `/v1`; known once it has been started."""
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> FakeServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; returns when it does."""
        ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(ready),), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the fake server does not start")

    def stop(self) -> None:
        """Break off all connections and stop listening."""
        if self._thread:
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join(10)
            self._thread = None

    def wait(self) -> None:
        """Until it is stopped."""
        if self._thread:
            self._thread.join()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        self._slots = asyncio.Semaphore(self.config.slots or 2**31)
        self._talks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", self._port, limit=2**16, backlog=1024)
        self._port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stopped.wait()
        # The loop accepts connections in tasks of its own; a server that is closed meanwhile forgets theirs.
        while accepting := asyncio.all_tasks() - self._talks - {asyncio.current_task()}:
            await asyncio.wait(accepting)
        server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.ensure_future(self._talk(reader, writer))
        self._talks.add(talk)

        def ended(talk: asyncio.Task[None]) -> None:
            """Hang up here, not in the talk: one that is cancelled before its first turn never runs."""
            self._talks.discard(talk)
            writer.transport.abort()

        talk.add_done_callback(ended)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in head[1:])
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                await self._handle(head[0], headers, body, writer)
        except (asyncio.IncompleteReadError, ConnectionError, _Hangup):
            pass

    async def _handle(
        self, line: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter
    ) -> None:
        route = line.rpartition(" ")[0]
        try:
            if self.config.key and headers.get("authorization") != f"Bearer {self.config.key}":
                said = headers.get("authorization", "").removeprefix("Bearer ")
                raise Refusal(401, f"Incorrect API key provided: {said}", code="invalid_api_key")
            if route == "GET /v1/models":
                names = [
                    {"id": name, "object": "model", "created": 0, "owned_by": "fake"}
                    for name in self.config.models
                ]
                await _send(writer, 200, {"object": "list", "data": names})
            elif route == "POST /v1/chat/completions":
                await self._complete(body, writer)
            else:
                raise Refusal(404, f"there is no {route}")
        except Refusal as reply:
            retry = {"Retry-After": f"{self.config.retry_after_s:g}"} if reply.status == 429 else {}
            await _send(writer, reply.status, reply.body, retry)

    async def _complete(self, body: bytes, writer: asyncio.StreamWriter) -> None:
        counts = self.counts
        counts.requests += 1
        counts.under_way += 1
        counts.most_under_way = max(counts.most_under_way, counts.under_way)
        try:
            async with self._slots:
                if self.config.latency_s:
                    await asyncio.sleep(self.config.latency_s)
                await self._answer_call(read_request(body), writer)
        finally:
            counts.under_way -= 1

    async def _answer_call(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.counts.images += len(asked.images)
        self._check(asked)
        call, times = self._remember(asked)
        fault = self.config.faults.fault_of(call, times) if self.config.faults else None
        if fault:
            self.counts.faults[fault] += 1
            await self._fail(fault, writer)
        if fault == "broken body" or self.config.html:
            await _send(writer, 200, "<html>not what you asked for")
            return
        await _send(writer, 200, self._completion(asked, fault, times), cut=fault == "drop half-way")

    def _remember(self, asked: Asked) -> tuple[bytes, int]:
        content = msgspec.json.encode(asked.body["messages"])
        for sample in range(asked.n):
            self.counts.samples[content, asked.seed + sample] += 1
        call = b"%d %d " % (asked.seed, asked.n) + content
        self.counts.calls[call] += 1
        return call, self.counts.calls[call] - 1

    def _check(self, asked: Asked) -> None:
        """Raise the 4xx reply of what this server cannot do."""
        body, config = asked.body, self.config
        if body["model"] not in config.models:
            raise Refusal(404, f"The model `{body['model']}` does not exist.", code="model_not_found")
        if asked.images and not config.sees:
            raise Refusal(500, "image input is not supported")
        if any(len(image) > config.most_image_bytes for image in asked.images):
            raise Refusal(400, f"image is too large: at most {config.most_image_bytes} bytes")
        tokens = prompt_tokens_of(asked) + body.get("max_tokens", body.get("max_completion_tokens", 0))
        if tokens > config.most_tokens:
            raise Refusal(
                400,
                f"This model's maximum context length is {config.most_tokens} tokens; you requested {tokens}",
                code="context_length_exceeded",
            )
        for feature in features_of(body):
            if feature in config.refuses:
                raise Refusal(400, f"Unsupported parameter: {REFUSALS[feature]}", param=feature)

    async def _fail(self, fault: Fault, writer: asyncio.StreamWriter) -> None:
        """What is wrong with the reply as a whole; returns if the reply's content is at fault."""
        match fault:
            case "busy":
                raise Refusal(429, "Too many requests")
            case "unavailable":
                raise Refusal(503, "The server is overloaded")
            case "error":
                raise Refusal(500, "Internal server error")
            case "drop":
                raise _Hangup
            case "slow":
                await asyncio.sleep(self.config.slow_s)
            case "endless":
                await _send_endlessly(writer)

    def _completion(self, asked: Asked, fault: Fault | None, times: int) -> dict[str, Any]:
        n = 1 if "n" in self.config.ignores else asked.n
        n += {"too few": -1, "too many": 1, "no choices": -n}.get(fault or "", 0)
        choices = [self._choice(asked, asked.seed + sample, fault, times) for sample in range(n)]
        for index, choice in enumerate(choices):
            choice["index"] = index
        said = sum(len(choice["message"]["content"]) for choice in choices) // CHARACTERS_A_TOKEN + 1
        self.counts.prompt_tokens += prompt_tokens_of(asked)
        self.counts.completion_tokens += said
        usage = {"prompt_tokens": prompt_tokens_of(asked), "completion_tokens": said}
        return {"id": "fake", "object": "chat.completion", "created": 0, "model": asked.body["model"]} | {
            "choices": choices,
            "usage": usage,
        }

    def _choice(self, asked: Asked, seed: int, fault: Fault | None, times: int) -> dict[str, Any]:
        text = self._answer(asked, seed)
        choice: dict[str, Any] = {"finish_reason": "length" if fault == "cut off" else "stop"}
        if fault in TEXT_FAULTS:
            text = damaged(text, fault, times=times)
        if asked.body.get("logprobs") and "logprobs" not in self.config.ignores:
            choice["logprobs"] = {"content": [logprobs_of(text, self.config.p_sure)]}
        return choice | {"message": {"role": "assistant", "content": text}}


class _Hangup(Exception):
    """The connection ends now."""


async def _send(
    writer: asyncio.StreamWriter,
    status: int,
    content: Any,
    headers: dict[str, str] | None = None,
    *,
    cut: bool = False,
) -> None:
    body = content.encode() if isinstance(content, str) else msgspec.json.encode(content)
    head = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    writer.write(
        f"HTTP/1.1 {status} Fake\r\n{lines}\r\n".encode() + (body[: len(body) // 2] if cut else body)
    )
    await writer.drain()
    if cut:
        raise _Hangup


async def _send_endlessly(writer: asyncio.StreamWriter) -> None:
    """64 MiB, which is endless enough, and ends a test that would wait for the end."""
    writer.write(b"HTTP/1.1 200 Fake\r\nContent-Type: application/json\r\n\r\n")
    for _ in range(_MOST_CHUNKS):
        writer.write(_CHUNK)
        await writer.drain()
    raise _Hangup


def main() -> None:
    """Serve until killed; the first line printed is the URL."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-s", type=float, default=0.0)
    parser.add_argument("--slots", type=int, default=None)
    parser.add_argument("--text", default="a fake reply", help="what is answered to everything")
    options = parser.parse_args()
    config = FakeConfig(latency_s=options.latency_s, slots=options.slots)
    with FakeServer(lambda asked, seed: str(options.text), config, port=options.port) as server:
        print(server.url, flush=True)
        server.wait()


if __name__ == "__main__":
    main()
