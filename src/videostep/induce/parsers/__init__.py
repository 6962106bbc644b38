"""Scene parsers by name: built-ins and third parties' (entry points `videostep.parsers`) by one door."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from importlib.metadata import EntryPoint, entry_points

from videostep.errors import ParserError, VideostepError
from videostep.induce.parse import SceneParser

ENTRY_POINT_GROUP = "videostep.parsers"


def open_parser(name: str, config: object | None = None) -> SceneParser:
    """Open the scene parser called `name`, with its own config object or its defaults.

    An entry point of the group `videostep.parsers` is a callable that takes the config (or None) and
    returns a SceneParser. Its module is imported only here, when it is chosen.

    Raises:
        ParserError: no parser has that name, an entry point takes the name of a built-in one, or what it
            names cannot be opened.
    """
    factories = parser_factories()
    if name not in factories:
        near = get_close_matches(name, factories, n=1)
        known = ", ".join(sorted(factories))
        raise ParserError(
            f"no scene parser is called {name!r}",
            remedy=f"did you mean {near[0]!r}?" if near else f"known: {known}",
        )
    return factories[name](config)


def parser_factories() -> dict[str, Callable[[object | None], SceneParser]]:
    """Name to factory, built-ins first; calling a factory imports what its parser needs."""
    factories: dict[str, Callable[[object | None], SceneParser]] = {"embedded": _open_embedded}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.name in factories:
            raise ParserError(
                f"two scene parsers are called {point.name!r}",
                remedy=f"uninstall or rename the one from {point.value!r}",
            )
        factories[point.name] = partial(_open_installed, point)
    return factories


def _open_installed(point: EntryPoint, config: object | None) -> SceneParser:
    try:
        parser: SceneParser = point.load()(config)
    except VideostepError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise ParserError(
            f"the scene parser {point.name!r} ({point.value}) cannot be opened: {reason}",
            remedy="mend or reinstall the package that brings it",
        ) from error
    return parser


def _open_embedded(config: object | None) -> SceneParser:
    from videostep.induce.parsers.embedded.config import EmbeddedConfig
    from videostep.induce.parsers.embedded.parser import EmbeddedParser

    if config is not None and not isinstance(config, EmbeddedConfig):
        raise ParserError(
            f"the embedded parser cannot be set up with a {type(config).__name__}",
            remedy="give it an EmbeddedConfig",
        )
    return EmbeddedParser(config or EmbeddedConfig())
