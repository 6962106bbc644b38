"""What went wrong, and whether asking again can help: the openai client's exceptions, sorted."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Mapping
from dataclasses import replace

import httpx2
import openai

from videostep.errors import ModelError, RequestError, ServerError, UnavailableError
from videostep.models.openai.wire import Call, Dialect, asks_logprobs

MOST_SHOWN = 300
"""Of a server's error message, characters."""

_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|maximum context|too many tokens|prompt is too long|max_model_len"
    r"|longer than the (model|maximum)|input length",
    re.IGNORECASE,
)
_IMAGE_TOO_LARGE = re.compile(
    r"(image|picture|payload).{0,80}(large|size|exceed|limit|maximum)", re.IGNORECASE
)
_NOT_SUPPORTED = re.compile(r"not (supported|implemented)|unsupported", re.IGNORECASE)
_NO_FORM = re.compile(
    r"response_format|json_schema|json_object|json mode|schema|grammar|structured", re.IGNORECASE
)
_NO_N = re.compile(
    r"['\"`]n['\"`]|\bn (must|is not|should|=|>)|(only|multiple|more than) (one )?(completion|choice)"
)


class Transient(Exception):
    """Asking again may help."""

    def __init__(self, error: ModelError, *, busy: bool = False, pause_s: float | None = None) -> None:
        """`error` is what it becomes if it does not; `busy`: fewer requests at once may help, too."""
        super().__init__(str(error))
        self.error = error
        self.busy = busy
        self.pause_s = pause_s


class Unreachable(Exception):
    """Nothing listens at the URL, at least for now."""


class Unsent(Exception):
    """Nothing was sent, and nothing will be."""

    def __init__(self, error: UnavailableError) -> None:
        super().__init__(str(error))
        self.error = error


class Refused(Exception):
    """The server does not understand the request as it is put."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message)
        self.param = param
        self.message = message


def raise_sorted(error: openai.APIError, *, key: str) -> None:
    """Raise what an exception of the client means.

    Args:
        error: As the client raised it.
        key: The API key, lest the server's message repeat it.

    Raises:
        Transient: Asking again may help.
        Unreachable: There is no server.
        Refused: Asking in another way may help.
        RequestError: Nothing can help this request.
        UnavailableError: Nothing can help any request.
    """
    if isinstance(error, openai.APIStatusError):
        _raise_by_status(error, shown_message(error, key))
    cause = error.__cause__
    if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout):
        raise Unreachable from error
    if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.InvalidURL | httpx2.LocalProtocolError):
        raise UnavailableError(
            f"the request cannot be sent: {cause}", remedy="check the URL and the key"
        ) from error
    what = type(cause or error).__name__
    raise Transient(ServerError(f"the connection to the server broke ({what})")) from error


def _raise_by_status(error: openai.APIStatusError, message: str) -> None:
    status, said = error.status_code, f"the server says {error.status_code}: {message}"
    if status == 429 and "insufficient_quota" in (error.code, error.type):
        raise UnavailableError(said, remedy="the account's quota is spent") from error
    if status in (429, 503, 529):
        pause_s = retry_after_s(error.response.headers)
        raise Transient(
            ServerError(said, remedy="ask it for less at once"), busy=True, pause_s=pause_s
        ) from error
    if status >= 500 and _NOT_SUPPORTED.search(message):
        raise RequestError(said, remedy="ask a model that can do this") from error
    if status in (408, 409, 425) or status >= 500:
        raise Transient(ServerError(said)) from error
    if status in (401, 402, 403):
        raise UnavailableError(
            said, remedy="set the API key in the environment (docs/backends.md)"
        ) from error
    if status == 413 or _IMAGE_TOO_LARGE.search(message):
        raise RequestError(said, remedy="send smaller pictures: lower side_px or quality") from error
    if error.code == "context_length_exceeded" or _TOO_LONG.search(message):
        remedy = (
            "send fewer or smaller pictures, allow fewer tokens, or serve the model with a longer context"
        )
        raise RequestError(said, remedy=remedy) from error
    if status in (400, 422):
        raise Refused(error.param or "", message) from error
    raise UnavailableError(
        said, remedy="check the URL, such as http://HOST:PORT/v1, and the model's name"
    ) from error


def shown_message(error: openai.APIStatusError, key: str) -> str:
    """The server's message on one line, short, without the key."""
    body = error.body
    said = body.get("message") if isinstance(body, Mapping) else body
    text = " ".join(str(said or error.message).split())
    return (text.replace(key, "***") if key else text)[:MOST_SHOWN]


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to be left alone; None if it says nothing that can be read."""
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", said):
        return float(said)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None


def simpler(dialect: Dialect, call: Call, refusal: Refused) -> Dialect | None:
    """The dialect without what the server refused; None if it refused something else."""
    message, param = refusal.message, refusal.param
    if asks_logprobs(call, dialect) and "logprobs" in message + param:
        return replace(dialect, logprobs=False)
    if call.request.form and dialect.json != "words" and _NO_FORM.search(message + param):
        return replace(dialect, json="object" if dialect.json == "schema" else "words")
    if dialect.max_tokens == "max_tokens" and "max_completion_tokens" in message:
        return replace(dialect, max_tokens="max_completion_tokens")
    if call.n > 1 and (param == "n" or _NO_N.search(message)):
        return replace(dialect, n=False)
    if dialect.seed and re.search(r"\bseed\b", message + " " + param):
        return replace(dialect, seed=False)
    return None
