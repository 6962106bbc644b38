"""Forms: a dataclass of bounded fields is what a reply must be, and its JSON Schema is what a server is told.

Every text and list of a form has an upper bound, so that a model which keeps to the schema comes to an end.
"""

from __future__ import annotations

import copy
import functools
import json
import re
from typing import Any, TypeVar

import msgspec

from videostep.errors import ConfigError, ReplyError

T = TypeVar("T")
MOST_SHOWN = 80
"""Of a model's text in an error message, characters."""

_FENCE = re.compile(r"```(?:json)?\s*\n?(.*?)```", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]")
_TRAILING_COMMA = re.compile(r',(\s*[}\]])|("(?:[^"\\]|\\.)*")', re.DOTALL)


def schema_of(form: type[Any]) -> dict[str, Any]:
    """The JSON Schema of a form, self-contained and strict: every field required, none unknown.

    Raises:
        ConfigError: A text or list has no upper bound, or the dataclass is none that JSON can hold.
    """
    return _schema_of(form)  # type: ignore[arg-type]  # classes are hashable, whatever the stubs say


@functools.cache
def _schema_of(form: type[Any]) -> dict[str, Any]:
    try:
        _, parts = msgspec.json.schema_components([form], ref_template="#/$defs/{name}")
    except TypeError as error:
        raise ConfigError(f"{form.__name__} cannot be a form: {error}") from error
    parts = copy.deepcopy(parts)
    for name, part in parts.items():
        _tighten(part, f"{form.__name__}: {name}")
    whole: dict[str, Any] = parts.pop(form.__name__)
    return whole | {"$defs": parts} if parts else whole


def schema_text(form: type[Any]) -> str:
    """The schema as one canonical line."""
    return json.dumps(schema_of(form), sort_keys=True, separators=(",", ":"))


def form_in_words(form: type[Any]) -> str:
    """The instruction to keep to a form, for a model that nothing else holds to it."""
    return f"Answer with one JSON object of this JSON Schema and nothing else: {schema_text(form)}"


def _tighten(part: Any, path: str) -> None:
    if isinstance(part, list):
        for item in part:
            _tighten(item, path)
    if not isinstance(part, dict):
        return
    bound = {"string": "maxLength", "array": "maxItems"}.get(part.get("type", ""))
    if bound and bound not in part and "enum" not in part:
        raise ConfigError(f"{path} has a {part['type']} without {bound}", remedy="annotate it with a bound")
    part.pop("title", None)
    part.pop("default", None)
    if "properties" in part:
        part |= {"required": list(part["properties"]), "additionalProperties": False}
        for name, field in part["properties"].items():
            _tighten(field, f"{path}.{name}")
    for key in ("items", "prefixItems", "anyOf"):
        _tighten(part.get(key), path)


def read_form(text: str, form: type[T]) -> T:
    """What a text says, as its form.

    Repairs what loses nothing: a code fence, words around the one object, commas before a closing bracket,
    line breaks and other control characters inside a text.
    A text that ends early is not repaired: nobody knows what is missing.

    Raises:
        ReplyError: It is not JSON, or not of this form.
    """
    plain = _loads(text)
    try:
        return msgspec.convert(plain, form, strict=True)
    except msgspec.ValidationError as error:
        raise ReplyError(f"the reply is no {form.__name__}: {error}; it begins {shown(text)}") from error


def canonical(text: str, form: type[Any]) -> str:
    """The text as plain JSON of the form, without what the form does not know; raises ReplyError."""
    return msgspec.json.encode(read_form(text, form)).decode()


def _loads(text: str) -> Any:
    for candidate in _candidates(text):
        try:
            return msgspec.json.decode(candidate)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            continue
    raise ReplyError(f"the reply is no JSON: it begins {shown(text)}")


def _candidates(text: str) -> tuple[str, ...]:
    fenced = _FENCE.search(text)
    inner = fenced[1] if fenced else text
    start, end = inner.find("{"), inner.rfind("}")
    bare = inner[start : end + 1] if 0 <= start < end else inner
    tidy = _TRAILING_COMMA.sub(lambda match: match[1] or match[2], _CONTROL.sub(" ", bare))
    return text, inner, bare, tidy


def shown(text: str) -> str:
    """A model's text as it may stand in a message: short, on one line, quoted."""
    return repr(text[:MOST_SHOWN] + ("..." if len(text) > MOST_SHOWN else ""))
