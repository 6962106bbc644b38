"""Video-LLM backends by specification; built-ins and third parties' (`videostep.models`) by one door.

openai:MODEL@URL            any OpenAI-compatible server; without @URL OpenAI's own
transformers:ID[+ADAPTER]   local weights
scripted:FILE               answers from a table
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from videostep.errors import ConfigError, MissingExtraError, ModelError
from videostep.models.protocol import VideoModel
from videostep.models.spending import Meter
from videostep.plugins import nearest, open_installed, settings_of, with_installed

ENTRY_POINT_GROUP = "videostep.models"
_OPENAI = re.compile(r"(?P<model>[^@\s]+(@(?!https?://)[^@\s]+)*)(@(?P<url>https?://\S+))?")
_CREDENTIALS = re.compile(r"https?://[^/@]*@")


class ModelFactory(Protocol):
    """Opens one kind of Video-LLM: what an entry point of the group `videostep.models` names."""

    def __call__(self, target: str, config: object, *, meter: Meter) -> VideoModel:
        """Open the model.

        Args:
            target: What stands behind the colon of the specification.
            config: Of a built-in backend its config object, or None for its defaults. Of an installed one a
                plain mapping from setting to value, empty for its defaults; nobody has checked it yet.
            meter: To be told before and after whatever costs something (`begin`, `pay`).

        Raises:
            ConfigError: The target or a setting is wrong.
        """


def open_model(spec: str, config: object | None = None, *, meter: Meter | None = None) -> VideoModel:
    """Open a Video-LLM by its specification, `BACKEND:TARGET`.

    Args:
        spec: Such as `openai:Qwen/Qwen2.5-VL-7B-Instruct@http://localhost:8000/v1`.
        config: What the backend's factory takes (see ModelFactory); None: its defaults.
        meter: Counts what is spent and stops at its budget; None: one without limits.

    Raises:
        ConfigError: There is no such backend, or the target or a setting is wrong.
        ModelError: An entry point takes a built-in's name, or what it names cannot be opened.
        MissingExtraError: The backend needs a package that is not installed.
    """
    backend, colon, target = spec.partition(":")
    factories = model_factories()
    if not (colon and target) or backend not in factories:
        raise ConfigError(f"{spec!r} names no Video-LLM", remedy=_nearest(spec, factories))
    return factories[backend](target, config, meter=meter or Meter())


def is_model_spec(text: str) -> bool:
    """Whether a text is meant as the specification of a Video-LLM."""
    return ":" in text


def model_identity(spec: str) -> str:
    """A specification without what changes no reply: the same model on another server is the same model."""
    backend, _, target = spec.partition(":")
    match = _OPENAI.fullmatch(target)
    return f"openai:{match['model']}" if backend == "openai" and match else spec


def _nearest(spec: str, known: Mapping[str, object]) -> str:
    name, colon, _ = spec.partition(":")
    if "/" in name and not colon:
        return f"did you mean transformers:{spec}?"
    near = get_close_matches(name, sorted(known), n=1)
    forms = "openai:MODEL@URL, transformers:ID[+ADAPTER], scripted:FILE"
    return f"did you mean {near[0]}:...?" if near and near[0] != name else f"known: {forms}"


def model_factories() -> dict[str, ModelFactory]:
    """Backend to factory, built-ins first; calling one imports what it needs."""
    return with_installed(
        _BUILT_IN,
        ENTRY_POINT_GROUP,
        lambda point: partial(_open_installed, point),
        what="model backend",
        error=ModelError,
    )


def check_installed(names: Iterable[str]) -> None:
    """Raise ConfigError unless every name, of those that have settings, is an installed backend's."""
    installed = model_factories().keys() - _BUILT_IN.keys()
    for name in names:
        if name in _BUILT_IN:
            raise ConfigError(
                f"there is no table [models.installed.{name}]",
                remedy=f"the settings of {name!r} are [models.{name}]",
            )
        if name not in installed:
            raise ConfigError(
                f"[models.installed.{name}] sets up a model backend that is not installed",
                remedy=nearest(name, installed) if installed else "no package brings any: leave it out",
            )


def _open_installed(point: EntryPoint, target: str, config: object, *, meter: Meter) -> VideoModel:
    what, error = "model backend", ModelError
    settings = settings_of(point, config, what=what, error=error)
    model: VideoModel = open_installed(
        point, lambda factory: factory(target, settings, meter=meter), what=what, error=error
    )
    return model


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAITarget:
    """`MODEL@URL`."""

    model: str
    url: str | None
    """None: OpenAI's own server."""


def parse_openai_target(target: str) -> OpenAITarget:
    """Split `MODEL@URL`; raises ConfigError, without repeating a secret."""
    if _CREDENTIALS.search(target):
        raise ConfigError(
            "the URL of the model holds a password", remedy="take it out and set VIDEOSTEP_API_KEY instead"
        )
    match = _OPENAI.fullmatch(target)
    if not match:
        raise ConfigError(
            f"openai:{target} is not openai:MODEL@URL",
            remedy="such as openai:Qwen/Qwen2.5-VL-7B-Instruct@http://localhost:8000/v1",
        )
    return OpenAITarget(model=match["model"], url=match["url"] and match["url"].rstrip("/"))


def _open_openai(target: str, config: object, *, meter: Meter) -> VideoModel:
    from videostep.models.openai.config import OpenAIConfig
    from videostep.models.openai.model import OPENAI_URL, OpenAIModel

    if config is not None and not isinstance(config, OpenAIConfig):
        raise ConfigError(
            f"the openai backend cannot be set up with a {type(config).__name__}",
            remedy="give it an OpenAIConfig",
        )
    parsed = parse_openai_target(target)
    return OpenAIModel(parsed.model, parsed.url or OPENAI_URL, config=config, meter=meter)


def _open_scripted(target: str, config: object, *, meter: Meter) -> VideoModel:
    from videostep.models.scripted import open_script

    if config is not None:
        raise ConfigError("the scripted backend has no settings", remedy="leave them out")
    return open_script(Path(target))


def _open_transformers(target: str, config: object, *, meter: Meter) -> VideoModel:
    from videostep.models.local.config import TransformersConfig
    from videostep.models.local.model import TransformersModel

    if config is not None and not isinstance(config, TransformersConfig):
        raise ConfigError(
            f"the transformers backend cannot be set up with a {type(config).__name__}",
            remedy="give it a TransformersConfig",
        )
    for library in ("torch", "transformers"):
        if find_spec(library) is None:
            raise MissingExtraError(
                f"the transformers backend needs {library}", remedy="pip install 'videostep[train]'"
            )
    return TransformersModel(target, config=config, meter=meter)


_BUILT_IN: dict[str, ModelFactory] = {
    "openai": _open_openai,
    "scripted": _open_scripted,
    "transformers": _open_transformers,
}
