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
from videostep.errors import ConfigError, ProgramError
from videostep.graph import VideoGraph
from videostep.reason.index import GraphIndex
from videostep.reason.path import Path
from videostep.reason.paths import PathConfig, PathSampler
from videostep.reason.phrase import phrase_question
from videostep.reason.picking import one_of
from videostep.reason.questions import Question, Wanted, alike, make_question
from videostep.reason.rationale import Explainer, rationale
from videostep.reason.star import cut_of
from videostep.reason.verify import Verifier, outer_candidates, twin_fault
from videostep.sample import SAMPLE_FORMAT, Sample, SampleProvenance, Template, VideoRef
from videostep.video import TimeSpan

DEALS = 2
"""How often everything that can be asked is gone through for questions of one length: first for those with
rivals, then for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskConfig:
    """How many samples are made of a graph, and of which kind."""

    samples_per_video: int = 60
    """Most samples of one video. Paper: not given."""
    samples_per_thing: float = 4.0
    """Most samples of one video for each thing in it: of little, little is asked. Paper: not given."""
    step_mix: tuple[float, float, float] = (0.25, 0.5, 0.25)
    """Shares of 1, 2 and >= 3 steps. Paper: 25/50/25 is best of the five mixes tried."""
    twin_share: float = 0.5
    """Share, 0..1, of the samples of two and more steps that have a twin: a question with the same outermost
    hop, another description inside and another answer. As far as the graph allows. Paper: none; on a trial
    world a guesser that ignored inner descriptions was right in 60-65 % of questions without twins."""
    choice_share: float = 0.25
    """Share, 0..1, of open questions that are given 4 or 5 options to choose from. Paper: not given."""
    min_confidence: float = 0.4
    """Least product of the confidences of a sample's evidence, 0..1. Paper: none (unchecked)."""
    paths: PathConfig = field(default_factory=PathConfig)

    def __post_init__(self) -> None:
        if self.samples_per_video < 1 or self.samples_per_thing <= 0:
            raise ConfigError("samples_per_video must be at least 1 and samples_per_thing above 0")
        if min(self.step_mix) < 0 or not math.isclose(sum(self.step_mix), 1.0, abs_tol=1e-6):
            raise ConfigError(f"step_mix {self.step_mix} must be three shares that add up to 1")
        if not 0 <= self.twin_share <= 1 or not 0 <= self.choice_share <= 1:
            raise ConfigError("twin_share and choice_share must lie in 0..1")


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
        self.graph, self.config, video = graph, config, graph.video
        self.video = VideoRef(id=video.id, path=video.path, sha256=video.sha256)
        self.provenance = SampleProvenance(
            graph_sha256=graph_sha256, generator="videostep", version=__version__, seed=seed
        )
        self.rng = Random(f"{seed} {video.sha256} {video.id}")
        self.index = GraphIndex(graph)
        self.verifier = Verifier(graph, graph_sha256)
        self.explainer = Explainer(self.index)
        self.keys: set[tuple[str, ...]] = set()
        self.words: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.numbers: Counter[str] = Counter()
        """Answers of counts."""
        self.unwanted: tuple[str, ...] = ()
        """Answers that there are too many of by now."""
        self.most_twins = 0.0
        """Wanted up to the stratum that is filled: some questions have none, and others make up for it."""
        self.dropped: list[DroppedSample] = []

    def run(self) -> AskResult:
        """Fill the three strata of steps, the shortest questions first."""
        sampler = PathSampler(self.index, self.config.paths, self.rng)
        samples: list[Sample] = []
        for stratum, wanted in enumerate(self._quotas()):
            self.most_twins += self.config.twin_share * wanted if stratum else 0
            samples.extend(self._fill(sampler, stratum, wanted))
        sampler.end()
        self.verifier.executor.end()
        return AskResult(samples=tuple(samples), dropped=tuple(self.dropped))

    def _quotas(self) -> tuple[int, int, int]:
        per_thing = math.ceil(self.config.samples_per_thing * len(self.index.things))
        total = min(self.config.samples_per_video, max(per_thing, 2 * len(self.graph.clips)))
        one, two = (round(total * share) for share in self.config.step_mix[:2])
        return one, two, total - one - two

    def _fill(self, sampler: PathSampler, stratum: int, wanted: int) -> list[Sample]:
        """Samples of one stratum; of long ones first those that not only the right thing would fit."""
        kept: list[Sample] = []
        for deal in range(DEALS if stratum else 1):
            before, is_picky = len(kept), stratum > 0 and deal == 0
            sampler.begin(stratum + 1, with_rivals=is_picky)
            while len(kept) < wanted and not sampler.is_exhausted:
                path = sampler.draw(self.unwanted)
                if path is not None:
                    kept.extend(self._asked(sampler, path, with_twin=wanted - len(kept) > 1))
            if len(kept) == before and not is_picky:
                break
        return kept

    def _asked(self, sampler: PathSampler, path: Path, *, with_twin: bool) -> tuple[Sample, ...]:
        """The sample of a path, and its twin where one is wanted and found."""
        question = self._question(path)
        sample = self._sample(question) if question else None
        if question is None or sample is None:
            return ()
        sampler.keep(path)
        self._count(sample)
        if sample.n_steps < 2 or not with_twin:
            return (sample,)
        if self.counts["twins"] >= self.most_twins:
            return (sample,)
        twin = self._twin(sampler, question)
        if twin is None:
            return (sample,)
        sampler.keep(path)
        self._count(twin)
        one, other = replace(sample, twin_of=twin.id), replace(twin, twin_of=sample.id)
        if twin_fault(self.verifier.executor, one, other) is not None:
            return (sample, twin)  # both right, and no twins: grey and silver may be one answer
        self.counts["twins"] += 2
        return one, other

    def _twin(self, sampler: PathSampler, question: Question) -> Sample | None:
        for path in sampler.twins(question.path):
            like = alike(question, path)
            if like is not None and like.answer != question.answer and self._is_new(path):
                sample = self._sample(like)
                if sample is not None:
                    return sample
        return None

    def _question(self, path: Path) -> Question | None:
        return make_question(path, self.rng, self._wanted()) if self._is_new(path) else None

    def _is_new(self, path: Path) -> bool:
        return path.key not in self.keys and path.confidence_bound >= self.config.min_confidence

    def _wanted(self) -> Wanted:
        lacks_options = self.counts["with options"] < self.config.choice_share * self.counts["open"]
        return Wanted(
            yes=self.counts["yes"] <= self.counts["no"],
            options=one_of((4, 5), self.rng) if lacks_options else 0,
        )

    def _count(self, sample: Sample) -> None:
        if sample.answer_kind == "binary":
            self.counts[sample.answer] += 1
            self.unwanted = self._unwanted()
        if sample.type.structure == "count":
            self.numbers[sample.answer] += 1
            self.unwanted = self._unwanted()
        if sample.type.structure in ("query", "count"):
            self.counts["open"] += 1
            self.counts["with options"] += sample.choices is not None

    def _unwanted(self) -> tuple[str, ...]:
        """Of yes and no the one that is ahead by two, and a number that more than half of the counts give."""
        ahead = self.counts["yes"] - self.counts["no"]
        of_two = ("yes",) if ahead > 1 else ("no",) if ahead < -1 else ()
        ((number, times),) = self.numbers.most_common(1) or [("", 0)]
        return (*of_two, number) if 2 * times > self.numbers.total() else of_two

    def _sample(self, question: Question) -> Sample | None:
        self.keys.add(question.path.key)
        try:
            sample = self._worded(question)
        except ProgramError as error:
            self._drop(phrase_question(question), question.answer, question.program, str(error))
            return None
        if sample.question in self.words:
            self._drop(sample.question, sample.answer, sample.program, "the same words were asked before")
            return None
        self.words.add(sample.question)
        verdict = self.verifier.check(sample)
        reason = verdict.reason if not verdict.ok else self._too_weak(sample)
        if reason:
            self._drop(sample.question, sample.answer, sample.program, reason)
            return None
        sample.checks.update(
            verdict.checks
        )  # nobody else holds it yet: a copy would cost as much as its words
        return sample

    def _too_weak(self, sample: Sample) -> str:
        if sample.confidence >= self.config.min_confidence:
            return ""
        return f"confidence below {self.config.min_confidence:g}"

    def _drop(self, words: str, answer: str, program: str, reason: str) -> None:
        video = self.graph.video.id
        self.dropped.append(
            DroppedSample(video=video, question=words, answer=answer, program=program, reason=reason)
        )

    def _worded(self, question: Question) -> Sample:
        words, steps = phrase_question(question), self.explainer.explain(question)
        told, cut_s = rationale(steps, question.answer), cut_of(question.path)
        spans = [span for step in steps for span in step.spans_s]
        spans += [span for fact in question.path.context.anchor_facts for span in fact.spans_s]
        evidence = {name: self.index.confidences[name] for step in steps for name in step.evidence}
        return Sample(
            format=SAMPLE_FORMAT,
            id=hashlib.sha256(f"{self.video.id}\n{question.program}\n{words}".encode()).hexdigest()[:16],
            video=self.video,
            span_s=TimeSpan(min(spans).start_s, max([end_s for _, end_s in spans])),
            question=words,
            answer=question.answer,
            rationale=told,
            n_steps=len(steps),
            steps=steps,
            program=question.program,
            type=question.type(cut_s),
            answer_kind=question.answer_kind,
            outer_candidates=outer_candidates(self.verifier.executor, question.program),
            confidence=round(math.prod(evidence.values(), start=1.0), 4),
            template=Template(question=words, rationale=told),
            refined_by=None,
            checks={},
            provenance=self.provenance,
            choices=question.choices,
            distractor_kinds=question.distractor_kinds,
            cut_s=cut_s,
        )
