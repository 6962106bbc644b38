"""What a "no" must say is the case instead, and of what (docs/program.md, "What is verified")."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from videostep.graph import VideoGraph
from videostep.reason.verify.asked import Asked
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.language import Call, inside_at
from videostep.reason.verify.needed import parts_of
from videostep.reason.verify.told import Nouns, Topic, heads, part_of, tells
from videostep.reason.verify.words import says
from videostep.sample import Sample

_RELATING = ("predicate", "shift")
_VALUED = ("attribute", "turn", "change")


class _Told(NamedTuple):
    """What must be told, and of what."""

    word: str
    topic: Topic
    is_last: bool
    """Whether the step that says "no" is to tell it; else an earlier one may."""


def nouns_of(graph: VideoGraph) -> Nouns:
    """The nouns that something may be said of."""
    labels = (head for label in {node.label for node in graph.objects} for head in heads(label))
    parts = frozenset(filter(None, map(part_of, {node.name for node in graph.attributes})))
    return Nouns(parts.union(labels), parts)


def silence(executor: Executor, sample: Sample, calls: Sequence[Call], nouns: Nouns) -> str | None:
    """What a "no" fails to say: "it is not red" is proven by the colour that it is instead."""
    asked = set[Asked]()
    for number, (step, call) in enumerate(zip(sample.steps, calls, strict=True), start=1):
        if "equal(" not in step.program and "same(" not in step.program:
            continue
        for part in parts_of(executor.ask(call, executor.whole)):
            found = () if part in asked else _instead(part)
            asked.add(part)
            for told in found:
                if not _is_said(told, step.text, sample.rationale, nouns):
                    return (
                        f"step {number} or the rationale does not say what is the case instead: {told.word!r}"
                    )
    return None


def _is_said(told: _Told, step: str, rationale: str, nouns: Nouns) -> bool:
    """Whether the text of a step, and the rationale that mostly holds it, say what must be told."""
    in_step = tells(step, told.word, told.topic, nouns)
    in_all = (in_step and step in rationale) or tells(rationale, told.word, told.topic, nouns)
    return in_all and (in_step or not told.is_last)


def untold(executor: Executor, sample: Sample, call: Call, graph: VideoGraph, nouns: Nouns) -> str | None:
    """A value that something is known by to lack another one, and that the rationale does not say of it."""
    named = {id_ for step in sample.steps for id_ in step.evidence}
    facts = executor.facts
    for lacked in map(inside_at, _excepted(call)):
        if lacked.name != "with":
            continue
        name, value = lacked.words
        for node in (node for node in graph.attributes if node.name == name and node.id in named):
            topic = _of_value(name, [facts.things[facts.thing_of[node.object]].label])
            # "Only one car is not red" says of all others that they are.
            told = says if node.value == value else functools.partial(tells, topic=topic, nouns=nouns)
            if not told(sample.rationale, node.value):
                return f"the rationale does not say what is the case instead: {node.value!r}"
    return None


def _excepted(call: Call) -> list[Call]:
    """The sets that a program takes away from others."""
    found = [call.parts[1]] if call.name == "except" else []
    for part in call.parts:
        if "except(" in part.text:
            found += _excepted(part)
    return found


def _instead(part: Asked) -> list[_Told]:
    """What is found where an `equal` or `same` is not so; of two orders only one is left anyway."""
    if part.name not in ("equal", "same") or part.is_so:
        return []
    found = [asked for asked in part.parts if asked.name != "order"]
    return [_Told(asked.answer, _topic(asked), asked is found[-1]) for asked in found]


def _topic(asked: Asked) -> Topic:
    """What the answer of a Text expression is said of."""
    things, call = asked.facts.things, asked.call
    if asked.name == "name":
        named = (part.words[0] for part in call.walk() if part.name == "called")
        return Topic(_heads_of((*named, asked.answer)))
    labels = [things[part.thing].label for part in asked.parts]
    if asked.name in _VALUED:
        return _of_value(call.words[0], labels)
    owners = _heads_of(labels)
    return Topic(owners, other=owners if asked.name in _RELATING else frozenset())


def _of_value(attribute: str, labels: Iterable[str]) -> Topic:
    part = part_of(attribute)
    return Topic(_heads_of(labels) | {part} if part else _heads_of(labels), part, is_value=True)


def _heads_of(labels: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(heads, labels))
