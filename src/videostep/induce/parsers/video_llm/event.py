"""The event of a clip: of several sentences the one that is most like the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from videostep.graph import ClipGraph, Event
from videostep.induce.parsers.video_llm.ask import Asker, Question
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.forms import NamedEvent
from videostep.induce.parsers.video_llm.lost import OTHER_SENTENCE
from videostep.induce.parsers.video_llm.vote import Ballot
from videostep.induce.parsers.video_llm.words import sentence_of
from videostep.models.protocol import Image
from videostep.store.graph_drops import GraphDrop

NOTHING = "nothing that can be named is seen"


class ToldEvent(NamedTuple):
    """What became of the sentences about a clip."""

    event: Event
    dropped: tuple[GraphDrop, ...]
    """The other sentences, once each."""


def ask_event(asker: Asker, config: VideoLlmConfig, graph: ClipGraph, images: Sequence[Image]) -> ToldEvent:
    """What happens in the clip, by its pictures; without an answer, what is seen in it."""
    things = listed_things(graph)
    replies: tuple[NamedEvent, ...] = ()
    if images:
        question = Question(images=tuple(images), data={"objects": things}, about=f"clip {graph.clip.id}")
        (replies,) = asker.forms("event", NamedEvent, [question])
    likeness = _likeness_of_sentences(replies)
    description = max(likeness, key=lambda sentence: likeness[sentence], default=_inventory(graph))
    votes = Counter(number for reply in replies for number in sorted(set(reply.participants)))
    ballot = Ballot(config.samples, config.min_agreement)
    event = Event(
        id=f"{graph.clip.id}.event",
        description=description,
        span_s=graph.clip.span_s,
        participants=tuple(
            node.id for number, node in enumerate(graph.objects, start=1) if ballot.passes(votes[number])
        ),
        confidence=likeness.get(description, 0.0),
    )
    others = {sentence: alike for sentence, alike in likeness.items() if sentence != description}
    return ToldEvent(event, tuple(_drop(graph.clip.id, *other) for other in others.items()))


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


def _likeness_of_sentences(replies: Sequence[NamedEvent]) -> dict[str, float]:
    """Each sentence, in the order told, to how alike it is to all that were told, 0..1."""
    told = [sentence for reply in replies if (sentence := sentence_of(reply.description)) is not None]
    return {one: round(sum(_alike(one, other) for other in told) / len(told), 4) for one in told}


def _drop(clip: str, sentence: str, likeness: float) -> GraphDrop:
    return GraphDrop(
        clip=clip, keyframes=(), kind="event", words=sentence, reason=OTHER_SENTENCE, confidence=likeness
    )


def _alike(first: str, second: str) -> float:
    """Share of their words that both have."""
    words, others = set(first.split()), set(second.split())
    return len(words & others) / len(words | others)


def _inventory(graph: ClipGraph) -> str:
    labels = sorted({node.label for node in graph.objects})
    return f"seen here: {', '.join(labels)}" if labels else NOTHING
