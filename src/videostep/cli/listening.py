"""Showing how a run goes: bars on a terminal, plain lines elsewhere; all on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from videostep.cli.printing import printable
from videostep.pipeline.progress import Reporter, Silent, in_words, one_or_many
from videostep.store.entries import ErrorEntry

_BAR_WIDTH = 16
_NARROW = 64
"""Columns of a terminal that has no room for bars and counts: what is done and the seconds are left."""
_LINE_EVERY_S = 10.0
"""Least time between two plain lines of a stage."""


@contextmanager
def open_listener(*, quiet: bool, verbose: int) -> Iterator[Reporter]:
    """A reporter for standard error as the flags want it."""
    if quiet:
        yield Quiet()
    elif sys.stderr.isatty():
        with Bars(verbose) as bars:
            yield bars
    else:
        yield Lines(verbose)


class Quiet(Silent):
    """Errors only."""

    def fail(self, entry: ErrorEntry, trace: str) -> None:
        """Print the error."""
        _print(_error_line(entry))


class Lines:
    """Plain lines, few enough for a log file."""

    def __init__(self, verbose: int) -> None:
        """`verbose` 1 adds what happened, 2 tracebacks."""
        self._verbose = verbose
        self._totals: dict[str, tuple[int, str]] = {}
        self._counts: dict[str, tuple[float, dict[str, int]]] = {}
        self._began_s: dict[str, float] = {}
        self._first: dict[str, tuple[float, float]] = {}
        self._printed_s: dict[str, float] = {}

    def begin(self, stage: str, total: int, unit: str) -> None:
        """Start the clock of a stage."""
        self._totals[stage] = (total, unit)
        self._began_s[stage] = self._printed_s[stage] = time.monotonic()
        self._first.pop(stage, None)

    def advance(self, stage: str, done: float, counts: dict[str, int]) -> None:
        """Print a line now and then."""
        self._counts[stage] = (done, counts)
        self._first.setdefault(stage, (time.monotonic(), done))
        if time.monotonic() - self._printed_s[stage] >= _LINE_EVERY_S:
            self._printed_s[stage] = time.monotonic()
            _print(self._line(stage))

    def end(self, stage: str) -> None:
        """Print the stage's last line, unless it had nothing to do."""
        if self._totals[stage][0]:
            _print(self._line(stage, ended=True))

    def say(self, text: str) -> None:
        """Print with -v."""
        if self._verbose:
            _print(printable(text))

    def warn(self, text: str) -> None:
        """Print."""
        _print(printable(f"warning: {text}"))

    def fail(self, entry: ErrorEntry, trace: str) -> None:
        """Print the error, with -vv where in the code it came from."""
        _print(_error_line(entry))
        if self._verbose >= 2 and trace:
            _print(trace.rstrip())

    def _line(self, stage: str, *, ended: bool = False) -> str:
        total, unit = self._totals[stage]
        done, counts = self._counts.get(stage, (0.0, {}))
        elapsed_s = time.monotonic() - self._began_s[stage]
        left = "" if ended else self._left(stage, total - done, done)
        much = f"{_much(done, total)} {one_or_many(unit, total)}"
        return f"{stage:<7} {much}  {in_words(counts)}  {elapsed_s:.1f} s{left}"

    def _left(self, stage: str, to_do: float, done: float) -> str:
        # By what came since the first word: what an earlier session has done says nothing of the pace.
        first_s, first_done = self._first[stage]
        if done == first_done:
            return ""
        return f", about {(time.monotonic() - first_s) * to_do / (done - first_done):.0f} s left"


class Bars:
    """A bar per stage with counts, seconds and the time left."""

    def __init__(self, verbose: int) -> None:
        """`verbose` 1 adds what happened, 2 tracebacks."""
        self._verbose = verbose
        self._tasks: dict[str, TaskID] = {}
        self._totals: dict[str, tuple[int, str]] = {}
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(*_columns(self._console.width), console=self._console, expand=True)

    def __enter__(self) -> Bars:
        """Show the bars."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the bars as they are."""
        self._progress.stop()

    def begin(self, stage: str, total: int, unit: str) -> None:
        """Add the stage's bar."""
        self._totals[stage] = (total, one_or_many(unit, total))
        self._tasks[stage] = self._progress.add_task(stage, total=total, much="", words="")

    def advance(self, stage: str, done: float, counts: dict[str, int]) -> None:
        """Move the bar."""
        total, unit = self._totals[stage]
        much = f"{_much(done, total)} {unit}"
        self._progress.update(self._tasks[stage], completed=done, much=much, words=in_words(counts))

    def end(self, stage: str) -> None:
        """Leave the bar where it is: a bar that is not full has failures."""
        self._progress.stop_task(self._tasks[stage])

    def say(self, text: str) -> None:
        """Print above the bars, with -v."""
        if self._verbose:
            self._console.print(Text(printable(text)))

    def warn(self, text: str) -> None:
        """Print above the bars."""
        self._console.print(Text(printable(f"warning: {text}"), style="yellow"))

    def fail(self, entry: ErrorEntry, trace: str) -> None:
        """Print above the bars, with -vv where in the code it came from."""
        self._console.print(Text(_error_line(entry), style="red"))
        if self._verbose >= 2 and trace:
            self._console.print(Text(trace.rstrip()))


def _columns(width: int) -> list[ProgressColumn]:
    stage = TextColumn("{task.description}", table_column=Column(min_width=6))
    much = TextColumn("{task.fields[much]}", table_column=Column(no_wrap=True, min_width=12))
    elapsed = TimeElapsedColumn(table_column=Column(no_wrap=True, min_width=7))
    if width < _NARROW:
        return [stage, much, elapsed]
    return [
        stage,
        BarColumn(bar_width=_BAR_WIDTH, table_column=Column(min_width=_BAR_WIDTH)),
        much,
        elapsed,
        TimeRemainingColumn(table_column=Column(no_wrap=True, min_width=7)),
        TextColumn("{task.fields[words]}", style="dim", table_column=Column(ratio=1)),
    ]


def _much(done: float, total: int) -> str:
    # Whole pieces when they are many: parts matter where there are few.
    return f"{done:.{1 if total < 100 and done % 1 else 0}f}/{total}"


def _error_line(entry: ErrorEntry) -> str:
    remedy = f"; {entry.remedy}" if entry.remedy else ""
    return printable(f"error: {entry.named_reason}{remedy}")


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
