"""What goes to a process that watches videos, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from videostep.pipeline.inputs import InputVideo
from videostep.store.entries import ErrorEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphProgress:
    """How far one video has been watched."""

    video: str
    """Video id."""
    share: float
    """Of its length, 0..1; 0 while the length is not known."""
    counts: dict[str, int]
    """What was found so far: `clips`, `keyframes`, `objects` ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphMade:
    """A video has its graph; the files are in the run folder."""

    files: int
    files_sha256: str
    counts: dict[str, int]
    warnings: tuple[str, ...]
    """What was not as it should be with the file: `decoding stopped at 12.3 s of 60.0 s`."""
    unanswered: tuple[str, ...] = ()
    """Questions that the scene parser got no answer to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOutcome:
    """The end of one video: exactly one of `made` and `failed`."""

    video: InputVideo
    made: GraphMade | None = None
    failed: ErrorEntry | None = None
    trace: str = ""
    """The Python traceback of a failure, for -vv."""
    ends_run: Literal["folder", "budget", "model"] | None = None
    """No other video can succeed either: the run folder cannot be written, the budget is spent, or the
    Video-LLM answers no request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerMessage:
    """One line from a worker: exactly one of the two."""

    progress: GraphProgress | None = None
    outcome: GraphOutcome | None = None
