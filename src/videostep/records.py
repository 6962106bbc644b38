"""Dataclasses to JSON and back: types are checked, unknown fields are kept in `extra`."""

from __future__ import annotations

import dataclasses
import functools
import types
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from videostep.errors import FormatError

T = TypeVar("T")


def to_plain(record: object) -> Any:
    """A record as dicts and lists; `extra` is spread out and absent (None) fields are left out."""
    return _spread(msgspec.to_builtins(record))


def _spread(value: Any) -> Any:
    if isinstance(value, dict):
        extra = value.pop("extra", None)
        plain = {key: _spread(item) for key, item in value.items() if item is not None}
        return {**plain, **extra} if extra else plain
    if isinstance(value, list | tuple):
        return [_spread(item) for item in value]
    return value


def from_plain(raw: Any, kind: type[T], *, source: str, remedy: str = "") -> T:
    """Check dicts and lists against `kind`; raise FormatError naming `source`, the field and the remedy."""
    try:
        return msgspec.convert(_gather(raw, kind), kind, strict=True)
    except msgspec.ValidationError as error:
        raise FormatError(f"{source} is not a valid {kind.__name__}: {error}", remedy=remedy) from error


def from_json(data: bytes | str, kind: type[T], *, source: str, remedy: str = "") -> T:
    """Decode and check JSON; raise FormatError naming `source` and the remedy."""
    try:
        raw = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{source} is not JSON: {error}", remedy=remedy) from error
    except RecursionError as error:
        raise FormatError(f"{source} is JSON that nests without end", remedy=remedy) from error
    return from_plain(raw, kind, source=source, remedy=remedy)


def _gather(raw: Any, kind: Any) -> Any:
    """Move keys that a dataclass does not know into its `extra`."""
    item = _item_type(kind)
    if item is not None and isinstance(raw, list):
        return [_gather(value, item) for value in raw]
    record = _record_type(kind)
    if record is None or not isinstance(raw, dict):
        return raw
    fields = _field_types(record)
    known = {key: _gather(value, fields[key]) for key, value in raw.items() if key in fields}
    unknown = {key: value for key, value in raw.items() if key not in fields or key == "extra"}
    if unknown and "extra" in fields:
        known["extra"] = unknown
    return known


@functools.cache
def _item_type(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) in (tuple, list) else None


@functools.cache
def _record_type(kind: Any) -> type | None:
    if get_origin(kind) in (Union, types.UnionType):
        kind = next((arg for arg in get_args(kind) if dataclasses.is_dataclass(arg)), None)
    return kind if isinstance(kind, type) and dataclasses.is_dataclass(kind) else None


@functools.cache
def _field_types(record: type) -> dict[str, Any]:
    return get_type_hints(record)
