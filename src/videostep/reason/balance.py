"""Balance over a whole data set: no answer may be guessed from its question alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from videostep.errors import ConfigError
from videostep.reason.ask import AskResult, DroppedSample
from videostep.reason.controls.sheet import KINDS, Codes, Rows, Sheet, sheet_of
from videostep.sample import AnswerKind, Sample

K = TypeVar("K")
GUESSED = "guessed from the words alone"
"""Reason of what is dropped because of its words."""
GUESSED_KINDS: tuple[AnswerKind, ...] = ("binary", "choice")
"""Samples of these may be dropped because of their words."""
_MOST_ROUNDS = 40
_NO_ROWS: Rows = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceConfig:
    """How hard the answers must be to guess without the video."""

    max_answer_share: float = 0.34
    """Largest share of one answer among the samples of its type, 0..1. Paper: not balanced. A type with
    fewer than three different answers may reach an even share of them."""
    free_samples: int = 2
    """So many samples of each answer are kept whatever their share: a handful cannot be balanced."""
    max_above_chance: float = 0.08
    """How far above chance the question-only model may be right, 0..1, on yes/no questions, on choices, on
    each of their types that has `least_guessed` samples and on all smaller ones together; 1 switches this
    off. Paper: not balanced. A tenth is the most that is wanted; measured over other folds of videos than
    samples were dropped by, the model is right up to 2 points more often."""
    least_guessed: int = 100
    """Yes/no questions, or choices, below which none is dropped for its words: of 100 coin flips one in 40
    series comes out a tenth above a half. Types that have fewer are looked at together."""
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


class Fates(NamedTuple):
    """Why each sample of a data set goes."""

    codes: npt.NDArray[np.int8]
    """One a sample: the place of its reason in `reasons`."""
    reasons: tuple[str, ...]
    """The first, which is empty, is that of samples that stay."""

    def reason_of(self, row: int) -> str:
        """Why a sample goes; empty: it stays."""
        return self.reasons[int(self.codes[row])]


def balance(samples: Iterable[Sample], config: BalanceConfig) -> AskResult:
    """Drop surplus samples of frequent answers, then those whose words give their answer away.

    Of a frequent answer the most confident samples stay. A twin of a dropped sample stays, without its link.
    """
    ordered = tuple(samples)
    fates = find_fates(sheet_of(ordered), config)
    kept = [sample for row, sample in enumerate(ordered) if not fates.reason_of(row)]
    lost = [(sample, reason) for row, sample in enumerate(ordered) if (reason := fates.reason_of(row))]
    return AskResult(
        samples=_without_lost_twins(kept),
        dropped=tuple(drop_sample(sample, reason) for sample, reason in lost),
    )


def find_fates(sheet: Sheet, config: BalanceConfig) -> Fates:
    """Which samples of a data set go, and why."""
    codes = np.zeros(len(sheet.ids), dtype=np.int8)
    codes[find_surplus(sheet, config)] = 1
    codes[find_guessed(sheet, np.flatnonzero(codes == 0), config)] = 2
    surplus = f"its answer has more than {config.max_answer_share:.0%} of its question type"
    return Fates(codes, ("", surplus, GUESSED))


def find_surplus(sheet: Sheet, config: BalanceConfig) -> Rows:
    """The samples whose answer is too frequent among its type."""
    by_type = np.lexsort((sheet.ids, -sheet.confidences, sheet.answers, sheet.types))
    ends = np.flatnonzero(np.diff(sheet.types[by_type], append=-1)) + 1
    groups = (by_type[start:end] for start, end in zip((0, *ends), ends, strict=False))
    return np.concatenate([_NO_ROWS, *(_surplus(sheet.answers[group], group, config) for group in groups)])


def _surplus(answers: Codes, rows: Rows, config: BalanceConfig) -> Rows:
    """Those of one type beyond what their answer may keep; equal answers stand together, the best first."""
    _, starts, counts = np.unique(answers, return_index=True, return_counts=True)
    most = largest_even_count(Counter(dict(enumerate(counts.tolist()))), config)
    ranks = np.arange(len(answers)) - np.repeat(starts, counts)
    return rows[ranks >= most]


def largest_even_count(counts: Counter[K], config: BalanceConfig) -> int:
    """The most samples an answer may keep so that no answer exceeds its share afterwards."""
    share = max(config.max_answer_share, 1 / len(counts)) if len(counts) > 1 else config.max_answer_share
    for most in range(max(counts.values()), config.free_samples, -1):
        kept = sum(min(count, most) for count in counts.values())
        if most <= share * kept + 1e-9:
            return most
    return config.free_samples


def find_guessed(sheet: Sheet, rows: Rows, config: BalanceConfig) -> Rows:
    """The closed samples to drop so that words alone give yes/no answers and choices away no more.

    Adversarial filtering (Le Bras et al. 2020): guess every question by a model that learned from other
    videos, drop of those guessed right the ones it is surest of, and guess again with another model. Each
    question type that is large enough must hold by itself, and then all together.
    """
    kinds = sheet.kinds[rows]
    groups = (rows[kinds == KINDS.index(kind)] for kind in GUESSED_KINDS)
    return np.concatenate([_guessed(sheet, group, config) for group in groups])


def _guessed(sheet: Sheet, group: Rows, config: BalanceConfig) -> Rows:
    found = [_NO_ROWS]
    left, most = group, math.floor(config.max_guessed_share * len(group))
    for round_ in range(_MOST_ROUNDS if config.max_above_chance < 1 else 0):
        if len(left) < config.least_guessed:
            break
        easy = _easiest(sheet, left, config, deal=f"balance {round_}")[:most]
        if not len(easy):
            break
        found.append(easy)
        most -= len(easy)
        left = left[~np.isin(left, easy)]
    return np.concatenate(found)


def _easiest(sheet: Sheet, rows: Rows, config: BalanceConfig, *, deal: str) -> Rows:
    """Of the question types that are guessed too well the easiest samples; where none is, of all together."""
    # Loads SciPy, which a run that asks nothing does without.
    from videostep.reason.controls.guess import guess_rows

    guesses = guess_rows(sheet, rows, deal=deal)
    if guesses is None:
        return _NO_ROWS
    # Rounded, so that another processor's last digit does not choose other samples.
    by_belief = np.lexsort((sheet.ids[rows], -np.round(guesses.belief, 4)))
    rows, right = rows[by_belief], guesses.right[by_belief]
    groups = _measurable_groups(sheet, rows, config)
    easiest = np.concatenate([_NO_ROWS, *(_easiest_of(sheet, rows[g], right[g], config) for g in groups)])
    return easiest if len(easiest) else _easiest_of(sheet, rows, right, config)


def _measurable_groups(sheet: Sheet, rows: Rows, config: BalanceConfig) -> list[Rows]:
    """Places in `rows` of each question type that is large enough, and of all smaller ones together."""
    types = sheet.types[rows]
    codes, counts = np.unique(types, return_counts=True)
    large = sorted(codes[counts >= config.least_guessed].tolist(), key=lambda code: sheet.type_names[code])
    groups = [np.flatnonzero(types == code) for code in large]
    small = np.flatnonzero(~np.isin(types, large))
    return [*groups, small] if len(small) >= config.least_guessed else groups


def _easiest_of(sheet: Sheet, rows: Rows, right: npt.NDArray[np.bool_], config: BalanceConfig) -> Rows:
    """Half of what must go at least, since the next model knows less: then fewer go in the end.

    `rows`: those it is surest of come first.
    """
    chances = sheet.chances[rows]
    allowed = np.where(np.isnan(chances), 0.0, chances).mean() + config.max_above_chance
    surplus = (right.sum() - allowed * len(rows)) / (1 - allowed) if allowed < 1 else 0.0
    n_easy = math.ceil(min(surplus, max(surplus / 2, 0.01 * len(rows))) - 1e-9)
    return rows[right][: max(0, n_easy)]


def _without_lost_twins(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    ids = {sample.id for sample in samples}
    lost = (sample.twin_of is not None and sample.twin_of not in ids for sample in samples)
    return tuple(
        replace(sample, twin_of=None) if is_lost else sample
        for sample, is_lost in zip(samples, lost, strict=True)
    )


def drop_sample(sample: Sample, reason: str) -> DroppedSample:
    """What is kept of a dropped sample."""
    return DroppedSample(
        video=sample.video.id,
        question=sample.question,
        answer=sample.answer,
        program=sample.program,
        reason=reason,
    )
