from dataclasses import replace
from pathlib import Path

import pytest

from videostep.errors import MediaError
from videostep.graph import ClipGraph, Coverage, Event, FrameAttribute, FrameGraph, FrameObject
from videostep.induce.parse import Sighting
from videostep.induce.split import SplitConfig
from videostep.induce.video import InduceConfig, Induced, induce_video
from videostep.media.picture import Picture
from videostep.store.graph_rules import find_breaches
from videostep.testing.clips import encode_video, shots
from videostep.video import Clip, TimeSpan, Video


class Notes:
    """A parser that notes what it is shown and sees one lamp in each keyframe's time."""

    name = "notes"
    coverage = Coverage(labels=("lamp",))

    def __init__(self) -> None:
        self.opened_s: list[float] = []
        self.seen_s: list[list[float]] = []
        self.clips: list[Clip] = []
        self.shapes: set[tuple[int, ...]] = set()

    def open_clip(self, video: Video, start_s: float) -> "Notes":
        self.opened_s.append(start_s)
        self.seen_s.append([])
        return self

    def see(self, picture: Picture) -> None:
        self.seen_s[-1].append(picture.time_s)
        self.shapes.add(picture.rgb.shape)

    def finish(self, clip: Clip) -> tuple[FrameGraph, ...]:
        self.clips.append(clip)
        return tuple(
            FrameGraph(
                keyframe=keyframe,
                objects=(
                    FrameObject(
                        node="n1",
                        track="t1",
                        label="lamp",
                        kind="static",
                        box=None,
                        confidence=0.9,
                        spans_s=(keyframe.covers_s,),
                    ),
                ),
            )
            for keyframe in clip.keyframes
        )

    def same_thing(self, first: Sighting, second: Sighting) -> float:
        return 0.99

    def event_of(self, graph: ClipGraph) -> Event:
        return Event(
            id=f"{graph.clip.id}.event",
            description="a lamp stands there",
            span_s=graph.clip.span_s,
            participants=tuple(node.id for node in graph.objects),
            confidence=0.9,
        )


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return encode_video(tmp_path / "two shots.mp4", shots([40, 60]), options={"bf": "2"})


def induce(path: Path, parser: Notes, images: dict[str, bytes] | None = None, *, seed: int = 3) -> Induced:
    images = {} if images is None else images
    return induce_video(path, parser, InduceConfig(), seed=seed, write_keyframe=images.__setitem__)


def test_one_pass_shows_the_parser_every_clip_in_order(clip: Path) -> None:
    parser = Notes()
    induce(clip, parser)
    assert parser.opened_s == [0.0, 1.6]
    assert parser.seen_s == [
        [round(index * 0.2, 4) for index in range(8)],
        [round(index * 0.2, 4) for index in range(8, 20)],
    ]
    assert parser.shapes == {(96, 160, 3)}
    assert [clip.span_s for clip in parser.clips] == [(0.0, 1.6), (1.6, 4.0)]
    for seen_s, seen_clip in zip(parser.seen_s, parser.clips, strict=True):
        assert all(keyframe.time_s in seen_s for keyframe in seen_clip.keyframes)


def test_the_graph_holds_the_true_video_its_clips_and_where_it_comes_from(clip: Path) -> None:
    images: dict[str, bytes] = {}
    induced = induce(clip, Notes(), images)
    graph = induced.graph
    assert (graph.video.duration_s, graph.video.fps) == (4.0, 25.0)
    assert [item.span_s for item in graph.clips] == [(0.0, 1.6), (1.6, 4.0)]
    assert [node.label for node in graph.objects] == ["lamp", "lamp"]
    assert len(graph.references) == 1
    assert (graph.provenance.model, graph.provenance.seed) == ("notes", 3)
    assert list(images) == [keyframe.image for item in graph.clips for keyframe in item.keyframes]
    assert induced.warnings == ()


def test_the_same_video_gives_the_same_graph(clip: Path) -> None:
    assert induce(clip, Notes()) == induce(clip, Notes())


def test_another_config_shows_in_provenance(clip: Path) -> None:
    other = InduceConfig(split=SplitConfig(pictures_per_s=2.0))
    changed = induce_video(clip, Notes(), other, seed=3, write_keyframe=lambda name, jpeg: None)
    assert changed.graph.provenance.config_sha256 != induce(clip, Notes()).graph.provenance.config_sha256


def test_progress_names_the_stages_in_order_and_counts(clip: Path) -> None:
    heard: list[tuple[str, float, float | None, dict[str, int]]] = []
    induce_video(
        clip,
        Notes(),
        InduceConfig(),
        seed=0,
        write_keyframe=lambda name, jpeg: None,
        on_progress=lambda *report: heard.append(report),
    )
    stages = [stage for stage, *_ in heard]
    assert list(dict.fromkeys(stages)) == ["split", "parse", "merge", "bridge"]
    done_s = [done for _, done, _, _ in heard]
    assert done_s == sorted(done_s)
    assert heard[-1][1:3] == (4.0, 4.0)
    assert heard[-1][3]["clips"] == 2
    assert heard[-1][3]["pictures"] == 20


def test_what_the_decoder_could_not_read_comes_beside_the_graph(tmp_path: Path) -> None:
    whole = encode_video(tmp_path / "whole.mkv", shots([200]), options={"g": "25"})
    data = whole.read_bytes()
    cut_off = tmp_path / "cut.mkv"
    cut_off.write_bytes(data[: len(data) // 2])
    induced = induce(cut_off, Notes())
    assert 1.0 < induced.graph.video.duration_s < 7.0
    assert "decoding stopped at" in induced.warnings[-1]


def test_a_file_that_is_no_video_is_a_media_error(tmp_path: Path) -> None:
    path = tmp_path / "no.mp4"
    path.write_text("words")
    with pytest.raises(MediaError):
        induce(path, Notes())


class Confused(Notes):
    """Sees a second thing as well, which ends before it begins, and is red."""

    coverage = Coverage(labels=("lamp", "cup"), attributes=("colour", "size"))

    def finish(self, clip: Clip) -> tuple[FrameGraph, ...]:
        return tuple(replace(frame, objects=(*frame.objects, self.cup)) for frame in super().finish(clip))

    cup = FrameObject(
        node="n2",
        track="t2",
        label="cup",
        kind="static",
        box=None,
        confidence=0.8,
        spans_s=(TimeSpan(5.0, 1.0),),
        attributes=(
            FrameAttribute(name="colour", value="red", confidence=0.8, spans_s=(TimeSpan(0.0, 1.0),)),
        ),
    )


def test_what_cannot_be_is_counted_leaves_a_doubt_and_is_vouched_for_no_more(clip: Path) -> None:
    induced = induce(clip, Confused())
    assert {node.label for node in induced.graph.objects} == {"lamp"}
    assert {doubt.label for doubt in induced.graph.doubts} == {"cup"}
    assert induced.graph.coverage == Coverage(labels=("lamp", "cup"), attributes=("size",))
    assert induced.dropped is not None
    assert {drop.words for drop in induced.dropped} == {"cup", "cup: colour red"}
    assert {drop.clip for drop in induced.dropped} == {found.id for found in induced.graph.clips}
    assert list(find_breaches(induced.graph)) == []


def test_of_a_parser_without_account_and_without_nonsense_none_is_kept(clip: Path) -> None:
    assert induce(clip, Notes()).dropped is None
