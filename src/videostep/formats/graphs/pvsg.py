"""PVSG: `pvsg.json`, relations between numbered things of a video, and sentences about it.

Source: the published file. Frames are those of the data set's own videos, five a second; first and last
frame of a relation both belong to it. Where a thing is stands in mask pictures. Without them a thing counts
as seen while it takes part in a relation, and more of its kind may be there at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from videostep.errors import InputError, MediaError
from videostep.formats.graphs.draft import TIME_DIGITS, GraphDraft
from videostep.formats.graphs.frames import (
    LEAST_FPS,
    MOST_FPS,
    MOST_FRAMES,
    Run,
    Touching,
    keyframes_of,
    rate_of,
    runs_of,
    span_of,
    timed_video,
    within,
)
from videostep.formats.graphs.imported import Account, Imported, ImportOptions, Refused
from videostep.formats.graphs.kinds import is_living, kind_of, motion_in, posture_in
from videostep.formats.graphs.plain import entries, fields, name, positive, whole, words
from videostep.formats.graphs.pvsg_masks import Boxes, read_masks
from videostep.formats.graphs.source_video import (
    VideoFacts,
    VideoFolder,
    described_video,
    import_provenance,
)
from videostep.formats.graphs.verdicts import LostError, UnusableError
from videostep.formats.graphs.vouched import vouched_for
from videostep.graph import Box, Coverage, VideoGraph
from videostep.store.json_stream import read_array
from videostep.video import TimeSpan, Video

FILE: Final = "pvsg.json"
ASSUMED_FPS: Final = 5.0
"""Of all videos of the data set."""
LONGEST_EVENT: Final = 30
"""Words that a summary may have to be what happens in a scene; a longer one tells several things."""

Triple = tuple[str, str, str]


def read(path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
    """Read PVSG: the file `pvsg.json`, or the folder that holds it."""
    videos = VideoFolder(options.videos)
    path = path / FILE if path.is_dir() else path
    if not path.exists():
        raise InputError(f"{path} does not exist", remedy=f"name PVSG's {FILE}, or its folder")
    for raw in read_array(path, "data"):
        record = fields(raw)
        title = name(record.get("video_id")) or ""
        try:
            yield _imported(record, title, path.parent, videos, options)
        except UnusableError as reason:
            yield Refused(name=title, reason=str(reason), remedy="mend its entry, or leave it out")
        except MediaError as error:
            yield Refused(name=title, reason="its video file cannot be decoded", remedy=error.remedy)


def _imported(
    record: dict[str, Any], title: str, folder: Path, videos: VideoFolder, options: ImportOptions
) -> Imported:
    if not title:
        raise UnusableError("an entry without a video")
    meta, video = fields(record.get("meta")), timed_video(videos, title)
    fps = rate_of(positive(meta.get("fps")) or options.fps or ASSUMED_FPS, video) or ASSUMED_FPS
    n_frames = whole(meta.get("num_frames")) or round((positive(meta.get("duration")) or 0.0) * fps)
    if not LEAST_FPS <= fps <= MOST_FPS:
        raise UnusableError("its frame rate is no frame rate")
    if not 1 <= n_frames <= MOST_FRAMES:
        raise UnusableError("it has no frames, or more than any video")
    facts = VideoFacts(
        duration_s=round(n_frames / fps, TIME_DIGITS),
        fps=fps,
        width_px=whole(meta.get("width")) or 0,
        height_px=whole(meta.get("height")) or 0,
        assumed=() if positive(meta.get("fps")) or options.fps else ("fps",),
    )
    video = video or described_video(title, facts, record)
    masks = read_masks(folder, title, n_frames, (facts.width_px, facts.height_px))
    reading = _Reading(record, video, fps, min(n_frames, max(1, round(video.duration_s * fps))), masks)
    return Imported(name=title, graph=reading.graph(options), account=reading.account)


@dataclass(slots=True)
class _Reading:
    """What one entry says, piece by piece."""

    record: dict[str, Any]
    video: Video
    fps: float
    n_frames: int
    masks: list[Boxes] | None
    """Boxes in every frame; None without mask pictures."""
    account: Account = field(default_factory=Account)
    labels: dict[str, str] = field(default_factory=dict)
    """Object id to label."""
    relations: dict[Triple, list[Run]] = field(default_factory=dict)
    """By object ids."""
    touching: dict[Triple, Touching] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)
    """Object id to object node, of those that take part in a relation."""

    def graph(self, options: ImportOptions) -> VideoGraph:
        """Relations first: they say when things are seen."""
        self.account.settle_repeats(self.record)
        self._declare()
        for entry in entries(self.record.get("relations")):
            self._read_relation(entry)
        seen = self._seen()
        keyframes = keyframes_of(self.n_frames, self.fps, [run for runs in seen.values() for run in runs])
        draft = GraphDraft(self.video, tuple(frame / self.fps for frame in keyframes))
        self._tell_things(draft, seen, keyframes)
        for triple, runs in self.relations.items():
            self._tell_relation(draft, triple, [span_of(run, self.fps) for run in runs])
        self._tell_sentences(draft)
        settings = {"fps": str(self.fps), "complete": str(options.complete).lower()}
        covered = self._covered() if options.complete else None
        covered = vouched_for(covered, self.account, boxes_show=True) if covered else None
        provenance = import_provenance("pvsg", **settings)
        return draft.build(provenance, covered, sampled_every_s=round(1 / self.fps, TIME_DIGITS))

    def _covered(self) -> Coverage:
        """What a complete file leaves no doubt about: without masks nobody knows when a thing is there."""
        return Coverage(
            labels=tuple(sorted(set(self.labels.values()))) if self.masks is not None else (),
            relations=tuple(sorted({predicate for _, predicate, _ in self.relations})),
        )

    def _seen(self) -> dict[str, list[Run]]:
        """Object id to when it is seen: by the masks, else while a relation says so; in the order of that."""
        told: dict[str, list[Run]] = {}
        for (subject, _, object_), held in self.relations.items():
            told.setdefault(subject, []).extend(held)
            told.setdefault(object_, []).extend(held)
        seen = {id_: self._masked(id_) or told.get(id_, []) for id_ in self.labels}
        return dict(sorted(seen.items(), key=lambda item: min(item[1], default=(0, 0))))

    def _masked(self, id_: str) -> list[Run]:
        frames = enumerate((self.masks or [])[: self.n_frames])
        return runs_of(frame for frame, boxes in frames if id_ in boxes)

    def _declare(self) -> None:
        for entry in entries(self.record.get("objects")):
            declared = fields(entry)
            self._drop("statuses", "their meaning is not told", entries(declared.get("status")))
            self.account.find("objects")
            id_, label = name(declared.get("object_id")), words(declared.get("category"))
            if id_ is None or label is None:
                self.account.lose("objects", "without id or category")
            elif id_ not in self.labels:
                self.labels[id_] = label
            elif self.labels[id_] == label:
                self.account.lose("objects", "declared before")
            else:
                raise UnusableError("one object id stands for two categories")

    def _read_relation(self, entry: Any) -> None:
        """A relation and the frames in which it holds; each run of frames is a statement."""
        subject, object_, term, runs = [*entries(entry), None, None, None, None][:4]
        for frames in entries(runs) or [None]:
            self.account.find("relations")
            try:
                triple = self._triple(name(subject), words(term), name(object_))
                run, repair = self._run(frames)
            except LostError as why:
                self.account.lose("relations", str(why))
                continue
            touches = self.touching.setdefault(triple, Touching()).take(run)
            joined = "joined with one like it that it touches" if touches else ""
            self.relations.setdefault(triple, []).append(run)
            self.account.carry("relations", repair=repair or joined)

    def _triple(self, subject: str | None, predicate: str | None, object_: str | None) -> Triple:
        if predicate is None:
            raise LostError("without a predicate")
        if subject not in self.labels or object_ not in self.labels:
            raise LostError("an end that is not declared")
        if subject == object_:
            raise LostError("from a thing to itself")
        return subject, predicate, object_

    def _run(self, raw: Any) -> tuple[Run, str]:
        """Frames from the first to the last, and what had to be mended."""
        first, last = (whole(frame) for frame in [*entries(raw), None, None][:2])
        if first is None or last is None:
            raise LostError("without frames")
        if last < first:
            raise LostError("ends before it begins")
        run = within((first, last + 1), self.n_frames)
        if run is None:
            raise LostError("outside the video")
        return run, "" if run == (first, last + 1) else "cut at the end of the video"

    def _tell_things(self, draft: GraphDraft, seen: dict[str, list[Run]], keyframes: list[int]) -> None:
        n_boxes = 0
        for id_, runs in seen.items():
            label, boxes = self.labels[id_], self._boxes(id_, keyframes)
            spans_s = [span_of(run, self.fps) for run in runs]
            node = draft.thing(label, spans_s, kind=kind_of(label), boxes=boxes, extra={"object_id": id_})
            if node is None:
                self.account.lose("objects", "nothing tells when it is seen")
                continue
            self.nodes[id_] = node
            self.account.carry("objects")
            n_boxes += len(boxes)
        if self.masks is not None:
            self._settle_boxes(self.masks, n_boxes)
        # Any of several may be in the picture outside its relations, too: nobody is then *the* adult.
        for label, count in Counter(self.labels.values()).items():
            if count > 1 and self.masks is None:
                draft.doubt(label, [draft.span_s])

    def _boxes(self, id_: str, keyframes: list[int]) -> dict[int, Box]:
        """Keyframe's place to the box of an object."""
        if self.masks is None:
            return {}
        found = [(place, self.masks[frame].get(id_)) for place, frame in enumerate(keyframes)]
        return {place: box for place, box in found if box}

    def _settle_boxes(self, masks: list[Boxes], n_carried: int) -> None:
        found = Counter(id_ in self.labels for boxes in masks for id_ in boxes)
        self.account.find("boxes", found.total())
        self.account.carry("boxes", n_carried)
        self.account.lose("boxes", "of an object that is not declared", found[False])
        self.account.lose("boxes", "between keyframes", found[True] - n_carried)

    def _tell_relation(self, draft: GraphDraft, triple: Triple, spans_s: list[TimeSpan]) -> None:
        subject, predicate, object_ = triple
        draft.relation(self.nodes[subject], predicate, self.nodes[object_], spans_s)
        motion, posture = motion_in(predicate), posture_in(predicate)
        if motion:
            for span_s in spans_s:
                draft.motion(self.nodes[subject], motion, span_s)
        if posture and is_living(self.labels[subject]):
            draft.attribute(self.nodes[subject], "posture", posture, spans_s)

    def _tell_sentences(self, draft: GraphDraft) -> None:
        """A short summary is what happens; the rest has no place in a graph."""
        summary = self.record.get("summary")
        told = summary.strip() if isinstance(summary, str) else ""
        self.account.find("summaries", bool(told))
        if told and len(told.split()) <= LONGEST_EVENT:
            draft.event(told)
            self.account.carry("summaries")
        elif told:
            self.account.lose("summaries", "too long for one event")
        self._drop("captions", "a scene has one event", entries(self.record.get("captions")))
        self._drop("questions", "no part of a scene graph", entries(self.record.get("qa_pairs")))

    def _drop(self, kind: str, why: str, statements: list[Any]) -> None:
        self.account.find(kind, len(statements))
        self.account.lose(kind, why, len(statements))
