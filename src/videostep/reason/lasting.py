"""What is so for as long as a thing is seen.

Who says "the ball that is not moving" may mean a ball that never moves, or one that lies still just then.
Where things change, only one of the two is right; where they do not, both are.
"""

from __future__ import annotations

from collections.abc import Iterable

from videostep.reason.index import Fact, View
from videostep.video import TimeSpan, join_spans

MOST_UNKNOWN_S = 1.0
"""So long a thing may be seen without a known value and still have had no other one, seconds."""
TRAITS = frozenset({"material", "shape"})
"""Attributes besides colours that nobody expects to change."""


def is_trait(attribute: str) -> bool:
    """Whether a viewer expects that an attribute does not change."""
    return attribute.endswith("colour") or attribute in TRAITS


def is_known_throughout(view: View, thing: int, known_s: Iterable[TimeSpan]) -> bool:
    """Whether a thing is hardly seen in the view outside of some spans, which lie in it."""
    nodes = view.index.things[thing].nodes
    seen_s = join_spans([part for node in nodes for s in node.spans_s if (part := s.overlap(view.span_s))])
    joined_s = join_spans(list(known_s))
    ends_s = [view.span_s.start_s, *(t for span in joined_s for t in span), view.span_s.end_s]
    return all(
        sum(part.duration_s for seen in seen_s if (part := seen.overlap(TimeSpan(start_s, end_s))))
        <= MOST_UNKNOWN_S + view.index.every_s
        for start_s, end_s in zip(ends_s[::2], ends_s[1::2], strict=True)
    )


def are_always_so(view: View, thing: int, facts: Iterable[Fact]) -> bool:
    """Whether some facts of a thing, one or the other, hold for as long as it is seen in the view."""
    spans_s = (span for fact in facts for span in fact.spans_s)
    return is_known_throughout(view, thing, [part for s in spans_s if (part := s.overlap(view.span_s))])


def never_changes(view: View, thing: int, name: str) -> bool:
    """Whether a thing has one value of an attribute, and no other one at any time of the view."""
    values = view.values(thing, name)
    return len(values) == 1 and (is_trait(name) or are_always_so(view, thing, *values.values()))
