"""A server that fails: what can be recovered from leaves no trace, what cannot is an error with a name."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated
from unittest.mock import Mock

import pytest
from msgspec import Meta

from videostep.errors import ModelError, ReplyError, ServerError, UnavailableError
from videostep.models.openai import line as line_module
from videostep.models.openai.config import OpenAIConfig
from videostep.models.openai.faults import Unreachable
from videostep.models.openai.line import Line
from videostep.models.openai.model import OpenAIModel
from videostep.models.protocol import Image, Message, Outcome, Reply, Request, Sampling, ask_all
from videostep.models.spending import Meter
from videostep.testing.fake_server import FakeConfig, FakeServer
from videostep.testing.fake_wire import Asked
from videostep.testing.faults import FAULTS, Fault, FaultPlan, damaged

HASTY = OpenAIConfig(timeout_s=1.0, backoff_s=0.001, max_backoff_s=0.01, max_reply_bytes=2**18)
"""Timeouts of tests: a faultless reply takes milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    things: Annotated[tuple[Annotated[str, Meta(max_length=30)], ...], Meta(max_length=9)]


SAMPLING = Sampling(n=3, temperature=0.7)
HARMLESS = ("slow", "too many", "duplicates")
"""Faults that not every kind of request minds."""


def truth(asked: Asked, seed: int) -> str:
    """What the model says; every sample is another."""
    if asked.schema:
        return json.dumps({"things": [f"thing {seed}", "car", asked.words[:12]]})
    if asked.words.startswith("is"):
        return "yes" if "7" in asked.words else "no"
    return f"It shows {asked.words} ({seed})."


def no_duplicates(text: str) -> str:
    things = json.loads(text)["things"]
    return "" if len(set(things)) == len(things) else "a thing is named twice"


def plain_english(text: str) -> str:
    return "" if text.startswith("It shows") and text.endswith(").") else "this is no description"


def questions(n: int) -> list[Request]:
    """A third each of forms with samples, of yes or no, and of free text; all with a picture."""
    asked: list[Request] = []
    for number in range(n):
        kinds = (
            (
                f"list {number}",
                {"form": Things, "accept": no_duplicates, "sampling": SAMPLING},
            ),
            (f"is it {number}?", {"yes_no": True}),
            (f"describe {number}", {"accept": plain_english}),
        )
        text, options = kinds[number % 3]
        image = Image(data=b"\xff\xd8" + bytes([number % 250]))
        asked.append(Request(messages=(Message(role="user", parts=(image, text)),), **options))  # type: ignore[arg-type]
    return asked


@contextmanager
def served(
    config: FakeConfig, answer: Callable[[Asked, int], str] = truth, client: OpenAIConfig = HASTY
) -> Iterator[tuple[OpenAIModel, FakeServer]]:
    with FakeServer(answer, config) as server:
        model = OpenAIModel("fake", server.url, config=client)
        try:
            yield model, server
        finally:
            model.close()


def said(outcome: Outcome) -> object:
    """An outcome without what it cost."""
    return replace(outcome, usage=None) if isinstance(outcome, Reply) else outcome  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def faultless() -> list[object]:
    with served(FakeConfig()) as (model, _):
        return [said(outcome) for outcome in ask_all(model, questions(90))]


@pytest.mark.parametrize("seed", [0, 1])
def test_with_three_in_ten_replies_faulty_the_replies_are_those_of_a_faultless_server(
    faultless: list[object], seed: int
) -> None:
    plan = FaultPlan(share=0.3, seed=seed)
    with served(FakeConfig(faults=plan, slow_s=3.0)) as (model, server):
        outcomes = [said(outcome) for outcome in ask_all(model, questions(90))]
    assert outcomes == faultless
    assert sum(server.counts.faults.values()) > 20
    assert max(server.counts.samples.values()) <= HASTY.max_attempts


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_recovered_from(faultless: list[object], fault: Fault) -> None:
    plan = FaultPlan(share=0.5, kinds=(fault,))
    client = replace(HASTY, timeout_s=0.3) if fault in ("slow", "drop") else HASTY
    with served(FakeConfig(faults=plan, slow_s=0.6), client=client) as (model, server):
        outcomes = [said(outcome) for outcome in ask_all(model, questions(12))]
    assert server.counts.faults[fault] > 0
    assert outcomes == faultless[:12]


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in HARMLESS])
def test_a_fault_that_stays_is_an_error_after_the_stated_attempts(fault: Fault) -> None:
    plan = FaultPlan(share=1.0, kinds=(fault,), most_in_a_row=1000)
    asked = [replace(question, sampling=Sampling(max_tokens=99)) for question in questions(6)]
    started_s = time.monotonic()
    with served(FakeConfig(faults=plan)) as (model, server):
        outcomes = ask_all(model, asked)
    assert all(isinstance(outcome, ModelError) for outcome in outcomes), outcomes
    assert max(server.counts.samples.values()) <= HASTY.max_attempts
    assert time.monotonic() - started_s < 10


