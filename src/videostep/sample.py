"""The nouns of reasoning data: ReasoningStep, Sample (QRA)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from videostep.video import TimeSpan

SAMPLE_FORMAT: Final = "videostep.qra/1"
AnswerKind = Literal["open", "binary", "choice"]
Structure = Literal["query", "verify", "choose", "order", "compare", "logic", "count"]
Semantics = Literal["object", "attribute", "relation", "motion", "event"]
Temporal = Literal["none", "scene", "before", "after", "while", "between"]
Star = Literal["interaction", "sequence", "prediction"]
"""Types of question of the STAR benchmark. Its fourth, feasibility, no graph can prove."""
Check = Literal["pass", "fail", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRef:
    """Which video a sample is about."""

    id: str
    path: str
    sha256: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasoningStep:
    """One step: a sub-question, its answer, and what that rests on."""

    sub_question: str
    sub_answer: str
    text: str
    """The step as one sentence of the rationale."""
    program: str
    """Executing it on the graph gives `sub_answer`."""
    evidence: tuple[str, ...]
    """Ids of nodes and edges of the graph."""
    spans_s: tuple[TimeSpan, ...]
    """When the evidence holds, in the step's time context."""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleType:
    """Where a sample stands in the table of tasks."""

    structure: Structure
    semantics: Semantics
    temporal: Temporal
    star: Star | None = None
    """Which question of STAR it is, if any."""
    extra: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The words before a language model refined them."""

    question: str
    rationale: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleProvenance:
    """What made the sample."""

    graph_sha256: str
    generator: str
    version: str
    seed: int
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Question, rationale, answer: contract 2, `videostep.qra/1`."""

    format: Literal["videostep.qra/1"]
    id: str
    """First 16 hex digits of sha256 over video id, program and question."""
    video: VideoRef
    span_s: TimeSpan
    """The smallest span that holds all evidence."""
    question: str
    answer: str
    rationale: str
    n_steps: int
    steps: tuple[ReasoningStep, ...]
    program: str
    type: SampleType
    answer_kind: AnswerKind
    outer_candidates: int
    """How many things fit the outermost hop alone (the shortcut floor is one over this)."""
    confidence: float
    """Product of the confidences of its evidence."""
    template: Template
    refined_by: str | None = None
    checks: dict[str, Check]
    provenance: SampleProvenance
    choices: tuple[str, ...] | None = None
    distractor_kinds: tuple[str, ...] | None = None
    twin_of: str | None = None
    cut_s: Annotated[float, Meta(gt=0)] | None = None
    """Of a prediction: stop the video here, seconds, and what is asked has not been seen yet."""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def shown_s(self) -> TimeSpan | None:
        """The part of the video that whoever is asked may see, up to the cut; None: all of it."""
        return None if self.cut_s is None else TimeSpan(0.0, self.cut_s)
