"""The protocol's words: requests as chat/completions bodies, and completions as they come back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from videostep.errors import ReplyError
from videostep.models.forms import form_in_words, schema_of, shown
from videostep.models.protocol import FinishReason, Image, Message, Request, Sampling, Usage
from videostep.models.spending import CHARACTERS_A_TOKEN
from videostep.models.yes_no import p_yes_of_tokens, said_yes, word_of

TOP_LOGPROBS = 20
"""Alternatives asked for: the most that OpenAI and vLLM give by default."""
_FIRST_PLACES = 4
"""Tokens in which the first word comes: some models begin with a line break or an asterisk."""
_MORE_HEAT = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a server understands of the protocol. One starts with all of it and learns from refusals."""

    json: Literal["schema", "object", "words"] = "schema"
    """How a form is asked for: its JSON Schema, "some JSON", or in words alone."""
    n: bool = True
    """Several samples in one request."""
    logprobs: bool = True
    seed: bool = True
    max_tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One HTTP request to be: samples of one Request."""

    request: Request
    messages: tuple[Mapping[str, Any], ...]
    """As `wire_messages` made them: pictures are encoded once, however often they are sent."""
    n: int
    seed: int
    greedy: bool = False
    """Whatever the request's temperature is."""
    insist: int = 0
    """How often the server repeated a refused text word for word: a greedy model would go on doing so, so
    it is asked in other words, hotter, and with another seed."""

    @property
    def samples(self) -> Sampling:
        """How this call draws its texts."""
        asked = self.request.sampling
        return replace(
            asked,
            n=self.n,
            seed=(self.seed + self.insist * 1_000_003) % 2**31,
            temperature=0.0 if self.greedy else min(2.0, asked.temperature + self.insist * _MORE_HEAT),
        )


def wire_messages(messages: tuple[Message, ...]) -> tuple[Mapping[str, Any], ...]:
    """Messages with their pictures as data URLs."""
    return tuple({"role": message.role, "content": _content(message)} for message in messages)


def _content(message: Message) -> Any:
    if len(message.parts) == 1 and isinstance(message.parts[0], str):
        return message.parts[0]
    return [_part(part) for part in message.parts]


def _part(part: str | Image) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    # `video_url` is no word of OpenAI's; vLLM and SGLang have it.
    kind = "video_url" if part.is_film else "image_url"
    return {"type": kind, kind: {"url": _data_url(part)}}


def _data_url(image: Image) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"


def encode_call(call: Call, model: str, dialect: Dialect) -> bytes:
    """The body of a chat/completions request."""
    sampling, form = call.samples, call.request.form
    in_words = form and (dialect.json != "schema" or call.insist)
    body: dict[str, Any] = {
        "model": model,
        "messages": [*call.messages, _form_in_words(form)] if form and in_words else call.messages,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        dialect.max_tokens: sampling.max_tokens,
    }
    if dialect.seed:
        body["seed"] = sampling.seed
    if call.n > 1:
        body["n"] = call.n
    if form and dialect.json != "words":
        body["response_format"] = _response_format(form, dialect)
    if asks_logprobs(call, dialect):
        body |= {"logprobs": True, "top_logprobs": TOP_LOGPROBS}
    return msgspec.json.encode(body)


def asks_logprobs(call: Call, dialect: Dialect) -> bool:
    """Whether the call asks how probable yes is, not only for a word."""
    return call.request.yes_no and dialect.logprobs


def _response_format(form: type[Any], dialect: Dialect) -> dict[str, Any]:
    if dialect.json == "object":
        return {"type": "json_object"}
    schema = {"name": form.__name__, "strict": True, "schema": schema_of(form)}
    return {"type": "json_schema", "json_schema": schema}


def _form_in_words(form: type[Any]) -> dict[str, Any]:
    return {"role": "user", "content": form_in_words(form)}


class _Alternative(msgspec.Struct):
    token: str
    logprob: float


class _Place(msgspec.Struct):
    token: str = ""
    top_logprobs: list[_Alternative] = []


class _Logprobs(msgspec.Struct):
    content: list[_Place] | None = None


class _Said(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct):
    """One text of a completion."""

    message: _Said
    index: int = 0
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None

    @property
    def text(self) -> str:
        """What was said; "" for nothing."""
        return self.message.content or ""

    @property
    def reason(self) -> FinishReason:
        """Why it ends: `other` for refusals and filters."""
        if self.message.refusal:
            return "other"
        reasons: dict[str | None, FinishReason] = {
            "stop": "stop",
            None: "stop",
            "eos": "stop",
            "length": "length",
        }
        return reasons.get(self.finish_reason, "other")

    @property
    def has_logprobs(self) -> bool:
        """Whether the server gave log-probabilities."""
        return bool(self.logprobs and self.logprobs.content and self.logprobs.content[0].top_logprobs)

    def p_yes(self) -> float | None:
        """How probable yes was where yes or no was said; None if neither was.

        Without a token that is the word, as where it was said in two, it is as sure as the word: 1 or 0.
        """
        said = said_yes(self.text)
        if said is None or not self.logprobs:
            return None
        places = (self.logprobs.content or [])[:_FIRST_PLACES]
        place = next((place for place in places if word_of(place.token) is not None), None)
        p_yes = p_yes_of_tokens((seen.token, seen.logprob) for seen in place.top_logprobs) if place else None
        return float(said) if p_yes is None else p_yes


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Completion(msgspec.Struct):
    """What a server sends back."""

    choices: list[Choice]
    usage: _Usage | None = None

    def tokens(self, call: Call) -> Usage:
        """As the server counts them; by the length of the words where it does not."""
        if self.usage and self.usage.completion_tokens >= 0 and self.usage.prompt_tokens > 0:
            return Usage(
                prompt_tokens=self.usage.prompt_tokens, completion_tokens=self.usage.completion_tokens
            )
        asked = sum(
            len(part) for message in call.request.messages for part in message.parts if isinstance(part, str)
        )
        said = sum(len(choice.text) for choice in self.choices)
        return Usage(prompt_tokens=asked // CHARACTERS_A_TOKEN, completion_tokens=said // CHARACTERS_A_TOKEN)


def decode_completion(body: bytes) -> Completion:
    """Read a body; raises ReplyError if it is no completion with a choice."""
    try:
        completion = msgspec.json.decode(body, type=Completion)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        begin = shown(body[:200].decode("utf-8", "replace"))
        raise ReplyError(
            f"the server's reply is no chat completion: {error}; it begins {begin}",
            remedy="check that the URL is an OpenAI-compatible one, such as http://HOST:PORT/v1",
        ) from error
    if not completion.choices:
        raise ReplyError("the server's reply holds no text")
    return completion
