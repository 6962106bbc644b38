"""The VideoModel protocol: what is asked of a Video-LLM and what comes back, whichever backend answers.

A request says everything that decides its reply: words, pictures, the form of the answer, how to sample.
Backends answer many at a time and in any order; each outcome carries the number of its request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from videostep.errors import ConfigError, ModelError

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An encoded picture, or a film of several where a server takes videos."""

    data: bytes = field(repr=False)
    media_type: str = "image/jpeg"
    """`image/...`, or `video/mp4`."""

    @property
    def is_film(self) -> bool:
        """Whether it is a video."""
        return self.media_type.startswith("video/")

    @property
    def sha256(self) -> str:
        """Of `data`, in hex."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn: text and pictures in the order in which they are read."""

    role: Role
    parts: tuple[str | Image, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How texts are drawn. Sample i of `n` is drawn with `seed + i`."""

    n: int = 1
    """Texts a request, 1 or more."""
    temperature: float = 0.0
    """0 is greedy."""
    top_p: float = 1.0
    """Share of the probability that is drawn from, above 0 to 1."""
    max_tokens: int = 512
    """Of each text. A text that is cut off here is no reply."""
    seed: int = 0

    def __post_init__(self) -> None:
        for name, fits in (
            ("n", self.n >= 1),
            ("temperature", 0 <= self.temperature <= 2),
            ("top_p", 0 < self.top_p <= 1),
            ("max_tokens", self.max_tokens >= 1),
            ("seed", 0 <= self.seed < 2**63),
        ):
            if not fits:
                raise ConfigError(
                    f"sampling.{name} is {getattr(self, name)}",
                    remedy="n and max_tokens from 1, temperature 0 to 2, top_p above 0 to 1, seed from 0",
                )


def accept_all(text: str) -> str:
    """No complaint about any text."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a Video-LLM."""

    messages: tuple[Message, ...]
    form: type[Any] | None = None
    """What the text must be: JSON of this dataclass (see `forms`). None: free text, or yes or no."""
    yes_no: bool = False
    """The answer is yes or no; the reply says how probable yes is."""
    sampling: Sampling = field(default_factory=Sampling)
    accept: Callable[[str], str] = accept_all
    """The asker's own check of a text: what is wrong with it, or "". A refused text is asked for again."""
    stage: str = ""
    """For whom the ledger counts it. Changes nothing in the reply."""

    def __post_init__(self) -> None:
        if self.yes_no and self.form is not None:
            raise ConfigError("a request wants yes or no and a form", remedy="ask for one of the two")

    def images(self) -> Iterator[Image]:
        """All pictures, in reading order."""
        return (part for message in self.messages for part in message.parts if isinstance(part, Image))


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of a reply, all attempts together, as the backend counts them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for one request."""

    texts: tuple[str, ...]
    """At least one, at most `n`, in sample order, each finished; of a form, JSON that fits it."""
    missing: tuple[str, ...] = ()
    """Why each sample that was never good enough is not among `texts`."""
    p_yes: float | None = None
    """How probable yes is, 0..1; of a yes/no request only."""
    usage: Usage = field(default_factory=Usage)


Outcome = Reply | ModelError
"""An error is an answer too: it is of one request, and the others go on."""


@runtime_checkable
class VideoModel(Protocol):
    """A Video-LLM that answers requests."""

    @property
    def name(self) -> str:
        """Goes into provenance, stamps and cache keys: whatever decides its replies; never a secret."""

    def ask(self, requests: Iterable[Request]) -> Iterator[tuple[int, Outcome]]:
        """Answer every request once, in any order: (number of the request, outcome).

        `requests` is read as fast as it is answered, so it may be endless and nothing piles up.
        An abandoned iterator stops what is under way.
        """

    def close(self) -> None:
        """Let go of connections and memory; a second call does nothing."""


def ask_all(model: VideoModel, requests: Iterable[Request]) -> tuple[Outcome, ...]:
    """The outcomes of all requests, in their order."""
    return tuple(outcome for _, outcome in sorted(model.ask(requests), key=lambda pair: pair[0]))
