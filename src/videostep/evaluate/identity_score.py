"""Are things kept apart, and joined again: pairs of objects, and seconds (IDF1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from videostep.evaluate.matching import Matcher
from videostep.evaluate.scene import Scene
from videostep.evaluate.spans import length_s
from videostep.evaluate.tally import IdentityTally, Tally
from videostep.evaluate.unit_match import Candidate


def tally_references(predicted: Scene, true: Scene, match: Mapping[str, str]) -> Tally:
    """Counts of pairs of objects that are one thing.

    A predicted pair is right if both objects are matched and their matches are one thing in the truth.
    Pairs are counted by groups, so that a thing of a thousand clips costs a thousand steps.
    """
    shared = Counter((predicted.thing_of[here], true.thing_of[there]) for here, there in match.items())
    return Tally(
        found=_pairs(shared.values()),
        predicted=_pairs(Counter(predicted.thing_of.values()).values()),
        true=_pairs(Counter(true.thing_of.values()).values()),
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def tally_identity(
    predicted: Scene, true: Scene, candidates: Iterable[Candidate], *, matcher: Matcher
) -> IdentityTally:
    """Seconds that things share, each predicted thing matched to at most one true thing.

    Source: IDF1 of Ristani et al. 2016, with seconds in place of frames. `candidates` are those of
    objects: two things share the time at which objects of theirs have the same label and place.
    """
    shared_s: dict[tuple[str, str], float] = defaultdict(float)
    for pair in candidates:
        shared_s[predicted.thing_of[pair.predicted], true.thing_of[pair.true]] += pair.common_s
    return IdentityTally(
        common_s=sum(shared_s[pair] for pair in sorted(matcher(shared_s).items())),
        predicted_s=sum(length_s(unit.spans_s) for unit in predicted.units),
        true_s=sum(length_s(unit.spans_s) for unit in true.units),
    )
