"""From tracks to statements about a clip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videostep.graph import Kind
from videostep.induce.parsers.embedded.attributes import attributes_of
from videostep.induce.parsers.embedded.borders import crossings
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.embedded.course import Course, course_of
from videostep.induce.parsers.embedded.detect import family
from videostep.induce.parsers.embedded.motions import DIRECTIONS, Stretch, changes, moving_runs, stretches
from videostep.induce.parsers.embedded.pairs import Actor
from videostep.induce.parsers.embedded.path import Path, share_inside
from videostep.induce.parsers.embedded.relations import relations_of
from videostep.induce.parsers.embedded.statements import Motion, Relation, Statements, Thing, Unsure
from videostep.induce.parsers.embedded.timeline import Timeline
from videostep.induce.parsers.embedded.track import Track
from videostep.induce.parsers.embedded.verbs import change_predicate, going_predicate
from videostep.induce.parsers.embedded.verdict import found_share, is_thing, why_dropped
from videostep.induce.support import within
from videostep.store.graph_drops import GraphDrop
from videostep.video import Clip, TimeSpan

SEEN_GAP_S = 0.45
"""A thing that is not found for longer is not visible in between, seconds: one missed picture is the
detector's failing, two are an occlusion."""


MOSTLY = 0.7
"""Share of a box inside another one's from which it may be a part of the same thing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """What is known about a clip when it ends."""

    tracks: Sequence[Track]
    paths: Mapping[int, Path]
    timeline: Timeline
    span_s: TimeSpan
    config: EmbeddedConfig

    def seen_s(self, track: Track) -> tuple[TimeSpan, ...]:
        """When a track was visible."""
        pictures = self.paths[track.number].pictures
        return self.timeline.spans_of(pictures, gap_s=SEEN_GAP_S, within=self.span_s)


def statements(scene: Scene) -> Statements:
    """Everything that can be said about a clip."""
    confirmed = _confirmed(scene)
    actors = [_actor(track, scene) for track in confirmed]
    relations = relations_of(actors, aspect=scene.timeline.aspect)
    return Statements(
        things=tuple(actor.thing for actor in actors),
        relations=tuple(relations),
        motions=tuple(motion for actor in actors for motion in _motions(actor, relations, scene.span_s)),
        unsure=tuple(doubt for track in doubtful_tracks(scene) for doubt in _doubts(track, scene)),
    )


def doubtful_tracks(scene: Scene) -> list[Track]:
    """What may be things, but is not confirmed."""
    confirmed = _confirmed(scene)
    doubtful = [track for track in scene.tracks if track not in confirmed]
    return [track for track in doubtful if not _is_part_of(track, confirmed, scene)]


def drops_of(clip: Clip, scene: Scene) -> list[GraphDrop]:
    """Those tracks as the run's account of what is not in the graph."""
    return [
        GraphDrop(
            clip=clip.id,
            keyframes=tuple(
                frame.id for frame in clip.keyframes if within(scene.seen_s(track), [frame.covers_s])
            ),
            kind="object",
            words=track.label,
            reason=why_dropped(track, scene.timeline, scene.config),
            confidence=_sureness(track),
        )
        for track in doubtful_tracks(scene)
    ]


def _confirmed(scene: Scene) -> list[Track]:
    return [track for track in scene.tracks if is_thing(track, scene.timeline, scene.config)]


def _sureness(track: Track) -> float:
    return round(found_share(track) * track.label_share, 4)


def _actor(track: Track, scene: Scene) -> Actor:
    path, spans_s = scene.paths[track.number], scene.seen_s(track)
    known = scene.timeline.camera_known()[path.pictures]
    course = course_of(path, camera_known=known)
    constant = track.constancy >= scene.config.min_constancy
    thing = Thing(
        track=track.number,
        label=track.label,
        kind=_kind(path, course, scene.span_s),
        confidence=_sureness(track),
        spans_s=spans_s,
        attributes=attributes_of(track, path, course, spans_s, colours=constant),
        appearance=tuple(round(float(share), 4) for share in track.appearance),
    )
    return Actor(thing, path, course)


def _kind(path: Path, course: Course, clip_s: TimeSpan) -> Kind:
    """STEP's static or dynamic, by measured motion with the camera's own taken out."""
    goes = any(stretch.way in DIRECTIONS for stretch in stretches(course))
    return "dynamic" if goes or moving_runs(course) or crossings(path, clip_s) else "static"


def _is_part_of(track: Track, confirmed: Sequence[Track], scene: Scene) -> bool:
    """Whether a doubtful track is a second box of one confirmed thing: then it is no thing of its own."""
    path = scene.paths[track.number]
    for other in confirmed:
        if family(other.label) == family(track.label):
            inside = share_inside(path, scene.paths[other.number])
            if (inside > MOSTLY).sum() > len(path.pictures) / 2:
                return True
    return False


def _doubts(track: Track, scene: Scene) -> Iterator[Unsure]:
    """One for every label under which an unconfirmed track was seen."""
    for label in sorted(track.votes):
        yield Unsure(label=label, spans_s=scene.seen_s(track))


def _motions(actor: Actor, relations: Sequence[Relation], clip_s: TimeSpan) -> Iterator[Motion]:
    """All motions of one thing, in the order they begin."""
    times_s, track = actor.path.times_s, actor.thing.track
    riding = any(r.subject == track and r.predicate == "riding" for r in relations)
    found = [
        (s, going_predicate(actor.thing.label, s, actor.course, riding=riding))
        for s in stretches(actor.course)
    ]
    found += [(s, change_predicate(actor.thing.label, s, riding=riding)) for s in changes(actor.course)]
    said = [
        Motion(track=track, predicate=predicate, confidence=stretch.share, span_s=_span(times_s, stretch))
        for stretch, predicate in found
        if predicate
    ]
    for crossing in crossings(actor.path, clip_s):
        said.append(Motion(track=track, predicate=crossing.predicate, confidence=1.0, span_s=crossing.span_s))
    yield from sorted(said, key=lambda motion: (motion.span_s, motion.predicate))


def _span(times_s: NDArray[np.float64], stretch: Stretch) -> TimeSpan:
    return TimeSpan(float(times_s[stretch.first]), float(times_s[stretch.last]))
