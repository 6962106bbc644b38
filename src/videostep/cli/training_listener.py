"""Showing how a training goes: a bar on a terminal, plain lines elsewhere; all on standard error."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from videostep.cli.printing import printable

if TYPE_CHECKING:
    from videostep.learn import callbacks

_LINE_EVERY_S = 10.0
"""Least time between two plain lines."""


@contextmanager
def open_training_listener(*, quiet: bool, verbose: int) -> Iterator[TrainingLines]:
    """A listener for standard error as the flags want it."""
    if quiet or not sys.stderr.isatty():
        yield TrainingLines(quiet=quiet, verbose=verbose)
        return
    with TrainingBar(verbose=verbose) as bar:
        yield bar


class TrainingLines:
    """Plain lines, few enough for a log file."""

    def __init__(self, *, quiet: bool = False, verbose: int = 0) -> None:
        """`verbose` 1 adds what happened."""
        self._quiet, self._verbose = quiet, verbose
        self._printed_s = time.monotonic()

    @property
    def is_main(self) -> bool:
        """Whether this is the process that speaks, of all that torchrun has started."""
        return os.environ.get("RANK", "0") == "0"

    def begin(self, steps: int) -> None:
        """Nothing to tell yet."""

    def hear(self, progress: callbacks.Progress) -> None:
        """Print a line now and then, and the last."""
        is_last = progress.step == progress.steps
        if not self._quiet and (is_last or time.monotonic() - self._printed_s >= _LINE_EVERY_S):
            self._printed_s = time.monotonic()
            self._show(f"train {progress.step}/{progress.steps} steps  {words_of(progress)}")

    def say(self, text: str) -> None:
        """Print with -v."""
        if self._verbose:
            self._show(text)

    def warn(self, text: str) -> None:
        """Print unless quiet."""
        if not self._quiet:
            self._show(f"warning: {text}")

    def _show(self, text: str) -> None:
        print(printable(text), file=sys.stderr, flush=True)


class TrainingBar(TrainingLines):
    """A bar with losses, tokens and the time left."""

    def __init__(self, *, verbose: int) -> None:
        """As the lines."""
        super().__init__(verbose=verbose)
        self._console = Console(stderr=True, highlight=False)
        columns = (
            TextColumn("train {task.completed}/{task.total}"),
            BarColumn(bar_width=16),
            TimeElapsedColumn(),
            TextColumn("{task.fields[words]}"),
        )
        self._bar = Progress(*columns, console=self._console)
        self._task = self._bar.add_task("train", total=None, words="loading", visible=False)

    def __enter__(self) -> TrainingBar:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave it as it is."""
        self._bar.stop()

    def begin(self, steps: int) -> None:
        """Show how far it is to go."""
        self._bar.update(self._task, total=steps, visible=self.is_main)

    def hear(self, progress: callbacks.Progress) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=progress.step, words=words_of(progress))

    def _show(self, text: str) -> None:
        self._console.print(Text(printable(text)))


def words_of(progress: callbacks.Progress) -> str:
    """`answers 0.512  rationales 1.34  5210 tokens/s  73% saved  about 62 s left`."""
    losses = {"answers": progress.answer, "rationales": progress.rationale}
    told = [f"{name} {loss:.3g}" for name, loss in losses.items() if loss is not None]
    left = [f"about {progress.left_s:.0f} s left"] if progress.step < progress.steps else []
    return "  ".join(
        [*told, f"{progress.tokens_per_s:.0f} tokens/s", f"{progress.saved:.0%} saved by sharing", *left]
    )
