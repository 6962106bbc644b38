"""The request cache: what a Video-LLM has answered once is not asked again.

SQLite in WAL mode: several processes may use one file, and a killed one loses at most the reply that was
just coming in. The key is made of what decides a reply and nothing else: model, messages, pictures, form,
sampling. Errors are not kept, so that the next run tries again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from videostep.errors import RunFolderError
from videostep.models.forms import schema_text
from videostep.models.protocol import Image, Message, Outcome, Reply, Request, Usage, VideoModel
from videostep.models.replies import is_acceptable
from videostep.models.spending import Meter, Spent

_WAIT_S = 60.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spent (
    stage TEXT NOT NULL, model TEXT NOT NULL, requests INTEGER NOT NULL, images INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, usd REAL NOT NULL,
    PRIMARY KEY (stage, model)
) WITHOUT ROWID;
"""
_ADD_SPENT = """
INSERT INTO spent VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    requests = requests + excluded.requests, images = images + excluded.images,
    prompt_tokens = prompt_tokens + excluded.prompt_tokens,
    completion_tokens = completion_tokens + excluded.completion_tokens, usd = usd + excluded.usd
"""


def key_of(request: Request, model: str) -> str:
    """SHA-256 over everything that decides the reply of `model`, in hex."""
    sampling = msgspec.to_builtins(request.sampling)
    content = {
        "model": model,
        "messages": [_plain(message) for message in request.messages],
        "form": schema_text(request.form) if request.form else None,
        "yes_no": request.yes_no,
        "sampling": sampling,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _plain(message: Message) -> dict[str, Any]:
    parts = [
        {"image": part.sha256, "type": part.media_type} if isinstance(part, Image) else part
        for part in message.parts
    ]
    return {"role": message.role, "parts": parts}


class RequestCache:
    """One file of replies, and what they cost. Used by the thread that opened it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises RunFolderError if that cannot be done."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            self._base.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise self._refusal(error) from error

    def find(self, key: str) -> Reply | None:
        """The reply that was kept under a key."""
        rows = self._execute("SELECT reply FROM replies WHERE key = ?", key)
        try:
            return msgspec.json.decode(rows[0][0], type=Reply) if rows else None
        except msgspec.MsgspecError as error:
            raise self._refusal(error) from error

    def keep(self, key: str, reply: Reply) -> None:
        """Keep a reply, over an older one."""
        self._execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", key, msgspec.json.encode(reply))

    def add_spent(self, model: str, by_stage: dict[str, Spent]) -> None:
        """Add to what each stage has spent on a model."""
        for stage, spent in by_stage.items():
            usage = spent.usage
            tokens = (usage.prompt_tokens, usage.completion_tokens)
            self._execute(_ADD_SPENT, stage, model, spent.requests, spent.images, *tokens, spent.usd)

    def spent(self) -> dict[tuple[str, str], Spent]:
        """What was spent, by stage and model, over all sessions; sorted."""
        rows = self._execute("SELECT * FROM spent ORDER BY stage, model")
        return {
            (stage, model): Spent(
                requests=requests,
                images=images,
                usage=Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens),
                usd=usd,
            )
            for stage, model, requests, images, prompt_tokens, completion_tokens, usd in rows
        }

    def total_spent(self) -> Spent:
        """What was spent, all told: the opening balance of a budget that is gone on with."""
        return sum(self.spent().values(), start=Spent())

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._base.close()

    def _execute(self, statement: str, *values: object) -> list[Any]:
        try:
            return self._base.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> RunFolderError:
        return RunFolderError(
            f"the request cache {self._path} cannot be used: {error}",
            remedy="free disk space or make it writable; if it is damaged, delete it: it only saves requests",
        )


class CachedModel:
    """A VideoModel that asks another one only what it was not asked before."""

    def __init__(self, model: VideoModel, cache: RequestCache, *, meter: Meter | None = None) -> None:
        """`meter`, if given, is the model's: what it counts goes into the ledger as replies come in."""
        self._model, self._cache, self._meter = model, cache, meter

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    def ask(self, requests: Iterable[Request]) -> Iterator[tuple[int, Outcome]]:
        """Answer from the cache what can be; equal requests that are under way together are sent once."""
        batch = _Batch()
        try:
            for place, outcome in self._model.ask(self._unknown(requests, batch)):
                sent = batch.take(place)
                self._keep(sent.key, outcome)
                yield from ((number, outcome) for number in sent.numbers)
                yield from self._known(batch)
            yield from self._known(batch)
        finally:
            self._write_ledger()

    def _unknown(self, requests: Iterable[Request], batch: _Batch) -> Iterator[Request]:
        for number, request in enumerate(requests):
            key = key_of(request, self._model.name)
            reply = self._cache.find(key)
            if reply and is_acceptable(request, reply):
                batch.known.append((number, key))
            elif not batch.joins(number, key, request):
                yield request

    def _known(self, batch: _Batch) -> Iterator[tuple[int, Reply]]:
        while batch.known:
            number, key = batch.known.popleft()
            reply = self._cache.find(key)
            assert reply is not None
            yield number, reply

    def _keep(self, key: str, outcome: Outcome) -> None:
        if isinstance(outcome, Reply):
            self._cache.keep(key, outcome)
        self._write_ledger()

    def _write_ledger(self) -> None:
        if self._meter:
            self._cache.add_spent(self._model.name, self._meter.drain())

    def close(self) -> None:
        """Close the model and the cache."""
        self._model.close()
        self._cache.close()


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request under way."""

    key: str
    accept: Callable[[str], str]
    numbers: list[int]
    """Of the requests that get its reply: equal ones, with equal demands."""


class _Batch:
    """One call of `ask`: what is known already, what is under way, and who waits for it."""

    def __init__(self) -> None:
        # Keys only: replies stay in the file until they are wanted, however many there are.
        self.known: deque[tuple[int, str]] = deque()
        self._sent: dict[int, _Sent] = {}
        self._under_way: dict[tuple[str, Callable[[str], str]], _Sent] = {}
        self._places = count()

    def joins(self, number: int, key: str, request: Request) -> bool:
        """Note a request that is not known; False: it is the first of its kind and must be sent."""
        sent = self._under_way.get((key, request.accept))
        if sent:
            sent.numbers.append(number)
            return True
        sent = _Sent(key, request.accept, [number])
        self._under_way[key, request.accept] = self._sent[next(self._places)] = sent
        return False

    def take(self, place: int) -> _Sent:
        """The request that was sent as number `place`; it is under way no more."""
        sent = self._sent.pop(place)
        del self._under_way[sent.key, sent.accept]
        return sent
