"""Counts for the page's head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from videostep.sample import Sample


def sum_counts(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    """The sum by key, keys in order of first appearance."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)


def count_samples(samples: Sequence[Sample]) -> dict[str, list[tuple[str, int]]]:
    """Samples by steps (rising), and by structure, semantics and time phrase (most frequent first)."""
    steps = Counter(sample.n_steps for sample in samples)
    return {
        "steps": [(str(n_steps), count) for n_steps, count in sorted(steps.items())],
        "structure": _ranked(sample.type.structure for sample in samples),
        "semantics": _ranked(sample.type.semantics for sample in samples),
        "temporal": _ranked(sample.type.temporal for sample in samples),
    }


def _ranked(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
