"""The verifier: every promise of a sample (contract 2) is checked by execution on its graph."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from videostep.errors import ProgramError
from videostep.graph import VideoGraph
from videostep.reason.verify.coverage import check_ruled_out
from videostep.reason.verify.describe import things_fit
from videostep.reason.verify.evidence import Case, EvidenceChecks
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.instead import nouns_of, silence, untold
from videostep.reason.verify.language import LOGIC, Type, steps_of
from videostep.reason.verify.needed import needless, parts_of
from videostep.reason.verify.outer import count_outer
from videostep.reason.verify.star import star_fault
from videostep.reason.verify.stuff import stuff_counted
from videostep.reason.verify.told import Nouns
from videostep.reason.verify.witness import only_named
from videostep.reason.verify.words import choice_given_away, denials, given_away, says
from videostep.sample import SAMPLE_FORMAT, Check, Sample

_STRUCTURE = {
    "exists": "verify",
    "equal": "verify",
    "same": "compare",
    "longer": "compare",
    "overlap": "compare",
    "choose": "choose",
    "order": "order",
    "count": "count",
    **dict.fromkeys(LOGIC, "logic"),
}
"""The outermost operator to the structure of the question; every other one is a query."""
_CLOCK = re.compile(r"\d\s*(?:s|sec|secs|seconds?|ms)\b|\d:\d\d")
_TOKEN = re.compile(r"[^\s,;:!?'\"()]+")
_DIGITS = "0123456789"
_FIGURE, _LETTER = re.compile(r"[0-9]"), re.compile(r"[^\W\d]")
"""What an id has of both, so that it is told from ordinary words."""
_GAPS = ("  ", " ?", " .", " ,")
"""What is left where a word of the graph says nothing, such as a relation that is called `is`."""
_ROUNDING = 6e-5
"""Confidences in files are rounded to 4 decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of verifying one sample."""

    ok: bool
    reason: str
    """Empty when `ok`; else one line in plain words about the first check that failed."""
    checks: dict[str, Check]
    """Every check by name; those after a failed one, and those that do not apply, are skipped."""


class Verifier:
    """Checks samples of one graph.

    Args:
        graph: The graph of the same run; it keeps the rules of its format.
        graph_sha256: Of the graph file's bytes.
        min_confidence: A sample below it fails, 0..1.
    """

    def __init__(self, graph: VideoGraph, graph_sha256: str, *, min_confidence: float = 0.0) -> None:
        self.executor = Executor(graph)
        self._evidence = EvidenceChecks(graph, self.executor)
        self._sha256 = graph_sha256
        self._min_confidence = min_confidence
        self._graph = graph
        self._video = (graph.video.id, graph.video.path, graph.video.sha256)

    def check(self, sample: Sample) -> Verdict:
        """Run every check until one fails; never raises."""
        case, idle = Case(sample), _not_applying(sample)
        for name, check in _APPLYING[idle]:
            try:
                reason = check(self, case)
            except ProgramError as error:
                reason = str(error)
            if reason:
                return Verdict(ok=False, reason=reason, checks=_failed_at(name, idle))
        return Verdict(ok=True, reason="", checks=dict(_ALL_PASS[idle]))

    @functools.cached_property
    def _ids(self) -> frozenset[str]:
        """Ids of the graph, as `_bare` gives them; few texts hold what looks like one."""
        graph = self._graph
        ids = [graph.video.id, *self._evidence.ids, *(doubt.id for doubt in graph.doubts)]
        for clip in graph.clips:
            ids += [clip.id, *(keyframe.id for keyframe in clip.keyframes)]
        return frozenset(map(_bare, ids))

    @functools.cached_property
    def _nouns(self) -> Nouns:
        """What of the graph something may be said of."""
        return nouns_of(self._graph)

    # --- what it is about -------------------------------------------------------------------

    def _format(self, case: Case) -> str | None:
        sample = case.sample
        if sample.format != SAMPLE_FORMAT:
            return f"the format is {sample.format!r}, not {SAMPLE_FORMAT!r}"
        if "fail" in sample.checks.values():
            failed = next(name for name, check in sample.checks.items() if check == "fail")
            return f"it was recorded that its check {failed!r} failed"
        key = f"{sample.video.id}\n{sample.program}\n{sample.question}"
        if sample.id != hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]:
            return "the id is not that of its video, program and question"
        return None

    def _origin(self, case: Case) -> str | None:
        sample = case.sample
        video = sample.video
        if (video.id, video.path, video.sha256) != self._video:
            return (
                f"its video {video.id!r} is not the graph's, {self._graph.video.id!r}, or not the same file"
            )
        if sample.provenance.graph_sha256 != self._sha256:
            return "it was made from another graph file"
        return None

    def _type(self, case: Case) -> str | None:
        sample = case.sample
        call, temporal = case.call, case.call.time
        structure = _STRUCTURE.get(case.asked.name, "query")
        if (sample.type.structure, sample.type.temporal) != (structure, temporal):
            return f"its type is not that of its program: {structure!r} with time {temporal!r}"
        is_choice = structure in ("choose", "order")
        wrong_kind = (sample.answer_kind == "binary") != (call.type is Type.BOOL)
        if wrong_kind or (is_choice and sample.answer_kind != "choice"):
            return f"its program has no answer of kind {sample.answer_kind!r}"
        return stuff_counted(call) or star_fault(case.asked, sample)

    # --- what the program says --------------------------------------------------------------

    def _program(self, case: Case) -> str | None:
        programs = [case.sample.program, *[step.program for step in case.sample.steps]]
        case.call, *case.calls = calls = list(map(self.executor.parse, programs))
        for program, call in zip(programs, calls, strict=True):
            if call.text != program:
                return f"{program!r} is not in canonical print"
        return None

    def _answer(self, case: Case) -> str | None:
        sample = case.sample
        case.asked = self.executor.answered(case.call)
        found = case.asked.answer
        return None if found == sample.answer else f"the program gives {found!r}, not {sample.answer!r}"

    def _steps(self, case: Case) -> str | None:
        sample = case.sample
        steps, counted = sample.steps, steps_of(case.call)
        if not sample.n_steps == len(steps) == counted:
            return f"the program has {counted} steps, n_steps is {sample.n_steps}, told are {len(steps)}"
        if len({step.program for step in steps}) != len(steps):
            return "two steps ask the same"
        for number, (step, call) in enumerate(zip(steps, case.calls, strict=True), start=1):
            try:
                found = self.executor.answered(call).answer
            except ProgramError as error:
                return f"step {number}: {error}"
            if found != step.sub_answer:
                return f"step {number}: its program gives {found!r}, not {step.sub_answer!r}"
        if steps[-1].program != sample.program or steps[-1].sub_answer != sample.answer:
            return "the last step does not ask and answer the question"
        return None

    def _needed(self, case: Case) -> str | None:
        return needless(self.executor, case.call) or only_named(self.executor, case.call)

    def _rests(self, case: Case) -> str | None:
        return self._evidence.evidence(case)

    def _hops(self, case: Case) -> str | None:
        return self._evidence.steps(case)

    def _identity(self, case: Case) -> str | None:
        return self._evidence.identity(case)

    def _times(self, case: Case) -> str | None:
        return self._evidence.times(case)

    def _outer_candidates(self, case: Case) -> str | None:
        sample = case.sample
        found = count_outer(case.asked)
        if found == sample.outer_candidates:
            return None
        return f"{things_fit(found)} the outermost hop alone, not {sample.outer_candidates}"

    def _confidence(self, case: Case) -> str | None:
        sample = case.sample
        product = self._evidence.confidence(case)
        if not abs(sample.confidence - product) <= _ROUNDING:
            return f"the confidence is {product:.4f} by its evidence, not {sample.confidence}"
        if sample.confidence < self._min_confidence:
            return f"the confidence {sample.confidence} is below {self._min_confidence:g}"
        return None

    # --- what the words say -----------------------------------------------------------------

    def _choices(self, case: Case) -> str | None:
        sample = case.sample
        choices = sample.choices or ()
        if len(set(choices)) != len(choices) or len(choices) < 2 or sample.answer not in choices:
            return "its choices are not at least two different ones with the answer among them"
        if sample.distractor_kinds is not None and len(sample.distractor_kinds) != len(choices):
            return "it does not say of every choice what kind it is"
        call = case.asked.call
        given = {"choose": {*call.args[1:]}, "order": {"before", "after"}}.get(call.name, {*choices})
        if given != {*choices}:
            return "its choices are not those of its program"
        for other in choices:
            if other != sample.answer:
                check_ruled_out(self.executor.facts, call, sample.answer, other)
        return None

    def _leak(self, case: Case) -> str | None:
        sample = case.sample
        if sample.answer_kind == "choice":
            return choice_given_away(sample.answer, sample.choices or (), sample.question)
        word = given_away(sample.answer, sample.question)
        return None if word is None else f"the question holds {word!r} of the answer {sample.answer!r}"

    def _words(self, case: Case) -> str | None:
        sample = case.sample
        told = [sample.question, sample.rationale]
        for step in sample.steps:
            told += (step.sub_question, step.text)
        if not (all(map(str.strip, told)) and sample.answer.strip()):
            return "one of its texts is empty"
        if not sample.question.endswith("?"):
            return "the question does not end in a question mark"
        all_told = "\n".join(told)
        if any(map(all_told.__contains__, _GAPS)):
            return "a word is missing in one of its texts"
        return (
            self._figures(sample.question, all_told)
            or _wrong_ending(sample)
            or self._silence(case)
            or (self._denial(case) if case.asked.name in LOGIC else None)
        )

    def _silence(self, case: Case) -> str | None:
        """What a "no", or a lack, fails to say: what is the case instead."""
        sample, nouns = case.sample, self._nouns
        if case.call.type is Type.BOOL and (fault := silence(self.executor, sample, case.calls, nouns)):
            return fault
        return (
            untold(self.executor, sample, case.call, self._graph, nouns)
            if "except(" in sample.program
            else None
        )

    def _denial(self, case: Case) -> str | None:
        """A claim that is so and that the rationale denies: one of two claims may decide alone."""
        claims = [part for part in dict.fromkeys(parts_of(case.asked)) if part.name == "equal"]
        wrong = [claim.call.words[0] for claim in claims if not claim.is_so]
        for value in [claim.call.words[0] for claim in claims if claim.is_so]:
            if denials(case.sample.rationale, value) > wrong.count(value):
                return f"the rationale denies what is so: {value!r}"
        return None

    def _figures(self, question: str, told: str) -> str | None:
        """What is wrong with the figures in the question, and in all that is told."""
        if not any(map(told.__contains__, _DIGITS)):  # most samples
            return None
        if _CLOCK.search(question):
            return "the question speaks of the clock, which a viewer does not see"
        for token in map(_bare, _TOKEN.findall(told)):
            if _FIGURE.search(token) and _LETTER.search(token) and token in self._ids:
                return f"its words hold the id {token!r}"
        return None


def verify_samples(
    samples: Iterable[Sample], graph: VideoGraph, graph_sha256: str, *, min_confidence: float = 0.0
) -> Iterator[tuple[Sample, Verdict]]:
    """Each sample of one graph with its verdict, in order."""
    verifier = Verifier(graph, graph_sha256, min_confidence=min_confidence)
    return ((sample, verifier.check(sample)) for sample in samples)


_CHECKS: tuple[tuple[str, Callable[[Verifier, Case], str | None]], ...] = (
    ("format", Verifier._format),
    ("origin", Verifier._origin),
    ("program", Verifier._program),
    ("answer", Verifier._answer),
    ("type", Verifier._type),
    ("steps", Verifier._steps),
    ("needed", Verifier._needed),
    ("evidence", Verifier._rests),
    ("hops", Verifier._hops),
    ("identity", Verifier._identity),
    ("times", Verifier._times),
    ("confidence", Verifier._confidence),
    ("outer_candidates", Verifier._outer_candidates),
    ("choices", Verifier._choices),
    ("leak", Verifier._leak),
    ("words", Verifier._words),
)
"""In the order in which they are made; later ones may rest on what earlier ones found right."""


def _not_applying(sample: Sample) -> tuple[str, ...]:
    """The checks that say nothing about such a sample."""
    choices = ("choices",) if sample.choices is None and sample.answer_kind != "choice" else ()
    return (*choices, "leak") if sample.answer_kind == "binary" else choices


def _all_pass(*idle: str) -> dict[str, Check]:
    return {name: "skipped" if name in idle else "pass" for name, _ in _CHECKS}


_IDLE: tuple[tuple[str, ...], ...] = ((), ("choices",), ("leak",), ("choices", "leak"))
_APPLYING = {idle: [(name, check) for name, check in _CHECKS if name not in idle] for idle in _IDLE}
"""The checks that are made, by those that say nothing about a sample."""
_ALL_PASS = {idle: _all_pass(*idle) for idle in _IDLE}
"""What is recorded of a right sample, likewise."""


def _failed_at(failed: str, idle: tuple[str, ...]) -> dict[str, Check]:
    checks = _all_pass(*idle)
    for name in reversed(checks):
        checks[name] = "fail" if name == failed else "skipped"
        if name == failed:
            break
    return checks


def _wrong_ending(sample: Sample) -> str | None:
    if not says(sample.rationale, sample.answer):
        return f"the rationale does not say the answer {sample.answer!r}"
    unrefined = (sample.template.question, sample.template.rationale)
    if sample.refined_by is None and (sample.question, sample.rationale) != unrefined:
        return "its words are not those of its template, yet nothing refined them"
    return None


def _bare(token: str) -> str:
    return token.strip(".").lower()
