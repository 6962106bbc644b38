"""Which type of STAR's questions a question is: what is done, in which order, what comes next.

Source: Wu et al., STAR (2021): interaction, sequence, prediction, feasibility. That somebody *could* do
something no graph can prove, so the fourth is never given.
"""

from __future__ import annotations

from videostep.reason.changes import FollowCore, SwitchCore
from videostep.reason.cores import BesidesCore, Core, MotionCore, ObjectCore, PredicateCore
from videostep.reason.hops import PERSONS
from videostep.reason.pairs import OrderCore
from videostep.reason.path import Path
from videostep.reason.words import is_verbal
from videostep.sample import Star

_ORDERED = ("before", "after", "between")
"""Times that put what is asked in an order."""


def star_of(path: Path, cut_s: float | None) -> Star | None:
    """The type of a question about what a person does, given where the video may stop; None of any other."""
    core = path.core
    if not _is_of_person(path):
        return None
    if isinstance(core, FollowCore):
        return "sequence" if cut_s is None else "prediction"
    if isinstance(core, OrderCore) or (isinstance(core, SwitchCore) and is_verbal(core.predicate)):
        return "sequence"
    is_ordered = path.context.kind in _ORDERED
    if is_ordered and isinstance(core, MotionCore | BesidesCore):
        return "sequence"
    if not _is_action(core, path.answer):
        return None
    return "sequence" if is_ordered else "interaction"


def cut_of(path: Path) -> float | None:
    """When the video may stop, seconds, where a question asks what comes next; None for any other question.

    All that tells the person from others must have begun by then, and nobody must be told by being the first
    or the longest of several, or by what they never do: who that is shows at the end only.
    """
    core = path.core
    if not (isinstance(core, FollowCore) and core.side > 0 and _is_of_person(path)):
        return None
    pair = core.chosen(path.view)
    hops = [part.hop for named in path.names.values() for part in named.expanded() if part.hop]
    if pair is None or any(hop.is_ranking or hop.is_negated for hop in hops):
        return None
    cut_s = pair[0].span_s.end_s
    began_s = [min(span.start_s for span in fact.spans_s) for hop in hops for fact in hop.facts]
    return cut_s if all(start_s < pair[0].span_s.start_s for start_s in began_s) else None


def _is_of_person(path: Path) -> bool:
    roots = path.core.roots
    return bool(roots) and path.view.label(roots[0]).rpartition(" ")[2] in PERSONS


def _is_action(core: Core, answer: str) -> bool:
    """Whether it is about what somebody does with something, not about where they are."""
    if isinstance(core, ObjectCore):
        return core.forward and is_verbal(core.predicate)
    return isinstance(core, PredicateCore) and is_verbal(answer)
