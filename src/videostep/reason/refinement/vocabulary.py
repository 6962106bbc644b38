"""What a graph, or a sample, speaks of: its words by kind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from videostep.graph import VideoGraph
from videostep.reason.verify.language import Call, parse
from videostep.reason.verify.words import halves
from videostep.sample import Sample


@dataclass(slots=True)
class Vocabulary:
    """What a graph, or a sample, speaks of; dicts are ordered sets."""

    labels: dict[str, None] = field(default_factory=dict)
    attributes: dict[tuple[str, str], None] = field(default_factory=dict)
    """Name and value."""
    relations: dict[str, None] = field(default_factory=dict)
    motions: dict[str, None] = field(default_factory=dict)
    events: dict[str, None] = field(default_factory=dict)
    answer: str = ""
    """Of the sample; of a graph empty."""


def vocabulary_of(graph: VideoGraph) -> Vocabulary:
    """All words of a graph, those that were only looked for too."""
    covered = graph.coverage
    seen = [thing.label for thing in graph.objects] + [doubt.label for doubt in graph.doubts]
    return Vocabulary(
        labels=dict.fromkeys((*seen, *covered.labels)),
        attributes=dict.fromkeys((each.name, each.value) for each in graph.attributes),
        relations=dict.fromkeys((*(edge.predicate for edge in graph.relations), *covered.relations)),
        motions=dict.fromkeys((*(edge.predicate for edge in graph.motions), *covered.motions)),
        events=dict.fromkeys(clip.event.description for clip in graph.clips),
    )


def add_words_of(sample: Sample, known: Vocabulary) -> Vocabulary:
    """A vocabulary with the words of a sample's programs: it may suggest what the graph does not hold."""
    kinds = ("labels", "attributes", "relations", "motions", "events")
    more = replace(known, **{kind: dict(getattr(known, kind)) for kind in kinds}, answer=sample.answer)
    said = [(sample.program, sample.answer)] + [(step.program, step.sub_answer) for step in sample.steps]
    for program, answer in said:
        call = parse(program)
        for part in call.walk():
            _add_call(part, more)
        _add_value(call, answer, more)
    for choice in sample.choices or ():
        _add_value(parse(sample.program), choice, more)
    return more


def _add_call(call: Call, known: Vocabulary) -> None:
    match call.name:
        case "called":
            known.labels[call.words[0]] = None
        case "with" | "turn":
            known.attributes[call.words[0], call.words[1]] = None
        case "does" | "besides" | "follow" | "nth" | "longest" | "shortest" | "when":
            known.motions[call.words[0]] = None
        case "subjects" | "objects" | "held" | "switch" | "shift":
            known.relations[call.words[0]] = None
        case "equal":
            _add_value(call.parts[0], call.words[0], known)
        case "choose":
            _add_value(call.parts[0], call.words[0], known)
            _add_value(call.parts[0], call.words[1], known)


def _add_value(call: Call, value: str, known: Vocabulary) -> None:
    """Note `value` as what it would be as an answer of `call`."""
    while call.name in ("at", "choose"):
        call = call.parts[call.name == "at"]
    match call.name:
        case "name" | "switch":
            known.labels[value] = None
        case "attribute" | "turn":
            known.attributes[call.words[0], value] = None
        case "change":
            known.attributes.update(dict.fromkeys((call.words[0], half) for half in halves(value)))
        case "predicate" | "shift":
            known.relations[value] = None
        case "motion" | "besides" | "follow":
            known.motions[value] = None
        case "event":
            known.events[value] = None
