from __future__ import annotations

import itertools

from videostep.graph import Box
from videostep.induce.parsers.embedded.frame_graphs import frame_graphs
from videostep.induce.parsers.embedded.say import statements
from videostep.video import Clip, Keyframe, TimeSpan


def clip(*times_s: float, end_s: float) -> Clip:
    """Keyframes at these times; each covers up to halfway to the next."""
    borders = [0.0, *((a + b) / 2 for a, b in itertools.pairwise(times_s)), end_s]
    keyframes = tuple(
        Keyframe(id=f"c1-k{i + 1}", time_s=t, covers_s=TimeSpan(borders[i], borders[i + 1]), image="k.jpg")
        for i, t in enumerate(times_s)
    )
    return Clip(id="c1", span_s=TimeSpan(0.0, end_s), keyframes=keyframes)


def deal_out(scene, cut: Clip):
    return frame_graphs(cut, statements(scene), scene.paths)


def test_every_keyframe_has_its_graph_in_order(watch, thing):
    cut = clip(0.4, 1.2, 1.6, end_s=2.0)
    graphs = deal_out(watch(thing("car", [Box(0.1, 0.1, 0.5, 0.4)] * 10)), cut)
    assert tuple(graph.keyframe for graph in graphs) == cut.keyframes
    assert {one.track for graph in graphs for one in graph.objects} == {"t1"}


def test_spans_lie_inside_the_cover(watch, thing, gliding):
    scene = watch(thing("person", gliding(Box(0.1, 0.4, 0.2, 0.8), (0.03, 0), 20)))
    for graph in deal_out(scene, clip(1.0, 2.2, 3.4, end_s=4.0)):
        cover = graph.keyframe.covers_s
        for one in graph.objects:
            spans = [*one.spans_s, *(span for attribute in one.attributes for span in attribute.spans_s)]
            assert all(cover.start_s <= span.start_s < span.end_s <= cover.end_s for span in spans)


def test_a_motion_stands_only_where_it_begins(watch, thing, gliding):
    scene = watch(thing("person", gliding(Box(0.1, 0.4, 0.2, 0.8), (0.03, 0), 20)))
    graphs = deal_out(scene, clip(1.0, 2.2, 3.4, end_s=4.0))
    assert [len(graph.motions) for graph in graphs] == [1, 0, 0]
    assert graphs[0].motions[0].span_s.end_s > graphs[0].keyframe.covers_s.end_s


def test_the_box_is_that_of_the_keyframes_time(watch, thing, gliding):
    scene = watch(thing("person", gliding(Box(0.1, 0.4, 0.2, 0.8), (0.03, 0), 20)))
    (graph,) = deal_out(scene, clip(2.0, end_s=4.0))
    assert graph.objects[0].box == Box(0.4, 0.4, 0.5, 0.8)


def test_what_is_hidden_at_the_keyframes_time_has_no_box(watch, thing, gliding):
    boxes = gliding(Box(0.1, 0.4, 0.2, 0.8), (0.03, 0), 20)
    boxes[8:12] = [None] * 4
    (graph,) = deal_out(watch(thing("person", boxes)), clip(2.0, end_s=4.0))
    (one,) = graph.objects
    assert one.box is None
    assert len(one.spans_s) == 2


def test_what_is_seen_under_another_keyframe_only_is_left_out(watch, thing):
    late = thing("person", [None] * 12 + [Box(0.1, 0.4, 0.2, 0.8)] * 8)
    first, second = deal_out(watch(late), clip(1.0, 3.2, end_s=4.0))
    assert first.objects == ()
    assert len(second.objects) == 1
