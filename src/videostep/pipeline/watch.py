"""Watch one video: split, parse, merge and bridge it, and leave its graph in the run folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from videostep.errors import BudgetError, MediaError, RunFolderError, UnavailableError
from videostep.graph import count_graph
from videostep.induce.parse import SceneParser, close_parser
from videostep.induce.parsers import open_parser
from videostep.induce.video import induce_video
from videostep.pipeline.config import RunConfig
from videostep.pipeline.config_file import read_config
from videostep.pipeline.failing import entry_of_failure, trace_of
from videostep.pipeline.inputs import InputVideo
from videostep.pipeline.work import GraphMade, GraphOutcome, GraphProgress
from videostep.store.atomic import atomic_write
from videostep.store.graph_drops import write_graph_drops
from videostep.store.graph_file import write_graph
from videostep.store.run_folder import RunFolder
from videostep.store.stamps import sha256_of_outputs

Listener = Callable[[GraphProgress], None]


class Watcher:
    """Makes the graphs of a run, one video after the other; what one video does wrong ends with it."""

    def __init__(self, run: RunFolder, config: RunConfig, parser: SceneParser) -> None:
        self._run = run
        self._config = config
        self._parser = parser
        self._stage = ""

    def watch(self, video: InputVideo, listen: Listener) -> GraphOutcome:
        """Make the graph of `video`; never raises for what lies in the video or in a stage."""
        self._stage = "decode"
        try:
            return GraphOutcome(video=video, made=self._make(video, listen))
        except Exception as error:
            return GraphOutcome(
                video=video,
                failed=entry_of_failure(video.id, video.path, self._stage, error),
                trace=trace_of(error),
                ends_run=end_of_run(error),
            )

    def close(self) -> None:
        """Let go of what the parser holds open."""
        close_parser(self._parser)

    def _make(self, video: InputVideo, listen: Listener) -> GraphMade:
        def hear(stage: str, done_s: float, total_s: float | None, counts: dict[str, int]) -> None:
            self._stage = stage
            share = min(1.0, done_s / total_s) if total_s else 0.0
            listen(GraphProgress(video=video.id, share=share, counts=counts))

        self._run.remove_graph(video.id)
        induced = induce_video(
            video.path,
            self._parser,
            self._config.induce,
            seed=self._config.seed,
            write_keyframe=self._write_keyframe,
            on_progress=hear,
        )
        if induced.graph.video.id != video.id:
            raise MediaError(
                f"{video.path} changed while it was read", remedy="run again when it is complete"
            )
        self._stage = "write"
        if induced.dropped is not None:
            write_graph_drops(self._run, video.id, induced.dropped)
        write_graph(induced.graph, self._run.graph(video.id))
        files = self._run.files_of_graph(video.id)
        return GraphMade(
            files=len(files),
            files_sha256=sha256_of_outputs(self._run.root, files),
            counts=count_graph(induced.graph),
            warnings=tuple(induced.warnings),
            unanswered=induced.unanswered,
        )

    def _write_keyframe(self, name: str, jpeg: bytes) -> None:
        atomic_write(self._run.root / name, jpeg)


def end_of_run(error: Exception) -> Literal["folder", "budget", "model"] | None:
    """Why no other video can succeed after `error` either; None: they may."""
    if isinstance(error, BudgetError):
        return "budget"
    if isinstance(error, UnavailableError):
        return "model"
    return "folder" if isinstance(error, RunFolderError) else None


def watcher_of(run: RunFolder) -> Watcher:
    """The watcher that a run folder's own `run.toml` asks for."""
    config = read_config(run.config)
    parser = open_parser(
        config.model,
        config.parser,
        seed=config.seed,
        cache=run.requests,
        models=config.models,
        grounding=config.grounding,
    )
    return Watcher(run, config, parser)
