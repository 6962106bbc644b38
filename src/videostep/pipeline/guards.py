"""Guards of self-training: a loop whose graphs get worse is stopped before it learns from them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from videostep.errors import ConfigError
from videostep.pipeline.rounds import GraphMeasures, Round, SampleMeasures

_BEYOND_CHANCE = 3.0
"""Standard errors by which two shares must differ before their difference is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardConfig:
    """How much worse than before a round may be. Choices of ours: the paper names no guard.

    Compared is with the first round, in which the untrained model parsed; accuracy with the best round.
    """

    least_labels: float = 0.5
    """Share of the first round's distinct labels, 0..1. With fewer the model has stopped seeing things."""
    least_variety: float = 0.5
    """Share of the first round's variety of labels, attributes, relations or motions, 0..1. With less the
    model says the same of everything, even if other words still occur."""
    least_elements: float = 0.5
    """Share of the first round's graph elements a minute of video, 0..1."""
    least_samples: float = 0.5
    """Share of the first round's samples, 0..1."""
    most_consistency_lost: float = 0.15
    """By how much the mean confidence of graph elements may fall, 0..1."""
    most_accuracy_lost: float = 0.05
    """By how much STSG accuracy may fall below the best round's, 0..1, where the truth is known."""
    most_answer_growth: float = 0.15
    """By how much the share of the most frequent answer may grow, 0..1: one answer to all is a collapse."""
    least_counted: int = 50
    """Elements, samples or questions that the first round must have for their number or share to be
    compared: of few they say nothing."""

    def __post_init__(self) -> None:
        if self.least_counted < 1:
            raise ConfigError(f"guards.least_counted is {self.least_counted}", remedy="give 1 or more")
        for name in self.__slots__:
            if name != "least_counted" and not 0 <= getattr(self, name) <= 1:
                raise ConfigError(
                    f"guards.{name} is {getattr(self, name)}", remedy="give a share from 0 to 1"
                )


def find_collapse(
    graphs: GraphMeasures, samples: SampleMeasures, before: Sequence[Round], config: GuardConfig
) -> str:
    """Why a round must not be learnt from, all reasons; empty if it may be.

    Args:
        graphs: Of the round.
        samples: Of the round.
        before: The rounds before it; none: only a round without samples is stopped.
        config: How much worse it may be.
    """
    if not samples.samples:
        return "there are no samples"
    if not before:
        return ""
    first = before[0]
    reasons = (
        *_fewer_elements(graphs, first.graphs, config),
        *_less_variety(graphs, first.graphs, config),
        *_fewer_samples(samples, first.samples, config),
        *_less_sure(graphs, first.graphs, config),
        *_less_accurate(graphs, [each.graphs for each in before], config),
        *_one_answer(samples, first.samples, config),
    )
    return "; ".join(reasons)


def _fewer_elements(now: GraphMeasures, first: GraphMeasures, config: GuardConfig) -> Iterator[str]:
    if first.elements["objects"] >= config.least_counted and now.labels < config.least_labels * first.labels:
        yield _fell("distinct labels", first.labels, now.labels)
    were, are = first.elements_a_minute, now.elements_a_minute
    if first.stated >= config.least_counted and are < config.least_elements * were:
        yield _fell("graph elements a minute", were, are)


def _less_variety(now: GraphMeasures, first: GraphMeasures, config: GuardConfig) -> Iterator[str]:
    for kind, was in first.variety.items():
        is_ = now.variety.get(kind, 0.0)
        if first.elements[kind] >= config.least_counted and is_ < config.least_variety * was:
            yield _fell(f"the variety of {kind}", was, is_)


def _fewer_samples(now: SampleMeasures, first: SampleMeasures, config: GuardConfig) -> Iterator[str]:
    if first.samples >= config.least_counted and now.samples < config.least_samples * first.samples:
        yield _fell("samples", first.samples, now.samples)


def _less_sure(now: GraphMeasures, first: GraphMeasures, config: GuardConfig) -> Iterator[str]:
    was, is_ = first.self_consistency, now.self_consistency
    if was is None or is_ is None or first.stated < config.least_counted:
        return
    if was - is_ > config.most_consistency_lost:
        yield _fell("self-consistency", was, is_)


def _less_accurate(now: GraphMeasures, before: Sequence[GraphMeasures], config: GuardConfig) -> Iterator[str]:
    known = [(each.stsg_accuracy, each.stated) for each in before if each.stsg_accuracy is not None]
    if now.stsg_accuracy is None or not known:
        return
    best, count = max(known)
    lost = best - now.stsg_accuracy
    if lost > config.most_accuracy_lost and _is_beyond_chance((best, count), (now.stsg_accuracy, now.stated)):
        yield f"STSG accuracy fell from {best:.4g} at best to {now.stsg_accuracy:.4g}"


def _one_answer(now: SampleMeasures, first: SampleMeasures, config: GuardConfig) -> Iterator[str]:
    was, is_ = first.top_answer_share, now.top_answer_share
    enough = min(now.open_questions, first.open_questions) >= config.least_counted
    if enough and is_ - was > config.most_answer_growth:
        if not _is_beyond_chance((was, first.open_questions), (is_, now.open_questions)):
            return
        yield (
            f"the answer {now.top_answer!r} has {is_:.0%} of the questions, "
            f"the most frequent one of round 1 had {was:.0%}"
        )


def _is_beyond_chance(first: tuple[float, int], second: tuple[float, int]) -> bool:
    """Whether two shares, each of so many, differ by more than they would by chance."""
    variances = [share * (1 - share) / count if count else math.inf for share, count in (first, second)]
    return abs(first[0] - second[0]) > _BEYOND_CHANCE * math.sqrt(sum(variances))


def _fell(what: str, then: float, now: float) -> str:
    return f"{what} fell from {then:.4g} in round 1 to {now:.4g}"
