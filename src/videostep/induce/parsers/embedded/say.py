"""From tracks to statements about a clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from videostep.induce.parsers.embedded.attributes import attributes_of
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.embedded.path import Path
from videostep.induce.parsers.embedded.statements import Statements, Thing, Unsure
from videostep.induce.parsers.embedded.timeline import Timeline
from videostep.induce.parsers.embedded.track import Track
from videostep.induce.parsers.embedded.verdict import found_share, is_thing
from videostep.video import TimeSpan


def statements(
    tracks: Sequence[Track],
    paths: Mapping[int, Path],
    timeline: Timeline,
    span_s: TimeSpan,
    config: EmbeddedConfig,
) -> Statements:
    """Everything that can be said about a clip."""
    confirmed = [track for track in tracks if is_thing(track, timeline, config)]
    doubtful = [track for track in tracks if track not in confirmed]
    seen = {t.number: timeline.spans_of(paths[t.number].pictures, gap_s=0.45, within=span_s) for t in tracks}
    return Statements(
        things=tuple(_thing(t, paths[t.number], seen[t.number], timeline) for t in confirmed),
        relations=(),
        motions=(),
        unsure=tuple(
            Unsure(label=label, spans_s=seen[t.number]) for t in doubtful for label in sorted(t.votes)
        ),
    )


def _thing(track: Track, path: Path, spans_s: tuple[TimeSpan, ...], timeline: Timeline) -> Thing:
    return Thing(
        track=track.number,
        label=track.label,
        kind="static",
        confidence=round(found_share(track) * track.label_share, 4),
        spans_s=spans_s,
        attributes=attributes_of(track, spans_s),
        appearance=tuple(round(float(share), 4) for share in track.appearance),
    )
