"""What changes: values and what a thing is related to, in the order of time (docs/program.md, "Changes")."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress
from typing import NamedTuple

from videostep.errors import AmbiguousError, EmptyError, OutOfCoverageError
from videostep.reason.verify.coverage import check_covered_motion, check_covered_relation
from videostep.reason.verify.describe import describe
from videostep.reason.verify.durations import are_told_apart, ends_before
from videostep.reason.verify.facts import Fact, Facts, Thing
from videostep.reason.verify.language import Call
from videostep.reason.verify.words import fits_word, may_mean_the_same
from videostep.video import TimeSpan, join_spans

MOST_UNKNOWN_S = 1.0
"""So long a thing may be seen without a known value while one value turns into another, seconds."""
_SLACK_S = 1e-6
"""Less than this counts as nothing, seconds: times in files have four decimals."""


class Run(NamedTuple):
    """One value, or one other thing, for as long as it lasts."""

    word: str
    span_s: TimeSpan
    facts: frozenset[str]
    """Ids of all that say so."""
    other: int = -1
    """The thing at a relation's other end."""


class Change(NamedTuple):
    """Two runs, one after the other, and what a program says of them."""

    answer: str
    given: Run
    found: Run


def changed(facts: Facts, call: Call, things: list[int], context_s: TimeSpan) -> Change:
    """What `change`, `turn`, `switch`, `shift`, `follow` and `besides` find in a context.

    Args:
        facts: Of the graph.
        call: One of the six.
        things: What its Thing arguments mean.
        context_s: The context.

    Raises:
        EmptyError: There is no such change.
        AmbiguousError: There is more than one, or nobody can tell which comes first.
        OutOfCoverageError: Something else may have been so in between.
    """
    if call.name == "besides":
        return _besides(call, facts.things[things[0]], context_s)
    if call.name == "follow":
        return _followed(facts, call, facts.things[things[0]], context_s)
    if call.name == "switch":
        return _switched(facts, call, things, context_s)
    if call.name == "shift":
        return _shifted(facts, call, things, context_s)
    runs = _runs_of_attribute(facts, call, facts.things[things[0]], context_s)
    if call.name == "change":
        return _from_to(call, runs)
    what = f"time at which the {call.words[0]} of the {describe(call.parts[0])} is {call.words[1]}"
    return _turned(runs, call.words[1], call.number(3), what)


def _besides(call: Call, thing: Thing, context_s: TimeSpan) -> Change:
    """The one other thing that somebody does."""
    given, what = call.words[0], f"motion of the {describe(call.parts[0])} besides {call.words[0]!r}"
    runs = [
        Run(fact.word, context_s, frozenset((fact.id,))) for fact in thing.motions if fact.holds_in(context_s)
    ]
    own = [run for run in runs if run.word == given]
    others = [run for run in runs if run.word != given]
    words = sorted({run.word for run in others})
    if not own or not words:
        raise EmptyError(f"there is no {what}")
    if len(words) > 1 or may_mean_the_same(words[0], given):
        raise AmbiguousError(f"there is more than one {what}, or they are the same: {', '.join(words)}")
    return Change(words[0], _whole(own), _whole(others))


# --- attributes -----------------------------------------------------------------------------------


def _from_to(call: Call, runs: list[Run]) -> Change:
    what = f"the {call.words[0]} of the {describe(call.parts[0])}"
    if len(runs) < 2:
        raise EmptyError(f"{what} does not change")
    if len(runs) > 2:
        raise AmbiguousError(f"{what} changes more than once")
    first, last = runs
    if " to " in f"{first.word} {last.word}":
        raise AmbiguousError(f"{what} has values that cannot be told in one phrase")
    return Change(f"from {first.word} to {last.word}", first, last)


