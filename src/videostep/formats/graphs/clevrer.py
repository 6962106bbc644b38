"""CLEVRER: simulated scenes of cubes, spheres and cylinders, with their trajectories and collisions.

A video is one JSON file of 128 frames. Source: the README of the data set. The simulation knows every object
and every collision, so that absence means "no", but for what a file leaves open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from videostep.errors import MediaError
from videostep.formats.graphs.clevrer_scene import Scene, SceneObject, parse_scene
from videostep.formats.graphs.draft import TIME_DIGITS, GraphDraft
from videostep.formats.graphs.frames import Run, keyframes_of, rate_of, span_of, timed_video, within
from videostep.formats.graphs.imported import Imported, ImportOptions, Refused
from videostep.formats.graphs.motion_states import states_of
from videostep.formats.graphs.plain import fields, json_files, name, read_json
from videostep.formats.graphs.source_video import (
    VideoFacts,
    VideoFolder,
    described_video,
    import_provenance,
)
from videostep.formats.graphs.verdicts import UnusableError
from videostep.graph import Coverage, VideoGraph
from videostep.video import Video

ASSUMED_FPS: Final = 25.0
"""The README says 128 frames and 5 seconds; the files play at 25 frames a second."""
WIDTH_PX: Final = 480
HEIGHT_PX: Final = 320
MOMENT_S: Final = 0.2
"""How long entering, leaving and a collision are taken to last, seconds: about as long as one sees them."""
SHAPES: Final = ("cube", "cylinder", "sphere")
COLLIDING: Final = "colliding with"
MOTIONS: Final = frozenset({"collides", "enters", "leaves", "starts moving", "stops"})


def read(path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
    """Read CLEVRER annotations: one JSON file, or a folder with any folders in it."""
    videos = VideoFolder(options.videos)
    for file in json_files(path):
        record = fields(read_json(file))
        title = name(record.get("video_filename")) or file.stem
        try:
            yield _imported(record, title, videos, options)
        except UnusableError as reason:
            yield Refused(name=title, reason=str(reason), remedy="mend the file, or leave it out")
        except MediaError as error:
            yield Refused(name=title, reason="its video file cannot be decoded", remedy=error.remedy)


def _imported(record: dict[str, Any], title: str, videos: VideoFolder, options: ImportOptions) -> Imported:
    scene, video = parse_scene(record), timed_video(videos, title)
    fps = rate_of(options.fps or ASSUMED_FPS, video) or ASSUMED_FPS
    facts = VideoFacts(
        duration_s=round(scene.n_frames / fps, TIME_DIGITS),
        fps=fps,
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        assumed=() if options.fps else ("fps",),
    )
    told = _Telling(scene, video or described_video(title, facts, record), fps)
    return Imported(name=title, graph=told.graph(), account=scene.account)


@dataclass(slots=True)
class _Telling:
    """A scene told as a graph."""

    scene: Scene
    video: Video
    fps: float
    draft: GraphDraft = field(init=False)
    nodes: dict[str, str] = field(default_factory=dict)
    """Object id to object node, of those that come into view."""
    open_motions: set[str] = field(default_factory=set)
    """Motions of which something may have happened that the graph does not hold."""

    def __post_init__(self) -> None:
        keyframes = keyframes_of(self.n_frames, self.fps, [])
        self.draft = GraphDraft(self.video, tuple(frame / self.fps for frame in keyframes))

    @property
    def n_frames(self) -> int:
        """Annotated frames that the video has."""
        return min(self.scene.n_frames, max(1, round(self.video.duration_s * self.fps)))

    def graph(self) -> VideoGraph:
        """Objects first, as they come into view."""
        for id_, one in sorted(self.scene.objects.items(), key=lambda item: item[1].runs()[:1]):
            self._tell_object(id_, one)
        self._tell_collisions()
        return self.draft.build(import_provenance("clevrer", fps=str(self.fps)), self._coverage())

    def _tell_object(self, id_: str, one: SceneObject) -> None:
        runs = [run for seen in one.runs() if (run := within(seen, self.n_frames))]
        spans_s = [span_of(run, self.fps) for run in runs]
        node = self.draft.thing(one.label, spans_s, kind="dynamic", extra={"object_id": id_})
        if node is None:
            self.scene.account.lose("objects", "never in view")
            self.scene.account.lose("attributes", "of an object that is never in view", len(one.attributes))
            # Its edge may have been: the camera is asked about its middle.
            self.draft.doubt(one.label, [self.draft.span_s])
            return
        self.nodes[id_] = node
        foreign = "" if one.label in SHAPES else "a shape that is not the data set's, word for word"
        self.scene.account.carry("objects", repair=foreign)
        self.scene.account.carry("attributes", len(one.attributes))
        for key, value in one.attributes.items():
            self.draft.attribute(node, key, value, spans_s)
        self._tell_borders(node, one)
        self._tell_states(node, one, runs)

    def _tell_borders(self, node: str, one: SceneObject) -> None:
        """Entering and leaving: out of view in one frame, in view in the next, or the other way round."""
        n_moment = self._moment()
        for begin, end in one.runs():
            if one.in_view.get(begin - 1) is False:
                self._move(node, "enters", (begin, min(end, begin + n_moment)))
            if one.in_view.get(end) is False:
                self._move(node, "leaves", (max(begin, end - n_moment), end))

    def _tell_states(self, node: str, one: SceneObject, runs: list[Run]) -> None:
        states = states_of(one.speeds(self.fps), runs, self.fps)
        for value, pieces in (("moving", states.moving), ("still", states.still)):
            self.draft.attribute(node, "state", value, [span_of(piece, self.fps) for piece in pieces])
        for predicate, pieces in (("stops", states.stops), ("starts moving", states.starts)):
            for piece in pieces:
                self._move(node, predicate, piece)
        if states.creeps:
            self.open_motions |= {"starts moving", "stops"}

    def _tell_collisions(self) -> None:
        for collision in self.scene.collisions:
            run = within((collision.frame, collision.frame + self._moment()), self.n_frames)
            if run is None:
                self.scene.account.lose("collisions", "after the end of the video file")
                continue
            first, second = (self.nodes[id_] for id_ in collision.objects)
            for subject, object_ in ((first, second), (second, first)):
                self.draft.relation(subject, COLLIDING, object_, [span_of(run, self.fps)])
                self._move(subject, "collides", run)
            self.scene.account.carry("collisions")
        if self.scene.account.lost.get("collisions"):
            self.open_motions.add("collides")

    def _move(self, node: str, predicate: str, frames: Run) -> None:
        run = within(frames, self.n_frames)
        if run:
            self.draft.motion(node, predicate, span_of(run, self.fps))

    def _moment(self) -> int:
        return max(1, round(MOMENT_S * self.fps))

    def _coverage(self) -> Coverage:
        """All that the simulation knows, unless the file is damaged: then nothing."""
        lost = self.scene.account.lost
        if (
            not self.scene.is_whole
            or lost.get("sightings")
            or lost.get("repeated keys")
            or "without id or shape" in lost.get("objects", {})
        ):
            return Coverage()
        return Coverage(
            labels=tuple(sorted({*SHAPES, *(one.label for one in self.scene.objects.values())})),
            attributes=("colour", "material", "state"),
            relations=() if "collides" in self.open_motions else (COLLIDING,),
            motions=tuple(sorted(MOTIONS - self.open_motions)),
        )
