"""`run.toml`: read into a RunConfig with every key known, written so that equal settings give equal bytes."""

from __future__ import annotations

import dataclasses
import json
import math
import tomllib
import types
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from videostep.errors import ConfigError
from videostep.pipeline.config import RunConfig
from videostep.records import to_plain

RUN_FORMAT = "videostep.run/1"
_NOT_CONTENT = ("execution",)
_ASKING = ("ask", "ask_seed", "balance")


def read_config(path: Path) -> RunConfig:
    """Read a TOML file of settings; what it does not name keeps its default.

    Raises:
        ConfigError: The file cannot be read, a key is unknown (the nearest known one is named), a value
            has the wrong type or is out of range.
    """
    return config_from(read_toml(path), source=str(path))


def read_toml(path: Path) -> dict[str, Any]:
    """The settings in a file as they stand there, unchecked; raises ConfigError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}", remedy="check its path and permissions"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error


def config_from(raw: Mapping[str, Any], *, source: str) -> RunConfig:
    """Check nested settings against RunConfig; raises ConfigError naming `source` and the key."""
    settings = {key: value for key, value in raw.items() if key != "format"}
    if raw.get("format", RUN_FORMAT) != RUN_FORMAT:
        raise ConfigError(
            f"{source} has format {raw['format']!r}", remedy=f"this version reads {RUN_FORMAT!r}"
        )
    _check_keys(settings, RunConfig, "", source)
    _check_finite(settings, source)
    try:
        return msgspec.convert(settings, RunConfig, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{source}: {_plain_words(error)}") from error


def config_toml(config: RunConfig) -> bytes:
    """The settings that decide what a run makes, as TOML."""
    plain = {key: value for key, value in to_plain(config).items() if key not in _NOT_CONTENT}
    return "\n".join(_toml_lines({"format": RUN_FORMAT, **plain}, "")).encode() + b"\n"


def changed_settings(saved: Mapping[str, Any], config: RunConfig) -> tuple[str, ...]:
    """Settings by which graphs made with `saved` and with `config` differ: `split.min_clip_s 0.6 -> 1.0`.

    `saved` is what a `run.toml` says; one of another version may hold settings that are unknown here.
    """
    before, after = (dict(_leaves(_graph_settings(plain), "")) for plain in (saved, to_plain(config)))
    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return tuple(f"{key} {_shown(before, key)} -> {_shown(after, key)}" for key in keys)


def _shown(settings: Mapping[str, Any], key: str) -> str:
    return _toml_value(settings[key]) if key in settings else "none"


def _graph_settings(plain: Mapping[str, Any]) -> dict[str, Any]:
    left_out = ("format", *_NOT_CONTENT, *_ASKING)
    return {key: value for key, value in plain.items() if key not in left_out}


def _leaves(plain: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in plain.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _check_keys(raw: Mapping[str, Any], record: type, prefix: str, source: str) -> None:
    hints = get_type_hints(record)
    for key, value in raw.items():
        if key not in hints:
            near = get_close_matches(key, hints, n=1)
            known = f"did you mean {prefix + near[0]!r}?" if near else f"known: {', '.join(sorted(hints))}"
            raise ConfigError(f"{source}: there is no setting {prefix + key!r}", remedy=known)
        inner = _record_in(hints[key])
        if inner is not None and isinstance(value, dict):
            _check_keys(value, inner, f"{prefix}{key}.", source)


def _check_finite(raw: Mapping[str, Any], source: str) -> None:
    """TOML knows `nan` and `inf`; every comparison with the first is false, so no range check sees it."""
    for key, value in _leaves(raw, ""):
        if isinstance(value, float) and not math.isfinite(value):
            raise ConfigError(f"{source}: {key} is {value}", remedy="give a finite number")


def _record_in(hint: Any) -> type | None:
    kinds = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    return next((kind for kind in kinds if isinstance(kind, type) and dataclasses.is_dataclass(kind)), None)


def _plain_words(error: msgspec.ValidationError) -> str:
    """`Expected int, got str - at $.seed` as `seed: expected int, got str`."""
    what, _, where = str(error).partition(" - at ")
    key = where.strip("`").removeprefix("$.")
    return f"{key}: {what[:1].lower()}{what[1:]}" if key else what


def _toml_lines(table: Mapping[str, Any], name: str) -> Iterator[str]:
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    if name:
        yield f"\n[{name}]"
    for key, value in table.items():
        if key not in inner:
            yield f"{key} = {_toml_value(value)}"
    for key, value in inner.items():
        yield from _toml_lines(value, f"{name}.{key}" if name else key)


def _toml_value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value)
