"""`run.toml`: read into a RunConfig with every key known, written so that equal settings give equal bytes."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import tomllib
import types
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from videostep.errors import ConfigError
from videostep.models import is_model_spec, model_identity
from videostep.pipeline.config import RunConfig
from videostep.records import to_plain

T = TypeVar("T")
RUN_FORMAT = "videostep.run/1"
_NOT_CONTENT = ("execution",)
_ASKING = ("ask", "ask_seed", "balance")
_OF_PARSERS = ("embedded", "video_llm", "parsers")
_DECIDE_WORDS = ("models.transformers.dtype", "models.transformers.constrain")
"""Of the settings of backends, those that change what a model says."""
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


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
        raise ConfigError(f"{path} is not TOML: {error}", remedy="mend it") from error


def config_from(raw: Mapping[str, Any], *, source: str) -> RunConfig:
    """Check nested settings against RunConfig; raises ConfigError naming `source` and the key."""
    return settings_from(raw, RunConfig, RUN_FORMAT, source=source)


def settings_from(raw: Mapping[str, Any], kind: type[T], named: str, *, source: str) -> T:
    """Check nested settings against the dataclass `kind`, whose files call their format `named`."""
    settings = {key: value for key, value in raw.items() if key != "format"}
    if raw.get("format", named) != named:
        raise ConfigError(f"{source} has format {raw['format']!r}", remedy=f"this version reads {named!r}")
    _check_keys(settings, kind, "", source)
    _check_finite(settings, source)
    try:
        return msgspec.convert(settings, kind, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{source}: {_plain_words(error)}") from error


def config_toml(config: RunConfig) -> bytes:
    """The settings that decide what a run makes, as TOML."""
    plain = {key: value for key, value in _plain(config).items() if key not in _NOT_CONTENT}
    return toml_of({"format": RUN_FORMAT, **plain})


def toml_of(plain: Mapping[str, Any]) -> bytes:
    """Plain settings as TOML."""
    return "\n".join(_toml_lines(plain, "")).encode() + b"\n"


def changed_settings(saved: Mapping[str, Any], config: RunConfig) -> tuple[str, ...]:
    """Settings by which graphs made with `saved` and with `config` differ: `split.min_clip_s 0.6 -> 1.0`.

    `saved` is what a `run.toml` says; one of another version may hold settings that are unknown here.
    """
    before, after = (dict(_leaves(plain, "")) for plain in (saved, _plain(config)))
    for settings in (before, after):
        settings["model"] = model_identity(str(settings.get("model", "")))
    # That another parser has other settings goes without saying.
    parser = config.model if before["model"] == after["model"] else None
    changed = (key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    keys = sorted(key for key in changed if _decides_graphs(key, parser))
    return tuple(f"{key} {_shown(before, key)} -> {_shown(after, key)}" for key in keys)


def _shown(settings: Mapping[str, Any], key: str) -> str:
    return _toml_value(settings[key]) if key in settings else "none"


def _decides_graphs(key: str, parser: str | None) -> bool:
    """Whether graphs depend on the setting `split.min_clip_s`; of the parsers' only the chosen one's do."""
    table = key.partition(".")[0]
    if table in _OF_PARSERS:
        return parser is not None and key.startswith(_table_of(parser))
    if table == "models":
        return parser is not None and parser.startswith("transformers:") and key in _DECIDE_WORDS
    return table not in ("format", *_NOT_CONTENT, *_ASKING)


def _table_of(parser: str) -> str:
    """How the keys of a parser's settings begin."""
    if is_model_spec(parser):
        return "video_llm."
    return "embedded." if parser == "embedded" else f"parsers.{parser}."


def _plain(config: RunConfig) -> dict[str, Any]:
    """The settings as dicts and lists; tables of other packages stay word for word, in one order."""
    ours = replace(config, parsers={}, models=replace(config.models, installed=None))
    plain = {key: value for key, value in to_plain(ours).items() if key != "parsers"}
    if config.models.installed:
        plain["models"] |= {"installed": _in_order(config.models.installed)}
    return {**plain, "parsers": _in_order(config.parsers)} if config.parsers else plain


def _in_order(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _in_order(value[key]) for key in sorted(value)}
    return [_in_order(item) for item in value] if isinstance(value, list) else value


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
    own = {key: value for key, value in table.items() if key not in inner}
    if name and (own or not inner):
        yield f"\n[{name}]"
    for key, value in own.items():
        yield f"{_toml_key(key)} = {_toml_value(value)}"
    for key, value in inner.items():
        yield from _toml_lines(value, f"{name}.{_toml_key(key)}" if name else _toml_key(key))


def _toml_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _toml_value(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_toml_key(key)} = {_toml_value(item)}' for key, item in value.items())}}}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value)
