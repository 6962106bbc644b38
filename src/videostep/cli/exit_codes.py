"""What `videostep` exits with, and which error leads to which."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from videostep.errors import (
    BudgetError,
    ConfigError,
    FormatError,
    InputError,
    MediaError,
    MissingExtraError,
    ModelError,
    ParserError,
    RewriterError,
    RunFolderError,
    TrainingError,
    VideostepError,
)

if TYPE_CHECKING:
    from videostep.pipeline.run import RunResult
    from videostep.pipeline.verifying import Verification


class ExitCode(IntEnum):
    """Exit codes; `videostep --help` and docs/commands.md list them in these words."""

    OK = 0, "all went well"
    INTERNAL = 1, "a defect of videostep itself"
    USAGE = 2, "a wrong option, setting or parser name"
    NOTHING_USABLE = 3, "not one video could be used"
    TOO_MANY_FAILED = 4, "more videos failed than execution.max_failed_share allows"
    RUN_FOLDER = 5, "the run folder is another run's, damaged, in use, or cannot be written"
    UNVERIFIED = 6, "a sample's program does not give its answer"
    TRAINING = 7, "a training could not go on: memory, the loss, or data that would do harm"
    BUDGET = 8, "the budget is spent; the same command with a larger one goes on where it was"
    MODEL = 9, "the Video-LLM cannot be opened or reached, or gives no usable answer"
    INTERRUPTED = 130, "interrupted by Ctrl-C; the same command goes on where it was"

    meaning: str

    def __new__(cls, code: int, meaning: str) -> ExitCode:
        """An int that knows what it means."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member


_BY_ERROR: tuple[tuple[type[VideostepError], ExitCode], ...] = (
    (ConfigError, ExitCode.USAGE),
    (ParserError, ExitCode.USAGE),
    (RewriterError, ExitCode.USAGE),
    (MissingExtraError, ExitCode.USAGE),
    (InputError, ExitCode.NOTHING_USABLE),
    (MediaError, ExitCode.NOTHING_USABLE),
    (RunFolderError, ExitCode.RUN_FOLDER),
    (FormatError, ExitCode.RUN_FOLDER),
    (TrainingError, ExitCode.TRAINING),
    (BudgetError, ExitCode.BUDGET),
    (ModelError, ExitCode.MODEL),
)


def code_of(error: VideostepError) -> ExitCode:
    """The exit code for an error that ended a command."""
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), ExitCode.INTERNAL)


def code_of_result(result: RunResult, max_failed_share: float) -> ExitCode:
    """The exit code for a run that came to its end."""
    if result.videos and len(result.failed) == result.videos:
        return ExitCode.NOTHING_USABLE
    if result.failed_share > max_failed_share:
        return ExitCode.TOO_MANY_FAILED
    return code_of_verification(result.verification) if result.verification is not None else ExitCode.OK


def code_of_verification(verification: Verification) -> ExitCode:
    """The exit code for what verifying gave: a sample that is wrong counts for more than one not proven."""
    if verification.failed:
        return ExitCode.UNVERIFIED
    return ExitCode.RUN_FOLDER if verification.unread else ExitCode.OK


def table() -> str:
    """The exit codes, one a line, for `--help`."""
    return "\n".join(f"{code.value:>3}  {code.meaning}" for code in ExitCode)
