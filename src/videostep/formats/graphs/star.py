"""STAR: the situations of its questions, annotated frames of Charades videos.

Source: the published question files and the tools in STAR's repository.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from videostep.errors import MediaError
from videostep.formats.graphs.charades_graph import PERSON, REACH_S
from videostep.formats.graphs.draft import TIME_DIGITS, GraphDraft, around, box_of_pixels
from videostep.formats.graphs.frames import LEAST_FPS, MOST_FPS, timed_video
from videostep.formats.graphs.imported import Account, Imported, ImportOptions, Refused
from videostep.formats.graphs.kinds import kind_of, posture_in
from videostep.formats.graphs.person_boxes import corners_of
from videostep.formats.graphs.plain import entries, fields, positive
from videostep.formats.graphs.source_video import (
    VideoFacts,
    VideoFolder,
    described_video,
    import_provenance,
)
from videostep.formats.graphs.star_questions import Situations, situations_by_video
from videostep.formats.graphs.star_words import (
    ACTIONS,
    LABELS,
    PREDICATES,
    action_of_code,
    label_of_code,
    predicate_of_code,
)
from videostep.formats.graphs.unpickle import read_pickle
from videostep.formats.graphs.verdicts import LostError, UnusableError
from videostep.formats.graphs.vouched import vouched_for
from videostep.graph import Box, Coverage, VideoGraph
from videostep.video import TimeSpan, Video

COVERED: Final = Coverage(labels=LABELS, relations=PREDICATES, motions=tuple(sorted(ACTIONS)))
"""Where the user vouches for it."""
RATES_FILE: Final = "video_fps"
"""Pickle of STAR's repository: file name to frames a second. Used where it lies beside the questions."""
ASSUMED_FPS: Final = 30.0
"""About the rate of most Charades videos. Frames are numbered at each video's own."""


