"""A fifth of all that is said is wrong; votes and presence checks take nearly all of it out."""

from __future__ import annotations

from collections.abc import Iterable

from videostep.graph import FrameGraph, VideoGraph
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged

NEITHER = VideoLlmConfig(samples=1, check_presence=False)
BOTH = VideoLlmConfig()
NOISE, RUNS = 0.2, 8


def elements(frames: Iterable[FrameGraph]) -> set[tuple[object, ...]]:
    """Every node and edge, told by labels and places."""
    said: set[tuple[object, ...]] = set()
    for frame in frames:
        things = {found.node: (frame.keyframe.id, found.label, found.box) for found in frame.objects}
        for found in frame.objects:
            thing = things[found.node]
            said |= {thing, *((thing, one.name, one.value) for one in found.attributes)}
        said |= {(things[edge.subject], edge.predicate, things[edge.object]) for edge in frame.relations}
        said |= {(things[edge.node], edge.predicate) for edge in frame.motions}
    return said


def wrong_and_kept(truth: VideoGraph, config: VideoLlmConfig) -> tuple[float, float]:
    """Share of the stated elements that are wrong, and of the true ones that are stated."""
    _, faultless = watch_staged(VideoLlmParser(PerfectEye(truth).model(), config), truth)
    true = elements(faultless)
    stated = wrong = kept = 0
    for seed in range(RUNS):
        model = PerfectEye(truth, noise=NOISE).model()
        _, frames = watch_staged(VideoLlmParser(model, config, seed=100 * seed), truth)
        said = elements(frames)
        stated, wrong, kept = stated + len(said), wrong + len(said - true), kept + len(said & true)
    return wrong / stated, kept / (RUNS * len(true))


def test_without_it_a_fifth_of_the_elements_is_wrong():
    wrong, kept = wrong_and_kept(staged_graph(), NEITHER)
    assert 0.15 < wrong < 0.25
    assert kept < 0.8


def test_with_it_under_three_percent_are_wrong_and_over_ninety_percent_kept():
    wrong, kept = wrong_and_kept(staged_graph(), BOTH)
    assert wrong < 0.03
    assert kept > 0.9
