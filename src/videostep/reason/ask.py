"""From one graph to samples: draw paths, put them into words, verify every one."""

from __future__ import annotations

import gc
import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random

from videostep import __version__
from videostep.errors import ConfigError
from videostep.graph import VideoGraph
from videostep.reason.index import GraphIndex
from videostep.reason.paths import Path, PathConfig, PathSampler, confidence_bound
from videostep.reason.phrase import phrase_question
from videostep.reason.questions import Question, make_question
from videostep.reason.rationale import explain, rationale
from videostep.reason.verify import Verifier, outer_candidates
from videostep.sample import SAMPLE_FORMAT, Sample, SampleProvenance, Template, VideoRef
from videostep.video import TimeSpan

DEALS = 4
"""How often everything that can be asked is gone through for questions of one length: one fact may be
reached by several descriptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskConfig:
    """How many samples are made of a graph, and of which kind."""

    samples_per_video: int = 60
    """Most samples of one video. Paper: not given."""
    samples_per_thing: float = 4.0
    """Most samples of one video for each thing in it: of little, little is asked. Paper: not given."""
    step_mix: tuple[float, float, float] = (0.25, 0.5, 0.25)
    """Shares of 1, 2 and >= 3 steps. Paper: 25/50/25 is best of the five mixes tried."""
    min_confidence: float = 0.4
    """Least product of the confidences of a sample's evidence, 0..1. Paper: none (unchecked)."""
    paths: PathConfig = field(default_factory=PathConfig)

    def __post_init__(self) -> None:
        if self.samples_per_video < 1 or self.samples_per_thing <= 0:
            raise ConfigError("samples_per_video must be at least 1 and samples_per_thing above 0")
        if min(self.step_mix) < 0 or not math.isclose(sum(self.step_mix), 1.0, abs_tol=1e-6):
            raise ConfigError(f"step_mix {self.step_mix} must be three shares that add up to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedSample:
    """A sample that was made and not kept, and why."""

    video: str
    question: str
    answer: str
    program: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskResult:
    """What one graph gave."""

    samples: tuple[Sample, ...]
    dropped: tuple[DroppedSample, ...]


def ask_graph(graph: VideoGraph, *, graph_sha256: str, config: AskConfig, seed: int) -> AskResult:
    """Sample, phrase and verify questions on one graph; the same arguments give the same samples."""
    with _without_collector():
        return _Asking(graph, graph_sha256, config, seed).run()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Thousands of small lasting objects make Python's cycle collector cost as much as the work itself."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Asking:
    def __init__(self, graph: VideoGraph, graph_sha256: str, config: AskConfig, seed: int) -> None:
        self.graph, self.sha256, self.config, self.seed = graph, graph_sha256, config, seed
        self.rng = Random(f"{seed} {graph.video.sha256} {graph.video.id}")
        self.index = GraphIndex(graph)
        self.verifier = Verifier(graph, graph_sha256)
        self.keys: set[tuple[str, ...]] = set()
        self.binary: Counter[str] = Counter()
        self.dropped: list[DroppedSample] = []

    def run(self) -> AskResult:
        """Fill the three strata of steps, the largest shortage first."""
        sampler = PathSampler(self.index, self.config.paths, self.rng)
        samples: list[Sample] = []
        for stratum, wanted in enumerate(self._quotas()):
            samples.extend(self._fill(sampler, stratum, wanted))
        return AskResult(samples=tuple(samples), dropped=tuple(self.dropped))

    def _quotas(self) -> tuple[int, int, int]:
        per_thing = math.ceil(self.config.samples_per_thing * len(self.index.things))
        total = min(self.config.samples_per_video, max(per_thing, 2 * len(self.graph.clips)))
        one, two = (round(total * share) for share in self.config.step_mix[:2])
        return one, two, total - one - two

    def _fill(self, sampler: PathSampler, stratum: int, wanted: int) -> Iterator[Sample]:
        kept = 0
        for _ in range(DEALS if stratum else 1):
            before = kept
            sampler.begin(stratum + 1)
            while kept < wanted and not sampler.is_exhausted:
                path = sampler.draw(self._steps(stratum))
                sample = self._sample(path) if path is not None else None
                if path is not None and sample is not None:
                    sampler.keep(path)
                    kept += 1
                    yield sample
            if kept == before:
                return

    def _steps(self, stratum: int) -> int:
        """1, 2, or a number from 3 on, small ones more often."""
        if stratum < 2:
            return stratum + 1
        most = max(3, self.config.paths.max_steps)
        return min(self.rng.randint(3, most), self.rng.randint(3, most))

    def _sample(self, path: Path) -> Sample | None:
        if confidence_bound(path) < self.config.min_confidence:
            return None
        key = path.key
        if key in self.keys:
            return None
        question = make_question(path, self.rng, want_yes=self.binary["yes"] <= self.binary["no"])
        if question is None:
            return None
        self.keys.add(key)
        sample = self._worded(question)
        verdict = self.verifier.check(sample)
        reason = verdict.reason if not verdict.ok else self._too_weak(sample)
        if reason:
            self._drop(sample, reason)
            return None
        if sample.answer_kind == "binary":
            self.binary[sample.answer] += 1
        return replace(sample, checks=verdict.checks)

    def _too_weak(self, sample: Sample) -> str:
        if sample.confidence >= self.config.min_confidence:
            return ""
        return f"confidence below {self.config.min_confidence:g}"

    def _drop(self, sample: Sample, reason: str) -> None:
        self.dropped.append(
            DroppedSample(
                video=sample.video.id,
                question=sample.question,
                answer=sample.answer,
                program=sample.program,
                reason=reason,
            )
        )

    def _worded(self, question: Question) -> Sample:
        words, steps = phrase_question(question), explain(question)
        told = rationale(steps, question.answer)
        video = self.graph.video
        spans = [span for step in steps for span in step.spans_s]
        spans.extend(span for fact in question.path.context.facts[:1] for span in fact.spans_s)
        evidence = dict.fromkeys(name for step in steps for name in step.evidence)
        return Sample(
            format=SAMPLE_FORMAT,
            id=hashlib.sha256(f"{video.id}\n{question.program}\n{words}".encode()).hexdigest()[:16],
            video=VideoRef(id=video.id, path=video.path, sha256=video.sha256),
            span_s=TimeSpan(min(s.start_s for s in spans), max(s.end_s for s in spans)),
            question=words,
            answer=question.answer,
            rationale=told,
            n_steps=len(steps),
            steps=steps,
            program=question.program,
            type=question.type,
            answer_kind=question.answer_kind,
            outer_candidates=outer_candidates(self.verifier.executor, question.program),
            confidence=round(math.prod(self.index.confidences[name] for name in evidence), 4),
            template=Template(question=words, rationale=told),
            refined_by=None,
            checks={},
            provenance=SampleProvenance(
                graph_sha256=self.sha256, generator="videostep", version=__version__, seed=self.seed
            ),
            choices=question.choices,
            distractor_kinds=question.distractor_kinds,
        )
