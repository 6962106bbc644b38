"""What is so for as long as a thing is seen.

Who says "the ball that is not moving" may mean a ball that never moves, or one that lies still just then.
Where things change, only one of the two is right; where they do not, both are.
"""

from __future__ import annotations

from collections.abc import Iterable

from videostep.reason.index import Fact, View


def are_always_so(view: View, thing: int, facts: Iterable[Fact]) -> bool:
    """Whether some facts of a thing, one or the other, hold for as long as it is seen in the view."""
    return view.is_known_throughout(thing, [span for fact in facts for span in fact.spans_s])


def never_changes(view: View, thing: int, name: str) -> bool:
    """Whether a thing has one value of an attribute, and no other one at any time of the view."""
    return len(view.values(thing, name)) == 1 and view.is_settled(thing, name)
