"""Rationales: one sentence a step, in the order in which one would look, ending in the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from videostep.reason.again import AgainCore
from videostep.reason.conclusions import conclusion
from videostep.reason.contexts import TimeContext, always, scene
from videostep.reason.cores import (
    AttributeCore,
    Core,
    EventCore,
)
from videostep.reason.describe import Description
from videostep.reason.hop_words import Finding, finding, span_words, statement
from videostep.reason.hops import Hop
from videostep.reason.index import Fact, GraphIndex
from videostep.reason.mentions import Mentions
from videostep.reason.nouns import NounPhrase, some
from videostep.reason.pair_words import (
    CONJUNCTIONS,
    clause,
    compared,
    completed,
    did,
    found_of,
    told_of,
)
from videostep.reason.pairs import HappeningCore, LogicCore, PairCore, SameCore
from videostep.reason.phrase import ask, in_time, query_words, time_phrase, verify_words
from videostep.reason.program import at
from videostep.reason.questions import Question
from videostep.reason.sets import CountCore, ExistsCore, GroupCore
from videostep.reason.sight import Sight, Sights, within
from videostep.reason.wording import attribute_statement, noun_phrase
from videostep.reason.words import is_third_person, sentence
from videostep.sample import ReasoningStep
from videostep.video import TimeSpan, join_spans


class Explainer:
    """Puts the reasoning of questions on one graph into words."""

    def __init__(self, index: GraphIndex) -> None:
        self._index = index
        self._findings: dict[tuple[Description, str, str | None], tuple[Finding, Sight]] = {}
        self.sights = Sights(index)
        self.always = always(index)

    def explain(self, question: Question) -> tuple[ReasoningStep, ...]:
        """The steps of a question: hops of the time anchor, hops of the things, then what is asked."""
        explanation = _Explanation(question, self)
        explanation.take_steps()
        return tuple(explanation.steps)

    def finding(
        self, named: Description, hop: Hop, other: NounPhrase | None, context: TimeContext
    ) -> tuple[Finding, Sight]:
        """What one hop asks in a time, and what there is to see; worked out once, as things are met again."""
        key = (named, context.program, other)
        found = self._findings.get(key)
        if found is None:
            asked, answer, program = finding(named, hop, other, self._index.view(context.span_s))
            timed = Finding(in_time(context, asked), answer, at(context.program, program))
            found = self._findings[key] = (timed, self.sight(named, hop, context))
        return found

    def sight(self, named: Description, hop: Hop, context: TimeContext) -> Sight:
        """What there is to see of a hop: its facts, and of what somebody does not do that person."""
        is_absence = hop.is_negated and hop.operator == "does"
        nodes = self._index.view(context.span_s).nodes_of(named.thing) if is_absence else ()
        return self.sights.of(hop.facts, context.span_s, nodes)


def rationale(steps: tuple[ReasoningStep, ...], answer: str) -> str:
    """All sentences and the conclusion."""
    colon = ":" if " " in answer or is_third_person(answer) else ""  # nobody says "the answer is stops"
    conclusion = sentence(f"so the answer is{colon} {answer.rstrip('.')}")
    return " ".join([*[step.text for step in steps], conclusion])


class _Explanation:
    """The steps of one question, and what has been said so far."""

    def __init__(self, question: Question, explainer: Explainer) -> None:
        self.question, self.explainer, self.sights = question, explainer, explainer.sights
        self.index = question.path.view.index
        self.steps: list[ReasoningStep] = []
        self.mentions = Mentions(self.index, question.path.ranked)
        self.called = self.mentions.called
        self.nodes: dict[int, dict[str, None]] = {}
        """Object nodes that evidence has named so far of each thing that has several."""
        self.said_when = ""
        """Where in the video the last sentence was, or its time as a program: its words may change."""
        self.unsought = self._unsought()

    def take_steps(self) -> None:
        """Reason step by step, up to the answer."""
        path = self.question.path
        for named in path.context.names.values():
            self._take_hops(named, self.explainer.always)
        if isinstance(path.core, AgainCore):
            self._take_scenes(path.core)
            return
        if isinstance(path.core, PairCore):
            self._take_sides(path.core)
            return
        for root in path.core.roots:
            self._take_hops(path.names[root], path.context)
        self.steps.append(self._last_step(path.core_facts))

    def _take_hops(self, named: Description, context: TimeContext) -> None:
        context = scene(self.index, named.scene) if named.scene else context
        self.steps += [self._hop_step(part, part.hop, context) for part in named.expanded() if part.hop]

    # --- a hop ---------------------------------------------------------------------------

    def _hop_step(self, named: Description, hop: Hop, context: TimeContext) -> ReasoningStep:
        other = self._end(hop)
        found, sight = self.explainer.finding(named, hop, other, context)
        where = "" if hop.is_negated else sight.where  # what others do tells nothing about its place
        when = self._when(where, context, is_timed=hop.is_negated or not hop.is_lasting)
        told = statement(hop, self.mentions.introduce(named.thing), other)
        return ReasoningStep(
            sub_question=found.question,
            sub_answer=found.answer,
            text=sentence(f"{when}{told}"),
            program=found.program,
            evidence=self._evidence(sight, context),
            spans_s=sight.spans_s,
        )

    def _end(self, hop: Hop) -> NounPhrase | None:
        """What is at the other end of a relation: `a bicycle`, or a thing that has a name by now."""
        if hop.kind:
            return some(hop.kind)
        return self.called(hop.neighbour) if hop.neighbour >= 0 else None

    def _known(self, thing: int) -> NounPhrase:
        """How a thing of the time phrase is called: as it was introduced, else as the question does."""
        return self.mentions.known(thing) or noun_phrase(self.question.path.context.names[thing])

    # --- the last step ---------------------------------------------------------------------

    def _take_sides(self, core: PairCore) -> None:
        path, (first, second) = self.question.path, core.roots
        self._take_hops(path.names[first], path.context)
        facts = core.side(0, path.view)
        self.steps.append(self._side_step(core, facts))
        if second != first:
            self._take_hops(path.names[second], path.context)
        self.steps.append(self._last_step(core.side(1, path.view), more=facts))

    def _take_scenes(self, core: AgainCore) -> None:
        """What is seen in one scene and in another, in each of which the thing is looked for."""
        question, path = self.question, self.question.path
        named, name = path.names[core.thing], self.called
        for number, value in enumerate(core.values(path.view)):
            context = scene(self.index, core.scenes[number])
            self._take_hops(named, context)
            sight = self.sights.of(core.side(number, path.view), context.span_s)
            if number == 0:
                asked = in_time(context, query_words(core.asked, value or "", name))
                answer, told = value or "", told_of(core.asked, value or "", name)
                program = at(context.program, core.asked.program(path.refer))
            else:
                asked, answer, program = sentence(ask(question, name), "?"), question.answer, question.program
                told = conclusion(question, name)
            self.steps.append(
                ReasoningStep(
                    sub_question=asked,
                    sub_answer=answer,
                    text=sentence(f"{self._when(sight.where, context)}{told}"),
                    program=program,
                    evidence=self._evidence(sight, context),
                    spans_s=sight.spans_s,
                )
            )

    def _side_step(self, core: PairCore, facts: tuple[Fact, ...]) -> ReasoningStep:
        context = self.question.path.context
        body, asked, answer, told = self._side(core, facts)
        sight = self.sights.of(facts, context.span_s)
        return ReasoningStep(
            sub_question=in_time(context, asked),
            sub_answer=answer,
            text=sentence(f"{self._when(sight.where, context)}{told}"),
            program=at(context.program, body),
            evidence=self._evidence(sight, context),
            spans_s=sight.spans_s,
        )

    def _side(self, core: PairCore, facts: tuple[Fact, ...]) -> tuple[str, str, str, str]:
        """Program, question, answer and statement of a pair's first side."""
        path = self.question.path
        view, refer, name = path.view, path.refer, self.called(core.roots[0])
        if isinstance(core, HappeningCore):
            told = clause(core.first, name, self.called)
            span = span_words(facts[0].spans_s[0])
            asked = did(core.first, self.called)
            return core.first.program(refer), f"When {asked[:1].lower()}{asked[1:]}?", span, told
        if isinstance(core, LogicCore):
            claim = core.first
            asked = verify_words(claim.core, claim.value, self.called)
            answer = "yes" if claim.is_so(view) else "no"
            return claim.program(refer), asked, answer, found_of(claim, view, self.called)
        assert isinstance(core, SameCore)
        single = AttributeCore(core.first, core.name)
        answer = single.answer(view) or ""
        told = attribute_statement(core.name, answer, name)
        return single.program(refer), query_words(single, answer, self.called), answer, told

    def _last_step(self, facts: tuple[Fact, ...], more: tuple[Fact, ...] = ()) -> ReasoningStep:
        question, path = self.question, self.question.path
        told = conclusion(question, self.called)
        sight = self.sights.of((*more, *facts), path.context.span_s)
        return ReasoningStep(
            sub_question=in_time(path.context, ask(question, self.called)),
            sub_answer=question.answer,
            text=self._last_text(told, self.sights.of(facts, path.context.span_s) if more else sight),
            program=question.program,
            evidence=self._last_evidence(sight),
            spans_s=self._last_spans(sight),
        )

    def _last_text(self, told: str, sight: Sight) -> str:
        path = self.question.path
        joint = compared(path.core, path.view, path.answer) if isinstance(path.core, PairCore) else ""
        if not joint:
            is_of_others = isinstance(path.core, CountCore) and path.core.group_.is_negated
            where = "" if is_of_others else sight.where
            when = self._when(where, path.context, is_timed=not isinstance(path.core, HappeningCore))
            return sentence(f"{when}{told}")
        assert isinstance(path.core, HappeningCore)
        first, second = path.core.roots
        if second != first and path.names[second].hop:  # "that" would be what was said last
            tell = clause if joint == "at the same time" else completed
            told_first = tell(path.core.first, self.called(first), self.called)
            return sentence(f"{CONJUNCTIONS[joint]} {told_first}, {told}")
        where = sight.where if joint != "at the same time" else ""
        where = f", {where}" if where and where != self.said_when else ""
        return sentence(f"{joint}{where}, {told}")

    def _last_evidence(self, sight: Sight) -> tuple[str, ...]:
        path = self.question.path
        found = self._evidence(sight, path.context)
        if not path.context.anchors and not isinstance(path.core, GroupCore | EventCore):
            return found
        return tuple(dict.fromkeys((*found, *self._more_evidence())))

    def _more_evidence(self) -> Iterator[str]:
        """What an answer rests on besides its facts."""
        path = self.question.path
        core, context, view = path.core, path.context, path.view
        if _is_of_absence(core):
            for seen, time in self._looked_at():
                yield from self._evidence(seen, time)
            bare = (root for root in core.roots if path.names[root].hop is None)
            yield from self._joined(node for root in bare for node in view.nodes_of(root))
        yield from self._joined(core.nodes(view))
        if isinstance(core, EventCore):
            yield core.event.id
        for fact in context.anchor_facts:
            yield fact.id
            yield from (name for node in fact.nodes for name in self._join(node))

    def _looked_at(self) -> Iterator[tuple[Sight, TimeContext]]:
        """What was looked at where nothing was found, each in the time in which it is described."""
        path = self.question.path
        for root in path.core.roots:
            named = path.names[root]
            if named.hop:
                time = scene(self.index, named.scene) if named.scene else path.context
                yield self.explainer.sight(named, named.hop, time), time

    def _last_spans(self, sight: Sight) -> tuple[TimeSpan, ...]:
        """When the answer was seen to be so; a number and a "no" rest on all of the time."""
        path = self.question.path
        context_s = path.context.span_s
        if _is_search(path.core) or isinstance(path.core, EventCore):
            seen = self._looked_at() if _is_of_absence(path.core) else ()
            elsewhere = (span for sight, time in seen if time is not path.context for span in sight.spans_s)
            return join_spans([context_s, *elsewhere])
        if sight.spans_s:
            return sight.spans_s
        ids = set(path.core.nodes(path.view))
        nodes = (node for thing in self.index.things for node in thing.nodes if node.id in ids)
        return within((span for node in nodes for span in node.spans_s), context_s)

    # --- evidence and time -------------------------------------------------------------------

    def _when(self, where: str, context: TimeContext, *, is_timed: bool = True) -> str:
        """`Late in the video, `; empty where the sentence before said the same.

        `is_timed` is not what lasts beyond a time phrase: nobody is tall while the bus stops.
        """
        is_timed = is_timed or context.kind == "scene"
        phrase = (time_phrase(context, name=self._known) if is_timed else "") or where
        said = context.program if is_timed and context.anchors else phrase
        if not phrase or said == self.said_when:
            return ""
        self.said_when = said
        return f"{phrase}, "

    def _evidence(self, sight: Sight, context: TimeContext) -> tuple[str, ...]:
        """Facts, the object nodes they hang on, and the reference edges that make those one thing."""
        # What was described in another scene was not looked for in this one: its node is no evidence.
        seen = sight.seen
        if self.unsought and context.span_s == self.question.path.context.span_s:
            seen = tuple([name for name in seen if name not in self.unsought])
        if not sight.recurring:
            return seen
        joins = [name for node in sight.recurring for name in self._join(node)]
        return (*seen, *dict.fromkeys(joins))

    def _unsought(self) -> frozenset[str]:
        """Nodes, in the question's own time, of things that are described in another scene."""
        nodes: list[str] = []
        path = self.question.path
        for thing, named in path.names.items():
            if named.scene:
                nodes.extend(path.view.nodes_of(thing))
        return frozenset(nodes)

    def _joined(self, nodes: Iterable[str]) -> Iterator[str]:
        for node in nodes:
            yield node
            yield from self._join(node)

    def _join(self, node: str) -> tuple[str, ...]:
        """The reference edges that make an object node one thing with those named before."""
        thing = self.index.thing_of[node]
        known = self.nodes.setdefault(thing, {node: None})
        if node in known:
            return ()
        known[node] = None
        return self.index.things[thing].joins(known)


def _is_search(core: Core) -> bool:
    """Whether the answer rests on what was not found: a number, a "no", things that do not do something."""
    if isinstance(core, ExistsCore):
        return not core.is_there or (core.group_.is_negated and core.group_.operator != "with")
    return isinstance(core, CountCore)


def _is_of_absence(core: Core) -> bool:
    """Whether it says of something looked at that others are not so to it."""
    if isinstance(core, ExistsCore) and not core.is_there:
        return True
    return isinstance(core, GroupCore) and core.group_.is_negated
