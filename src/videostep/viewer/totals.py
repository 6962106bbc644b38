"""Counts for the page's head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from videostep.sample import Sample


def sum_counts(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    """The sum by key, keys in order of first appearance."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)


class SampleTally:
    """Counts samples as they pass."""

    def __init__(self) -> None:
        """None was seen."""
        self._steps: Counter[int] = Counter()
        self._kinds: dict[str, Counter[str]] = {
            "structure": Counter(),
            "semantics": Counter(),
            "temporal": Counter(),
        }

    def count(self, sample: Sample) -> None:
        """Add a sample."""
        self._steps[sample.n_steps] += 1
        for name, counts in self._kinds.items():
            counts[getattr(sample.type, name)] += 1

    def ranked(self) -> dict[str, list[tuple[str, int]]]:
        """By steps (rising), and by structure, semantics and time phrase (most frequent first)."""
        return {
            "steps": [(str(n_steps), count) for n_steps, count in sorted(self._steps.items())],
            **{name: _ranked(counts) for name, counts in self._kinds.items()},
        }


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
