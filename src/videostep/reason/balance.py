"""Balance over a whole data set: no answer may be guessed from its question alone."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from videostep.errors import ConfigError
from videostep.reason.ask import AskResult, DroppedSample
from videostep.reason.controls.kinds import chance_of, question_type
from videostep.sample import Sample

if TYPE_CHECKING:
    from videostep.reason.controls.guess import Guess

GUESSED = "guessed from the words alone"
"""Reason of what is dropped because of its words."""
_MOST_ROUNDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceConfig:
    """How hard the answers must be to guess without the video."""

    max_answer_share: float = 0.34
    """Largest share of one answer among the samples of its type, 0..1. Paper: not balanced. A type with
    fewer than three different answers may reach an even share of them."""
    free_samples: int = 2
    """So many samples of each answer are kept whatever their share: a handful cannot be balanced."""
    max_above_chance: float = 0.08
    """How far above chance the question-only model may be right, 0..1, on yes/no questions, on choices, and
    on each of their types that has `least_guessed` samples; 1 switches this off. Paper: not balanced. A tenth
    is the most that is wanted; measured over other folds of videos than samples were dropped by, the model
    is right up to 2 points more often."""
    least_guessed: int = 100
    """Yes/no questions, or choices, below which none is dropped for its words: of 100 coin flips one in 40
    series comes out a tenth above a half."""
    max_guessed_share: float = 0.5
    """Largest share of the yes/no questions, or choices, that is dropped for its words, 0..1. Where that is
    not enough the set is too small or uniform: the rest stays, and the report says how well it is guessed."""

    def __post_init__(self) -> None:
        if not 0 < self.max_answer_share <= 1 or self.free_samples < 1:
            raise ConfigError("max_answer_share must lie in (0, 1] and free_samples be at least 1")
        if not 0 <= self.max_above_chance <= 1 or not 0 <= self.max_guessed_share <= 1:
            raise ConfigError("max_above_chance and max_guessed_share must lie in 0..1")
        if self.least_guessed < 1:
            raise ConfigError("least_guessed must be at least 1")


def balance(samples: Iterable[Sample], config: BalanceConfig) -> AskResult:
    """Drop surplus samples of frequent answers, then those whose words give their answer away.

    Of a frequent answer the most confident samples stay. A twin of a dropped sample stays, without its link.
    """
    ordered = tuple(samples)
    surplus = dict.fromkeys(
        find_surplus(ordered, config),
        f"its answer has more than {config.max_answer_share:.0%} of its question type",
    )
    left = [sample for sample in ordered if sample.id not in surplus]
    reasons = {**surplus, **dict.fromkeys(find_guessed(left, config), GUESSED)}
    kept = [sample for sample in ordered if sample.id not in reasons]
    return AskResult(
        samples=_without_lost_twins(kept),
        dropped=tuple(_dropped(sample, reasons[sample.id]) for sample in ordered if sample.id in reasons),
    )


def find_surplus(samples: Iterable[Sample], config: BalanceConfig) -> list[str]:
    """Ids of the samples whose answer is too frequent among its type."""
    groups: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[question_type(sample)].append(sample)
    return [sample.id for group in groups.values() for sample in _surplus(group, config)]


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


def find_guessed(samples: Sequence[Sample], config: BalanceConfig) -> list[str]:
    """Ids of the closed samples to drop so that words alone give yes/no answers and choices away no more.

    Adversarial filtering (Le Bras et al. 2020): guess every question by a model that learned from other
    videos, drop of those guessed right the ones it is surest of, and guess again with another model. Each
    question type that is large enough must hold by itself, and then all together.
    """
    binary = [sample for sample in samples if sample.answer_kind == "binary"]
    choices = [sample for sample in samples if sample.answer_kind == "choice"]
    return [id_ for group in (binary, choices) for id_ in _guessed(group, config)]


def _guessed(group: list[Sample], config: BalanceConfig) -> list[str]:
    found: list[str] = []
    left, most = group, math.floor(config.max_guessed_share * len(group))
    for round_ in range(_MOST_ROUNDS if config.max_above_chance < 1 else 0):
        if len(left) < config.least_guessed:
            break
        easy = _easiest(left, config, deal=f"balance {round_}")[: most - len(found)]
        if not easy:
            break
        found += easy
        gone = set(easy)
        left = [sample for sample in left if sample.id not in gone]
    return found


def _easiest(samples: list[Sample], config: BalanceConfig, *, deal: str) -> list[str]:
    """Of the question types that are guessed too well the easiest samples; where none is, of all together."""
    # Loads SciPy, which a run that asks nothing does without.
    from videostep.reason.controls.guess import guess_answers

    guesses = guess_answers(samples, deal=deal)
    if guesses is None:
        return []
    marked = list(zip(guesses, samples, strict=True))
    types: dict[tuple[str, ...], list[tuple[Guess, Sample]]] = defaultdict(list)
    for mark in marked:
        types[question_type(mark[1])].append(mark)
    large = [types[type_] for type_ in sorted(types) if len(types[type_]) >= config.least_guessed]
    return [id_ for group in large for id_ in _easiest_of(group, config)] or _easiest_of(marked, config)


def _easiest_of(marked: list[tuple[Guess, Sample]], config: BalanceConfig) -> list[str]:
    """Half of what must go at least, since the next model knows less: then fewer go in the end."""
    right = [mark for mark in marked if mark[0].right]
    allowed = sum(chance_of(sample) or 0.0 for _, sample in marked) / len(marked) + config.max_above_chance
    surplus = (len(right) - allowed * len(marked)) / (1 - allowed) if allowed < 1 else 0.0
    # Rounded, so that another processor's last digit does not choose other samples.
    right.sort(key=lambda mark: (-round(mark[0].belief, 4), mark[1].id))
    least = 0.01 * len(marked)
    n_easy = math.ceil(min(surplus, max(surplus / 2, least)) - 1e-9)
    return [sample.id for _, sample in right[: max(0, n_easy)]]


def _without_lost_twins(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    ids = {sample.id for sample in samples}
    lost = (sample.twin_of is not None and sample.twin_of not in ids for sample in samples)
    return tuple(
        replace(sample, twin_of=None) if is_lost else sample
        for sample, is_lost in zip(samples, lost, strict=True)
    )


def _dropped(sample: Sample, reason: str) -> DroppedSample:
    return DroppedSample(
        video=sample.video.id,
        question=sample.question,
        answer=sample.answer,
        program=sample.program,
        reason=reason,
    )
