"""Rationales: one sentence a step, in the order in which one would look, ending in the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from videostep.reason.contexts import TimeContext, always
from videostep.reason.cores import (
    AttributeCore,
    Core,
    EventCore,
    MotionCore,
    ObjectCore,
    OrderCore,
    PredicateCore,
    SameCore,
)
from videostep.reason.describe import Description
from videostep.reason.hops import Hop
from videostep.reason.index import Fact, GraphIndex, View
from videostep.reason.phrase import ask, differing_part, in_time, query_words, second_happening, time_phrase
from videostep.reason.program import at, call
from videostep.reason.questions import Question
from videostep.reason.wording import any_of, attribute_words
from videostep.reason.words import ordinal, participle, sentence, with_article
from videostep.sample import ReasoningStep
from videostep.video import TimeSpan, join_spans


def explain(question: Question) -> tuple[ReasoningStep, ...]:
    """The steps of a question: hops of the time anchor, hops of the things, then what is asked."""
    return tuple(_Explanation(question).steps())


def rationale(steps: tuple[ReasoningStep, ...], answer: str) -> str:
    """All sentences and the conclusion."""
    colon = ":" if len(answer.split()) > 2 else ""
    conclusion = sentence(f"so the answer is{colon} {answer.rstrip('.')}")
    return " ".join((*(step.text for step in steps), conclusion))


@dataclass(slots=True, eq=False)
class _Explanation:
    question: Question
    names: dict[int, str] = field(default_factory=dict)
    """What was introduced, and how it is called from then on."""
    nodes: dict[int, dict[str, None]] = field(default_factory=dict)
    """Object nodes of each thing that evidence has named so far."""
    said_when: str = ""

    @property
    def index(self) -> GraphIndex:
        return self.question.path.view.index

    def steps(self) -> Iterable[ReasoningStep]:
        path = self.question.path
        if path.context.description is not None:
            yield from self._hop_steps(path.context.description, always(self.index))
        core = path.core
        if isinstance(core, OrderCore | SameCore):
            yield from self._two_sided(core)
            return
        for root in core.roots:
            yield from self._hop_steps(path.descriptions[root], path.context)
        yield self._last_step(core.facts(path.view))

    def _hop_steps(self, named: Description, context: TimeContext) -> Iterable[ReasoningStep]:
        return (self._hop_step(part, part.hop, context) for part in named.expanded() if part.hop)

    # --- a hop ---------------------------------------------------------------------------

    def _hop_step(self, named: Description, hop: Hop, context: TimeContext) -> ReasoningStep:
        inner, found = named.inner, named.program
        if hop.is_open and inner is not None:
            found = call("unique", hop.program("", lambda _: inner.program))
        words = self._hop_question(hop, named.label)
        told = self._hop_statement(hop, named.thing)
        return ReasoningStep(
            sub_question=in_time(context, words),
            sub_answer=named.label,
            text=self._timed(told, hop.facts, context),
            program=at(context.program, call("name", found)),
            evidence=self._evidence(hop.facts, context.span_s),
            spans_s=_spans(hop.facts, context.span_s),
        )

    def _hop_question(self, hop: Hop, label: str) -> str:
        if hop.operator == "with":
            return f"Which {label} {attribute_words(hop.name, hop.value).clause}?"
        if hop.operator == "does":
            return f"Which {label} {hop.name}?"
        other, relation = self._end(hop, label), participle(hop.name)
        asked = "What" if hop.is_open else f"Which {label}"
        if hop.operator == "subjects":
            return f"{asked} is {relation} {other}?"
        return f"{asked} is {other} {relation}?"

    def _hop_statement(self, hop: Hop, thing: int) -> str:
        other = self._end(hop, self.index.things[thing].label)
        new = self._introduce(thing)
        if hop.operator == "with":
            return f"{new} {attribute_words(hop.name, hop.value).clause}"
        if hop.operator == "does":
            return f"{new} {hop.name}"
        if hop.operator == "subjects":
            return f"{new} is {participle(hop.name)} {other}"
        new = with_article(new.removeprefix("one ")) if new.startswith("one ") else new
        return f"{other} is {participle(hop.name)} {new}"

    def _end(self, hop: Hop, label: str) -> str:
        """What is at the other end of a relation: `a bicycle`, or a thing that has a name by now."""
        if hop.kind:
            return any_of(hop.kind, label)
        return self.called(hop.neighbour) if hop.neighbour >= 0 else ""

    # --- what things are called ------------------------------------------------------------

    def called(self, thing: int) -> str:
        """How a thing is called by now; a bare label needs no introduction."""
        return self.names.get(thing, f"the {self.index.things[thing].label}")

    def _introduce(self, thing: int) -> str:
        """Words that bring a thing in; afterwards it has a name of its own."""
        if thing in self.names:
            return self.names[thing]
        label = self.index.things[thing].label
        known = sum(self.index.things[other].label == label for other in self.names)
        names = ((f"that {label}", f"one {label}"), (f"the other {label}", f"another {label}"))
        rank = ordinal(known + 1)
        self.names[thing], new = names[known] if known < 2 else (f"the {rank} {label}", f"a {rank} {label}")
        return new

    # --- the last step ---------------------------------------------------------------------

    def _two_sided(self, core: OrderCore | SameCore) -> Iterable[ReasoningStep]:
        path = self.question.path
        roots = core.roots
        yield from self._hop_steps(path.descriptions[roots[0]], path.context)
        facts = _facts_of_side(core, 0, path.view)
        yield self._side_step(core, facts)
        if roots[1] != roots[0]:
            yield from self._hop_steps(path.descriptions[roots[1]], path.context)
        yield self._last_step(_facts_of_side(core, 1, path.view), more=facts)

    def _side_step(self, core: OrderCore | SameCore, facts: tuple[Fact, ...]) -> ReasoningStep:
        path, thing = self.question.path, core.roots[0]
        refer, name = path.refer, self.called(thing)
        if isinstance(core, OrderCore):
            body, answer = core.first.program(refer), _span_words(facts[0].spans_s[0])
            asked, told = f"When is it that {name} {core.first.predicate}?", f"{name} {core.first.predicate}"
        else:
            single = AttributeCore(thing, core.name)
            body, answer = single.program(refer), single.answer(path.view) or ""
            asked = query_words(single, answer, self.called)
            told = attribute_words(core.name, answer).statement.format(x=name)
        return ReasoningStep(
            sub_question=in_time(path.context, asked),
            sub_answer=answer,
            text=self._timed(told, facts, path.context),
            program=at(path.context.program, body),
            evidence=self._evidence(facts, path.context.span_s),
            spans_s=_spans(facts, path.context.span_s),
        )

    def _last_step(self, facts: tuple[Fact, ...], more: tuple[Fact, ...] = ()) -> ReasoningStep:
        question, path = self.question, self.question.path
        told = self._conclusion(path.core)
        evidence = list(self._evidence((*more, *facts), path.context.span_s))
        if isinstance(path.core, EventCore):
            evidence.append(path.core.event.id)
        if path.context.anchor_fact is not None:
            fact = path.context.anchor_fact
            evidence.extend((fact.id, *(name for node in fact.nodes for name in self._join(node))))
        spans_s = _spans((*more, *facts), path.context.span_s) or (path.context.span_s,)
        return ReasoningStep(
            sub_question=in_time(path.context, ask(question, self.called)),
            sub_answer=question.answer,
            text=self._timed(told, facts, path.context, last=True),
            program=question.program,
            evidence=tuple(dict.fromkeys(evidence)),
            spans_s=spans_s,
        )

    def _conclusion(self, core: Core) -> str:
        question, answer = self.question, self.question.path.answer
        wrong = _rejected(question)
        if isinstance(core, AttributeCore):
            told = attribute_words(core.name, answer).statement.format(x=self.called(core.thing))
            return told + (f", not {wrong}" if wrong else "")
        if isinstance(core, MotionCore):
            told = f"{self.called(core.thing)} {answer}"
            return told + (f", not {differing_part(wrong, answer)}" if wrong else "")
        if isinstance(core, ObjectCore):
            thing, relation, found = self.called(core.thing), participle(core.predicate), with_article(answer)
            told = f"{thing} is {relation} {found}" if core.forward else f"{found} is {relation} {thing}"
            return told + (f", not {with_article(wrong)}" if wrong else "")
        if isinstance(core, PredicateCore):
            told = f"{self.called(core.subject)} is {participle(answer)} {self.called(core.object)}"
            return told + (f", not {participle(wrong)} it" if wrong else "")
        if isinstance(core, EventCore):
            return answer[:1].lower() + answer[1:].rstrip(".")
        return _compared(core, question, self)

    # --- evidence and time -------------------------------------------------------------------

    def _timed(self, told: str, facts: tuple[Fact, ...], context: TimeContext, *, last: bool = False) -> str:
        """Say when, unless the sentence before said the same."""
        phrase = time_phrase(context) if last or context.kind == "scene" else ""
        phrase = phrase or self._when(facts)
        if not phrase or phrase == self.said_when:
            return sentence(told)
        self.said_when = phrase
        return sentence(f"{phrase}, {told}")

    def _when(self, facts: tuple[Fact, ...]) -> str:
        """Where in the video the facts lie, as a viewer would say it."""
        graph = self.index.graph
        if not facts:
            return ""
        spans = [span for fact in facts for span in fact.spans_s]
        start_s, end_s = min(s.start_s for s in spans), max(s.end_s for s in spans)
        numbers = [
            i for i, clip in enumerate(graph.clips, 1) if clip.span_s.overlap(TimeSpan(start_s, end_s))
        ]
        if len(graph.clips) > 1:
            return f"in the {ordinal(numbers[0])} scene" if len(numbers) == 1 else ""
        return _part_of_video(start_s, end_s, graph.video.duration_s)

    def _evidence(self, facts: tuple[Fact, ...], context_s: TimeSpan) -> tuple[str, ...]:
        """Facts, the object nodes they hang on, and the reference edges that make those one thing."""
        used = [fact for fact in facts if any(span.overlap(context_s) for span in fact.spans_s)]
        nodes = [node for fact in used for node in fact.nodes]
        joins = [name for node in nodes for name in self._join(node)]
        return tuple(dict.fromkeys((*(fact.id for fact in used), *nodes, *joins)))

    def _join(self, node: str) -> tuple[str, ...]:
        """The reference edges that make an object node one thing with those named before."""
        thing = self.index.thing_of[node]
        known = self.nodes.setdefault(thing, {node: None})
        if node in known:
            return ()
        known[node] = None
        return self.index.things[thing].joins(known)


def _facts_of_side(core: OrderCore | SameCore, side: int, view: View) -> tuple[Fact, ...]:
    if isinstance(core, OrderCore):
        fact = (core.first, core.second)[side].fact(view)
        return (fact,) if fact else ()
    return AttributeCore(core.roots[side], core.name).facts(view)


def _compared(core: Core, question: Question, told: _Explanation) -> str:
    path = question.path
    if isinstance(core, OrderCore):
        later = "later" if path.answer == "before" else "earlier"
        return f"{second_happening(core, told.called)} {later}"
    assert isinstance(core, SameCore)
    first, second = core.values(path.view)
    statement = attribute_words(core.name, second or "").statement.format(x=told.called(core.second))
    return f"{statement}{' too' if first == second else f', not {first}'}"


def _rejected(question: Question) -> str:
    """The value that a "no" rules out."""
    return question.value if question.structure == "verify" and question.answer == "no" else ""


def _spans(facts: tuple[Fact, ...], context_s: TimeSpan) -> tuple[TimeSpan, ...]:
    parts = [part for fact in facts for span in fact.spans_s if (part := span.overlap(context_s))]
    return join_spans(parts)


def _span_words(span_s: TimeSpan) -> str:
    return f"{span_s.start_s:.1f} s to {span_s.end_s:.1f} s"


def _part_of_video(start_s: float, end_s: float, duration_s: float) -> str:
    if end_s - start_s > 0.7 * duration_s:
        return ""
    middle = (start_s + end_s) / 2 / duration_s
    names = ("early in the video", "in the middle of the video", "late in the video")
    return names[min(2, int(middle * 3))]