def _turned(runs: list[Run], value: str, k: int, what: str) -> Change:
    """The run beside the one with a value."""
    places = [place for place, run in enumerate(runs) if run.word == value]
    if not places or k not in (-1, 1):
        raise EmptyError(f"there is no {what}")
    if len(places) > 1:
        raise AmbiguousError(f"there is more than one {what}")
    other = places[0] + k
    if not 0 <= other < len(runs):
        raise EmptyError(f"there is nothing {'after' if k > 0 else 'before'} the {what}")
    return Change(runs[other].word, runs[places[0]], runs[other])


def _runs_of_attribute(facts: Facts, call: Call, thing: Thing, context_s: TimeSpan) -> list[Run]:
    """The values of an attribute in the order of time; it must be known as long as the thing is seen."""
    values = _values(thing.attributes.get(call.words[0], ()), context_s)
    _check_known(facts, call, thing, [run.span_s for run in values], context_s)
    return _joined(values, f"the {call.words[0]}")


def _joined(values: list[Run], what: str) -> list[Run]:
    """Values in the order of time, neighbours that are the same as one; no two may be so at once."""
    runs = list[Run]()
    for run in values:
        last = runs[-1] if runs else None
        if last is not None and last.word == run.word:
            runs[-1] = _whole([last, run])
            continue
        if last is not None and run.span_s.start_s < last.span_s.end_s - _SLACK_S:
            raise AmbiguousError(f"{what} is {last.word!r} and {run.word!r} at once")
        if last is not None and may_mean_the_same(last.word, run.word):
            raise AmbiguousError(f"{last.word!r} and {run.word!r} may mean the same")
        runs.append(run)
    return runs


def _values(known: Iterable[Fact], context_s: TimeSpan) -> list[Run]:
    parts = ((fact, span.overlap(context_s)) for fact in known for span in fact.spans_s)
    runs = (Run(fact.word, part, frozenset((fact.id,))) for fact, part in parts if part)
    return sorted(runs, key=lambda run: (*run.span_s, run.word))


def _check_known(
    facts: Facts, call: Call, thing: Thing, known_s: list[TimeSpan], context_s: TimeSpan
) -> None:
    """Raise unless the attribute is known whenever the thing is seen, but for moments."""
    seen_s = [part for node in thing.nodes for span in node.spans_s if (part := span.overlap(context_s))]
    ends_s = [
        context_s.start_s,
        *(time_s for span in join_spans(known_s) for time_s in span),
        context_s.end_s,
    ]
    for start_s, end_s in zip(ends_s[::2], ends_s[1::2], strict=True):
        parts = (span.overlap(TimeSpan(start_s, end_s)) for span in join_spans(seen_s))
        unknown_s = sum(part.duration_s for part in parts if part)
        if unknown_s > MOST_UNKNOWN_S + facts.every_s + _SLACK_S:
            what = f"{call.words[0]} of the {describe(call.parts[0])}"
            raise OutOfCoverageError(f"the {what} might be another one for {unknown_s:.1f} s")


# --- relations and motions -----------------------------------------------------------------------


def _switched(facts: Facts, call: Call, things: list[int], context_s: TimeSpan) -> Change:
    """What a thing is related to before or after another one, which it is related to once."""
    predicate, k = call.words[0], call.number(3)
    what = f"time at which the {describe(call.parts[0])} is {predicate} the {describe(call.parts[1])}"
    check_covered_relation(facts, predicate)
    runs = _runs_of_relation(facts, facts.things[things[0]], predicate, context_s)
    is_given = [run.other == things[1] for run in runs]
    return _beside(facts, runs, is_given, k, what)