def test_a_fault_that_stays_spoils_one_sample_and_not_the_others() -> None:
    def answer(asked: Asked, seed: int) -> str:
        return "nonsense" if seed == 1 or seed > 1000 else truth(asked, seed)

    with served(FakeConfig(), answer) as (model, server):
        (reply,) = ask_all(model, questions(1))
    assert isinstance(reply, Reply)
    assert len(reply.texts) == 2
    assert len(reply.missing) == 1
    assert "no JSON" in reply.missing[0]
    assert max(server.counts.samples.values()) <= HASTY.max_attempts


def test_a_server_that_repeats_itself_is_asked_in_other_words_with_another_seed() -> None:
    heard: list[Asked] = []

    def stubborn(asked: Asked, seed: int) -> str:
        heard.append(asked)
        return truth(asked, seed) if "JSON Schema" in asked.words else "I see a car."

    with served(FakeConfig(), stubborn) as (model, _):
        (reply,) = ask_all(model, [replace(questions(1)[0], sampling=Sampling())])
    assert isinstance(reply, Reply)
    # Once more the same, in case the reply was damaged on its way; then otherwise.
    assert len(heard) == 3
    assert heard[0].body == heard[1].body
    assert heard[2].seed != heard[0].seed
    assert heard[2].body["temperature"] > 0


