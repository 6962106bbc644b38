"""Samples that are nothing but a question and its answer, for what looks at data sets as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from videostep.sample import Sample, SampleProvenance, SampleType, Template, VideoRef
from videostep.video import TimeSpan


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
