"""What the openai backend costs and loses: throughput against what a server can take, CPU, memory.

    scripts/bench backend [--requests 10000] [--latency-s 0.5]

The server is the test kit's fake one in a process of its own, which answers each request after a fixed time
and works on 64 at once: that is what it can take. Beside the backend, in the same run, stand the layers it is
built on: the openai client's own `create`, the client with bytes in and out, and httpx alone; and the backend
with a line that answers at once without sending, which leaves what is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest import mock

import httpx2
import openai

from videostep.models.openai.config import OpenAIConfig
from videostep.models.openai.line import Line
from videostep.models.openai.model import OpenAIModel
from videostep.models.openai.wire import Call, Dialect, encode_call, wire_messages
from videostep.models.protocol import Image, Message, Reply, Request, Sampling

SLOTS = 64
LATENCY_S = 0.5
IMAGE_BYTES = 40_000
"""A keyframe of 768 x 432 as JPEG."""
PEER_REQUESTS = 2000
MEMORY_POINTS = 5
REPLY = (
    b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "a fake reply"}, '
    b'"finish_reason": "stop"}], "usage": {"prompt_tokens": 110, "completion_tokens": 4}}'
)
RESULTS = Path(__file__).parent / "results" / "backend.json"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One way of asking."""

    requests: int
    seconds: float
    cpu_s: float
    """Of this process: user and system time."""

    def share_of_server(self, latency_s: float) -> float:
        """Throughput over what the server can take."""
        return self.requests / self.seconds / (SLOTS / latency_s)

    @property
    def cpu_ms(self) -> float:
        """CPU a request."""
        return self.cpu_s / self.requests * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the openai backend.")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--latency-s", type=float, default=LATENCY_S, help="of each reply")
    options = parser.parse_args()
    own = measure_own(PEER_REQUESTS)
    with server(options.latency_s) as url:
        ours, memory_mb = measure_ours(url, options.requests)
        peers = {name: asyncio.run(measure_peer(name, url)) for name in ("create", "bytes", "httpx")}
    report({"own": own, "ours": ours, **peers}, memory_mb, options.latency_s)


