"""The scripted backend: answers by a function or from a table, the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from videostep.errors import ConfigError, ModelError, ReplyError, RequestError
from videostep.models.protocol import Outcome, Reply, Request, Usage
from videostep.models.replies import accepted_text, reply_of
from videostep.records import from_json

Answer = Callable[[Request, int], str]
"""(request, seed of the sample) to text; may raise ModelError."""
_ROUGH_CHARACTERS_A_TOKEN = 4


class ScriptedModel:
    """A VideoModel that says what it is told to say."""

    def __init__(self, answer: Answer, *, name: str = "scripted") -> None:
        """`name` must change with what `answer` says: caches and stamps go by it."""
        self._answer = answer
        self._name = name

    @property
    def name(self) -> str:
        """As it was given."""
        return self._name

    def ask(self, requests: Iterable[Request]) -> Iterator[tuple[int, Outcome]]:
        """Answer in order."""
        for number, request in enumerate(requests):
            yield number, self._outcome(request)

    def close(self) -> None:
        """It holds nothing."""

    def _outcome(self, request: Request) -> Outcome:
        try:
            return self._reply(request)
        except ModelError as error:
            return error

    def _reply(self, request: Request) -> Reply:
        accepted: dict[int, str] = {}
        refused: dict[int, ModelError] = {}
        spoken = 0
        for sample in range(request.sampling.n):
            text = self._answer(request, request.sampling.seed + sample)
            spoken += len(text)
            try:
                accepted[sample] = accepted_text(request, text, "stop")
            except ReplyError as error:
                refused[sample] = error
        return reply_of(request, accepted, refused, _usage(request, spoken))


def _usage(request: Request, spoken: int) -> Usage:
    return Usage(
        prompt_tokens=len(words_of(request)) // _ROUGH_CHARACTERS_A_TOKEN,
        completion_tokens=spoken // _ROUGH_CHARACTERS_A_TOKEN,
    )


def words_of(request: Request) -> str:
    """All text of a request, its parts on lines of their own."""
    return "\n".join(part for message in request.messages for part in message.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLine:
    """A line of a script file."""

    contains: tuple[str, ...] = ()
    """All of them stand in the request's text."""
    images: tuple[str, ...] = ()
    """Beginnings of pictures' SHA-256; each fits a picture of the request."""
    replies: tuple[Any, ...]
    """Text, or an object to be sent as JSON; sample with seed s gets number s modulo their count."""

    def fits(self, request: Request) -> bool:
        """Whether this line answers the request."""
        words = words_of(request)
        digests = [image.sha256 for image in request.images()] if self.images else []
        return all(part in words for part in self.contains) and all(
            any(digest.startswith(start) for digest in digests) for start in self.images
        )


def open_script(path: Path) -> ScriptedModel:
    """A model that answers by the first line of a file (JSON lines) that fits a request.

    Raises:
        ConfigError: The file cannot be read, or a line has no replies.
        FormatError: A line is not of the format.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"the script {path} cannot be read: {error.strerror}",
            remedy="give scripted:FILE a file of JSON lines",
        ) from error
    lines = [
        from_json(line, ScriptLine, source=f"{path}, line {number}")
        for number, line in enumerate(data.splitlines(), start=1)
        if line.strip()
    ]
    if not all(line.replies for line in lines):
        raise ConfigError(f"the script {path} has a line without replies", remedy="give each line a reply")
    name = f"scripted:{path.name}:{hashlib.sha256(data).hexdigest()[:12]}"
    return ScriptedModel(_answer_by(lines, path), name=name)


def _answer_by(lines: list[ScriptLine], path: Path) -> Answer:
    def answer(request: Request, seed: int) -> str:
        for line in lines:
            if line.fits(request):
                said = line.replies[seed % len(line.replies)]
                return said if isinstance(said, str) else msgspec.json.encode(said).decode()
        raise RequestError(
            f"no line of the script {path} fits the request that begins {words_of(request)[:80]!r}",
            remedy="add one that does",
        )

    return answer
