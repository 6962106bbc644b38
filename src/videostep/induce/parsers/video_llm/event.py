"""The event of a clip: of several sentences the one that is most like the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from videostep.graph import ClipGraph, Event
from videostep.induce.parsers.video_llm.ask import Asker, Question
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.forms import NamedEvent
from videostep.induce.parsers.video_llm.vote import Ballot
from videostep.induce.parsers.video_llm.words import sentence_of
from videostep.models.protocol import Image

NOTHING = "nothing that can be named is seen"


def ask_event(asker: Asker, config: VideoLlmConfig, graph: ClipGraph, images: Sequence[Image]) -> Event:
    """What happens in the clip, by its pictures; without an answer, what is seen in it."""
    things = listed_things(graph)
    replies: tuple[NamedEvent, ...] = ()
    if images:
        question = Question(images=tuple(images), data={"objects": things}, about=f"clip {graph.clip.id}")
        (replies,) = asker.forms("event", NamedEvent, [question])
    description, confidence = _description(replies, graph)
    votes = Counter(number for reply in replies for number in sorted(set(reply.participants)))
    ballot = Ballot(config.samples, config.min_agreement)
    return Event(
        id=f"{graph.clip.id}.event",
        description=description,
        span_s=graph.clip.span_s,
        participants=tuple(
            node.id for number, node in enumerate(graph.objects, start=1) if ballot.passes(votes[number])
        ),
        confidence=confidence,
    )


def listed_things(graph: ClipGraph) -> list[dict[str, object]]:
    """The objects of a clip as a prompt lists them, without ids."""
    return [
        {
            "number": number,
            "label": node.label,
            "looks": {said.name: said.value for said in graph.attributes if said.object == node.id},
        }
        for number, node in enumerate(graph.objects, start=1)
    ]


def _description(replies: Sequence[NamedEvent], graph: ClipGraph) -> tuple[str, float]:
    """The sentence, and how alike it is to all of them, 0..1; without any, an inventory."""
    told = [sentence for reply in replies if (sentence := sentence_of(reply.description)) is not None]
    if not told:
        return _inventory(graph), 0.0
    likeness = [sum(_alike(one, other) for other in told) / len(told) for one in told]
    best = max(range(len(told)), key=lambda number: (likeness[number], -number))
    return told[best], round(likeness[best], 4)


def _alike(first: str, second: str) -> float:
    """Share of their words that both have."""
    words, others = set(first.split()), set(second.split())
    return len(words & others) / len(words | others)


def _inventory(graph: ClipGraph) -> str:
    labels = sorted({node.label for node in graph.objects})
    return f"seen here: {', '.join(labels)}" if labels else NOTHING
