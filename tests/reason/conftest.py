"""A graph in which things change, and samples that are nothing but a question and its answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from videostep.graph import Coverage, VideoGraph
from videostep.sample import Sample, SampleProvenance, SampleType, Template, VideoRef
from videostep.testing.builder import GraphBuilder
from videostep.video import TimeSpan

KITCHEN_COVERAGE = Coverage(
    labels=("book", "box", "cup", "man", "sofa", "table", "traffic light"),
    attributes=("colour", "position", "posture"),
    relations=("holding", "next to", "on"),
    motions=(),
)


@pytest.fixture(scope="session")
def kitchen() -> Callable[..., VideoGraph]:
    """`kitchen()`: a graph of two scenes in which a man sits down and takes other things in hand."""
    return _kitchen


@pytest.fixture(scope="session")
def ask() -> Callable[..., Sample]:
    """`ask("v1", "Is it red?", "yes")`: a sample of a video; choices make it a choice, yes or no binary."""

    def make(video: str, question: str, answer: str, *choices: str, **fields: Any) -> Sample:
        kind = "choice" if choices else "binary" if answer in ("yes", "no") else "open"
        return Sample(
            **{
                "format": "videostep.qra/1",
                "id": hashlib.sha256(f"{video} {question} {answer}".encode()).hexdigest()[:16],
                "video": VideoRef(id=video, path=f"{video}.mp4", sha256="0" * 64),
                "span_s": TimeSpan(0.0, 1.0),
                "question": question,
                "answer": answer,
                "rationale": "",
                "n_steps": 1,
                "steps": (),
                "program": "",
                "type": SampleType(
                    structure={"binary": "verify", "choice": "choose", "open": "query"}[kind],
                    semantics="object",
                    temporal="none",
                ),
                "answer_kind": kind,
                "choices": choices or None,
                "outer_candidates": 1,
                "confidence": 0.9,
                "template": Template(question=question, rationale=""),
                "checks": {},
                "provenance": SampleProvenance(graph_sha256="0" * 64, generator="test", version="1", seed=0),
                **fields,
            }
        )

    return make


def _kitchen(*, holds_box_s: tuple[float, float] = (5.0, 9.0), sits_s: float = 8.5) -> VideoGraph:
    """A man puts down a cup for a box, walks from left to right, sits down; a light turns green."""
    graph = GraphBuilder("kitchen", duration_s=30.0)
    first, second = graph.clip(0.0, 15.0, n_keyframes=3), graph.clip(15.0, 30.0)
    man = graph.thing(first, "man", kind="dynamic")
    cup, box = graph.thing(first, "cup"), graph.thing(first, "box")
    light, sofa = graph.thing(first, "traffic light"), graph.thing(first, "sofa")
    graph.attribute(light, "colour", "red", [(0.0, 5.0)])
    graph.attribute(light, "colour", "green", [(5.0, 15.0)])
    graph.attribute(man, "position", "left", [(0.0, 4.0)])
    graph.attribute(man, "position", "middle", [(4.0, 9.0)])
    graph.attribute(man, "position", "right", [(9.0, 15.0)])
    graph.attribute(man, "posture", "standing", [(0.0, 8.0)])
    graph.attribute(man, "posture", "sitting", [(sits_s, 15.0)])
    graph.relation(man, "holding", cup, [(0.0, 4.0)])
    graph.relation(man, "holding", box, [holds_box_s])
    graph.relation(man, "on", sofa, [(8.0, 15.0)])
    reader = graph.thing(second, "man", kind="dynamic")
    graph.reference(man, reader)
    graph.relation(reader, "holding", graph.thing(second, "book"), [(17.0, 22.0)])
    graph.attribute(reader, "posture", "sitting", [(15.0, 30.0)])
    graph.event(first, "a man sits down", [man])
    graph.event(second, "a man reads", [reader])
    return graph.build(coverage=KITCHEN_COVERAGE)