def _shifted(facts: Facts, call: Call, things: list[int], context_s: TimeSpan) -> Change:
    """How a thing is related to another one just before or after it is related to it in a given way."""
    given, (thing, other) = call.words[0], things
    between = [fact for fact in facts.things[thing].outgoing if fact.other == other]
    pair = f"the {describe(call.parts[0])} and the {describe(call.parts[1])}"
    runs = _joined(_values(between, context_s), f"the relation of {pair}")
    change = _turned(runs, given, call.number(3), f"time at which {given!r} holds of {pair}")
    for predicate in (given, change.answer):
        check_covered_relation(facts, predicate)
    first_s, last_s = sorted((change.given.span_s, change.found.span_s))
    if last_s.start_s - first_s.end_s > MOST_UNKNOWN_S + facts.every_s + _SLACK_S:
        raise OutOfCoverageError(
            f"between {first_s.end_s:.1f} s and {last_s.start_s:.1f} s no relation of {pair} is known"
        )
    return change


def _followed(facts: Facts, call: Call, thing: Thing, context_s: TimeSpan) -> Change:
    """What a thing does before or after what it does once."""
    given, k = call.words[0], call.number(2)
    what = f"time at which the {describe(call.parts[0])} {given}"
    held = [(fact, part) for fact in thing.motions for s in fact.spans_s if (part := s.overlap(context_s))]
    runs = [Run(fact.word, part, frozenset((fact.id,))) for fact, part in held]
    if sum(run.word == given for run in runs) > 1:
        raise AmbiguousError(f"there is more than one {what}")
    change = _beside(facts, runs, [run.word == given for run in runs], k, what)
    for predicate in (given, change.answer):
        check_covered_motion(facts, predicate)
    return change


def _beside(facts: Facts, runs: list[Run], is_given: list[bool], k: int, what: str) -> Change:
    """The run nearest to those given, on one side; no other may overlap them."""
    own = list(compress(runs, is_given))
    if not own or k not in (-1, 1):
        raise EmptyError(f"there is no {what}")
    given = _whole(own)
    others = [run for run, is_own in zip(runs, is_given, strict=True) if not is_own]
    earlier = [run for run in others if ends_before(run.span_s, given.span_s, facts.every_s)]
    later = [run for run in others if ends_before(given.span_s, run.span_s, facts.every_s)]
    if len(earlier) + len(later) < len(others):
        raise AmbiguousError(f"something else is so, too, at the {what}")
    found = _nearest(facts, later if k > 0 else earlier, k, what)
    if may_mean_the_same(found.word, given.word):
        raise AmbiguousError(f"{found.word!r} and {given.word!r} may be the same")
    return Change(found.word, given, found)


def _runs_of_relation(facts: Facts, thing: Thing, predicate: str, context_s: TimeSpan) -> list[Run]:
    """All that a thing is related to by a predicate, each for a time."""
    runs = list[Run]()
    for fact in thing.outgoing:
        fits = fits_word(fact.word, predicate)
        parts = [part for span in fact.spans_s if (part := span.overlap(context_s))]
        if fits is None and parts:
            raise AmbiguousError(f"{fact.word!r} may mean {predicate!r}, too")
        if fits:
            label = facts.things[fact.other].label
            runs += [Run(label, part, frozenset((fact.id,)), fact.other) for part in parts]
    return runs


def _whole(runs: list[Run]) -> Run:
    """From when the first of the runs begins until the last one ends."""
    start_s, end_s = min(run.span_s.start_s for run in runs), max(run.span_s.end_s for run in runs)
    return runs[0]._replace(
        span_s=TimeSpan(start_s, end_s), facts=frozenset[str]().union(*(run.facts for run in runs))
    )


def _nearest(facts: Facts, runs: list[Run], k: int, what: str) -> Run:
    """The first of the runs to begin, or for k = -1 the last one to end."""
    if not runs:
        raise EmptyError(f"there is nothing {'after' if k > 0 else 'before'} the {what}")
    times_s = {run: run.span_s.start_s if k > 0 else -run.span_s.end_s for run in runs}
    found = min(runs, key=times_s.__getitem__)
    for run in runs:
        same = (run.word, run.other) == (found.word, found.other)
        if not same and not are_told_apart(times_s[run], times_s[found], facts.every_s):
            raise AmbiguousError(f"two things are {'next after' if k > 0 else 'last before'} the {what}")
    return found
