"""What holds of merging whatever the video: on random graphs replayed frame by frame."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.graph import FrameGraph
from videostep.induce.bridge import BridgeConfig, bridge_video
from videostep.induce.merge import MergeConfig, merge_clip
from videostep.store.graph_file import check_graph
from videostep.testing.graphs import random_graph, street_graph
from videostep.testing.parser import ScriptedParser
from videostep.video import Clip, Keyframe, TimeSpan

SEEDS = st.integers(0, 10_000)
FEW = settings(deadline=None, max_examples=25, derandomize=True)


def scripted(seed: int, *, tracks: bool) -> list[tuple[Clip, list[FrameGraph]]]:
    """The FrameGraphs of a random video."""
    script = random_graph(seed)
    parser = ScriptedParser(script, tracks=tracks)
    clips = [Clip(id=one.id, span_s=one.span_s, keyframes=one.keyframes) for one in script.clips]
    return [(one, [parser.frame_graph(keyframe) for keyframe in one.keyframes]) for one in clips]


def shuffled(graph: FrameGraph, rng: random.Random) -> FrameGraph:
    def mixed(items: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(rng.sample(items, len(items)))

    objects = tuple(replace(found, attributes=mixed(found.attributes)) for found in mixed(graph.objects))
    return replace(
        graph,
        objects=objects,
        relations=mixed(graph.relations),
        motions=mixed(graph.motions),
        doubts=mixed(graph.doubts),
    )


class TestInvariants:
    @FEW
    @given(SEEDS, st.booleans(), st.randoms(use_true_random=False))
    def test_the_order_of_elements_does_not_matter(self, seed: int, tracks: bool, rng: random.Random) -> None:
        for one, graphs in scripted(seed, tracks=tracks):
            mixed = [shuffled(graph, rng) for graph in rng.sample(graphs, len(graphs))]
            assert merge_clip(one, mixed, MergeConfig()) == merge_clip(one, graphs, MergeConfig())

    @FEW
    @given(SEEDS, st.booleans())
    def test_nothing_is_invented(self, seed: int, tracks: bool) -> None:
        for one, graphs in scripted(seed, tracks=tracks):
            merged = merge_clip(one, graphs, MergeConfig(max_gap_s=0.5))
            label = {node.id: node.label for node in merged.objects}
            said = {
                (found.label, a.name, a.value)
                for g in graphs
                for found in g.objects
                for a in found.attributes
            }
            assert {(label[node.object], node.name, node.value) for node in merged.attributes} <= said
            labels = [{found.node: found.label for found in graph.objects} for graph in graphs]
            related = {
                (names[edge.subject], edge.predicate, names[edge.object])
                for names, graph in zip(labels, graphs, strict=True)
                for edge in graph.relations
            }
            assert {(label[e.subject], e.predicate, label[e.object]) for e in merged.relations} <= related
            moved = {
                (names[m.node], m.predicate)
                for names, g in zip(labels, graphs, strict=True)
                for m in g.motions
            }
            assert {(label[edge.object], edge.predicate) for edge in merged.motions} <= moved
            assert {node.label for node in merged.objects} <= {
                found.label for g in graphs for found in g.objects
            }

    @FEW
    @given(SEEDS, st.booleans())
    def test_a_merged_video_obeys_the_rules_of_the_file(self, seed: int, tracks: bool) -> None:
        script = random_graph(seed)
        parser = ScriptedParser(script, tracks=tracks)
        clip_graphs = [
            merge_clip(one, graphs, MergeConfig()) for one, graphs in scripted(seed, tracks=tracks)
        ]
        graph = bridge_video(script.video, clip_graphs, parser, BridgeConfig(), script.provenance)
        check_graph(graph, source="merged")

    @FEW
    @given(SEEDS)
    def test_finer_keyframes_change_only_the_evidence(self, seed: int) -> None:
        for one, _ in scripted(seed, tracks=True):
            finer = replace(one, keyframes=tuple(half for whole in one.keyframes for half in halves(whole)))
            parser = ScriptedParser(random_graph(seed))
            coarse, fine = (
                merge_clip(cut, [parser.frame_graph(frame) for frame in cut.keyframes], MergeConfig())
                for cut in (one, finer)
            )
            assert [facts(node) for node in coarse.objects] == [facts(node) for node in fine.objects]
            assert [facts(node) for node in coarse.attributes] == [facts(node) for node in fine.attributes]
            assert [facts(edge) for edge in coarse.relations] == [facts(edge) for edge in fine.relations]
            assert [facts(edge) for edge in coarse.motions] == [facts(edge) for edge in fine.motions]


def halves(whole: Keyframe) -> tuple[Keyframe, Keyframe]:
    start_s, end_s = whole.covers_s
    return (
        replace(whole, covers_s=TimeSpan(start_s, whole.time_s)),
        replace(whole, id=f"{whole.id}b", covers_s=TimeSpan(whole.time_s, end_s)),
    )


def facts(element: object) -> dict[str, object]:
    """What an element says, without the keyframes that say it."""
    keyframes = {"boxes", "evidence", "from_keyframe", "to_keyframe"}
    names = element.__dataclass_fields__.keys() - keyframes  # type: ignore[attr-defined]
    return {name: getattr(element, name) for name in names}


def test_merging_what_was_merged_changes_nothing() -> None:
    def again(script):  # type: ignore[no-untyped-def]
        parser = ScriptedParser(script)
        clips = [Clip(id=one.id, span_s=one.span_s, keyframes=one.keyframes) for one in script.clips]
        graphs = [
            merge_clip(
                one, [parser.frame_graph(frame) for frame in one.keyframes], MergeConfig(max_gap_s=0.0)
            )
            for one in clips
        ]
        return bridge_video(script.video, graphs, parser, BridgeConfig(), script.provenance)

    once = again(street_graph())
    assert again(once) == once
    assert len(once.objects) == len(street_graph().objects)
    assert len(once.relations) == len(street_graph().relations)
