"""What a fake server reads and says: requests taken apart, the parts of a completion, refusals."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Feature = Literal["n", "json_schema", "json_object", "logprobs", "seed", "max_tokens", "top_p"]
CHARACTERS_A_TOKEN, _TOKENS_AN_IMAGE = 4, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it arrived."""

    words: str
    """All text, parts on lines of their own."""
    images: tuple[bytes, ...]
    """Decoded."""
    schema: dict[str, Any] | None
    """The JSON Schema that the reply must fit."""
    body: dict[str, Any]
    films: tuple[bytes, ...] = ()
    """Decoded."""

    @property
    def n(self) -> int:
        """Samples asked for."""
        return int(self.body.get("n", 1))

    @property
    def seed(self) -> int:
        """Of the first sample; 0 if none was given."""
        return int(self.body.get("seed", 0))


class Refusal(Exception):
    """The reply is an error."""

    def __init__(self, status: int, message: str, *, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {"message": message, "type": "fake", "code": code or None, "param": param or None}
        }


REFUSALS: dict[Feature, str] = {
    "n": "only one completion choice is supported, 'n' must be 1",
    "json_schema": "response_format of type json_schema",
    "json_object": "response_format of type json_object",
    "logprobs": "logprobs is not available for this model",
    "seed": "seed",
    "top_p": "top_p",
    "max_tokens": "max_tokens; use max_completion_tokens instead",
}


def features_of(body: dict[str, Any]) -> list[Feature]:
    """What a request makes use of."""
    form = body.get("response_format", {}).get("type")
    used: dict[Feature, bool] = {
        "n": body.get("n", 1) > 1,
        "json_schema": form == "json_schema",
        "json_object": form == "json_object",
        "logprobs": bool(body.get("logprobs")),
        "seed": "seed" in body,
        "max_tokens": "max_tokens" in body,
        "top_p": body.get("top_p", 1) < 1,
    }
    return [feature for feature, is_used in used.items() if is_used]


def read_request(data: bytes) -> Asked:
    """Take a body apart; raises Refusal if it is no request."""
    try:
        body = msgspec.json.decode(data)
        parts = [part for message in body["messages"] for part in _parts_of(message)]
        return Asked(
            words="\n".join(part["text"] for part in parts if part["type"] == "text"),
            images=tuple(
                _media_of(part["image_url"]["url"], "image") for part in parts if part["type"] == "image_url"
            ),
            films=tuple(
                _media_of(part["video_url"]["url"], "video") for part in parts if part["type"] == "video_url"
            ),
            schema=body.get("response_format", {}).get("json_schema", {}).get("schema"),
            body=body,
        )
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise Refusal(400, f"this is no chat/completions request: {error!r}") from error


def _parts_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _media_of(url: str, kind: str) -> bytes:
    head, _, data = url.partition(";base64,")
    if not head.startswith(f"data:{kind}/"):
        raise ValueError(f"{head[:40]!r} is no {kind}")
    return base64.b64decode(data, validate=True)


def prompt_tokens_of(asked: Asked) -> int:
    """As this server counts them."""
    return len(asked.words) // CHARACTERS_A_TOKEN + _TOKENS_AN_IMAGE * len(asked.images) + 1


def logprobs_of(text: str, p_sure: float) -> dict[str, Any]:
    """The first place of a text: its word, and yes or no as the other thing it might have said."""
    said = text.split()[0].strip(".,") if text.split() else ""
    other = "no" if said.lower() == "yes" else "yes"
    top = [{"token": said, "logprob": math.log(p_sure)}, {"token": other, "logprob": math.log1p(-p_sure)}]
    return {**top[0], "top_logprobs": top}
