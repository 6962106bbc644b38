"""Action Genome 1.0: `object_bbox_and_relationship.pkl`, beside it `person_bbox.pkl` and `frame_list.txt`.

Source of the format: the README and tools of its repository.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from videostep.errors import FormatError, InputError, MediaError
from videostep.formats.graphs.charades_graph import PERSON, CharadesGraph
from videostep.formats.graphs.charades_words import (
    LABELS,
    has_alternatives,
    label_of,
    predicates_of,
    relationship_of,
)
from videostep.formats.graphs.draft import TIME_DIGITS, box_of_pixels
from videostep.formats.graphs.imported import Account, Imported, ImportOptions, Refused
from videostep.formats.graphs.person_boxes import (
    Corners,
    PersonBoxes,
    corners_of,
    is_same_person,
    read_person_boxes,
)
from videostep.formats.graphs.plain import entries, fields, in_unicode
from videostep.formats.graphs.source_video import (
    VideoFacts,
    VideoFolder,
    described_video,
    import_provenance,
)
from videostep.formats.graphs.unpickle import read_pickle
from videostep.formats.graphs.vouched import vouched_for
from videostep.graph import Box, Coverage
from videostep.video import Video

OBJECTS_FILE: Final = "object_bbox_and_relationship.pkl"
PERSONS_FILE: Final = "person_bbox.pkl"
FRAMES_FILE: Final = "frame_list.txt"
ASSUMED_FPS: Final = 30.0
"""About the rate of most Charades videos. Frames are numbered at each video's own, which no file tells."""
COVERED: Final = Coverage(labels=LABELS, relations=predicates_of("spatial", "contact"))
"""Where the user vouches for it. Gaze is never covered: see `GAZE_CONFIDENCE`."""
_ROLES: Final = ("attention_relationship", "spatial_relationship", "contacting_relationship")
_IN_LOST_FRAME: Final = "in a frame that is lost"


