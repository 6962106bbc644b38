"""An exception while one video was worked on -> an error entry: it costs that video, not the run."""

from __future__ import annotations

import traceback

from videostep.errors import MediaError, ParserError, VideostepError
from videostep.store.entries import ErrorEntry


def entry_of_failure(video: str, path: str, stage: str, error: Exception) -> ErrorEntry:
    """The entry of `video` for an exception that was raised while `stage` was running."""
    reason, remedy = _words(error)
    return ErrorEntry(
        video=video,
        path=path,
        severity="failed",
        stage=_stage_of(error, stage),
        reason=reason,
        remedy=remedy,
    )


def trace_of(error: Exception) -> str:
    """The Python traceback as text."""
    return "".join(traceback.format_exception(error))


def _words(error: Exception) -> tuple[str, str]:
    if isinstance(error, VideostepError):
        return error.message, error.remedy
    if isinstance(error, MemoryError):
        return "not enough memory", "give fewer --workers, or a machine with more memory"
    defect = "a defect of videostep or a parser: please report what -vv prints"
    return f"{type(error).__name__}: {error}", defect


def _stage_of(error: Exception, stage: str) -> str:
    if isinstance(error, MediaError):
        return "decode"
    return "parse" if isinstance(error, ParserError) else stage
