from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import pytest
from msgspec import Meta

from videostep.errors import BudgetError, ConfigError, ReplyError, RunFolderError
from videostep.models.openai.model import OpenAIModel
from videostep.models.protocol import Image, Message, Reply, Request, Sampling, Usage, ask_all
from videostep.models.scripted import ScriptedModel
from videostep.models.spending import Budget, Meter, Prices, Spent
from videostep.store.request_cache import CachedModel, RequestCache, key_of, open_cached
from videostep.testing.fake_server import FakeServer


@dataclass(frozen=True, kw_only=True)
class Colour:
    colour: Annotated[str, Meta(max_length=20)]


@dataclass(frozen=True, kw_only=True)
class Shade:
    shade: Annotated[str, Meta(max_length=20)]


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[RequestCache]:
    opened = RequestCache(tmp_path / "cache" / "requests.sqlite")
    yield opened
    opened.close()


def says(text: str, *images: bytes, **asked: object) -> Request:
    parts = (text, *(Image(data=data) for data in images))
    return Request(messages=(Message(role="user", parts=parts),), **asked)  # type: ignore[arg-type]


class Counting:
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.model = ScriptedModel(self.answer, name="counting")

    def answer(self, request: Request, seed: int) -> str:
        self.asked.append(str(request.messages[0].parts[0]))
        return "" if request.messages[0].parts[0] == "nothing" else f"reply {seed}"


def test_a_second_session_sends_nothing(tmp_path: Path) -> None:
    requests = [says(f"question {number}", b"picture") for number in range(20)]
    counting, outcomes = Counting(), []
    for _ in range(2):
        cached = CachedModel(counting.model, RequestCache(tmp_path / "requests.sqlite"))
        outcomes.append(ask_all(cached, requests))
        cached.close()
    assert outcomes[0] == outcomes[1]
    assert len(counting.asked) == 20


def test_a_changed_question_sends_only_itself(cache: RequestCache) -> None:
    counting = Counting()
    cached = CachedModel(counting.model, cache)
    ask_all(cached, [says("a"), says("b"), says("c")])
    ask_all(cached, [says("a"), says("b, please"), says("c")])
    assert counting.asked == ["a", "b", "c", "b, please"]


def test_equal_requests_are_sent_once(tmp_path: Path, cache: RequestCache) -> None:
    with FakeServer(lambda asked, seed: asked.words) as server:
        cached = CachedModel(OpenAIModel("fake", server.url), cache)
        outcomes = ask_all(cached, [says("same")] * 30 + [says("other")])
        cached.close()
    assert server.counts.requests == 2
    assert [outcome.texts for outcome in outcomes] == [("same",)] * 30 + [("other",)]


def test_an_error_is_asked_for_again(cache: RequestCache) -> None:
    counting = Counting()
    cached = CachedModel(counting.model, cache)
    for _ in range(2):
        (outcome,) = ask_all(cached, [says("nothing")])
        assert isinstance(outcome, ReplyError)
    assert counting.asked == ["nothing", "nothing"]


def test_a_kept_reply_that_the_asker_now_refuses_is_asked_for_again(cache: RequestCache) -> None:
    counting = Counting()
    cached = CachedModel(counting.model, cache)
    (kept,) = ask_all(cached, [says("a")])
    (outcome,) = ask_all(cached, [says("a", accept=lambda text: "too short")])
    assert isinstance(kept, Reply)
    assert isinstance(outcome, ReplyError)
    assert len(counting.asked) == 2


def test_equal_questions_with_other_demands_do_not_share_a_reply(cache: RequestCache) -> None:
    cached = CachedModel(Counting().model, cache)
    taken, refused = ask_all(cached, [says("a"), says("a", accept=lambda text: "no")])
    assert isinstance(taken, Reply)
    assert isinstance(refused, ReplyError)


BASE = says("a", b"picture", form=Colour, sampling=Sampling(n=2, temperature=0.5, seed=1))
OTHERS = {
    "words": says("b", b"picture", form=Colour, sampling=BASE.sampling),
    "picture": says("a", b"another", form=Colour, sampling=BASE.sampling),
    "two pictures": says("a", b"picture", b"picture", form=Colour, sampling=BASE.sampling),
    "form": replace(BASE, form=Shade),
    "no form": replace(BASE, form=None),
    "yes or no": replace(BASE, form=None, yes_no=True),
    "n": replace(BASE, sampling=replace(BASE.sampling, n=3)),
    "temperature": replace(BASE, sampling=replace(BASE.sampling, temperature=0.6)),
    "top_p": replace(BASE, sampling=replace(BASE.sampling, top_p=0.9)),
    "max_tokens": replace(BASE, sampling=replace(BASE.sampling, max_tokens=9)),
    "seed": replace(BASE, sampling=replace(BASE.sampling, seed=2)),
    "role": replace(BASE, messages=(replace(BASE.messages[0], role="system"),)),
    "order": replace(BASE, messages=(replace(BASE.messages[0], parts=BASE.messages[0].parts[::-1]),)),
}


