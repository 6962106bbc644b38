"""Opening a run folder for writing: locked, swept, and refused if it is another run's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from videostep.errors import ConfigError, RunFolderError
from videostep.pipeline.config import RunConfig
from videostep.pipeline.config_file import changed_settings, config_toml, read_toml
from videostep.store.atomic import atomic_write
from videostep.store.lock import hold_lock
from videostep.store.run_folder import RunFolder

_SHOWN_CHANGES = 3


@contextmanager
def open_run(out: Path, config: RunConfig, *, redo: bool = False) -> Iterator[RunFolder]:
    """Hold the run folder `out` for a run with `config`, made if need be.

    Graphs are expensive, so they are never thrown away unasked: a folder with graphs of other settings is
    refused. Settings that only change the questions replace the old ones.

    Raises:
        RunFolderError: It is another run's, holds something else, is in use, or cannot be written.
    """
    run = RunFolder(out)
    run.make()
    with hold_lock(out):
        run.sweep()
        if redo:
            run.clear()
        else:
            check_same_settings(run, config)
        atomic_write(run.config, config_toml(config))
        yield run
        run.sweep()


def check_same_settings(run: RunFolder, config: RunConfig) -> None:
    """Raise RunFolderError when the graphs in the folder were made with other settings."""
    if not run.config.exists() or not run.graph_files():
        return
    changes = changed_settings(_saved(run), config)
    if changes:
        more = f" and {len(changes) - _SHOWN_CHANGES} more" if len(changes) > _SHOWN_CHANGES else ""
        raise RunFolderError(
            f"the graphs in {run.root} were made with other settings: "
            f"{', '.join(changes[:_SHOWN_CHANGES])}{more}",
            remedy="give another --out, or --redo to make them anew",
        )


def _saved(run: RunFolder) -> dict[str, Any]:
    try:
        return read_toml(run.config)
    except ConfigError as error:
        raise RunFolderError(
            error.message, remedy="mend it, or make the whole run anew with --redo"
        ) from error
