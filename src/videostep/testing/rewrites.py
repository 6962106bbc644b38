"""Other words for samples of the street of `street_graph`: good ones, and bad ones that must be refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostep.reason.refinement.protocol import Part
from videostep.sample import (
    SAMPLE_FORMAT,
    ReasoningStep,
    Sample,
    SampleProvenance,
    SampleType,
    Template,
    VideoRef,
)
from videostep.video import TimeSpan

FILE = Path(__file__).with_name("rewrites.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteCase:
    """A template with other words for one of its parts."""

    sample: Sample
    """What of it is needed to judge words: its programs, answers, kind and template."""
    part: Part
    good: tuple[str, ...]
    """They mean the same."""
    bad: tuple[tuple[str, str], ...]
    """Fault and words."""


def rewrite_cases() -> tuple[RewriteCase, ...]:
    """All cases, in the order of their file."""
    with FILE.open("rb") as file:
        return tuple(map(_case, tomllib.load(file)["template"]))


def _case(raw: dict[str, Any]) -> RewriteCase:
    return RewriteCase(
        sample=_sample(raw),
        part=raw["part"],
        good=tuple(raw["good"]),
        bad=tuple((fault, text) for fault, text in raw["bad"]),
    )


def _sample(raw: dict[str, Any]) -> Sample:
    told = {"question": "", "rationale": "", raw["part"]: raw["text"]}
    return Sample(
        format=SAMPLE_FORMAT,
        id="0" * 16,
        video=VideoRef(id="street", path="street.mp4", sha256="0" * 64),
        span_s=TimeSpan(0.0, 1.0),
        **told,
        answer=raw["answer"],
        n_steps=len(raw["steps"]),
        steps=tuple(_step(program, answer) for program, answer in raw["steps"]),
        program=raw["program"],
        type=SampleType(structure=raw["structure"], semantics="object", temporal="none"),
        answer_kind=raw["answer_kind"],
        outer_candidates=1,
        confidence=1.0,
        template=Template(**told),
        checks={},
        provenance=SampleProvenance(graph_sha256="0" * 64, generator="videostep", version="0", seed=0),
        choices=tuple(raw["choices"]) if "choices" in raw else None,
    )


def _step(program: str, answer: str) -> ReasoningStep:
    return ReasoningStep(
        sub_question="", sub_answer=answer, text="", program=program, evidence=(), spans_s=()
    )
