"""A graph that keyframes can tell in full, and a parser's way from its pictures back to a graph.

What a Video-LLM says of a keyframe holds while that keyframe stands for its clip, and a motion lasts from one
keyframe to the next. In the graph staged here everything does, so that a perfect parser induces it exactly.
"""

from __future__ import annotations

from videostep.graph import Box, ClipGraph, Coverage, FrameGraph, Provenance, VideoGraph
from videostep.induce.bridge import BridgeConfig, bridge_video
from videostep.induce.merge import MergeConfig, merge_clip
from videostep.induce.parse import SceneParser
from videostep.media.picture import Picture
from videostep.testing.builder import GraphBuilder
from videostep.testing.dials import dial
from videostep.video import Clip


def staged_graph() -> VideoGraph:
    """Two scenes, 20 s: a person in red leaves a bench for a bus, and is seen again beside a dog."""
    stage = GraphBuilder("staged", duration_s=20.0)
    first = stage.clip(0.0, 12.0, n_keyframes=3)
    sitter = stage.thing(
        first,
        "person",
        [(0.0, 8.0)],
        kind="dynamic",
        box=Box(0.05, 0.4, 0.15, 0.9),
        top_colour="blue",
        hair="long",
    )
    walker = stage.thing(
        first, "person", kind="dynamic", box=Box(0.3, 0.3, 0.4, 0.9), top_colour="red", hair="short"
    )
    bench = stage.thing(first, "bench", box=Box(0.0, 0.6, 0.25, 0.95), material="wooden")
    bus = stage.thing(
        first, "bus", [(4.0, 12.0)], kind="dynamic", box=Box(0.5, 0.1, 0.95, 0.8), colour="white"
    )
    stage.relation(sitter, "sitting on", bench, [(0.0, 8.0)])
    stage.relation(walker, "next to", bench, [(0.0, 4.0)])
    stage.relation(walker, "next to", bus, [(8.0, 12.0)])
    stage.motion(walker, "walks to the right", 2.0, 6.0)
    stage.motion(bus, "stops", 6.0, 10.0)
    stage.event(first, "a person in red gets on a white bus", [walker, bus])
    second = stage.clip(12.0, 20.0, n_keyframes=2)
    again = stage.thing(
        second, "person", kind="dynamic", box=Box(0.6, 0.3, 0.7, 0.9), top_colour="red", hair="short"
    )
    dog = stage.thing(
        second, "dog", [(12.0, 16.0)], kind="dynamic", box=Box(0.2, 0.6, 0.35, 0.85), colour="brown"
    )
    stage.relation(again, "looking at", dog, [(12.0, 16.0)])
    stage.motion(dog, "runs to the left", 14.0, 16.0)
    stage.event(second, "a dog runs past a person in red", [again, dog])
    stage.reference(walker, again)
    return stage.build(coverage=Coverage(sampled_every_s=4.0))


def pictures_of(truth: VideoGraph) -> dict[str, Picture]:
    """Keyframe id to a picture that tells its time."""
    return {
        frame.id: Picture(frame.time_s, dial(frame.time_s, scene=scene))
        for scene, clip in enumerate(truth.clips)
        for frame in clip.keyframes
    }


def watch_staged(parser: SceneParser, truth: VideoGraph) -> tuple[VideoGraph, tuple[FrameGraph, ...]]:
    """What a parser makes of a graph's keyframes: the graph, and the FrameGraphs it was merged of."""
    pictures = pictures_of(truth)
    frames: list[FrameGraph] = []
    graphs: list[ClipGraph] = []
    for told in truth.clips:
        clip = Clip(id=told.id, span_s=told.span_s, keyframes=told.keyframes)
        watching = parser.open_clip(truth.video, clip.span_s.start_s)
        for frame in clip.keyframes:
            watching.see(pictures[frame.id])
        found = watching.finish(clip)
        frames += found
        graphs.append(merge_clip(clip, found, MergeConfig()))
    provenance = Provenance(
        generator="videostep.testing", version="1", model=parser.name, config_sha256="", seed=0
    )
    return bridge_video(truth.video, graphs, parser, BridgeConfig(), provenance), tuple(frames)
