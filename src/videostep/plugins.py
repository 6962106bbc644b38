"""What other packages bring (entry points of videostep's groups), by the same door as the built-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from videostep.errors import VideostepError

Factory = TypeVar("Factory")
Opened = TypeVar("Opened")


def with_installed(
    built_in: Mapping[str, Factory],
    group: str,
    factory_of: Callable[[EntryPoint], Factory],
    *,
    what: str,
    error: type[VideostepError],
) -> dict[str, Factory]:
    """Name to factory, built-ins first; nothing is imported yet.

    Args:
        built_in: Our own.
        group: The group of entry points, such as `videostep.parsers`.
        factory_of: Makes a factory of an entry point.
        what: What one of them is called in errors, such as `scene parser`.
        error: Raised when an entry point takes a name that is taken.
    """
    factories = dict(built_in)
    for point in entry_points(group=group):
        if point.name in factories:
            raise error(
                f"two {what}s are called {point.name!r}",
                remedy=f"uninstall or rename the one from {point.value!r}",
            )
        factories[point.name] = factory_of(point)
    return factories


def open_installed(
    point: EntryPoint, call: Callable[[Any], Opened], *, what: str, error: type[VideostepError]
) -> Opened:
    """Import what an entry point names and `call` it; whatever goes wrong in there becomes one `error`."""
    try:
        return call(point.load())
    except VideostepError:
        raise
    except Exception as fault:
        raise error(
            f"the {what} {point.name!r} ({point.value}) cannot be opened: {type(fault).__name__}: {fault}",
            remedy="mend or reinstall the package that brings it",
        ) from fault


def settings_of(
    point: EntryPoint, config: object, *, what: str, error: type[VideostepError]
) -> Mapping[str, Any]:
    """The settings for what an entry point names: a mapping, empty for its defaults."""
    if config is not None and not isinstance(config, Mapping):
        raise error(
            f"the {what} {point.name!r} cannot be set up with a {type(config).__name__}",
            remedy="give it a mapping from setting to value",
        )
    return config or {}


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy for a name that nothing has."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"
