"""Executors on this machine: watch videos one after the other, or several at a time in processes."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from videostep.pipeline.inputs import InputVideo
from videostep.pipeline.watch import Listener, watcher_of
from videostep.pipeline.work import GraphOutcome, WorkerMessage
from videostep.records import from_json, to_plain
from videostep.store.entries import ErrorEntry
from videostep.store.run_folder import RunFolder

_READ_BYTES = 1 << 16


class Executor(Protocol):
    """Watches videos of a run somewhere; yields each video's outcome as it ends, in any order."""

    def __call__(
        self, run: RunFolder, videos: Sequence[InputVideo], listen: Listener
    ) -> Iterator[GraphOutcome]:
        """Watch `videos`; progress goes to `listen`."""


def in_this_process(run: RunFolder, videos: Sequence[InputVideo], listen: Listener) -> Iterator[GraphOutcome]:
    """Watch one video after the other, here. A crash of a native library takes the run with it."""
    with contextlib.closing(watcher_of(run)) as watcher:
        for video in videos:
            yield watcher.watch(video, listen)


def in_processes(workers: int) -> Executor:
    """An executor with `workers` processes; one that dies costs only the video it was watching."""

    def execute(run: RunFolder, videos: Sequence[InputVideo], listen: Listener) -> Iterator[GraphOutcome]:
        todo = deque(videos)
        pool = _Pool(run)
        try:
            while todo or pool.size:
                while todo and pool.size < workers:
                    pool.start(todo.popleft())
                yield from pool.hear(todo, listen)
        finally:
            pool.close()

    return execute


class _Pool:
    """Running workers, each with a video in hand."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []

    @property
    def size(self) -> int:
        return len(self._workers)

    def start(self, video: InputVideo) -> None:
        worker = _Worker(self._run)
        self._workers.append(worker)
        self._selector.register(worker.output, selectors.EVENT_READ, worker)
        worker.give(video)

    def hear(self, todo: deque[InputVideo], listen: Listener) -> Iterator[GraphOutcome]:
        """Wait for news; a worker that has finished its video gets the next of `todo`."""
        for key, _ in self._selector.select():
            worker: _Worker = key.data
            for message in worker.hear():
                if message.progress is not None:
                    listen(message.progress)
                if message.outcome is not None:
                    self._go_on(worker, todo)
                    yield message.outcome

    def close(self) -> None:
        for worker in list(self._workers):
            self._end(worker)
        self._selector.close()

    def _go_on(self, worker: _Worker, todo: deque[InputVideo]) -> None:
        if todo and not worker.is_dead:
            worker.give(todo.popleft())
        else:
            self._end(worker)

    def _end(self, worker: _Worker) -> None:
        self._selector.unregister(worker.output)
        self._workers.remove(worker)
        worker.end()


class _Worker:
    """One process and the video it watches."""

    def __init__(self, run: RunFolder) -> None:
        self._process = subprocess.Popen(_command(run), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self.output = self._process.stdin, self._process.stdout
        self._unread = b""
        self._video: InputVideo | None = None
        self.is_dead = False

    def give(self, video: InputVideo) -> None:
        self._video = video
        # A worker that has died meanwhile is noticed where its output ends.
        with contextlib.suppress(BrokenPipeError):
            self._input.write(msgspec.json.encode(to_plain(video)) + b"\n")
            self._input.flush()

    def hear(self) -> Iterator[WorkerMessage]:
        data = os.read(self.output.fileno(), _READ_BYTES)
        if not data:
            self.is_dead = True
            yield WorkerMessage(outcome=self._death())
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            yield from_json(line, WorkerMessage, source="a worker")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._input.close()
        self.output.close()

    def _death(self) -> GraphOutcome:
        assert self._video is not None
        reason, remedy = _cause_of_death(self._process.wait())
        entry = ErrorEntry(
            video=self._video.id,
            path=self._video.path,
            severity="failed",
            stage="watch",
            reason=reason,
            remedy=remedy,
        )
        return GraphOutcome(video=self._video, failed=entry)


def _command(run: RunFolder) -> list[str]:
    # -P: what lies in the current folder must not be imported.
    return [sys.executable, "-P", "-m", "videostep.pipeline.worker", str(run.root)]


def _cause_of_death(code: int) -> tuple[str, str]:
    if code == -signal.SIGKILL:
        return (
            "the process that watched it was killed, most likely for lack of memory",
            "give fewer --workers, or a machine with more memory, and run again",
        )
    how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
    return (
        f"the process that watched it ended {how}",
        "try the video alone with --workers 1; it may make a library crash",
    )