def read(path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
    """Every video of the annotations; see `Reader`. `path` is the first file, or the folder of all."""
    path = path / OBJECTS_FILE if path.is_dir() else path
    folder = VideoFolder(options.videos)
    frames = read_pickle(path)
    if not isinstance(frames, dict):
        raise FormatError(
            f"{path} holds no dictionary of frames", remedy=f"name Action Genome's {OBJECTS_FILE}"
        )
    persons = read_person_boxes(path.with_name(PERSONS_FILE))
    listed = [key for key in _listed(path.with_name(FRAMES_FILE)) if key not in frames]
    for name, keys in _by_video([*frames, *listed]).items():
        yield _VideoReader(name, {key: frames.get(key) for key in keys}, persons).read(folder, options)


def _listed(path: Path) -> list[str]:
    """The frames that `frame_list.txt` names; none without the file."""
    try:
        return path.read_text(encoding="utf-8").split() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", remedy="check the file") from error


def _by_video(keys: list[Any]) -> dict[str, list[Any]]:
    """Frame keys `VIDEO/FRAME.png` by video, in order; what is no such key is a video of its own."""
    videos: dict[str, list[Any]] = {}
    for key in keys:
        video = key.rpartition("/")[0] if isinstance(key, str) else ""
        videos.setdefault(in_unicode(video or str(key)), []).append(key)
    return videos


def _frame_number(key: Any) -> int | None:
    """Of `VIDEO/000089.png`: 89; frames are counted from 1. None for another key."""
    if not isinstance(key, str) or "/" not in key:
        return None
    stem = Path(key.rpartition("/")[2]).stem
    return int(stem) if stem.isascii() and stem.isdigit() and len(stem) <= 9 and int(stem) > 0 else None


@dataclass(slots=True)
class _VideoReader:
    """Reads the annotations of one video."""

    name: str
    frames: Mapping[Any, Any]
    """Frame key to its entries; None where `frame_list.txt` names it and nothing else does."""
    persons: Mapping[Any, PersonBoxes]
    account: Account = field(default_factory=Account)

    def read(self, folder: VideoFolder, options: ImportOptions) -> Imported | Refused:
        numbers = {key: _frame_number(key) for key, found in self.frames.items() if isinstance(found, list)}
        numbered = {key: number for key, number in numbers.items() if number is not None}
        if not numbered:
            return Refused(name=self.name, reason="no annotated frame", remedy="keys must be VIDEO/FRAME.png")
        try:
            video, fps = self._video(folder, options, max(numbered.values()))
        except MediaError as error:
            return Refused(name=self.name, reason="its video cannot be decoded", remedy=str(error))
        times = {key: round((number - 1) / fps, TIME_DIGITS) for key, number in numbered.items()}
        inside = {key: time_s for key, time_s in times.items() if time_s < video.duration_s}
        if not inside:
            remedy = "check that the file in --videos is the annotated one, and --fps"
            return Refused(name=self.name, reason="no frame lies inside its video", remedy=remedy)
        graph = CharadesGraph(video, sorted(set(inside.values())), options.complete)
        index = {time_s: place for place, time_s in enumerate(graph.times_s)}
        for key in self.frames:
            self._take_frame(graph, key, index[inside[key]] if key in inside else None)
        provenance = import_provenance("action-genome", fps=str(fps), complete=str(options.complete))
        covered = vouched_for(COVERED, self.account) if options.complete else COVERED
        return Imported(name=self.name, graph=graph.build(provenance, covered), account=self.account)

    def _video(self, folder: VideoFolder, options: ImportOptions, last: int) -> tuple[Video, float]:
        """The video, and the rate by which its frames are numbered; `last` is the last frame's number."""
        self.account.find("videos")
        file = folder.read(self.name)
        if file is not None and file.duration_s > 0:
            self.account.carry("videos")
            return file, options.fps or file.fps
        fps = options.fps or ASSUMED_FPS
        assumed = ("duration_s",) if options.fps else ("duration_s", "fps")
        self.account.carry("videos", repair=f"assumed: {' and '.join(assumed)}")
        width_px, height_px = self._size_px() or (0, 0)
        facts = VideoFacts(
            # Nothing is said of the time after the last annotated frame, so the video ends there.
            duration_s=round(last / fps, TIME_DIGITS),
            fps=fps,
            width_px=round(width_px),
            height_px=round(height_px),
            assumed=assumed,
        )
        record = {str(key): [found, self.persons.get(key)] for key, found in self.frames.items()}
        return described_video(self.name, facts, record), fps

    def _size_px(self) -> tuple[float, float] | None:
        """Of the pictures; None when no frame says it."""
        known = (self.persons[key].size_px for key in self.frames if key in self.persons)
        return next((size for size in known if size), None)

    def _take_frame(self, graph: CharadesGraph, key: Any, frame: int | None) -> None:
        """Settle all that stands there for a frame; `frame` is its keyframe's index, None when it is lost."""
        found = self.frames[key]
        self.account.find("frames")
        if frame is None:
            self.account.lose("frames", _why_lost(key, found))
        else:
            self.account.carry("frames")
        size_px = self._size_px() or (graph.video.width_px, graph.video.height_px)
        self._take_persons(graph, self.persons.get(key, PersonBoxes()).boxes, frame, size_px)
        for raw in entries(found):
            _EntryReader(self.account, fields(raw), size_px).read(graph, frame)

    def _take_persons(
        self,
        graph: CharadesGraph,
        boxes: tuple[Corners | None, ...],
        frame: int | None,
        size_px: tuple[float, float],
    ) -> None:
        """The one person gets a box; where there are more, nobody says which of them acts."""
        self.account.find("person boxes", len(boxes))
        if frame is None or not boxes:
            self.account.lose("person boxes", _IN_LOST_FRAME, len(boxes))
            return
        first = boxes[0]
        others = [box for box in boxes[1:] if first is None or box is None or not is_same_person(first, box)]
        if others:
            graph.doubt(PERSON, frame)
            self.account.lose("person boxes", "of several people: kept as a doubt", len(boxes))
            return
        self.account.lose("person boxes", "a second box of the same person", len(boxes) - 1)
        graph.see(PERSON, frame, _settle_box(self.account, "person boxes", first, size_px))


@dataclass(slots=True)
class _EntryReader:
    """Reads one thing in one frame, with its box and its relationships to the person."""

    account: Account
    entry: Mapping[str, Any]
    size_px: tuple[float, float]

    def read(self, graph: CharadesGraph, frame: int | None) -> None:
        """Carry the entry, or account for why not."""
        self.account.find("objects")
        self.account.find("boxes", self._has_box())
        self.account.find("relations", len(self._relations()))
        why = _IN_LOST_FRAME if frame is None else self._fault()
        label = label_of(str(self.entry.get("class")))
        if frame is None or why or label is None:
            self._lose(why)
            return
        if graph.sees(label, frame):
            graph.doubt(label, frame)
            self._lose("a second thing of its class in one frame: kept as a doubt")
            return
        name = self.entry["class"]
        self.account.carry("objects", repair="the first of several names" if has_alternatives(name) else "")
        graph.see(label, frame, self._box())
        for relation in self._relations():
            self._relate(graph, label, relation, frame)

    def _box(self) -> Box | None:
        if not self._has_box():
            return None
        return _settle_box(self.account, "boxes", corners_of(self.entry["bbox"], mode="xywh"), self.size_px)

    def _has_box(self) -> bool:
        return self.entry.get("bbox") is not None

    def _relations(self) -> list[Any]:
        return [name for role in _ROLES for name in _names(self.entry.get(role))]

    def _fault(self) -> str:
        """Why the entry cannot be carried at all; empty: it can."""
        name = self.entry.get("class")
        if not isinstance(name, str) or label_of(name) is None:
            return "an unknown class"
        if label_of(name) == PERSON:
            return "a person among the things"
        return "" if self.entry.get("visible", True) is True else "not visible"

    def _relate(self, graph: CharadesGraph, label: str, name: Any, frame: int) -> None:
        relationship = relationship_of(name) if isinstance(name, str) else None
        if relationship is None:
            self.account.lose("relations", "an unknown relationship")
        elif relationship.uncarried:
            self.account.lose("relations", relationship.uncarried)
        else:
            graph.relate(label, relationship, frame)
            self.account.carry("relations")

    def _lose(self, why: str) -> None:
        self.account.lose("objects", why)
        reason = why if why == _IN_LOST_FRAME else "of a thing that is lost"
        self.account.lose("boxes", reason, self._has_box())
        self.account.lose("relations", reason, len(self._relations()))


def _names(raw: Any) -> list[Any]:
    """Relationship names: a list, one alone, or none."""
    if raw is None:
        return []
    return list(raw) if isinstance(raw, list | tuple) else [raw]


def _why_lost(key: Any, found: Any) -> str:
    if found is None:
        return "listed, but not annotated"
    if not isinstance(found, list):
        return "its entries are no list"
    return "without a number" if _frame_number(key) is None else "after the end of the video"


def _settle_box(
    account: Account, kind: str, corners: Corners | None, size_px: tuple[float, float]
) -> Box | None:
    """A box as fractions of the picture; what became of it goes to the account."""
    if not all(size_px):
        account.lose(kind, "the size of the pictures is not known")
        return None
    box = box_of_pixels(corners, *size_px) if corners else None
    if corners is None or box is None:
        account.lose(kind, "no rectangle inside the picture")
        return None
    leaves = min(corners) < 0 or corners[2] > size_px[0] or corners[3] > size_px[1]
    account.carry(kind, repair="cut at the edge of the picture" if leaves else "")
    return box
