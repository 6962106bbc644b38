"""Rewriters by name: built-ins and third parties' (entry points `videostep.rewriters`) by one door."""

from __future__ import annotations

from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path

from videostep.errors import RewriterError
from videostep.models import model_factories
from videostep.models.config import ModelsConfig
from videostep.plugins import nearest, open_installed, with_installed
from videostep.reason.refinement.protocol import Rewriter, RewriterFactory
from videostep.store.request_cache import open_cached

ENTRY_POINT_GROUP = "videostep.rewriters"


def open_rewriter(
    name: str, *, seed: int = 0, models: ModelsConfig | None = None, cache: Path | None = None
) -> Rewriter:
    """Open the rewriter `NAME` or `NAME:ARGUMENT`; its module is imported only here.

    Args:
        name: A rewriter, or the specification of a language model, `openai:MODEL@URL` for one.
        seed: Of whatever is drawn at random.
        models: How a language model is opened and what it may cost; None: the defaults.
        cache: The file that keeps a language model's replies, and what they cost; None: they are not kept.

    Raises:
        RewriterError: No rewriter has that name, an entry point takes the name of a built-in one, or what it
            names cannot be opened.
        ConfigError: The specification or a setting of a language model is wrong.
        ModelError: The language model cannot be opened.
    """
    kind, _, argument = name.partition(":")
    factories = rewriter_factories()
    if kind not in factories and kind in model_factories():
        from videostep.reason.refinement.model_rewriter import ModelRewriter

        return ModelRewriter(open_cached(name, models, cache), seed=seed)
    if kind not in factories:
        known = {**factories, **model_factories()}
        raise RewriterError(f"no rewriter is called {kind!r}", remedy=nearest(kind, known))
    return factories[kind](argument, seed=seed)


def rewriter_factories() -> dict[str, RewriterFactory]:
    """Name to factory, built-ins first."""
    return with_installed(
        _BUILT_IN,
        ENTRY_POINT_GROUP,
        lambda point: partial(_open_installed, point),
        what="rewriter",
        error=RewriterError,
    )


def _open_installed(point: EntryPoint, argument: str, *, seed: int) -> Rewriter:
    rewriter: Rewriter = open_installed(
        point, lambda factory: factory(argument, seed=seed), what="rewriter", error=RewriterError
    )
    return rewriter


def _open_scripted(argument: str, *, seed: int) -> Rewriter:
    """It draws nothing at random: `seed` changes nothing."""
    from videostep.reason.refinement.scripted import open_scripted

    return open_scripted(argument)


def _open_paraphrase(argument: str, *, seed: int) -> Rewriter:
    from videostep.reason.refinement.paraphrase import Paraphraser

    if argument:
        raise RewriterError(f"the paraphraser takes no {argument!r}", remedy="give paraphrase, and --seed")
    return Paraphraser(seed)


_BUILT_IN: dict[str, RewriterFactory] = {"paraphrase": _open_paraphrase, "scripted": _open_scripted}
