"""Everything videostep raises on purpose, as one tree (tested against the real classes).

VideostepError
├── ConfigError            a setting is unknown or out of range
├── InputError             what was given names no video, or nothing that can be used
├── MediaError             a video cannot be opened or decoded
├── ParserError            a scene parser is unknown or failed on a clip
├── RewriterError          a rewriter of samples is unknown or failed
├── ModelError             a Video-LLM did not answer a request
│   ├── ServerError            it did not answer, however often it was asked
│   │   └── UnavailableError       no request can be answered: nobody there, key or name refused, no weights
│   ├── RequestError           this request cannot be answered: too long, too large, not understood
│   ├── ReplyError             what it replied is not what was asked for, again and again
│   └── BudgetError            the budget is spent: the request was not sent
├── TrainingError          a training cannot go on: memory, the loss, or the data it would learn from
├── FormatError            a graph or sample file is not what its format says
├── RunFolderError         the run folder is another run's, or cannot be written
├── MissingExtraError      a feature needs an optional dependency
└── ProgramError           a program cannot be executed
    ├── ProgramSyntaxError     its text does not parse, or its types do not fit
    ├── EmptyError             a description fits nothing
    ├── AmbiguousError         a description, or an answer, fits more than one
    └── OutOfCoverageError     a "no" or a count that the graph's coverage does not support
"""

from __future__ import annotations


class VideostepError(Exception):
    """Base of all: `message` names the thing, `remedy` says what to do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.remedy))


def _rebuild(kind: type[VideostepError], message: str, remedy: str) -> VideostepError:
    return kind(message, remedy=remedy)


class ConfigError(VideostepError):
    """A setting is unknown or out of range."""


class InputError(VideostepError):
    """What was given names no video, or nothing that can be used."""


class MediaError(VideostepError):
    """A video cannot be opened or decoded."""


class ParserError(VideostepError):
    """A scene parser is unknown or failed on a clip."""


class RewriterError(VideostepError):
    """A rewriter of samples is unknown or failed."""


class ModelError(VideostepError):
    """A Video-LLM did not answer a request."""


class ServerError(ModelError):
    """The model's server did not answer a request, however often it was asked; another it may answer."""


class UnavailableError(ServerError):
    """No request can be answered: nobody listens, key, name or URL is refused, or there are no weights."""


class RequestError(ModelError):
    """This one request cannot be answered: too long, a picture too large, not understood."""


class ReplyError(ModelError):
    """What came back is not what was asked for, however often it was asked."""


class BudgetError(ModelError):
    """The budget is spent: the request was not sent."""


class TrainingError(VideostepError):
    """A training cannot go on: memory is short, the loss is no number, or the data would do harm."""


class FormatError(VideostepError):
    """A graph or sample file is not what its format says."""


class RunFolderError(VideostepError):
    """The run folder is another run's, or cannot be written."""


class MissingExtraError(VideostepError):
    """A feature needs an optional dependency."""


class ProgramError(VideostepError):
    """A program cannot be executed on a graph."""


class ProgramSyntaxError(ProgramError):
    """The text of a program does not parse, or its types do not fit."""


class EmptyError(ProgramError):
    """A description fits nothing in its time context."""


class AmbiguousError(ProgramError):
    """A description, or an answer, fits more than one thing in its time context."""


class OutOfCoverageError(ProgramError):
    """A "no" or a count that the graph's coverage does not support."""
