"""One model on several servers: each request goes to whichever has room, so that none waits for another."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, Queue, SimpleQueue
from typing import Final

from videostep.models import open_model
from videostep.models.config import ModelsConfig
from videostep.models.protocol import Outcome, Request, VideoModel
from videostep.models.spending import Meter
from videostep.store.request_cache import keep_replies, open_cached

Numbered = tuple[int, Request]
_NO_MORE: Final = None


class SpreadModel:
    """A VideoModel over several that answer alike; a thread for each."""

    def __init__(self, models: Sequence[VideoModel]) -> None:
        """`models`: one or more of the same name."""
        self._models = models

    @property
    def name(self) -> str:
        """What all of them are called."""
        return self._models[0].name

    def ask(self, requests: Iterable[Request]) -> Iterator[tuple[int, Outcome]]:
        """Answer every request once; `requests` is read in the caller's thread, as fast as any has room."""
        # No longer than one: a request that waits here could be on its way to a server with room.
        waiting: Queue[Numbered | None] = Queue(maxsize=1)
        done: SimpleQueue[tuple[int, Outcome] | BaseException | None] = SimpleQueue()
        threads = [
            threading.Thread(target=_work, args=(model, waiting, done), daemon=True) for model in self._models
        ]
        for thread in threads:
            thread.start()
        try:
            for numbered in enumerate(requests):
                waiting.put(numbered)
                yield from _ready(done)
        except BaseException:
            # A thread takes its end when its server lets it: who interrupts us does not wait for that.
            threading.Thread(target=_end, args=(waiting, len(threads)), daemon=True).start()
            raise
        _end(waiting, len(threads))
        for _ in threads:
            yield from iter(lambda: _taken(done.get()), None)

    def close(self) -> None:
        """Close all of them."""
        for model in self._models:
            model.close()


def _end(waiting: Queue[Numbered | None], n_threads: int) -> None:
    for _ in range(n_threads):
        waiting.put(_NO_MORE)


def _work(
    model: VideoModel,
    waiting: Queue[Numbered | None],
    done: SimpleQueue[tuple[int, Outcome] | BaseException | None],
) -> None:
    """Ask one model until there is no more; `done` gets its outcomes, and None behind the last."""
    numbers: list[int] = []

    def feed() -> Iterator[Request]:
        while (numbered := waiting.get()) is not _NO_MORE:
            numbers.append(numbered[0])
            yield numbered[1]

    try:
        for place, outcome in model.ask(feed()):
            done.put((numbers[place], outcome))
    except BaseException as error:
        done.put(error)
        # Whoever still feeds must not wait for a thread that is gone.
        while waiting.get() is not _NO_MORE:
            continue
    done.put(None)


def _ready(done: SimpleQueue[tuple[int, Outcome] | BaseException | None]) -> Iterator[tuple[int, Outcome]]:
    """The outcomes that are there by now."""
    while True:
        try:
            outcome = _taken(done.get_nowait())
        except Empty:
            return
        if outcome is not None:
            yield outcome


def _taken(outcome: tuple[int, Outcome] | BaseException | None) -> tuple[int, Outcome] | None:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def open_spread(spec: str, config: ModelsConfig, cache: Path) -> VideoModel:
    """Open a model that is asked nothing twice, on all servers that its specification names.

    Args:
        spec: `BACKEND:TARGET`; of the openai backend the URLs may be several, `MODEL@URL,URL`.
        config: Settings of its backend, prices and budget.
        cache: The file of replies and of what they cost.

    Raises:
        ConfigError: There is no such backend, or a target or setting is wrong.
        ModelError: The model cannot be opened.
        RunFolderError: The file cannot be used.
    """
    specs = specs_of(spec)
    if len(specs) == 1:
        return open_cached(spec, config, cache)
    return keep_replies(cache, specs[0], config, lambda meter: _open_all(specs, config, meter))


def _open_all(specs: Sequence[str], config: ModelsConfig, meter: Meter) -> SpreadModel:
    models: list[VideoModel] = []
    with ExitStack() as if_refused:
        for spec in specs:
            models.append(open_model(spec, config.of_backend(spec), meter=meter))
            if_refused.callback(models[-1].close)
        if_refused.pop_all()
    return SpreadModel(models)


def specs_of(spec: str) -> tuple[str, ...]:
    """One specification for each server: `openai:M@http://a/v1,http://b/v1` names two."""
    backend, _, _ = spec.partition(":")
    first, *urls = spec.split(",http")
    if backend != "openai" or not urls:
        return (spec,)
    model = first[: first.index("@http")] if "@http" in first else first
    return (first, *(f"{model}@http{url}" for url in urls))
