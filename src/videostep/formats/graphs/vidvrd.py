"""ImageNet-VidVRD and VidOR: boxes in every frame, relations between two things with first and last frame.

A video is one JSON file. Source: the published annotation files of both data sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from videostep.errors import MediaError
from videostep.formats.graphs.draft import TIME_DIGITS, GraphDraft, box_of_pixels
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
from videostep.formats.graphs.plain import (
    entries,
    fields,
    json_files,
    name,
    number,
    positive,
    read_json,
    term,
    whole,
)
from videostep.formats.graphs.source_video import (
    VideoFacts,
    VideoFolder,
    described_video,
    import_provenance,
)
from videostep.formats.graphs.verdicts import LostError, UnusableError
from videostep.formats.graphs.vidvrd_words import VIDVRD, Vocabulary
from videostep.formats.graphs.vouched import vouched_for
from videostep.graph import Box, Coverage, VideoGraph
from videostep.video import TimeSpan, Video

SIDES: Final = ("xmin", "ymin", "xmax", "ymax")
Triple = tuple[str, str, str]
"""Track id of the subject, predicate, track id of the object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frames:
    """What the annotations say of the frames that they number."""

    count: int
    fps: float
    width_px: float
    height_px: float


def read(path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
    """Read VidVRD annotations: one JSON file, or a folder with any folders in it."""
    yield from read_annotations(path, options, "vidvrd", VIDVRD)


def read_annotations(
    path: Path, options: ImportOptions, format_name: str, vocabulary: Vocabulary
) -> Iterator[Imported | Refused]:
    """Read annotation files of the common form of VidVRD and VidOR."""
    videos = VideoFolder(options.videos)
    for file in json_files(path):
        record = fields(read_json(file))
        title = name(record.get("video_id")) or file.stem
        try:
            video = timed_video(videos, title)
            frames = _frames_of(record, rate_of(positive(record.get("fps")) or options.fps, video))
            every_s = _sampled_every_s(
                vocabulary, frames, watched=options.complete or _is_of_test_split(file)
            )
            reading = _Reading(
                record, video or _described(title, frames, record), frames, vocabulary, every_s
            )
            graph = reading.graph(format_name, options)
        except UnusableError as reason:
            yield Refused(name=title, reason=str(reason), remedy="mend the file, or leave it out")
        except MediaError as error:
            yield Refused(name=title, reason="its video file cannot be decoded", remedy=error.remedy)
        else:
            yield Imported(name=title, graph=graph, account=reading.account)


def _is_of_test_split(file: Path) -> bool:
    """Whether a VidVRD file is of the part of which whole videos were annotated, as it is published."""
    return file.parent.name == "test"


def _sampled_every_s(vocabulary: Vocabulary, frames: _Frames, *, watched: bool) -> float | None:
    """How well the ends of relations are known; `watched`: the whole video was, not segments of it."""
    if not vocabulary.step_frames:
        return None
    return round((vocabulary.step_frames if watched else frames.count) / frames.fps, TIME_DIGITS)


def _frames_of(record: dict[str, Any], fps: float | None) -> _Frames:
    """Raises UnusableError where something is missing that nothing else says."""
    count = whole(record.get("frame_count")) or len(entries(record.get("trajectories")))
    width_px, height_px = positive(record.get("width")), positive(record.get("height"))
    if not record:
        raise UnusableError("its file is not a whole JSON object")
    if not 1 <= count <= MOST_FRAMES:
        raise UnusableError("it has no frames, or more than any video")
    if fps is None or not LEAST_FPS <= fps <= MOST_FPS:
        raise UnusableError("its frame rate is not known (give --fps or --videos)")
    if width_px is None or height_px is None:
        raise UnusableError("its picture size is not known")
    return _Frames(count=count, fps=fps, width_px=width_px, height_px=height_px)


def _described(title: str, frames: _Frames, record: dict[str, Any]) -> Video:
    facts = VideoFacts(
        duration_s=round(frames.count / frames.fps, TIME_DIGITS),
        fps=frames.fps,
        width_px=round(frames.width_px),
        height_px=round(frames.height_px),
    )
    return described_video(title, facts, record)


@dataclass(slots=True)
class _Reading:
    """What one file says, piece by piece."""

    record: dict[str, Any]
    video: Video
    frames: _Frames
    vocabulary: Vocabulary
    sampled_every_s: float | None
    account: Account = field(default_factory=Account)
    labels: dict[str, str] = field(default_factory=dict)
    """Track id to label."""
    foreign: set[str] = field(default_factory=set)
    """Track ids of a category that is not the data set's."""
    boxes: dict[str, dict[int, Box]] = field(default_factory=dict)
    """Track id to its box in each frame; every track id has an entry."""
    nodes: dict[str, str] = field(default_factory=dict)
    """Track id to object node, of those that are seen."""

    @property
    def n_frames(self) -> int:
        """Annotated frames that the video has."""
        return min(self.frames.count, max(1, round(self.video.duration_s * self.frames.fps)))

    def graph(self, format_name: str, options: ImportOptions) -> VideoGraph:
        """Read everything, objects first."""
        self.account.settle_repeats(self.record)
        self._declare()
        self._place()
        runs = {track: runs_of(boxes) for track, boxes in self.boxes.items()}
        keyframes = keyframes_of(
            self.n_frames, self.frames.fps, [run for of_one in runs.values() for run in of_one]
        )
        draft = GraphDraft(self.video, tuple(frame / self.frames.fps for frame in keyframes))
        self._add_things(draft, runs, keyframes)
        self._relate(draft)
        settings = {"fps": str(self.frames.fps), "complete": str(options.complete).lower()}
        every_s = self.sampled_every_s
        graph = draft.build(import_provenance(format_name, **settings), sampled_every_s=every_s)
        if not options.complete:
            return graph
        covered = vouched_for(_all_named(graph), self.account, boxes_show=True)
        return draft.build(graph.provenance, covered, sampled_every_s=every_s)

    def _declare(self) -> None:
        for entry in entries(self.record.get("subject/objects")):
            self.account.find("objects")
            track, category = name(fields(entry).get("tid")), term(fields(entry).get("category"))
            if track is None or category is None:
                self.account.lose("objects", "without id or category")
                continue
            label = self.vocabulary.label(category)
            if self.labels.setdefault(track, label) != label:
                raise UnusableError("one object id stands for two categories")
            if track in self.boxes:
                self.account.lose("objects", "declared before")
            if not self.vocabulary.knows_category(category):
                self.foreign.add(track)
            self.boxes.setdefault(track, {})

    def _place(self) -> None:
        for frame, placed in enumerate(entries(self.record.get("trajectories"))):
            for entry in entries(placed):
                self.account.find("boxes")
                trouble = self._place_one(frame, fields(entry))
                if trouble:
                    self.account.lose("boxes", trouble)

    def _place_one(self, frame: int, entry: dict[str, Any]) -> str:
        """Take in a box; why not, if not."""
        track, corners = name(entry.get("tid")), _corners(entry.get("bbox"))
        if track not in self.boxes:
            return "of an object that is not declared"
        if frame >= self.n_frames:
            return "after the end of the video"
        if frame in self.boxes[track]:
            return "a second one of an object in a frame"
        box = box_of_pixels(corners, self.frames.width_px, self.frames.height_px) if corners else None
        if box is None:
            return "no rectangle inside the picture"
        self.boxes[track][frame] = box
        return ""

    def _add_things(self, draft: GraphDraft, runs: dict[str, list[Run]], keyframes: list[int]) -> None:
        # Python's sort is stable: things that appear in one frame stay in the file's order.
        for track in sorted(self.boxes, key=lambda track: min(self.boxes[track], default=0)):
            boxes, label = self.boxes[track], self.labels[track]
            kept = {index: boxes[frame] for index, frame in enumerate(keyframes) if frame in boxes}
            spans_s = [span_of(run, self.frames.fps) for run in runs[track]]
            node = draft.thing(label, spans_s, kind=kind_of(label), boxes=kept, extra={"tid": track})
            if node is None:
                self.account.lose("objects", "never seen in a frame")
                continue
            self.nodes[track] = node
            foreign = "a category that is not the data set's, word for word" if track in self.foreign else ""
            self.account.carry("objects", repair=foreign)
            self.account.carry("boxes", len(kept))
            if len(boxes) > len(kept):
                self.account.lose("boxes", "between keyframes", len(boxes) - len(kept))

    def _relate(self, draft: GraphDraft) -> None:
        taken: dict[Triple, Touching] = {}
        for entry in entries(self.record.get("relation_instances")):
            self.account.find("relations")
            try:
                triple, run, repair = self._instance(fields(entry))
            except LostError as why:
                self.account.lose("relations", str(why))
                continue
            touches = taken.setdefault(triple, Touching()).take(run)
            joined = "joined with one like it that it touches" if touches else ""
            self.account.carry("relations", repair=repair or joined)
            self._say(draft, triple, span_of(run, self.frames.fps))

    def _instance(self, entry: dict[str, Any]) -> tuple[Triple, Run, str]:
        """Subject, predicate and object of a relation instance, its frames, and what had to be mended."""
        predicate, begin, end = (
            term(entry.get("predicate")),
            whole(entry.get("begin_fid")),
            whole(entry.get("end_fid")),
        )
        subject, object_ = name(entry.get("subject_tid")), name(entry.get("object_tid"))
        if predicate is None or begin is None or end is None:
            raise LostError("without predicate or frames")
        if subject not in self.nodes or object_ not in self.nodes:
            raise LostError("an end that is never seen")
        if subject == object_:
            raise LostError("from a thing to itself")
        run = within((begin, end), self.n_frames)
        if run is None:
            raise LostError("ends before it begins" if end <= begin else "outside the video")
        unknown = (
            ""
            if self.vocabulary.knows_predicate(predicate)
            else "a predicate that is not the data set's, word for word"
        )
        repair = unknown if run == (begin, end) else "cut at the end of the video"
        return (subject, self.vocabulary.predicate(predicate), object_), run, repair

    def _say(self, draft: GraphDraft, triple: Triple, span_s: TimeSpan) -> None:
        """The relation, and what it says of its subject alone."""
        subject, predicate, object_ = triple
        draft.relation(self.nodes[subject], predicate, self.nodes[object_], [span_s])
        motion, posture = motion_in(predicate), posture_in(predicate)
        if motion:
            draft.motion(self.nodes[subject], motion, span_s)
        if posture and is_living(self.labels[subject]):
            draft.attribute(self.nodes[subject], "posture", posture, [span_s])


def _corners(raw: Any) -> list[float] | None:
    """Edges of a box in pixels. Theirs hold their last row and column, so that ours lie one pixel on."""
    sides = [number(fields(raw).get(side)) for side in SIDES]
    x1, y1, x2, y2 = sides
    return None if x1 is None or y1 is None or x2 is None or y2 is None else [x1, y1, x2 + 1, y2 + 1]


def _all_named(graph: VideoGraph) -> Coverage:
    """All labels and relations of a graph, as looked for everywhere. What was concluded from them was not."""
    return Coverage(
        labels=tuple(sorted({node.label for node in graph.objects})),
        relations=tuple(sorted({edge.predicate for edge in graph.relations})),
    )
