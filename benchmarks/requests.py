"""How often pictures are sent for a keyframe: by the Video-LLM parser, and by asking one thing at a time.

Ours is counted as it is sent. The naive way is reckoned for the graph that came out, by the paper's
instructions taken word for word (STEP section 3.1): each question has its pictures and one reply, and is
asked again for each of the `samples` where replies are voted on.

    scripts/bench requests [VIDEO ...]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from videostep.graph import GraphClip, ObjectNode, VideoGraph
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.induce.parsers.video_llm.rehearsal import Rehearsal, tokens_of_image
from videostep.induce.video import induce_video
from videostep.models.protocol import Image, Outcome, Request, VideoModel
from videostep.models.spending import Prices
from videostep.testing.graphs import street_graph
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged

RESULTS = Path(__file__).parent / "results" / "requests.json"
CONFIG = VideoLlmConfig()
WINDOW_CLIPS = 8
"""Clips before a clip whose objects are compared with its own, as bridging does by default."""


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """What was sent, or would be."""

    requests: int = 0
    """That carry a picture."""
    tokens: int = 0
    """Of their pictures."""

    def __add__(self, other: Pictures) -> Pictures:
        return Pictures(requests=self.requests + other.requests, tokens=self.tokens + other.tokens)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One graph, both ways."""

    keyframes: int
    things: float
    """A keyframe."""
    ours: Pictures
    naive: Pictures


class Counting:
    """A VideoModel that counts the pictures it is shown."""

    def __init__(self, model: VideoModel) -> None:
        self._model, self.sent = model, Pictures()
        self.whole_tokens = 0
        """Of the largest picture: a keyframe."""
        self.name, self.close = model.name, model.close

    def ask(self, requests: Iterable[Request]) -> Iterator[tuple[int, Outcome]]:
        return self._model.ask(map(self._count, requests))

    def _count(self, request: Request) -> Request:
        sizes = [self._tokens(image) for image in request.images()]
        if sizes:
            self.sent += Pictures(requests=1, tokens=sum(sizes))
        return request

    def _tokens(self, image: Image) -> int:
        tokens = tokens_of_image(image)
        self.whole_tokens = max(self.whole_tokens, tokens)
        return tokens


def main() -> None:
    parser = argparse.ArgumentParser(description="Count requests with pictures.")
    parser.add_argument("videos", nargs="*", help="real ones, rehearsed with six things in each keyframe")
    args = parser.parse_args()
    measured = {
        "staged (perfect eye)": of_graph(staged_graph()),
        "street (perfect eye)": of_graph(street_graph()),
    }
    measured |= {Path(video).stem: of_video(video) for video in args.videos}
    report(measured)


def of_graph(truth: VideoGraph) -> Measured:
    """A told graph, as a model without noise sees it."""
    model = Counting(PerfectEye(truth).model())
    graph, _ = watch_staged(VideoLlmParser(model, CONFIG), truth)
    return both_ways(graph, model)


def of_video(path: str) -> Measured:
    """A real video, as a stand-in says it that names six things in every keyframe."""
    model = Counting(Rehearsal(Prices()))
    parser = VideoLlmParser(model, CONFIG)
    graph = induce_video(path, parser).graph
    parser.close()
    return both_ways(graph, model)


def both_ways(graph: VideoGraph, model: Counting) -> Measured:
    keyframes = sum(len(clip.keyframes) for clip in graph.clips)
    seen = sum(len(node.evidence) for node in graph.objects)
    naive = sum((naive_of_clip(graph, clip) for clip in graph.clips), start=Pictures())
    naive += naive_identity(graph)
    return Measured(
        keyframes=keyframes,
        things=seen / keyframes,
        ours=model.sent,
        naive=replace(naive, tokens=naive.tokens * model.whole_tokens),
    )


def naive_of_clip(graph: VideoGraph, clip: GraphClip) -> Pictures:
    """Everything but identity; `tokens` counts pictures."""
    total = Pictures()
    for frame in clip.keyframes:
        things = [node for node in graph.objects if frame.id in node.evidence]
        stated = [*things, *of_frame(graph.attributes, frame.id), *of_frame(graph.relations, frame.id)]
        pairs = len(list(combinations(things, 2)))
        voted = 1 + len(things) + len(things) + pairs  # the list, static or dynamic, attributes, relations
        total += singly(1 + CONFIG.samples * voted + len(stated), pictures=1)
    dynamic = [node for node in graph.objects if node.clip == clip.id and node.kind == "dynamic"]
    gaps = sum(len(node.evidence) - 1 for node in dynamic)
    motions = sum(edge.object in {node.id for node in dynamic} for edge in graph.motions)
    total += singly(CONFIG.samples * gaps + motions, pictures=2)
    return total + singly(CONFIG.samples, pictures=min(CONFIG.event_pictures, len(clip.keyframes)))


def naive_identity(graph: VideoGraph) -> Pictures:
    """Every pair of one label in two clips that are compared, once, with both keyframes."""
    places = {clip.id: place for place, clip in enumerate(graph.clips)}

    def compared(one: ObjectNode, other: ObjectNode) -> bool:
        apart = abs(places[one.clip] - places[other.clip])
        return one.label == other.label and 0 < apart <= WINDOW_CLIPS

    return singly(sum(compared(*pair) for pair in combinations(graph.objects, 2)), pictures=2)


def of_frame(statements: Iterable, keyframe: str) -> list:
    return [one for one in statements if keyframe in one.evidence]


def singly(requests: int, *, pictures: int) -> Pictures:
    return Pictures(requests=requests, tokens=requests * pictures)


def report(measured: dict[str, Measured]) -> None:
    print("a keyframe, with 5 samples and both verifications:\n")
    heads = ("graph", "keyframes", "things", "requests with pictures: ours", "naive")
    print(f"| {' | '.join((*heads, 'tokens of pictures: ours', 'naive', 'share'))} |")
    print("|---|---|---|---|---|---|---|---|")
    for name, one in measured.items():
        ours, naive, n = one.ours, one.naive, one.keyframes
        print(
            f"| {name} | {n} | {one.things:.1f} | {ours.requests / n:.1f} | {naive.requests / n:.0f} "
            f"| {ours.tokens / n:,.0f} | {naive.tokens / n:,.0f} | 1/{naive.tokens / ours.tokens:.0f} |"
        )
    rows = {
        name: {
            "keyframes": one.keyframes,
            "things": round(one.things, 2),
            "ours": vars(one.ours),
            "naive": vars(one.naive),
        }
        for name, one in measured.items()
    }
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
