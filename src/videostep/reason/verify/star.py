"""Whether a question is the type of STAR's that it says it is (docs/program.md, "STAR's types")."""

from __future__ import annotations

from videostep.reason.verify.asked import Asked
from videostep.reason.verify.language import RANKS
from videostep.sample import Sample

_WRAPPERS = frozenset({"equal", "choose", "not"})
"""They only compare what their first argument gives."""
_ORDERED = frozenset({"before", "after", "between"})
_IN_ORDER = frozenset({"order", "follow", "switch"})
_ACTIONS = frozenset({"name", "predicate", "motion", "besides"})
_TELL_APART = tuple(f"{name}(" for name in (*sorted(RANKS), "except"))
"""Beginnings of calls that need all of the video."""
_SLACK_S = 1e-4
"""Times in files are rounded to this, seconds."""


def star_fault(asked: Asked, sample: Sample) -> str | None:
    """What is wrong with the STAR type of a sample whose program has an answer, or with where it cuts."""
    star = sample.type.star
    if (star == "prediction") is not (sample.cut_s is not None):
        return "a prediction, and nothing else, says where the video may be cut"
    if star is None:
        return None
    while asked.name in _WRAPPERS:
        asked = asked.parts[0]
    if star == "prediction":
        return _cut_fault(asked, sample)
    is_ordered = asked.name in _IN_ORDER or sample.type.temporal in _ORDERED
    if asked.name not in _IN_ORDER | _ACTIONS or is_ordered is not (star == "sequence"):
        return f"its program is none of STAR's type {star!r}"
    return None


def _cut_fault(asked: Asked, sample: Sample) -> str | None:
    call = asked.call
    if call.name != "follow" or call.number(2) != 1:
        return "its program does not ask what comes next"
    if any(map(call.text.__contains__, _TELL_APART)):
        return "who is the first or the longest shows at the end only: the video cannot be cut"
    given_s = asked.change.given.span_s
    if sample.cut_s is None or abs(sample.cut_s - given_s.end_s) > _SLACK_S:
        return f"the video may be cut at {given_s.end_s:g} s, not {sample.cut_s} s"
    late = any(step.spans_s[0].start_s >= given_s.start_s for step in sample.steps[:-1] if step.spans_s)
    return "one of its descriptions shows after the cut only" if late else None
