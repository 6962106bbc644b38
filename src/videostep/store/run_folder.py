"""The run folder: where everything of one run lies (docs/formats.md, contract 3)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from videostep.errors import RunFolderError
from videostep.store.atomic import refusal
from videostep.store.lock import LOCK_NAME
from videostep.store.order import natural_key

_PART_PATTERN = ".*.part"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Names every file of a run; makes and cleans the folder."""

    root: Path

    @property
    def config(self) -> Path:
        """`run.toml`: the resolved settings. A folder that holds it is a run folder."""
        return self.root / "run.toml"

    @property
    def ledger(self) -> Path:
        """One line per finished stage and video."""
        return self.root / "ledger.jsonl"

    @property
    def samples_jsonl(self) -> Path:
        """All samples, one a line."""
        return self.root / "samples" / "samples.jsonl"

    @property
    def samples_parquet(self) -> Path:
        """The same rows as `samples_jsonl`."""
        return self.root / "samples" / "samples.parquet"

    @property
    def asking(self) -> Path:
        """Folder: what was asked of each video so far; gone when asking has ended."""
        return self.root / "asking"

    @property
    def dropped(self) -> Path:
        """Folder: what was not kept, a file per video, and `counts.json`."""
        return self.root / "dropped"

    @property
    def refined(self) -> Path:
        """Folder: what became of a rewriter's words, `counts.json` and `refused.jsonl`."""
        return self.root / "refined"

    @property
    def rewrite_log(self) -> Path:
        """Everything that rewriters have written, so that nothing is asked twice."""
        return self.root / "cache" / "rewrites.jsonl"

    @property
    def requests(self) -> Path:
        """What a Video-LLM has replied, so that nothing is asked twice, and what that cost."""
        return self.root / "cache" / "requests.sqlite"

    @property
    def errors(self) -> Path:
        """Folder: a file per video that failed or was read only in part."""
        return self.root / "errors"

    @property
    def report(self) -> Path:
        """The page to look at."""
        return self.root / "report" / "index.html"

    @property
    def controls(self) -> Path:
        """How well the samples are answered without their videos; written with the report."""
        return self.root / "report" / "controls.json"

    def graph(self, video_id: str) -> Path:
        """The graph file of a video."""
        return self.root / "graphs" / f"{video_id}.json"

    def graph_drops(self, video_id: str) -> Path:
        """What was said of a video and not confirmed; none if its parser keeps no account."""
        return self.root / "unconfirmed" / f"{video_id}.jsonl"

    def keyframes(self, video_id: str) -> Path:
        """Folder of a video's keyframe pictures."""
        return self.root / "keyframes" / video_id

    def error(self, video_id: str, stage: str) -> Path:
        """The error entry of a video: one for watching it, one for asking."""
        return self.errors / f"{video_id}{'.ask' if stage == 'ask' else ''}.json"

    def graph_files(self) -> tuple[Path, ...]:
        """All graph files, in the run's order."""
        return _files_in(self.root / "graphs", ".json")

    def graph_drop_files(self) -> tuple[Path, ...]:
        """What was said of the videos that have a graph, and not confirmed, in the run's order."""
        drops = (self.graph_drops(path.stem) for path in self.graph_files())
        return tuple(path for path in drops if path.exists())

    def error_files(self) -> tuple[Path, ...]:
        """All error entries, in the run's order."""
        return _files_in(self.errors, ".json")

    def files_of_graph(self, video_id: str) -> tuple[Path, ...]:
        """What induction left for a video: graph, what is not in it, and keyframes; none if unfinished."""
        graph, drops = self.graph(video_id), self.graph_drops(video_id)
        if not graph.exists():
            return ()
        return (graph, *([drops] if drops.exists() else []), *self.pictures_of_graph(video_id))

    def pictures_of_graph(self, video_id: str) -> tuple[Path, ...]:
        """The keyframes of a video."""
        return _files_in(self.keyframes(video_id), ".jpg")

    def files_of_samples(self) -> tuple[Path, ...]:
        """What asking left."""
        samples = (path for path in (self.samples_jsonl, self.samples_parquet) if path.exists())
        return (*samples, *_files_in(self.dropped))

    def files_of_refinement(self) -> tuple[Path, ...]:
        """What refining left: the samples in their words of now, and what was refused."""
        samples = (path for path in (self.samples_jsonl, self.samples_parquet) if path.exists())
        return (*samples, *_files_in(self.refined))

    def files_of_report(self) -> tuple[Path, ...]:
        """What reporting left."""
        return tuple(path for path in (self.report, self.controls) if path.exists())

    def check_exists(self) -> None:
        """Raise RunFolderError unless this is a run folder."""
        if not self.root.is_dir():
            raise RunFolderError(f"there is no run folder {self.root}", remedy="make one with videostep run")
        if not self.config.is_file():
            raise RunFolderError(
                f"{self.root} is not a run folder: it holds no run.toml",
                remedy="name the folder that was given to videostep run as --out",
            )

    def check_free(self) -> None:
        """Raise RunFolderError if the folder holds something else than a run."""
        try:
            foreign = (
                not self.config.exists() and self.root.exists() and any(map(_is_foreign, self.root.iterdir()))
            )
        except OSError as error:
            raise refusal(self.root, error) from error
        if foreign:
            raise RunFolderError(
                f"{self.root} is not empty and is no run folder", remedy="give a new or empty folder as --out"
            )

    def make(self) -> None:
        """Make the folder if need be; raise RunFolderError if it holds something else than a run."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refusal(self.root, error) from error
        self.check_free()

    def sweep(self) -> None:
        """Remove what a killed process left half-written. Hold the lock."""
        for part in self.root.rglob(_PART_PATTERN):
            part.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove everything that a run made, so that it can be made anew. Hold the lock."""
        for name in (
            "graphs",
            "unconfirmed",
            "keyframes",
            "asking",
            "samples",
            "dropped",
            "refined",
            "errors",
            "report",
        ):
            shutil.rmtree(self.root / name, ignore_errors=True)
        self.ledger.unlink(missing_ok=True)

    def remove_refinement(self) -> None:
        """Remove what is said of refined samples that are no more. Hold the lock."""
        shutil.rmtree(self.refined, ignore_errors=True)

    def remove_graph(self, video_id: str) -> None:
        """Remove what induction left for a video, finished or not."""
        # Pictures first: a kill in between leaves a graph that is seen to be unfinished, not lost pictures.
        shutil.rmtree(self.keyframes(video_id), ignore_errors=True)
        self.graph_drops(video_id).unlink(missing_ok=True)
        self.graph(video_id).unlink(missing_ok=True)


def _files_in(folder: Path, ending: str = "") -> tuple[Path, ...]:
    """What lies in `folder`, in the run's order; none without it. Raises OSError if it may not be read.

    `Path.glob` would take a folder that may not be read for an empty one.
    """
    found = (path for path in folder.iterdir() if path.name.endswith(ending)) if folder.is_dir() else ()
    return tuple(sorted(found, key=lambda path: natural_key(path.name)))


def _is_foreign(path: Path) -> bool:
    return path.name != LOCK_NAME and not path.match(_PART_PATTERN)
