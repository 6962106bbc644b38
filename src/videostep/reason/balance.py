"""Balance over a whole data set: no answer may be guessed from the kind of question alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from videostep.errors import ConfigError
from videostep.reason.ask import AskResult, DroppedSample
from videostep.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceConfig:
    """How even the answers of one question type must be."""

    max_answer_share: float = 0.34
    """Largest share of one answer among the samples of its type, 0..1. Paper: not balanced. A type with
    fewer than three different answers may reach an even share of them."""
    free_samples: int = 2
    """So many samples of each answer are kept whatever their share: a handful cannot be balanced."""

    def __post_init__(self) -> None:
        if not 0 < self.max_answer_share <= 1 or self.free_samples < 1:
            raise ConfigError("max_answer_share must lie in (0, 1] and free_samples be at least 1")


def balance(samples: Iterable[Sample], config: BalanceConfig) -> AskResult:
    """Drop surplus samples of frequent answers; of one answer the most confident stay."""
    groups: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
    ordered = tuple(samples)
    for sample in ordered:
        groups[question_type(sample)].append(sample)
    surplus = {sample.id for group in groups.values() for sample in _surplus(group, config)}
    reason = f"its answer has more than {config.max_answer_share:.0%} of its question type"
    return AskResult(
        samples=tuple(sample for sample in ordered if sample.id not in surplus),
        dropped=tuple(_dropped(sample, reason) for sample in ordered if sample.id in surplus),
    )


def question_type(sample: Sample) -> tuple[str, ...]:
    """What a guesser sees of a question before its details: structure, semantics, asked name."""
    asked = sample.program.rpartition(",")[2].strip(' ")') if sample.type.semantics == "attribute" else ""
    return (sample.type.structure, sample.type.semantics, asked if sample.type.structure == "query" else "")


def _surplus(group: list[Sample], config: BalanceConfig) -> list[Sample]:
    counts = Counter(sample.answer for sample in group)
    most = largest_even_count(counts, config)
    surplus: list[Sample] = []
    for answer in sorted(counts):
        ranked = sorted((s for s in group if s.answer == answer), key=lambda s: (-s.confidence, s.id))
        surplus.extend(ranked[most:])
    return surplus


def largest_even_count(counts: Counter[str], config: BalanceConfig) -> int:
    """The most samples an answer may keep so that no answer exceeds its share afterwards."""
    share = max(config.max_answer_share, 1 / len(counts)) if len(counts) > 1 else config.max_answer_share
    for most in range(max(counts.values()), config.free_samples, -1):
        kept = sum(min(count, most) for count in counts.values())
        if most <= share * kept + 1e-9:
            return most
    return config.free_samples


def _dropped(sample: Sample, reason: str) -> DroppedSample:
    return DroppedSample(
        video=sample.video.id,
        question=sample.question,
        answer=sample.answer,
        program=sample.program,
        reason=reason,
    )