@contextmanager
def server(latency_s: float) -> Iterator[str]:
    """The fake server in a process of its own; gives its URL."""
    command = [sys.executable, "-m", "videostep.testing.fake_server"]
    settings = ["--latency-s", str(latency_s), "--slots", str(SLOTS)]
    with subprocess.Popen([*command, *settings], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def question(number: int) -> Request:
    image = Image(data=b"\xff\xd8" + number.to_bytes(8) * (IMAGE_BYTES // 8))
    parts = (image, "What does the picture show? Name all the things.")
    return Request(messages=(Message(role="user", parts=parts),), sampling=Sampling(max_tokens=64))


def measure_ours(url: str, n: int) -> tuple[Measured, list[float]]:
    model = OpenAIModel("fake", url, config=OpenAIConfig(max_concurrency=SLOTS))
    memory_mb: list[float] = []
    started_s, cpu_s = time.perf_counter(), time.process_time()
    for answered, (_, outcome) in enumerate(model.ask(map(question, range(n))), start=1):
        assert isinstance(outcome, Reply), outcome
        if answered % (n // MEMORY_POINTS) == 0:
            memory_mb.append(resident_mb())
    measured = Measured(
        requests=n, seconds=time.perf_counter() - started_s, cpu_s=time.process_time() - cpu_s
    )
    model.close()
    return measured, memory_mb


def measure_own(n: int) -> Measured:
    """Everything but HTTP: pictures as base64, JSON, pace, checks, ledger."""

    async def answer(line: Line, body: bytes) -> bytes:
        return REPLY

    with mock.patch.object(Line, "_post", answer):
        model = OpenAIModel("fake", "http://127.0.0.1:9/v1", config=OpenAIConfig(max_concurrency=SLOTS))
        started_s, cpu_s = time.perf_counter(), time.process_time()
        for _, outcome in model.ask(map(question, range(n))):
            assert isinstance(outcome, Reply), outcome
        model.close()
    return Measured(requests=n, seconds=time.perf_counter() - started_s, cpu_s=time.process_time() - cpu_s)


async def measure_peer(name: str, url: str) -> Measured:
    """The same requests by a layer below, with nothing but a semaphore around it."""
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=SLOTS)
    async with httpx2.AsyncClient(limits=limits, timeout=30) as http:
        client = openai.AsyncOpenAI(api_key="none", base_url=url, http_client=http, max_retries=0)
        send = PEERS[name](client, http, url)
        gate = asyncio.Semaphore(SLOTS)

        async def one(number: int) -> None:
            async with gate:
                await send(number)

        await asyncio.gather(*map(one, range(SLOTS)))
        started_s, cpu_s = time.perf_counter(), time.process_time()
        await asyncio.gather(*map(one, range(PEER_REQUESTS)))
        return Measured(
            requests=PEER_REQUESTS,
            seconds=time.perf_counter() - started_s,
            cpu_s=time.process_time() - cpu_s,
        )


Send = Callable[[int], Awaitable[object]]


def call(number: int) -> Call:
    request = question(number)
    return Call(request=request, messages=wire_messages(request.messages), n=1, seed=0)


def by_create(client: openai.AsyncOpenAI, http: httpx2.AsyncClient, url: str) -> Send:
    async def send(number: int) -> object:
        asked = call(number)
        return await client.chat.completions.create(
            model="fake",
            messages=asked.messages,  # type: ignore[arg-type]
            temperature=asked.samples.temperature,
            top_p=asked.samples.top_p,
            max_tokens=asked.samples.max_tokens,
            seed=asked.seed,
        )

    return send


def by_bytes(client: openai.AsyncOpenAI, http: httpx2.AsyncClient, url: str) -> Send:
    headers = {"Content-Type": "application/json"}

    async def send(number: int) -> object:
        body = encode_call(call(number), "fake", Dialect())
        return await client.post(
            "/chat/completions", cast_to=httpx2.Response, content=body, options={"headers": headers}
        )

    return send


def by_httpx(client: openai.AsyncOpenAI, http: httpx2.AsyncClient, url: str) -> Send:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer none"}

    async def send(number: int) -> object:
        body = encode_call(call(number), "fake", Dialect())
        return (await http.post(f"{url}/chat/completions", content=body, headers=headers)).json()

    return send


PEERS = {"create": by_create, "bytes": by_bytes, "httpx": by_httpx}
NAMES = {
    "own": "videostep without HTTP: base64, JSON, pace, checks, ledger",
    "ours": "videostep",
    "create": "openai client, `chat.completions.create`",
    "bytes": "openai client, bytes in and out",
    "httpx": "httpx alone",
}


def resident_mb() -> float:
    """Memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def report(ways: dict[str, Measured], memory_mb: list[float], latency_s: float) -> None:
    print(
        f"server: {latency_s:g} s a reply, {SLOTS} at once, so {SLOTS / latency_s:.0f} requests/s; "
        f"pictures of {IMAGE_BYTES / 1000:.0f} kB\n"
    )
    print("| what | requests | share of what the server can take | CPU a request |\n|---|---|---|---|")
    for name, measured in ways.items():
        share = f"{measured.share_of_server(latency_s):.2f}" if name != "own" else "-"
        cpu = f"{measured.cpu_ms:.2f} ms"
        print(f"| {NAMES[name]} | {measured.requests:,} | {share} | {cpu} |")
    points = ", ".join(f"{size:.0f}" for size in memory_mb)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nmemory after each fifth of the requests: {points} MB; peak {peak_mb:.0f} MB")
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    rows = {name: asdict(measured) for name, measured in ways.items()}
    kept[f"{ways['ours'].requests} requests"] = {"latency_s": latency_s, "ways": rows, "memory_mb": memory_mb}
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
