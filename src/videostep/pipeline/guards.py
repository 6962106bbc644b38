"""Guards of self-training: a loop whose graphs get worse is stopped before it learns from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from videostep.errors import ConfigError
from videostep.pipeline.rounds import GraphMeasures, Round, SampleMeasures


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardConfig:
    """How much worse than before a round may be. Choices of ours: the paper names no guard.

    Compared is with the first round, in which the untrained model parsed; accuracy with the best round.
    """

    least_labels: float = 0.5
    """Share of the first round's distinct labels, 0..1. With fewer the model has stopped seeing things."""
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
    least_questions: int = 50
    """Questions, yes and no aside, from which on shares of answers are compared: of few they say nothing."""

    def __post_init__(self) -> None:
        if self.least_questions < 1:
            raise ConfigError(f"guards.least_questions is {self.least_questions}", remedy="give 1 or more")
        for name in self.__slots__:
            if name != "least_questions" and not 0 <= getattr(self, name) <= 1:
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
    return "; ".join(_reasons(graphs, samples, before, config))


def _reasons(
    graphs: GraphMeasures, samples: SampleMeasures, before: Sequence[Round], config: GuardConfig
) -> Iterator[str]:
    first = before[0]
    counts = (
        ("distinct labels", graphs.labels, first.graphs.labels, config.least_labels),
        (
            "graph elements a minute",
            graphs.elements_a_minute,
            first.graphs.elements_a_minute,
            config.least_elements,
        ),
        ("samples", samples.samples, first.samples.samples, config.least_samples),
    )
    for name, now, then, least in counts:
        if now < least * then:
            yield f"{name} fell from {then:.4g} in round 1 to {now:.4g}"
    then_sure, now_sure = first.graphs.self_consistency, graphs.self_consistency
    if then_sure is not None and now_sure is not None and then_sure - now_sure > config.most_consistency_lost:
        yield f"self-consistency fell from {then_sure:.4g} in round 1 to {now_sure:.4g}"
    known = [each.graphs.stsg_accuracy for each in before if each.graphs.stsg_accuracy is not None]
    accuracy = graphs.stsg_accuracy
    if known and accuracy is not None and max(known) - accuracy > config.most_accuracy_lost:
        yield f"STSG accuracy fell from {max(known):.4g} at best to {accuracy:.4g}"
    grown = samples.top_answer_share - first.samples.top_answer_share
    enough = min(samples.open_questions, first.samples.open_questions) >= config.least_questions
    if enough and grown > config.most_answer_growth:
        yield (
            f"the answer {samples.top_answer!r} has {samples.top_answer_share:.0%} of the questions, "
            f"the most frequent one of round 1 had {first.samples.top_answer_share:.0%}"
        )
