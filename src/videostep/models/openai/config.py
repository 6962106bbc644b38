"""How a server is talked to. None of this changes what a reply says, only whether and when it comes."""

from __future__ import annotations

from dataclasses import dataclass

from videostep.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIConfig:
    """Settings of the openai backend."""

    key_variable: str = ""
    """Environment variable that holds the API key. Empty: OPENAI_API_KEY for OpenAI's own server, for any
    other VIDEOSTEP_API_KEY, so that a key is never sent where it does not belong."""
    max_concurrency: int = 64
    """HTTP requests under way at most; fewer while the server is slow or says it is busy."""
    max_attempts: int = 6
    """Times that a sample is asked for at most: with 30 % of replies bad, one in 1,400 stays unanswered."""
    timeout_s: float = 300.0
    """From sending a request to the last byte of its reply."""
    connect_timeout_s: float = 10.0
    patience_s: float = 120.0
    """How long a server that has answered before may be away: a model is loaded again in about a minute."""
    first_patience_s: float = 5.0
    """How long one that has not answered yet may be away."""
    backoff_s: float = 0.5
    """Pause before the second attempt; it doubles with each further one, and varies by a half."""
    max_backoff_s: float = 60.0
    """Longest pause, whatever the server's Retry-After says."""
    max_reply_bytes: int = 4 * 2**20
    """A longer reply is broken off."""

    def __post_init__(self) -> None:
        for name in ("max_concurrency", "max_attempts", "max_reply_bytes"):
            if getattr(self, name) < 1:
                raise ConfigError(f"openai.{name} is {getattr(self, name)}", remedy="give 1 or more")
        for name in ("timeout_s", "connect_timeout_s"):
            if not getattr(self, name) > 0:
                raise ConfigError(
                    f"openai.{name} is {getattr(self, name)}", remedy="give more than 0 seconds"
                )
        for name in ("patience_s", "first_patience_s", "backoff_s", "max_backoff_s"):
            if not getattr(self, name) >= 0:
                raise ConfigError(f"openai.{name} is {getattr(self, name)}", remedy="give 0 seconds or more")
