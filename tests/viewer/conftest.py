"""Run folders to report on, made of nothing but files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from videostep.graph import VideoGraph
from videostep.sample import (
    SAMPLE_FORMAT,
    ReasoningStep,
    Sample,
    SampleProvenance,
    SampleType,
    Template,
    VideoRef,
)
from videostep.store.entries import DroppedRow, ErrorEntry, write_dropped, write_error
from videostep.store.graph_file import write_graph
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import write_samples
from videostep.video import TimeSpan

MakeRun = Callable[..., Path]


@pytest.fixture(scope="session")
def make_run(tmp_path_factory: pytest.TempPathFactory) -> MakeRun:
    """Write a run folder of these graphs (pictures drawn), samples, drops and errors."""

    def make(
        *graphs: VideoGraph,
        samples: Iterable[Sample] = (),
        drops: Iterable[DroppedRow] = (),
        errors: Iterable[ErrorEntry] = (),
    ) -> Path:
        run = RunFolder(tmp_path_factory.mktemp("run"))
        run.config.write_text("seed = 0\n")
        for graph in graphs:
            write_graph(graph, run.graph(graph.video.id))
            _draw_keyframes(graph, run.root)
        write_samples(tuple(samples), jsonl=run.samples_jsonl, parquet=run.samples_parquet)
        write_dropped(run, drops)
        for error in errors:
            write_error(run, error)
        return run.root

    return make


def _draw_keyframes(graph: VideoGraph, root: Path) -> None:
    size = (graph.video.width_px, graph.video.height_px)
    for keyframe in (keyframe for clip in graph.clips for keyframe in clip.keyframes):
        picture = Image.new("RGB", size, (150, 165, 170))
        draw = ImageDraw.Draw(picture)
        for box in (box for node in graph.objects for box in node.boxes if box.keyframe == keyframe.id):
            x1, y1, x2, y2 = box.xyxy
            draw.rectangle((x1 * size[0], y1 * size[1], x2 * size[0], y2 * size[1]), fill=(90, 120, 130))
        path = root / keyframe.image
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path)


@pytest.fixture(scope="session")
def make_sample() -> Callable[..., Sample]:
    """A sample of a graph; each step is (sub-question, sub-answer, evidence, span)."""

    def make(
        graph: VideoGraph,
        question: str,
        answer: str,
        *steps: tuple[str, str, list[str], tuple[float, float]],
        **fields: Any,
    ) -> Sample:
        return Sample(
            format=SAMPLE_FORMAT,
            id=hashlib.sha256(f"{graph.video.id} {question}".encode()).hexdigest()[:16],
            video=VideoRef(id=graph.video.id, path=graph.video.path, sha256=graph.video.sha256),
            span_s=TimeSpan(steps[0][3][0], steps[-1][3][1]),
            question=question,
            answer=answer,
            rationale=f"So the answer is {answer}.",
            n_steps=len(steps),
            steps=tuple(_step(*step) for step in steps),
            program='name(unique(called(things(), "bus")))',
            outer_candidates=3,
            confidence=0.729,
            template=Template(question=question, rationale=""),
            refined_by=None,
            checks={"answer": "pass", "unique": "pass"},
            provenance=SampleProvenance(graph_sha256="0" * 64, generator="test", version="1", seed=0),
            **{
                "answer_kind": "open",
                "type": SampleType(structure="query", semantics="attribute", temporal="none"),
                **fields,
            },
        )

    return make


def _step(question: str, answer: str, evidence: list[str], span: tuple[float, float]) -> ReasoningStep:
    return ReasoningStep(
        sub_question=question,
        sub_answer=answer,
        text=f"It is {answer}.",
        program="things()",
        evidence=tuple(evidence),
        spans_s=(TimeSpan(*span),),
    )


class _Blocks(HTMLParser):
    """Collects the data blocks, as a browser finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("type") == "application/json":
            self._open = given["id"]

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.texts[self._open] = self.texts.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._open = None


@pytest.fixture(scope="session")
def blocks_of() -> Callable[[Path], dict[str, Any]]:
    """The data blocks of a page by id."""

    def read(page: Path) -> dict[str, Any]:
        parser = _Blocks()
        parser.feed(page.read_text(encoding="utf-8"))
        return {id_: json.loads(text) for id_, text in parser.texts.items()}

    return read
