"""A run in numbers, read from its folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from videostep.errors import ConfigError, FormatError
from videostep.graph import count_graph
from videostep.models.spending import Spent
from videostep.pipeline.config_file import read_config
from videostep.pipeline.reuse import samples_are_stale
from videostep.store.entries import ErrorEntry, read_drop_counts, read_errors
from videostep.store.graph_drops import DropTotals, count_graph_drops
from videostep.store.graph_file import read_sound_graphs
from videostep.store.ledger import Ledger
from videostep.store.refinement import Refinement, read_refinement
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples
from videostep.store.spending import read_spending


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What lies in a run folder."""

    videos: int
    """With a graph that can be read."""
    video_s: float
    """Length of those videos together, seconds."""
    graph: dict[str, int]
    """Nodes and edges by kind."""
    not_confirmed: DropTotals | None
    """What was said of the videos and is in no graph; None where no account was kept."""
    samples: int
    stale: bool
    """The samples, and the report with them, are not of these graphs and settings."""
    steps: dict[str, int]
    """Samples by number of reasoning steps."""
    structures: dict[str, int]
    semantics: dict[str, int]
    temporal: dict[str, int]
    star: dict[str, int]
    """Samples that ask a question of the STAR benchmark, by its type."""
    long: int
    """Samples of two and more steps: those that may have a twin."""
    twins: int
    """Samples that have one."""
    dropped: dict[str, int]
    """Questions that were not kept, by reason."""
    refinement: Refinement | None
    """What became of other words for the samples; None where they have the template's."""
    errors: tuple[ErrorEntry, ...]
    spent: dict[str, Spent]
    """On Video-LLMs, by stage, all sessions together."""


def summarise(run: RunFolder, hear: Callable[[FormatError], None] | None = None) -> RunSummary:
    """Count what a run folder holds.

    Args:
        run: The run folder.
        hear: Is told of every damaged graph, which is left out; None: the user has been told already.

    Raises:
        FormatError: Another file is damaged.
    """
    counts: Counter[str] = Counter()
    video_s, videos = 0.0, 0
    for graph in read_sound_graphs(run.graph_files(), hear or (lambda error: None)):
        counts.update(count_graph(graph))
        video_s, videos = video_s + graph.video.duration_s, videos + 1
    steps, structures, semantics, temporal, star = (Counter[str]() for _ in range(5))
    n_long = n_twins = 0
    for sample in read_samples(run.samples_jsonl) if run.samples_jsonl.exists() else ():
        steps[str(sample.n_steps)] += 1
        structures[sample.type.structure] += 1
        semantics[sample.type.semantics] += 1
        temporal[sample.type.temporal] += 1
        n_long, n_twins = n_long + (sample.n_steps > 1), n_twins + (sample.twin_of is not None)
        star.update([sample.type.star] if sample.type.star else ())
    return RunSummary(
        videos=videos,
        video_s=round(video_s, 4),
        graph=dict(counts),
        not_confirmed=count_graph_drops(run),
        samples=steps.total(),
        stale=_is_stale(run),
        steps=dict(sorted(steps.items())),
        structures=dict(sorted(structures.items())),
        semantics=dict(sorted(semantics.items())),
        temporal=dict(sorted(temporal.items())),
        star=dict(sorted(star.items())),
        long=n_long,
        twins=n_twins,
        dropped=read_drop_counts(run),
        refinement=read_refinement(run),
        errors=read_errors(run),
        spent=read_spending(run.requests),
    )


def _is_stale(run: RunFolder) -> bool:
    try:
        config = read_config(run.config)
    except ConfigError:
        # Another version's, perhaps: what lies there can be shown all the same.
        config = None
    return samples_are_stale(run, Ledger(run.ledger).find("ask"), config)
