"""Which statements are right, once it is known which unit is which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from videostep.evaluate.matching import Matcher
from videostep.evaluate.scene import Kind, Statement
from videostep.evaluate.spans import time_iou
from videostep.evaluate.tally import Tally

_Said = tuple[str, tuple[str, ...], tuple[str, ...]]


def tally_statements(
    predicted: Iterable[Statement],
    true: Iterable[Statement],
    match: Mapping[str, str],
    *,
    min_time_iou: float,
    matcher: Matcher,
) -> dict[Kind, dict[str, Tally]]:
    """Counts by kind and first word (attribute name or predicate; none for events).

    A predicted statement is right if a true one says the same words of the matched units, with a time
    IoU of at least `min_time_iou`, one to one.
    """
    tallies: dict[Kind, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    told: dict[_Said, list[Statement]] = defaultdict(list)
    truth: dict[_Said, list[Statement]] = defaultdict(list)
    for statement in predicted:
        tallies[statement.kind][_word(statement)] += Tally(predicted=1)
        if all(id_ in match for id_ in statement.about):
            about = tuple(match[id_] for id_ in statement.about)
            told[statement.kind, about, statement.words].append(statement)
    for statement in true:
        tallies[statement.kind][_word(statement)] += Tally(true=1)
        truth[statement[:3]].append(statement)
    for said in sorted(told.keys() & truth.keys()):
        word = _word(told[said][0])
        for overlap in _overlaps(told[said], truth[said], matcher):
            right = int(overlap >= min_time_iou)
            tallies[told[said][0].kind][word] += Tally(found=right, agreeing=1, time_iou=overlap)
    return {kind: dict(words) for kind, words in tallies.items()}


def _word(statement: Statement) -> str:
    return statement.words[0] if statement.words else ""


def _overlaps(told: list[Statement], truth: list[Statement], matcher: Matcher) -> Iterator[float]:
    """Time IoUs of statements that say the same, matched one to one."""
    overlaps = {
        (f"{i:06}", f"{j:06}"): overlap
        for i, said in enumerate(told)
        for j, known in enumerate(truth)
        if (overlap := time_iou(said.spans_s, known.spans_s)) > 0
    }
    for pair in sorted(matcher(overlaps).items()):
        yield overlaps[pair]
