"""AGQA's scene graphs: `AGQA_train_stsgs.pkl` and `AGQA_test_stsgs.pkl`, with `ENG.txt` beside them.

Source of the format: descriptions of the files by people who use them; AGQA documents only its questions.
The vertices of a video hold each other (`next`, `prev`, `objects`), so nothing here walks further than a
step. Those links say nothing that the times do not, and are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from videostep.errors import FormatError, InputError, MediaError
from videostep.formats.graphs.agqa_words import (
    label_of_class,
    predicate_of_phrase,
    read_codes,
    relationship_of_class,
)
from videostep.formats.graphs.charades_graph import CharadesGraph
from videostep.formats.graphs.charades_words import LABELS, predicates_of
from videostep.formats.graphs.draft import TIME_DIGITS
from videostep.formats.graphs.imported import Account, Imported, ImportOptions, Refused
from videostep.formats.graphs.plain import entries, fields, in_unicode, number, words
from videostep.formats.graphs.source_video import (
    VideoFacts,
    VideoFolder,
    described_video,
    import_provenance,
)
from videostep.formats.graphs.unpickle import read_pickle
from videostep.formats.graphs.vouched import vouched_for
from videostep.graph import Coverage
from videostep.video import TimeSpan, Video

CODES_FILE: Final = "ENG.txt"
ASSUMED_FPS: Final = 30.0
"""About the rate of most Charades videos. Times are in seconds here, so only `video.fps` depends on it."""
_RELATION_TYPES: Final = frozenset(("attention", "contact", "contacting", "spatial", "verb", "relation"))
_ACTION_TYPES: Final = frozenset(("action", "act"))


def read(path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
    """Every video of the annotations; see `Reader`. `path` is one file, or the folder of both."""
    folder = VideoFolder(options.videos)
    for file in _pickles(path):
        codes = read_codes(file.with_name(CODES_FILE))
        videos = read_pickle(file)
        if not isinstance(videos, dict):
            raise FormatError(f"{file} holds no dictionary of videos", remedy="name AGQA's scene graphs")
        covered = Coverage(
            labels=LABELS,
            relations=predicates_of("contact"),
            motions=_predicates(videos) if options.complete else (),
        )
        for name, vertices in videos.items():
            yield _VideoReader(in_unicode(str(name)), fields(vertices), codes).read(folder, options, covered)


def _pickles(path: Path) -> list[Path]:
    found = sorted(path.glob("*.pkl")) if path.is_dir() else [path]
    if not found:
        raise InputError(f"{path} holds no .pkl files", remedy="name the folder of AGQA's scene graphs")
    return found


def _predicates(videos: Mapping[Any, Any]) -> tuple[str, ...]:
    """What people do in any video of the file: with complete annotations, it was looked for in all."""
    found = {
        predicate_of_phrase(phrase)
        for vertices in videos.values()
        for vertex in fields(vertices).values()
        if _is_action(fields(vertex)) and (phrase := words(fields(vertex).get("phrase")))
    }
    return tuple(sorted(found))


def _is_action(vertex: Mapping[str, Any]) -> bool:
    return vertex.get("type") in _ACTION_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    """What the person does, as far as the file says it."""

    phrase: str | None
    start_s: float | None
    end_s: float | None

    def fault(self) -> str:
        """Why it cannot be carried; empty: it can, as far as it lies in the video."""
        if self.phrase is None:
            return "without words"
        if self.start_s is None or self.end_s is None:
            return "without a time"
        return "" if max(0.0, self.start_s) < self.end_s else "ends before it starts"


@dataclass(slots=True)
class _VideoReader:
    """Reads the vertices of one video."""

    name: str
    vertices: Mapping[Any, Any]
    codes: Mapping[str, str]
    account: Account = field(default_factory=Account)
    _frames: dict[str, int] = field(default_factory=dict)
    """Frame id to the index of its keyframe; lost frames aside."""
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)
    """(class, frame id) of a thing that is seen to its label."""

    def read(self, folder: VideoFolder, options: ImportOptions, covered: Coverage) -> Imported | Refused:
        times = {id_: time_s for id_, vertex in self._of("frame") if (time_s := _time_s(vertex)) is not None}
        if not times:
            return Refused(name=self.name, reason="no frame with a time", remedy="check the file")
        actions = [_action_of(vertex) for _, vertex in self._of(*_ACTION_TYPES)]
        try:
            video = self._video(folder, max(times.values()), actions)
        except MediaError as error:
            return Refused(name=self.name, reason="its video cannot be decoded", remedy=str(error))
        inside = sorted({time_s for time_s in times.values() if time_s < video.duration_s})
        if not inside:
            remedy = "check that the file in --videos is the annotated one"
            return Refused(name=self.name, reason="no frame lies inside its video", remedy=remedy)
        graph = CharadesGraph(video, inside, options.complete)
        self._take_frames(times, inside)
        for id_, vertex in self._of("object"):
            self._take_object(graph, id_, vertex)
        for id_, vertex in self._of(*_RELATION_TYPES):
            self._take_relation(graph, id_, vertex)
        for action in actions:
            self._take_action(graph, action)
        self._lose_unknown()
        provenance = import_provenance("agqa", complete=str(options.complete))
        covered = vouched_for(covered, self.account) if options.complete else covered
        return Imported(name=self.name, graph=graph.build(provenance, covered), account=self.account)

    def _of(self, *types: str) -> list[tuple[str, Mapping[str, Any]]]:
        """The vertices of some types, by id."""
        return [
            (str(id_), fields(raw)) for id_, raw in self.vertices.items() if fields(raw).get("type") in types
        ]

    def _video(self, folder: VideoFolder, last_s: float, actions: list[_Action]) -> Video:
        self.account.find("videos")
        file = folder.read(self.name)
        if file is not None and file.duration_s > 0:
            self.account.carry("videos")
            return file
        self.account.carry("videos", repair="assumed: duration_s and fps")
        ends_s = [action.end_s for action in actions if action.end_s is not None and not action.fault()]
        # Nothing is said of the time after the last frame and action, so the video ends there.
        duration_s = round(max(last_s + 1 / ASSUMED_FPS, *ends_s, 0.0), TIME_DIGITS)
        facts = VideoFacts(duration_s=duration_s, fps=ASSUMED_FPS, assumed=("duration_s", "fps"))
        return described_video(f"{self.name}.mp4", facts, self._digestible())

    def _digestible(self) -> dict[str, Any]:
        """What the vertices say, without those they hold: the links would lead round in circles."""
        return {
            str(id_): {
                key: value for key, value in fields(raw).items() if isinstance(value, str | int | float)
            }
            for id_, raw in self.vertices.items()
        }

    def _take_frames(self, times: Mapping[str, float], inside: list[float]) -> None:
        place = {time_s: index for index, time_s in enumerate(inside)}
        for id_, _ in self._of("frame"):
            self.account.find("frames")
            if id_ not in times:
                self.account.lose("frames", "without a time")
            elif times[id_] not in place:
                self.account.lose("frames", "after the end of the video")
            else:
                self.account.carry("frames")
                self._frames[id_] = place[times[id_]]

    def _take_object(self, graph: CharadesGraph, id_: str, vertex: Mapping[str, Any]) -> None:
        class_ = _class_of(id_, vertex)
        label = label_of_class(class_, self.codes)
        self.account.find("objects")
        self.account.find("boxes", vertex.get("bbox") is not None)
        self.account.lose("boxes", "in a layout that is not documented", vertex.get("bbox") is not None)
        frame = self._frames.get(_frame_of(id_))
        if frame is None:
            self.account.lose("objects", "in a frame that is lost or not there")
        elif label is None:
            self.account.lose("objects", "an unknown class")
        elif vertex.get("visible", True) is not True:
            self.account.lose("objects", "not visible")
        elif graph.sees(label, frame):
            graph.doubt(label, frame)
            self.account.lose("objects", "a second thing of its class in one frame: kept as a doubt")
        else:
            graph.see(label, frame)
            self._seen[class_, _frame_of(id_)] = label
            self.account.carry("objects")

    def _take_relation(self, graph: CharadesGraph, id_: str, vertex: Mapping[str, Any]) -> None:
        """One relation for each of the things that the vertex names."""
        relationship = relationship_of_class(_class_of(id_, vertex), self.codes)
        things = _things_of(vertex)
        self.account.find("relations", max(1, len(things)))
        why = ""
        if relationship is None:
            why = "an unknown relationship"
        elif relationship.uncarried:
            why = relationship.uncarried
        elif relationship.role == "spatial":
            why = "spatial: who is where of whom is not documented"
        elif not things:
            why = "to nothing"
        if why or relationship is None:
            self.account.lose("relations", why, max(1, len(things)))
            return
        for class_ in things:
            label = self._seen.get((class_, _frame_of(id_)))
            if label is None:
                self.account.lose("relations", "to a thing that is not seen in its frame")
            else:
                graph.relate(label, relationship, self._frames[_frame_of(id_)])
                self.account.carry("relations")

    def _take_action(self, graph: CharadesGraph, action: _Action) -> None:
        self.account.find("actions")
        why = action.fault()
        if why or action.phrase is None or action.start_s is None or action.end_s is None:
            self.account.lose("actions", why)
            return
        whole = TimeSpan(action.start_s, action.end_s)
        span_s = whole.overlap(TimeSpan(0.0, graph.video.duration_s))
        if span_s is None:
            self.account.lose("actions", "after the end of the video")
            return
        joins = graph.act(predicate_of_phrase(action.phrase), span_s)
        repair = "joined with one of the same words that it overlaps" if joins else ""
        self.account.carry("actions", repair=repair or ("cut to the video" if span_s != whole else ""))

    def _lose_unknown(self) -> None:
        known = {"frame", "object", *_RELATION_TYPES, *_ACTION_TYPES}
        unknown = sum(fields(raw).get("type") not in known for raw in self.vertices.values())
        self.account.find("other vertices", unknown)
        self.account.lose("other vertices", "of an unknown type", unknown)


def _time_s(vertex: Mapping[str, Any]) -> float | None:
    time_s = number(vertex.get("secs"))
    return round(time_s, TIME_DIGITS) if time_s is not None and time_s >= 0 else None


def _action_of(vertex: Mapping[str, Any]) -> _Action:
    return _Action(
        phrase=words(vertex.get("phrase")),
        start_s=number(vertex.get("start")),
        end_s=number(vertex.get("end")),
    )


def _class_of(id_: str, vertex: Mapping[str, Any]) -> str:
    """`o4` of the vertex `o4/000105`, or what it calls its class."""
    named = vertex.get("class")
    return named if isinstance(named, str) else id_.partition("/")[0]


def _frame_of(id_: str) -> str:
    """`000105` of the vertex `o4/000105`."""
    return id_.partition("/")[2]


def _things_of(vertex: Mapping[str, Any]) -> list[str]:
    """The classes of the things that a relation leads to, however the file holds them."""
    raw = vertex.get("objects")
    if isinstance(raw, dict):
        raw = raw.get("vertices") or raw.get("names")
    return [_named_class(entry) for entry in entries(raw)]


def _named_class(entry: Any) -> str:
    """Of a vertex, its id or its class; empty when it is none of these."""
    if isinstance(entry, str):
        return entry.partition("/")[0]
    return _class_of(str(fields(entry).get("id", "")), fields(entry))