def test_retry_after_is_kept_by_all(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = FaultPlan(share=1.0, kinds=("busy",), most_in_a_row=1)
    client = replace(HASTY, max_backoff_s=10.0)
    started_s = time.monotonic()
    with served(FakeConfig(faults=plan, retry_after_s=0.4), client=client) as (model, server):
        outcomes = ask_all(model, questions(6))
    assert all(isinstance(outcome, Reply) for outcome in outcomes)
    assert 0.4 <= time.monotonic() - started_s < 3
    assert server.counts.faults["busy"] == 6


def test_a_server_that_wants_an_hour_is_not_waited_for_so_long() -> None:
    plan = FaultPlan(share=1.0, kinds=("busy",), most_in_a_row=1)
    started_s = time.monotonic()
    with served(FakeConfig(faults=plan, retry_after_s=3600)) as (model, _):
        ask_all(model, questions(2))
    assert time.monotonic() - started_s < 3


def test_a_server_that_dies_and_comes_back_is_waited_for(faultless: list[object]) -> None:
    client = replace(HASTY, patience_s=20.0, backoff_s=0.05)
    server = FakeServer(truth, FakeConfig(latency_s=0.01))
    server.start()
    model = OpenAIModel("fake", server.url, config=client)
    outcomes: dict[int, object] = {}
    for number, outcome in model.ask(questions(90)):
        outcomes[number] = said(outcome)
        if len(outcomes) in (10, 40):
            server.stop()
            time.sleep(0.3)
            server.start()
    model.close()
    server.stop()
    assert [outcomes[number] for number in range(90)] == faultless


def test_what_reaches_nobody_is_not_spent() -> None:
    """Neither where no server ever was, nor behind one that is gone; what one did answer stays spent."""
    client = replace(HASTY, patience_s=0.1, first_patience_s=0.1)
    server = FakeServer(truth)
    server.start()
    seen = questions(9)
    meter = Meter()
    model = OpenAIModel("fake", server.url, config=client, meter=meter)
    answered = ask_all(model, seen[:3])
    server.stop()
    assert all(isinstance(outcome, Reply) for outcome in answered)
    assert all(isinstance(outcome, UnavailableError) for outcome in ask_all(model, seen[3:]))
    model.close()
    assert (meter.total.requests, meter.total.images) == (3, 3)
    never = OpenAIModel("fake", server.url, config=client, meter=meter)
    assert all(isinstance(outcome, UnavailableError) for outcome in ask_all(never, seen))
    never.close()
    assert (meter.total.requests, meter.total.images) == (3, 3)


def test_what_is_refused_by_a_server_is_spent() -> None:
    meter = Meter()
    with FakeServer(truth, FakeConfig(key="secret")) as server:
        model = OpenAIModel("fake", server.url, config=replace(HASTY, max_concurrency=1), meter=meter)
        assert all(isinstance(outcome, UnavailableError) for outcome in ask_all(model, questions(5)))
        model.close()
    assert meter.total.requests == server.counts.requests + 1 == 1


def test_a_stopping_server_hangs_up_on_who_was_only_just_let_in() -> None:
    """Whoever was about to be heard is heard no more; the connection must not stay open for that."""

    async def stopped_at_once() -> bool:
        done = asyncio.Event()
        server = FakeServer(truth)
        server._talks = set()
        server._accept(asyncio.StreamReader(), Mock(transport=Mock(abort=done.set)))
        for talk in server._talks:
            talk.cancel()
        await asyncio.wait_for(done.wait(), 5)
        return not server._talks

    assert asyncio.run(stopped_at_once())


def test_one_that_says_it_is_there_but_takes_no_connections_costs_no_attempts(monkeypatch) -> None:
    """A server going down answers on open connections while it refuses new ones."""
    refuses = iter(range(2 * HASTY.max_attempts))
    post = Line._post

    async def refused(line: Line, body: bytes) -> bytes:
        if next(refuses, None) is not None:
            raise Unreachable
        return await post(line, body)

    monkeypatch.setattr(line_module, "_MOST_PROBE_S", 0.01)
    monkeypatch.setattr(Line, "_post", refused)
    with served(FakeConfig(), client=replace(HASTY, max_attempts=2)) as (model, _):
        assert isinstance(ask_all(model, questions(1))[0], Reply)
    assert next(refuses, None) is None


def test_one_that_never_takes_a_connection_is_given_up_though_it_says_it_is_there(monkeypatch) -> None:
    async def refused(line: Line, body: bytes) -> bytes:
        raise Unreachable

    monkeypatch.setattr(Line, "_post", refused)
    with served(FakeConfig(), client=replace(HASTY, first_patience_s=0.3)) as (model, _):
        error = ask_all(model, questions(1))[0]
    assert isinstance(error, ServerError)
    assert "tried for 0.3 s" in str(error)


def test_a_server_that_dies_for_good_is_given_up_and_says_so() -> None:
    client = replace(HASTY, patience_s=0.3, first_patience_s=0.2)
    server = FakeServer(truth)
    server.start()
    model = OpenAIModel("fake", server.url, config=client)
    outcomes: dict[int, Outcome] = {}
    started_s = time.monotonic()
    for number, outcome in model.ask(questions(300)):
        outcomes[number] = outcome
        if len(outcomes) == 10:
            server.stop()
    assert time.monotonic() - started_s < 10
    lost = [outcome for outcome in outcomes.values() if isinstance(outcome, ModelError)]
    assert len(outcomes) == 300
    assert any(isinstance(error, ServerError) and "no server answers" in str(error) for error in lost)
    server.start()
    assert isinstance(ask_all(model, questions(1))[0], Reply)
    model.close()
    server.stop()


def test_too_long_a_reply_is_broken_off() -> None:
    with served(FakeConfig(), lambda asked, seed: "word " * 100_000) as (model, _):
        (outcome,) = ask_all(model, questions(3)[2:])
    assert isinstance(outcome, ReplyError)
    assert "longer than 262144 bytes" in str(outcome)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_text_is_another_one_each_time(fault: Fault) -> None:
    text = truth(Asked(words="list", images=(), schema={"type": "object"}, body={}), 0)
    texts = [damaged(text, fault, times=times) for times in range(2)]
    if fault in ("empty", "cut off", "invalid", "wrong form", "refusal", "foreign", "duplicates"):
        assert text not in texts
        assert texts[0] != texts[1]
    else:
        assert texts == [text, text]


def test_a_plan_keeps_its_share_and_its_row() -> None:
    plan = FaultPlan(share=0.3, most_in_a_row=2)
    calls = [b"call %d" % number for number in range(2000)]
    faulty = sum(plan.fault_of(call, 0) is not None for call in calls)
    assert 0.27 < faulty / len(calls) < 0.33
    rows = [[plan.fault_of(call, times) is not None for times in range(9)] for call in calls[:300]]
    assert not any(all(row[start : start + 3]) for row in rows for start in range(7))
    assert plan.fault_of(b"call", 0) == plan.fault_of(b"call", 0)
