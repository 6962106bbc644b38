"""Scene parsers by name: built-ins and third parties' (entry points `videostep.parsers`) by one door."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from videostep.errors import ConfigError, ParserError
from videostep.induce.parse import SceneParser
from videostep.models import is_model_spec
from videostep.models.config import ModelsConfig
from videostep.models.protocol import VideoModel
from videostep.plugins import nearest, open_installed, settings_of, with_installed
from videostep.store.request_cache import open_cached

if TYPE_CHECKING:
    from videostep.induce.parsers.video_llm.config import VideoLlmConfig

ENTRY_POINT_GROUP = "videostep.parsers"


class ParserFactory(Protocol):
    """Opens one kind of scene parser: what an entry point of the group `videostep.parsers` names."""

    def __call__(self, config: object, *, seed: int) -> SceneParser:
        """Open the parser.

        Args:
            config: Of a built-in parser its config object, or None for its defaults. Of an installed one
                its table `[parsers.NAME]` of `run.toml` as a plain mapping, empty without one; nobody has
                checked it yet.
            seed: Of whatever the parser draws at random.

        Raises:
            ConfigError: A setting is unknown or out of range.
        """


def open_parser(
    name: str,
    config: object | None = None,
    *,
    seed: int = 0,
    cache: Path | None = None,
    models: ModelsConfig | None = None,
    grounding: object | None = None,
) -> SceneParser:
    """Open the scene parser called `name`, with its own settings or its defaults.

    Args:
        name: A built-in parser, an entry point of the group `videostep.parsers`, whose module is imported
            only here, when it is chosen, or the specification of a Video-LLM, `BACKEND:TARGET`.
        config: What its factory takes (see ParserFactory); None: its defaults.
        seed: Of whatever the parser draws at random.
        cache: The file that keeps a Video-LLM's replies, and what they cost; None: they are not kept.
        models: How a Video-LLM is opened and what it may cost; None: the defaults.
        grounding: Settings of the parser that a Video-LLM's config names as its `grounding`; None: their
            defaults.

    Raises:
        ParserError: no parser has that name, an entry point takes the name of a built-in one, or what it
            names cannot be opened.
        ConfigError: the parser refuses a setting, or no Video-LLM has that specification.
        ModelError: the Video-LLM cannot be opened.
    """
    if is_model_spec(name):
        asked = _video_llm_config(config)
        ground = open_grounding(asked, grounding, seed=seed)
        return open_video_llm(
            open_cached(name, models or ModelsConfig(), cache), asked, seed=seed, grounding=ground
        )
    factories = parser_factories()
    if name not in factories:
        raise ParserError(f"no scene parser is called {name!r}", remedy=nearest(name, factories))
    return factories[name](config, seed=seed)


def check_installed(names: Iterable[str]) -> None:
    """Raise ConfigError unless every name, of those that have settings, is an installed parser's."""
    installed = parser_factories().keys() - _BUILT_IN.keys()
    for name in names:
        if name in _BUILT_IN:
            raise ConfigError(
                f"there is no table [parsers.{name}]", remedy=f"the settings of {name!r} are [{name}]"
            )
        if name not in installed:
            raise ConfigError(
                f"[parsers.{name}] sets up a scene parser that is not installed",
                remedy=nearest(name, installed) if installed else "no package brings any: leave it out",
            )


def parser_factories() -> dict[str, ParserFactory]:
    """Name to factory, built-ins first; calling a factory imports what its parser needs."""
    return with_installed(
        _BUILT_IN,
        ENTRY_POINT_GROUP,
        lambda point: partial(_open_installed, point),
        what="scene parser",
        error=ParserError,
    )


def _open_installed(point: EntryPoint, config: object, *, seed: int) -> SceneParser:
    what, error = "scene parser", ParserError
    settings = settings_of(point, config, what=what, error=error)
    parser: object = open_installed(
        point, lambda factory: factory(settings, seed=seed), what=what, error=error
    )
    if not isinstance(parser, SceneParser):
        raise ParserError(
            f"the {what} {point.name!r} ({point.value}), a {type(parser).__name__}, lacks what one has",
            remedy="docs/design.md says what a parser of your own has",
        )
    return parser


def _open_embedded(config: object, *, seed: int) -> SceneParser:
    """It draws nothing at random: `seed` changes nothing."""
    from videostep.induce.parsers.embedded.config import EmbeddedConfig
    from videostep.induce.parsers.embedded.parser import EmbeddedParser

    if config is not None and not isinstance(config, EmbeddedConfig):
        raise ParserError(
            f"the embedded parser cannot be set up with a {type(config).__name__}",
            remedy="give it an EmbeddedConfig",
        )
    return EmbeddedParser(config or EmbeddedConfig())


def _video_llm_config(config: object) -> VideoLlmConfig:
    from videostep.induce.parsers.video_llm.config import VideoLlmConfig

    if config is not None and not isinstance(config, VideoLlmConfig):
        raise ParserError(
            f"the Video-LLM parser cannot be set up with a {type(config).__name__}",
            remedy="give it a VideoLlmConfig",
        )
    return config or VideoLlmConfig()


def open_grounding(config: VideoLlmConfig, settings: object | None, *, seed: int) -> SceneParser | None:
    """The parser that a Video-LLM's config names as its `grounding`; None: it names none."""
    if not config.grounding:
        return None
    if is_model_spec(config.grounding):
        raise ConfigError(
            f"{config.grounding!r} cannot ground a Video-LLM", remedy="give a scene parser, such as embedded"
        )
    return open_parser(config.grounding, settings, seed=seed)


def open_video_llm(
    model: VideoModel, config: VideoLlmConfig, *, seed: int, grounding: SceneParser | None = None
) -> SceneParser:
    """The scene parser that asks a Video-LLM which is open already."""
    from videostep.induce.parsers.video_llm.parser import VideoLlmParser

    return VideoLlmParser(model, config, seed=seed, grounding=grounding)


_BUILT_IN: dict[str, ParserFactory] = {"embedded": _open_embedded}
