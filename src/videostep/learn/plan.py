"""Which samples stand in which optimizer step, and which process takes them: by the seed alone."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Samples of one piece of video that share its frames."""

    footage: str
    """What they share: the same for samples that see the same frames."""
    samples: tuple[int, ...]
    """Places of the samples in the data."""

    def renumbered(self, places: Sequence[int]) -> Group:
        """The group, of which `samples` were places in a part of the data, with their places in all of it."""
        return Group(footage=self.footage, samples=tuple(places[sample] for sample in self.samples))


Window = tuple[Group, ...]
"""The samples of one optimizer step."""


def plan_windows(
    footage: Sequence[str], *, epochs: int, batch: int, per_video: int, seed: int
) -> tuple[Window, ...]:
    """Every step of a training.

    Args:
        footage: Of each sample, what it shares its frames with.
        epochs: Times that every sample is seen; in each the samples of a video are grouped anew.
        batch: Samples of a step; the last of an epoch may have fewer.
        per_video: Samples of one video that stand together at most.
        seed: Of the order.
    """
    return tuple(
        window
        for epoch in range(epochs)
        for window in _windows(_groups(footage, per_video, random.Random(f"order {seed} {epoch}")), batch)
    )


def steps_of_epoch(samples: int, batch: int) -> int:
    """Optimizer steps in which every sample is seen once."""
    return math.ceil(samples / batch)


def _groups(footage: Sequence[str], per_video: int, rng: random.Random) -> list[Group]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(footage):
        places.setdefault(name, []).append(place)
    groups: list[Group] = []
    for name in sorted(places):
        rng.shuffle(places[name])
        for start in range(0, len(places[name]), per_video):
            groups.append(Group(footage=name, samples=tuple(places[name][start : start + per_video])))
    rng.shuffle(groups)
    return groups


def _windows(groups: Sequence[Group], batch: int) -> Iterator[Window]:
    """Groups in order, cut where a step is full."""
    window: list[Group] = []
    room = batch
    for group in groups:
        rest = group.samples
        while rest:
            window.append(Group(footage=group.footage, samples=rest[:room]))
            rest, room = rest[room:], room - len(window[-1].samples)
            if not room:
                yield tuple(window)
                window, room = [], batch
    if window:
        yield tuple(window)


def share_of(window: Window, *, rank: int, processes: int) -> Window:
    """The groups that one process takes: the largest first, each to whoever has least to do."""
    groups = list(window)
    while len(groups) < processes and any(len(group.samples) > 1 for group in groups):
        largest = max(groups, key=lambda group: len(group.samples))
        place = groups.index(largest)
        groups[place : place + 1] = _halves(largest)
    loads, shares = [0] * processes, [list[Group]() for _ in range(processes)]
    for group in sorted(groups, key=lambda group: -len(group.samples)):
        least = loads.index(min(loads))
        shares[least].append(group)
        loads[least] += len(group.samples)
    return tuple(shares[rank])


def _halves(group: Group) -> tuple[Group, Group]:
    middle = (len(group.samples) + 1) // 2
    return (
        Group(footage=group.footage, samples=group.samples[:middle]),
        Group(footage=group.footage, samples=group.samples[middle:]),
    )


def hold_out(videos: Sequence[str], *, share: float, seed: int) -> frozenset[str]:
    """The videos, by the digest of their content, that are not trained on.

    At least one where a share is asked for and two videos are there; never all of them.
    """
    distinct = sorted(set(videos))
    if share == 0 or len(distinct) < 2:
        return frozenset()
    count = min(len(distinct) - 1, max(1, round(share * len(distinct))))
    return frozenset(sorted(distinct, key=lambda video: _drawn(video, seed))[:count])


def _drawn(video: str, seed: int) -> str:
    return hashlib.sha256(f"held out {seed} {video}".encode()).hexdigest()