def test_whatever_decides_a_reply_is_part_of_the_key() -> None:
    keys = {name: key_of(request, "model") for name, request in OTHERS.items()}
    keys |= {"base": key_of(BASE, "model"), "model": key_of(BASE, "another model")}
    assert len(set(keys.values())) == len(keys)


def test_what_does_not_decide_a_reply_is_not() -> None:
    other = replace(BASE, stage="somewhere else", accept=lambda text: "")
    assert key_of(other, "model") == key_of(BASE, "model")


def test_a_text_cannot_pass_for_a_picture() -> None:
    picture = says("a", b"picture")
    image = picture.messages[0].parts[1]
    assert isinstance(image, Image)
    posing = f'{{"image": "{image.sha256}", "type": "image/jpeg"}}'
    text = Request(messages=(Message(role="user", parts=("a", posing)),))
    assert key_of(text, "model") != key_of(picture, "model")


def test_the_budget_stops_and_the_next_session_goes_on(tmp_path: Path) -> None:
    requests = [says(f"question {number}", stage="objects") for number in range(10)]
    path = tmp_path / "requests.sqlite"
    with FakeServer(lambda asked, seed: asked.words) as server:

        def session(budget: Budget) -> tuple[object, ...]:
            cache = RequestCache(path)
            meter = Meter(budget=budget, spent=cache.total_spent())
            cached = CachedModel(OpenAIModel("fake", server.url, meter=meter), cache, meter=meter)
            outcomes = ask_all(cached, requests)
            cached.close()
            return outcomes

        first = session(Budget(requests=4))
        same = session(Budget(requests=4))
        last = session(Budget(requests=100))
    assert sum(isinstance(outcome, Reply) for outcome in first) == 4
    assert all(isinstance(outcome, Reply | BudgetError) for outcome in first)
    assert [type(outcome) for outcome in same] == [type(outcome) for outcome in first]
    assert all(isinstance(outcome, Reply) for outcome in last)
    assert server.counts.requests == 10


def test_the_ledger_adds_up_over_sessions(tmp_path: Path) -> None:
    prices = Prices(usd_per_million_prompt_tokens=1.0, usd_per_million_completion_tokens=2.0)
    for _ in range(2):
        cache = RequestCache(tmp_path / "requests.sqlite")
        meter = Meter(prices=prices)
        meter.begin("objects", images=2)
        meter.pay("objects", Usage(prompt_tokens=100, completion_tokens=10))
        meter.begin("events", images=0)
        cache.add_spent("m", meter.drain())
        cache.close()
    cache = RequestCache(tmp_path / "requests.sqlite")
    objects, events = cache.spent()["objects", "m"], cache.spent()["events", "m"]
    assert (objects.requests, objects.images, events.requests) == (2, 4, 2)
    assert objects.usage == Usage(prompt_tokens=200, completion_tokens=20)
    assert objects.usd == pytest.approx(240e-6)
    assert cache.total_spent().requests == 4
    cache.close()


def keep_many(path: Path, first: int) -> None:
    cache = RequestCache(path)
    for number in range(first, first + 50):
        cache.keep(f"key {number}", Reply(texts=(str(number),)))
        cache.add_spent("m", {"s": Spent(requests=1)})
    cache.close()


def test_processes_share_a_cache(tmp_path: Path) -> None:
    path = tmp_path / "requests.sqlite"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=keep_many, args=(path, 50 * number)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    cache = RequestCache(path)
    assert all(cache.find(f"key {number}") == Reply(texts=(str(number),)) for number in range(100))
    assert cache.total_spent().requests == 100
    cache.close()


def test_a_damaged_cache_is_named(tmp_path: Path) -> None:
    path = tmp_path / "requests.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(RunFolderError, match=r"requests\.sqlite cannot be used"):
        RequestCache(path)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Every connection that the test opens."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def note(*where: Any, **how: Any) -> sqlite3.Connection:
        opened.append(connect(*where, **how))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", note)
    return opened


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_a_damaged_cache_is_not_left_open(connections: list[sqlite3.Connection], tmp_path: Path) -> None:
    (tmp_path / "requests.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(RunFolderError):
        RequestCache(tmp_path / "requests.sqlite")
    assert list(map(is_closed, connections)) == [True]


def test_the_cache_of_a_model_that_cannot_be_opened_is_not_left_open(
    connections: list[sqlite3.Connection], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"no\.jsonl"):
        open_cached(f"scripted:{tmp_path / 'no.jsonl'}", cache=tmp_path / "requests.sqlite")
    assert list(map(is_closed, connections)) == [True, True]


def test_a_damaged_reply_is_named(cache: RequestCache, tmp_path: Path) -> None:
    cache.keep("key", Reply(texts=("a",)))
    with sqlite3.connect(tmp_path / "cache" / "requests.sqlite") as base:
        base.execute("UPDATE replies SET reply = 'x'")
    base.close()
    with pytest.raises(RunFolderError, match=r"requests\.sqlite cannot be used"):
        cache.find("key")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match="cannot be used"):
        RequestCache(tmp_path / "file" / "requests.sqlite")