def read(path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
    """Read STAR's questions: one file, or a folder with files `STAR_*.json`."""
    folder, rates = VideoFolder(options.videos), _rates(path if path.is_dir() else path.parent)
    for title, situations in situations_by_video(path).items():
        try:
            yield _Reading(title, situations, folder, options, rates).imported()
        except UnusableError as reason:
            yield Refused(name=title, reason=str(reason), remedy="leave its questions out")
        except MediaError as error:
            yield Refused(name=title, reason="its video file cannot be decoded", remedy=error.remedy)


def _rates(folder: Path) -> dict[str, float]:
    path = folder / RATES_FILE
    table = read_pickle(path) if path.exists() else {}
    rates = {str(key): positive(value) for key, value in fields(table).items()}
    return {Path(key).stem: rate for key, rate in rates.items() if rate}


@dataclass(slots=True)
class _Reading:
    """What the situations of one video say."""

    title: str
    situations: Situations
    folder: VideoFolder
    options: ImportOptions
    rates: dict[str, float]
    size_px: tuple[int, int] | None = None
    """Of the pictures, by the video file."""
    seen: dict[str, dict[int, Box | None]] = field(default_factory=dict)
    """Label to the keyframes in which the thing is seen, by index, and where."""
    relations: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    actions: dict[str, list[int]] = field(default_factory=dict)
    doubts: dict[str, list[int]] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        """Of this video."""
        return self.situations.account

    def imported(self) -> Imported:
        """Read all frames, then tell what they show."""
        self.account.find("questions", self.situations.n_questions)
        self.account.lose("questions", "no part of a scene graph", self.situations.n_questions)
        if not self.title:
            raise UnusableError("questions without a video")
        video, fps = self._video()
        times = {frame: round((frame - 1) / fps, TIME_DIGITS) for frame in sorted(self.situations.frames)}
        inside = {frame: time_s for frame, time_s in times.items() if time_s < video.duration_s}
        if not inside:
            raise UnusableError("no annotated frame lies in the video")
        draft = GraphDraft(video, tuple(inside.values()))
        index = {frame: place for place, frame in enumerate(inside)}
        for frame, data in sorted(self.situations.frames.items()):
            self._read_frame(fields(msgspec.json.decode(data)), index.get(frame))
        return Imported(name=self.title, graph=self._tell(draft, fps), account=self.account)

    def _video(self) -> tuple[Video, float]:
        """The video, and the rate by which its frames are numbered."""
        file = timed_video(self.folder, self.title)
        fps = self.options.fps or (file.fps if file else self.rates.get(self.title, ASSUMED_FPS))
        if not LEAST_FPS <= fps <= MOST_FPS:
            raise UnusableError("its frame rate is no frame rate")
        if file is not None:
            self.size_px = file.width_px, file.height_px
            return file, fps
        is_known = self.options.fps or self.title in self.rates
        last_s = max(max(self.situations.frames, default=0) / fps, self.situations.last_s)
        facts = VideoFacts(
            # Nothing is said of the time after the last annotated moment, so the video ends there.
            duration_s=round(last_s, TIME_DIGITS),
            fps=fps,
            assumed=("duration_s",) if is_known else ("duration_s", "fps"),
        )
        told = b"".join(b"%d:%b\n" % item for item in sorted(self.situations.frames.items()))
        return described_video(self.title, facts, told), fps

    def _read_frame(self, situation: dict[str, Any], frame: int | None) -> None:
        """Settle all that is said of a frame; `frame` is its keyframe's index, None when it is lost."""
        self.account.find("frames")
        if frame is None:
            self.account.lose("frames", "after the end of the video")
        else:
            self.account.carry("frames")
        boxes = entries(situation.get("bbox"))
        for place, code in enumerate(entries(situation.get("bbox_labels"))):
            self._settle("objects", self._see, frame, code)
            if place < len(boxes) and boxes[place] is not None:
                self._settle("boxes", self._place, frame, code, boxes[place])
        labels = entries(situation.get("rel_labels"))
        for place, ends in enumerate(entries(situation.get("rel_pairs"))):
            self._settle(
                "relations", self._relate, frame, labels[place] if place < len(labels) else None, ends
            )
        for code in entries(situation.get("actions")):
            self._settle("actions", self._act, frame, code)

    def _settle(self, kind: str, take: Callable[..., None], frame: int | None, *said: Any) -> None:
        """Carry a statement by `take`, or account for why not."""
        self.account.find(kind)
        try:
            if frame is None:
                raise LostError("in a frame that is lost")
            take(frame, *said)
        except LostError as why:
            self.account.lose(kind, str(why))
        else:
            self.account.carry(kind)

    def _see(self, frame: int, code: Any) -> None:
        label = label_of_code(code)
        if label is None:
            raise LostError("an unknown class")
        if frame in self.seen.setdefault(label, {}):
            self.doubts.setdefault(label, []).append(frame)
            raise LostError("a second thing of its class in one frame: kept as a doubt")
        self.seen[label][frame] = None

    def _place(self, frame: int, code: Any, raw: Any) -> None:
        label, corners = label_of_code(code), corners_of(raw, mode="xyxy")
        if label is None or frame in self.doubts.get(label, []):
            raise LostError("of a thing that is lost")
        if self.size_px is None:
            raise LostError("the size of the pictures is not known")
        box = box_of_pixels(corners, *self.size_px) if corners else None
        if box is None:
            raise LostError("no rectangle inside the picture")
        self.seen[label][frame] = box

    def _relate(self, frame: int, code: Any, ends: Any) -> None:
        predicate = predicate_of_code(code)
        subject, object_ = (label_of_code(end) for end in [*entries(ends), None, None][:2])
        if predicate is None:
            raise LostError("an unknown relationship, or one by a number alone")
        if subject is None or object_ is None or len(entries(ends)) != 2:
            raise LostError("an unknown class")
        if subject == object_:
            raise LostError("between two things of one class")
        for label in (subject, object_):
            self.seen.setdefault(label, {}).setdefault(frame, None)
        self.relations.setdefault((subject, predicate, object_), []).append(frame)

    def _act(self, frame: int, code: Any) -> None:
        action = action_of_code(code)
        if action is None:
            raise LostError("an unknown action")
        self.seen.setdefault(PERSON, {}).setdefault(frame, None)
        self.actions.setdefault(action, []).append(frame)

    def _tell(self, draft: GraphDraft, fps: float) -> VideoGraph:
        """One thing of each class, the person first, then as they appear; see `charades_graph`."""
        order = sorted(self.seen, key=lambda label: (label != PERSON, min(self.seen[label]), label))
        ids = {label: self._tell_thing(draft, label) for label in order}
        for (subject, predicate, object_), frames in self.relations.items():
            spans_s = self._holds(draft, frames)
            draft.relation(ids[subject], predicate, ids[object_], spans_s)
            posture = posture_in(predicate)
            if posture and subject == PERSON:
                draft.attribute(ids[subject], "posture", posture, spans_s)
        for action, frames in self.actions.items():
            for span_s in self._holds(draft, frames):
                draft.motion(ids[PERSON], action, span_s)
        for label, frames in self.doubts.items():
            draft.doubt(label, self._holds(draft, frames))
        provenance = import_provenance("star", fps=str(fps), complete=str(self.options.complete))
        coverage = vouched_for(COVERED, self.account) if self.options.complete else None
        return draft.build(provenance, coverage, sampled_every_s=draft.longest_gap_s)

    def _tell_thing(self, draft: GraphDraft, label: str) -> str:
        boxes = {frame: box for frame, box in self.seen[label].items() if box is not None}
        id_ = draft.thing(label, self._holds(draft, self.seen[label]), kind=kind_of(label), boxes=boxes)
        # Every frame lies in the video, and so does what holds around it.
        assert id_ is not None
        return id_

    def _holds(self, draft: GraphDraft, frames: Iterable[int]) -> list[TimeSpan]:
        keyframes = [draft.keyframes[frame] for frame in sorted(set(frames))]
        if self.options.complete:
            return [keyframe.covers_s for keyframe in keyframes]
        return [around(keyframe.time_s, keyframe.covers_s, REACH_S) for keyframe in keyframes]
