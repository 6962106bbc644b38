"""The ledger of what Video-LLMs have cost, by stage and model: a table beside the replies they gave.

Several processes may keep to one budget: each booking looks at the total and adds to it in one transaction.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Lock
from typing import Any

from videostep.errors import RunFolderError
from videostep.models.protocol import Usage
from videostep.models.spending import Check, Spent

WAIT_S = 60.0
"""How long a process waits for another one's write."""
_PAUSE_S = 0.01
TABLE = """
CREATE TABLE IF NOT EXISTS spent (
    stage TEXT NOT NULL, model TEXT NOT NULL, requests INTEGER NOT NULL, images INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, usd REAL NOT NULL,
    PRIMARY KEY (stage, model)
) WITHOUT ROWID;
"""
_ADD = """
INSERT INTO spent VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    requests = requests + excluded.requests, images = images + excluded.images,
    prompt_tokens = prompt_tokens + excluded.prompt_tokens,
    completion_tokens = completion_tokens + excluded.completion_tokens, usd = usd + excluded.usd
"""


def open_base(path: Path, tables: str) -> sqlite3.Connection:
    """Open or make a file that several processes may write; raises RunFolderError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as if_refused:
            base = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
            if_refused.callback(base.close)
            _write_ahead(base)
            base.execute("PRAGMA synchronous = NORMAL")
            base.executescript(tables)
            if_refused.pop_all()
    except (OSError, sqlite3.Error) as error:
        raise refusal_of(path, error) from error
    return base


def _write_ahead(base: sqlite3.Connection) -> None:
    """Switch the write-ahead log on; SQLite itself does not wait for a process that does so at the moment."""
    give_up_at_s = time.monotonic() + WAIT_S
    while True:
        try:
            base.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at_s:
                raise
        time.sleep(_PAUSE_S)


def refusal_of(path: Path, error: Exception) -> RunFolderError:
    """What it means that the file cannot be used."""
    return RunFolderError(
        f"the request cache {path} cannot be used: {error}",
        remedy="free disk space or make it writable; if it is damaged, delete it: it only saves requests",
    )


class SpendingLedger:
    """An account in a file: it counts what all sessions and processes spend. Threads may share it."""

    def __init__(self, path: Path, model: str) -> None:
        """Open or make the file; raises RunFolderError if that cannot be done.

        Args:
            path: Of the request cache.
            model: On whose account; budgets go by the sum over all.
        """
        self._path, self._model = path, model
        self._base, self._lock = open_base(path, TABLE), Lock()

    def book(self, stage: str, spent: Spent, check: Check) -> None:
        """Add to the file, unless `check` objects to its total."""
        with self._lock:
            try:
                self._base.execute("BEGIN IMMEDIATE")
                try:
                    check(sum_of(read_rows(self._base)))
                    add_row(self._base, stage, self._model, spent)
                finally:
                    self._base.execute("COMMIT")
            except sqlite3.Error as error:
                raise refusal_of(self._path, error) from error

    def total(self) -> Spent:
        """Of all sessions, processes and models."""
        with self._lock:
            return sum_of(read_rows(self._base))

    def drain(self) -> dict[str, Spent]:
        """Everything is in the file."""
        return {}

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._base.close()


Rows = dict[tuple[str, str], Spent]
"""(stage, model) to what was spent."""


def read_rows(base: sqlite3.Connection) -> Rows:
    """All of a file's table, sorted."""
    rows: list[Any] = base.execute("SELECT * FROM spent ORDER BY stage, model").fetchall()
    return {
        (stage, model): Spent(
            requests=requests,
            images=images,
            usage=Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens),
            usd=usd,
        )
        for stage, model, requests, images, prompt_tokens, completion_tokens, usd in rows
    }


def add_row(base: sqlite3.Connection, stage: str, model: str, spent: Spent) -> None:
    """Add to what a stage has spent on a model."""
    tokens = (spent.usage.prompt_tokens, spent.usage.completion_tokens)
    base.execute(_ADD, (stage, model, spent.requests, spent.images, *tokens, spent.usd))


def sum_of(rows: Rows) -> Spent:
    """All stages and models together."""
    return sum(rows.values(), start=Spent())


def read_spending(path: Path) -> dict[str, Spent]:
    """What each stage has spent, all models together; nothing where there is no file. Writes nothing.

    Raises:
        RunFolderError: The file is damaged.
    """
    if not path.exists():
        return {}
    try:
        with closing(_open_to_read(path)) as base:
            rows = read_rows(base) if _has_ledger(base) else {}
    except sqlite3.Error as error:
        raise refusal_of(path, error) from error
    by_stage: dict[str, Spent] = {}
    for (stage, _), spent in rows.items():
        by_stage[stage] = by_stage.get(stage, Spent()) + spent
    return by_stage


def _open_to_read(path: Path) -> sqlite3.Connection:
    """Open a file that may lie where nothing can be written: in WAL mode even readers write beside it."""
    # Without a log beside it nobody is writing, and the file is all there is.
    is_at_rest = not path.with_name(f"{path.name}-wal").exists()
    how = "immutable=1" if is_at_rest else "mode=ro"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, timeout=WAIT_S)


def _has_ledger(base: sqlite3.Connection) -> bool:
    return bool(base.execute("SELECT 1 FROM sqlite_master WHERE name = 'spent'").fetchall())
