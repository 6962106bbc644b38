"""The embedded scene parser: detection, tracking and geometry, offline on a CPU."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from videostep.graph import Box, ClipGraph, Coverage, Event, FrameGraph
from videostep.induce.parse import Sighting
from videostep.induce.parsers.embedded.appearance import appearance_of
from videostep.induce.parsers.embedded.camera import Camera
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.embedded.detect import detect
from videostep.induce.parsers.embedded.events import event_of
from videostep.induce.parsers.embedded.frame_graphs import frame_graphs
from videostep.induce.parsers.embedded.identity import same_thing
from videostep.induce.parsers.embedded.observe import Observer
from videostep.induce.parsers.embedded.path import path_of
from videostep.induce.parsers.embedded.say import Scene, drops_of, statements
from videostep.induce.parsers.embedded.timeline import Timeline
from videostep.induce.parsers.embedded.track import Match, Sight, Tracker
from videostep.induce.parsers.embedded.verdict import looks_agree
from videostep.media.picture import Picture
from videostep.store.graph_drops import GraphDrop
from videostep.store.stamps import sha256_of_config
from videostep.video import Clip, Video

NAME = "embedded/1 coco-ssd/1.0.6 movenet-lightning/4"


class EmbeddedParser:
    """A SceneParser that needs nothing but the package itself."""

    def __init__(self, config: EmbeddedConfig | None = None) -> None:
        self.config = config or EmbeddedConfig()
        self._dropped: list[GraphDrop] = []

    @property
    def name(self) -> str:
        """Parser and networks with their versions; a digest of settings that are not the usual."""
        if self.config == EmbeddedConfig():
            return NAME
        return f"{NAME} config/{sha256_of_config(self.config)[:12]}"

    @property
    def coverage(self) -> Coverage:
        """Riding alone: looked for at every bicycle, motorcycle and horse in every picture, and plain to see.

        Nothing else: the detector misses things, so what it does not mention may still be there, and
        the other relations and motions are stated only where they are beyond doubt.
        """
        return Coverage(relations=("riding",))

    def open_clip(self, video: Video, start_s: float) -> EmbeddedClipParse:
        """Begin a clip; nothing of an earlier clip is used."""
        return EmbeddedClipParse(self.config, self._dropped.extend)

    def same_thing(self, first: Sighting, second: Sighting) -> float:
        """How sure it is, 0..1, that two objects of different clips are the same thing."""
        return same_thing(first, second)

    def event_of(self, graph: ClipGraph) -> Event:
        """What happens in the clip, in one sentence."""
        return event_of(graph)

    def take_dropped(self) -> tuple[GraphDrop, ...]:
        """Tracks since the last call that votes or second looks did not confirm."""
        dropped = tuple(self._dropped)
        self._dropped.clear()
        return dropped


class EmbeddedClipParse:
    """One clip being watched."""

    def __init__(self, config: EmbeddedConfig, drop: Callable[[list[GraphDrop]], None]) -> None:
        self._config, self._drop = config, drop
        self._camera = Camera()
        self._observer = Observer(config)
        self._timeline: Timeline | None = None
        self._tracker: Tracker | None = None

    def see(self, picture: Picture) -> None:
        """Find, match and look closer at what is in the picture; keep numbers only."""
        timeline, tracker = self._opened(picture)
        found = detect(picture.rgb, min_score=self._config.keep_score)
        step = self._camera.step(picture.rgb)
        number = timeline.add(picture.time_s, step)
        sights = [Sight(detection=one, appearance=appearance_of(picture.rgb, one.box)) for one in found]
        matched = tracker.step(number, picture.time_s, sights, step.matrix)
        self._observer.look(picture, matched)
        self._camera.set_aside(self._trusted(matched))

    def finish(self, clip: Clip) -> tuple[FrameGraph, ...]:
        """One FrameGraph per keyframe; empty ones for a clip of which no picture was seen."""
        if self._timeline is None or self._tracker is None:
            return tuple(FrameGraph(keyframe=keyframe, objects=()) for keyframe in clip.keyframes)
        tracks = self._tracker.finish()
        paths = {track.number: path_of(track, self._timeline) for track in tracks}
        scene = Scene(
            tracks=tracks, paths=paths, timeline=self._timeline, span_s=clip.span_s, config=self._config
        )
        said = statements(scene)
        self._drop(drops_of(clip, scene))
        return frame_graphs(clip, said, paths)

    def _trusted(self, matched: Sequence[Match]) -> list[Box]:
        """Boxes of what a second look has confirmed: the detector's other boxes may be background."""
        return [sight.detection.box for track, sight in matched if looks_agree(track, self._config)]

    def _opened(self, picture: Picture) -> tuple[Timeline, Tracker]:
        if self._timeline is None or self._tracker is None:
            aspect = picture.rgb.shape[1] / picture.rgb.shape[0]
            self._timeline, self._tracker = Timeline(aspect), Tracker(self._config, aspect)
        return self._timeline, self._tracker
