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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from videostep.models import check_installed, model_identity, open_model
from videostep.models.config import ModelsConfig
from videostep.models.forms import schema_text
from videostep.models.protocol import Image, Message, Outcome, Reply, Request, VideoModel
from videostep.models.replies import is_acceptable
from videostep.models.spending import Meter, Spent
from videostep.store.spending import TABLE as SPENT_TABLE
from videostep.store.spending import Rows, SpendingLedger, add_row, open_base, read_rows, refusal_of, sum_of

_TABLES = f"""
CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply BLOB NOT NULL) WITHOUT ROWID;
{SPENT_TABLE}
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
        self._base = open_base(path, _TABLES)
        self._accounts: list[SpendingLedger] = []

    def find(self, key: str) -> Reply | None:
        """The reply that was kept under a key."""
        rows = self._execute("SELECT reply FROM replies WHERE key = ?", key)
        try:
            return msgspec.json.decode(rows[0][0], type=Reply) if rows else None
        except msgspec.MsgspecError as error:
            raise refusal_of(self._path, error) from error

    def keep(self, key: str, reply: Reply) -> None:
        """Keep a reply, over an older one."""
        self._execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", key, msgspec.json.encode(reply))

    def add_spent(self, model: str, by_stage: dict[str, Spent]) -> None:
        """Add to what each stage has spent on a model."""
        with self._refusing():
            for stage, spent in by_stage.items():
                add_row(self._base, stage, model, spent)

    def spent(self) -> Rows:
        """What was spent, by stage and model, over all sessions; sorted."""
        with self._refusing():
            return read_rows(self._base)

    def total_spent(self) -> Spent:
        """What was spent, all told: the opening balance of a budget that is gone on with."""
        return sum_of(self.spent())

    def account(self, model: str) -> SpendingLedger:
        """Where a model's meter books what it spends, in this very file; closed with it."""
        self._accounts.append(SpendingLedger(self._path, model))
        return self._accounts[-1]

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        for account in self._accounts:
            account.close()
        self._base.close()

    def _execute(self, statement: str, *values: object) -> list[Any]:
        with self._refusing():
            return self._base.execute(statement, values).fetchall()

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise refusal_of(self._path, error) from error


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


def open_cached(spec: str, config: ModelsConfig | None = None, cache: Path | None = None) -> VideoModel:
    """Open a Video-LLM that is asked nothing twice and keeps to a budget with all that use the same file.

    Args:
        spec: `BACKEND:TARGET`, see `open_model`.
        config: Settings of its backend, prices and budget; None: the defaults.
        cache: The file of replies and of what they cost; None: neither is kept.

    Raises:
        ConfigError: There is no such backend, or a target or setting is wrong.
        ModelError: The model cannot be opened.
        RunFolderError: The file cannot be used.
    """
    config = config or ModelsConfig()
    check_installed(config.installed or ())
    of_backend = config.of_backend(spec)
    if cache is None:
        return open_model(spec, of_backend, meter=Meter(prices=config.prices, budget=config.budget))
    return keep_replies(cache, spec, config, lambda meter: open_model(spec, of_backend, meter=meter))


def keep_replies(
    cache: Path, spec: str, config: ModelsConfig, opening: Callable[[Meter], VideoModel]
) -> CachedModel:
    """Put a request cache before a model; the file is closed again if the model cannot be opened.

    Args:
        cache: The file of replies and of what they cost.
        spec: Of the model: on whose account it is booked.
        config: Prices and budget.
        opening: Opens the model, which counts on the given meter.
    """
    replies = RequestCache(cache)
    with ExitStack() as if_refused:
        if_refused.callback(replies.close)
        account = replies.account(model_identity(spec))
        model = opening(Meter(prices=config.prices, budget=config.budget, account=account))
        if_refused.pop_all()
    return CachedModel(model, replies)


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
