"""A process that watches videos: `python -m videostep.pipeline.worker RUN`.

Reads one InputVideo a line (JSON) from standard input, writes WorkerMessages to standard output. It is a
program of its own, not a fork or a spawned function: nothing is pickled, and a script that calls
videostep needs no `if __name__ == "__main__"`.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from videostep.errors import VideostepError
from videostep.pipeline.failing import entry_of_failure, trace_of
from videostep.pipeline.inputs import InputVideo
from videostep.pipeline.watch import Listener, watcher_of
from videostep.pipeline.work import GraphOutcome, GraphProgress, WorkerMessage
from videostep.records import from_json, to_plain
from videostep.store.run_folder import RunFolder


def main() -> None:
    """Watch videos until there are no more, or until the parent is gone."""
    # Ctrl-C reaches the whole process group; the parent decides what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _take_over_stdout()
    videos: queue.SimpleQueue[InputVideo] = queue.SimpleQueue()
    threading.Thread(target=_read_videos, args=(videos,), daemon=True).start()
    watch = _watch_of(RunFolder(Path(sys.argv[1])))

    def listen(progress: GraphProgress) -> None:
        _send(answers, WorkerMessage(progress=progress))

    while True:
        _send(answers, WorkerMessage(outcome=watch(videos.get(), listen)))


def _watch_of(run: RunFolder) -> Callable[[InputVideo, Listener], GraphOutcome]:
    """The run's own watcher; if it cannot be made, that is the outcome of every video."""
    try:
        return watcher_of(run).watch
    except Exception as error:
        # `error` ends with this clause.
        cause = error

    def fail(video: InputVideo, listen: Listener) -> GraphOutcome:
        return GraphOutcome(
            video=video,
            failed=entry_of_failure(video.id, video.path, "watch", cause),
            trace=trace_of(cause),
            ends_run="folder" if isinstance(cause, VideostepError) else None,
        )

    return fail


def _take_over_stdout() -> IO[bytes]:
    """The real standard output; what a library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


def _read_videos(videos: queue.SimpleQueue[InputVideo]) -> None:
    for line in sys.stdin.buffer:
        videos.put(from_json(line, InputVideo, source="the parent process"))
    # The parent closed the pipe or was killed: end at once, even in the middle of a video.
    os._exit(0)


def _send(answers: IO[bytes], message: WorkerMessage) -> None:
    answers.write(msgspec.json.encode(to_plain(message)) + b"\n")


if __name__ == "__main__":
    main()
