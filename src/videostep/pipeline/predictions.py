"""A run's graphs -> the prediction file of a public scene graph evaluator."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from videostep.errors import InputError, RunFolderError
from videostep.formats.graphs.vidvrd_out import VidvrdExport, write_vidvrd
from videostep.formats.graphs.vidvrd_words import VIDOR, VIDVRD, Vocabulary
from videostep.pipeline.progress import Reporter
from videostep.store.graph_file import read_sound_graphs
from videostep.store.run_folder import RunFolder

EVALUATORS: Final[dict[str, Vocabulary]] = {"vidvrd": VIDVRD, "vidor": VIDOR}
"""Data sets with a public evaluator, and the words of their ground truth."""


def export_predictions(
    run: RunFolder, evaluator: str, out: Path, reporter: Reporter, *, dry_run: bool = False
) -> VidvrdExport:
    """Write the relations of all graphs as the file that one of `EVALUATORS` scores.

    A damaged graph is left out with a warning. With `dry_run` nothing is written that stays.

    Raises:
        InputError: The run holds no graph.
        RunFolderError: `out` is a folder, or cannot be written.
    """
    if out.is_dir():
        raise RunFolderError(f"{out} is a folder", remedy="name a file as --out, such as predictions.json")
    paths = run.graph_files()
    if not paths:
        raise InputError(f"{run.root} holds no graphs", remedy="make some with videostep graph")
    graphs = read_sound_graphs(paths, lambda error: reporter.warn(str(error)))
    if not dry_run:
        return write_vidvrd(graphs, out, vocabulary=EVALUATORS[evaluator])
    with TemporaryDirectory() as scratch:
        return write_vidvrd(graphs, Path(scratch) / "predictions.json", vocabulary=EVALUATORS[evaluator])
