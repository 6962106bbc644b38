"""All blind controls of a data set."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from videostep.reason.controls.blind import Marked, answer_always_alike, answer_blind
from videostep.reason.controls.kinds import chance_of, question_type, without_reasoning
from videostep.reason.controls.rates import DIGITS, Bootstrap
from videostep.reason.controls.table import (
    CONTROLS_FORMAT,
    Controls,
    GroupControls,
    Rate,
    StepFloor,
    Steps,
)
from videostep.sample import AnswerKind, Sample

ANSWER_KINDS: tuple[AnswerKind, ...] = ("binary", "choice", "open")
STEPS: tuple[Steps, ...] = ("1", "2", "3+")
K = TypeVar("K")


def measure_controls(
    samples: Iterable[Sample], captions: Mapping[str, Sequence[str]], *, of_samples: int | None = None
) -> Controls:
    """Answer all questions blind; the same samples in another order give the same numbers.

    Args:
        samples: The data set.
        captions: Sentences about each video, by its id.
        of_samples: How many samples these were drawn from; None: they are all.
    """
    ordered = sorted(without_reasoning(samples), key=lambda sample: sample.id)
    marked = answer_blind(ordered, captions)
    videos = [sample.video.id for sample in ordered]
    bootstrap = Bootstrap(videos)
    kinds = _grouped(marked, lambda mark: mark.sample.answer_kind)
    steps = _grouped(marked, _steps)
    longer = [sample for sample in ordered if sample.n_steps > 1]
    return Controls(
        format=CONTROLS_FORMAT,
        samples=len(ordered),
        videos=len(set(videos)),
        of_samples=of_samples if of_samples and of_samples > len(ordered) else None,
        kinds=tuple(_measure_group(kind, kinds[kind], bootstrap) for kind in ANSWER_KINDS if kind in kinds),
        types=tuple(_measure_types(marked, bootstrap)),
        floors=tuple(_measure_floor(name, steps[name], bootstrap) for name in STEPS if name in steps),
        longer=len(longer),
        twins=len(_with_twin(longer)),
    )


def _grouped(marked: Iterable[Marked], key: Callable[[Marked], K]) -> dict[K, list[Marked]]:
    groups: dict[K, list[Marked]] = defaultdict(list)
    for mark in marked:
        groups[key(mark)].append(mark)
    return groups


def _measure_types(marked: Iterable[Marked], bootstrap: Bootstrap) -> list[GroupControls]:
    types = _grouped(marked, lambda mark: question_type(mark.sample))
    measured = (_measure_group(_in_words(key), group, bootstrap) for key, group in types.items())
    return sorted(measured, key=lambda group: (-group.samples, group.name, group.answer_kind))


def _in_words(type_: tuple[str, ...]) -> str:
    structure, semantics, asked, _ = type_
    return f"{structure} {semantics}: {asked}" if asked else f"{structure} {semantics}"


def _measure_group(name: str, group: Sequence[Marked], bootstrap: Bootstrap) -> GroupControls:
    samples = [mark.sample for mark in group]
    videos = [sample.video.id for sample in samples]
    answers = Counter(sample.answer for sample in samples)
    chances = [chance for sample in samples if (chance := chance_of(sample)) is not None]
    return GroupControls(
        name=name,
        answer_kind=samples[0].answer_kind,
        samples=len(samples),
        videos=len(set(videos)),
        answers=len(answers),
        entropy_bits=entropy_bits(answers),
        chance=round(sum(chances) / len(chances), DIGITS) if chances else None,
        frequent=bootstrap.rate(videos, answer_always_alike(samples)),
        words=_rate(bootstrap, videos, [mark.words for mark in group]),
        captions=_rate(bootstrap, videos, [mark.captions for mark in group]),
    )


def _rate(bootstrap: Bootstrap, videos: Sequence[str], marks: Sequence[float | None]) -> Rate | None:
    tried = [mark for mark in marks if mark is not None]
    return bootstrap.rate(videos, tried) if len(tried) == len(marks) else None


def entropy_bits(counts: Counter[Any]) -> float:
    """Shannon entropy of a distribution that is given as counts, bits."""
    total = counts.total()
    return round(sum(count / total * math.log2(total / count) for count in counts.values()), DIGITS)


def _steps(mark: Marked) -> Steps:
    return STEPS[min(max(mark.sample.n_steps, 1), len(STEPS)) - 1]


def _measure_floor(steps: Steps, group: Sequence[Marked], bootstrap: Bootstrap) -> StepFloor:
    # A sample of others may say 0: one then need not guess either.
    candidates = [max(1, mark.sample.outer_candidates) for mark in group]
    return StepFloor(
        steps=steps,
        samples=len(group),
        floor=bootstrap.rate([mark.sample.video.id for mark in group], [1 / n for n in candidates]),
        single=candidates.count(1),
    )


def _with_twin(samples: Sequence[Sample]) -> set[str]:
    """Ids of the samples that are one of two twins, both among `samples`."""
    ids = {sample.id for sample in samples}
    pairs = [(sample.id, sample.twin_of) for sample in samples if sample.twin_of in ids]
    return {id_ for pair in pairs for id_ in pair if id_ is not None}
