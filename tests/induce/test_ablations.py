"""STEP's ablations are settings: uniform clips, nothing merged, nothing bridged."""

import pytest

from videostep.errors import ConfigError
from videostep.graph import Box, ClipGraph, FrameAttribute, FrameGraph, FrameMotion, FrameObject, Provenance
from videostep.induce.bridge import BridgeConfig, bridge_video
from videostep.induce.merge import MergeConfig, merge_clip
from videostep.induce.shots import ShotConfig
from videostep.induce.split import SplitConfig, split_video
from videostep.store.graph_file import check_graph
from videostep.testing.clips import encode_video, shots
from videostep.testing.graphs import street_graph
from videostep.testing.parser import ScriptedParser
from videostep.video import Clip, Keyframe, TimeSpan


def keyframe(number):
    start_s = 2.0 * number
    span_s = TimeSpan(start_s, start_s + 2)
    return Keyframe(id=f"c1-k{number + 1}", time_s=start_s + 1, covers_s=span_s, image="k.jpg")


def frame_graph(number):
    """The same car, at the same place, by the same track; it goes on to the next keyframe."""
    frame = keyframe(number)
    red = FrameAttribute(name="colour", value="red", confidence=0.9, spans_s=(frame.covers_s,))
    car = FrameObject(
        node="a",
        track="t1",
        label="car",
        kind="dynamic",
        box=Box(0.1, 0.1, 0.5, 0.5),
        confidence=0.9,
        spans_s=(frame.covers_s,),
        attributes=(red,),
    )
    drives = FrameMotion(node="a", predicate="drives", confidence=0.9, span_s=frame.covers_s)
    return FrameGraph(keyframe=frame, objects=(car,), motions=(drives,))


CLIP = Clip(id="c1", span_s=TimeSpan(0.0, 6.0), keyframes=tuple(map(keyframe, range(3))))


def test_unmerged_keyframes_have_their_own_things_and_no_motion_between_them():
    frames = [frame_graph(number) for number in range(3)]
    merged = merge_clip(CLIP, frames, MergeConfig())
    apart = merge_clip(CLIP, frames, MergeConfig(join=False))
    assert (len(merged.objects), len(merged.motions)) == (1, 1)
    assert (len(apart.objects), len(apart.motions)) == (3, 0)
    assert [node.spans_s for node in apart.objects] == [(frame.covers_s,) for frame in CLIP.keyframes]
    assert [node.value for node in apart.attributes] == ["red"] * 3


def test_unbridged_clips_have_no_references_and_nobody_is_asked():
    class Unasked(ScriptedParser):
        def same_thing(self, first, second):
            raise AssertionError("asked")

    graph = street_graph()
    provenance = Provenance(generator="test", version="1", model="m", config_sha256="", seed=0)
    clips = [_clip_graph(graph, clip) for clip in graph.clips]
    assert bridge_video(graph.video, clips, ScriptedParser(graph), BridgeConfig(), provenance).references
    unbridged = bridge_video(graph.video, clips, Unasked(graph), BridgeConfig(join=False), provenance)
    assert unbridged.references == ()
    assert unbridged.objects == graph.objects
    check_graph(unbridged, source="unbridged")


def _clip_graph(graph, clip):
    ids = {node.id for node in graph.objects if node.clip == clip.id}
    return ClipGraph(
        clip=Clip(id=clip.id, span_s=clip.span_s, keyframes=clip.keyframes),
        objects=tuple(node for node in graph.objects if node.id in ids),
        attributes=tuple(node for node in graph.attributes if node.object in ids),
        relations=tuple(edge for edge in graph.relations if edge.subject in ids),
        motions=tuple(edge for edge in graph.motions if edge.object in ids),
        doubts=tuple(doubt for doubt in graph.doubts if doubt.clip == clip.id),
        appearances={node.id: (float(place),) for place, node in enumerate(graph.objects)},
    )


def test_uniform_clips_are_equally_long_whatever_is_seen(tmp_path):
    path = encode_video(tmp_path / "cuts.mp4", shots([23, 31, 46], width_px=64, height_px=48), fps=10)
    config = SplitConfig(shots=ShotConfig(detector="uniform", uniform_s=3.0))
    _, clips = split_video(path, config)
    assert [clip.span_s.start_s for clip in clips] == pytest.approx([0, 3, 6, 9])


def test_uniform_clips_have_a_length():
    with pytest.raises(ConfigError, match="uniform_s is 0"):
        ShotConfig(uniform_s=0)
