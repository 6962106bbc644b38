"""Which examples a training takes: shares by steps, other sets beside the run's own, replay of old rounds.

A sample is drawn or left out as a whole: its rationale comes with its answer. What is drawn follows from the
seed and the sample ids alone, whatever the order of the files.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from videostep.errors import ConfigError, InputError
from videostep.learn.examples import Example

STEPS = ("1", "2", "3+")
"""Classes of questions by how many edges of the graph they look up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMix:
    """Shares of questions of one, two, and three or more steps. They need not add up to 1.

    Paper: 25/50/25 is the best of 100/0/0, 50/50/0, 25/50/25, 25/25/50 and 0/0/100.
    """

    one: float
    """Share of one-step questions."""
    two: float
    """Share of two-step questions."""
    more: float
    """Share of questions of three steps and more."""

    def __post_init__(self) -> None:
        """Raise ConfigError for shares of nothing."""
        if min(self.shares) < 0 or not 0 < sum(self.shares) < math.inf:
            raise ConfigError(f"shares by steps cannot be {self.shares}", remedy="give three, as in 25,50,25")

    @property
    def shares(self) -> tuple[float, float, float]:
        """In the order of `STEPS`."""
        return self.one, self.two, self.more


PAPER_STEP_MIX = StepMix(one=25, two=50, more=25)


def parse_step_mix(text: str) -> StepMix:
    """`25,50,25`, or classes alone: `1`, `2`, `3+`, `1,3+`. Raises ConfigError."""
    parts = [part.strip() for part in text.split(",")]
    if parts and set(parts) <= set(STEPS) and len(set(parts)) == len(parts):
        one, two, more = (float(name in parts) for name in STEPS)
        return StepMix(one=one, two=two, more=more)
    try:
        one, two, more = map(float, parts)
    except ValueError as error:
        raise ConfigError(
            f"shares by steps cannot be {text!r}",
            remedy="give the shares of 1, 2 and 3+ steps, as in 25,50,25, or some of 1, 2, 3+",
        ) from error
    return StepMix(one=one, two=two, more=more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Examples from one place, and how many of them are wanted."""

    name: str
    """As counts and the model card call it: `run`, `instruct`, `distill`, `round 1`."""
    examples: Sequence[Example]
    share: float | None = None
    """Samples drawn for each sample of the first source; None: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """What was drawn."""

    examples: tuple[Example, ...]
    """In the order of the sources; inside each as it stood there."""
    counts: Mapping[str, Mapping[str, int]]
    """Source -> `samples`, `answers`, `rationales`, and samples by steps: `1`, `2`, `3+`, `unknown`; and
    `left out`, samples that were there but not drawn; `short by`, samples that were wanted but not there."""


def mix(sources: Sequence[Source], *, step_mix: StepMix | None = None, seed: int = 0) -> Mixed:
    """Draw from every source.

    Args:
        sources: The run's own samples first. The same sample in a later source is not taken twice.
        step_mix: Shares by steps in the first source; None: as they are. The largest set that has them.
        seed: Of the draw.

    Raises:
        InputError: The first source has no sample of a class that the shares ask for.
    """
    drawn: list[Example] = []
    counts: dict[str, dict[str, int]] = {}
    taken: set[str] = set()
    n_first = 0
    for number, source in enumerate(sources):
        by_sample = _by_sample(example for example in source.examples if example.sample_id not in taken)
        if number == 0:
            chosen = _with_shares(by_sample, step_mix, seed) if step_mix else set(by_sample)
            wanted = n_first = len(chosen)
        else:
            wanted = len(by_sample) if source.share is None else round(source.share * n_first)
            chosen = set(_drawn(by_sample, f"{seed} {source.name}")[:wanted])
        kept = [example for sample_id, group in by_sample.items() if sample_id in chosen for example in group]
        drawn += kept
        taken |= chosen
        lacking = {"short by": wanted - len(chosen)} if wanted > len(chosen) else {}
        counts[source.name] = {**count(kept), "left out": len(by_sample) - len(chosen), **lacking}
    return Mixed(examples=tuple(drawn), counts=counts)


def replay_sources(rounds: Sequence[Source], share: float) -> list[Source]:
    """Earlier rounds of a loop, so that together they are `share` of what is trained on.

    Args:
        rounds: The earlier rounds; each gives as much as any other.
        share: Of all samples that are drawn, 0 to below 1.

    Raises:
        ConfigError: The share is none.
    """
    if not 0 <= share < 1:
        raise ConfigError(f"a replay share of {share} leaves nothing new", remedy="give 0 to below 1")
    each = share / (1 - share) / max(1, len(rounds))
    return [Source(name=old.name, examples=old.examples, share=each) for old in rounds if share]


def count(examples: Iterable[Example]) -> dict[str, int]:
    """Samples, answers, rationales, samples by steps, and samples that are shown only a part of a video."""
    by_sample = _by_sample(examples)
    tasks = Counter(example.task for group in by_sample.values() for example in group)
    steps = Counter(steps_of(group[0]) for group in by_sample.values())
    n_cut = sum(group[0].span_s is not None for group in by_sample.values())
    return {
        "samples": len(by_sample),
        "answers": tasks["answer"],
        "rationales": tasks["rationale"],
        **{name: steps[name] for name in (*STEPS, "unknown") if steps[name]},
        **({"cut": n_cut} if n_cut else {}),
    }


def steps_of(example: Example) -> str:
    """`1`, `2`, `3+` or `unknown`."""
    if example.n_steps is None:
        return "unknown"
    return STEPS[min(example.n_steps, 3) - 1]


def _by_sample(examples: Iterable[Example]) -> dict[str, list[Example]]:
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.sample_id, []).append(example)
    return groups


def _with_shares(by_sample: Mapping[str, list[Example]], mix_: StepMix, seed: int) -> set[str]:
    """The largest set of samples with these shares, but for rounding."""
    classes: dict[str, list[str]] = {name: [] for name in (*STEPS, "unknown")}
    for sample_id, group in by_sample.items():
        classes[steps_of(group[0])].append(sample_id)
    wanted = {name: share / sum(mix_.shares) for name, share in zip(STEPS, mix_.shares, strict=True) if share}
    if missing := [name for name in wanted if not classes[name]]:
        there = ", ".join(f"{len(ids)} of {name} steps" for name, ids in classes.items() if ids)
        raise InputError(
            f"shares by steps ask for questions of {' and '.join(missing)} steps, and there is none",
            remedy=f"there are {there or 'no questions'}: make more, or leave the shares out",
        )
    total = min(len(classes[name]) / share for name, share in wanted.items())
    return {
        sample_id
        for name, share in wanted.items()
        for sample_id in _drawn(classes[name], f"{seed} steps {name}")[: max(1, round(total * share))]
    }


def _drawn(sample_ids: Iterable[str], seed: str) -> list[str]:
    """In an order that only the seed and the ids decide."""
    return sorted(sample_ids, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest())
