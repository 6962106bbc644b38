"""Whether other words say the same as a template: named checks, the first that fails is the reason.

The last check decides: both texts are read back by one grammar and the graph's words, and must have the same
readings. Those before it need no grammar. They name what is wrong, and each would stop its fault alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from videostep.graph import VideoGraph
from videostep.reason.refinement.census import EITHER, Census, difference
from videostep.reason.refinement.form import (
    article_fault,
    case_fault,
    character_fault,
    framing_fault,
    language_fault,
    length_fault,
    markup_fault,
    question_fault,
    rationale_fault,
    sentences,
)
from videostep.reason.refinement.grammar import Grammar, english
from videostep.reason.refinement.lexicon import lexicon_of
from videostep.reason.refinement.protocol import Part, Wording
from videostep.reason.refinement.reading import Lexicon, Reader, tokens
from videostep.reason.refinement.vocabulary import Vocabulary, add_words_of, vocabulary_of
from videostep.reason.verify.words import choice_given_away, given_away
from videostep.sample import Sample


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why other words are not taken."""

    check: str
    """Name of the check that failed."""
    reason: str
    """In plain words; what is particular to the text stands in quotes."""


@dataclass(frozen=True, slots=True)
class Case:
    """Other words for a part of a sample, and all that is needed to judge them."""

    sample: Sample
    part: Part
    template: str
    text: str
    census: Census
    lexicon: Lexicon
    reader: Reader
    grammar: Grammar


class Judge:
    """Judges other words for the samples of one graph."""

    def __init__(self, graph: VideoGraph) -> None:
        self._known = vocabulary_of(graph)

    def words_of(self, sample: Sample) -> SampleWords:
        """All words that may be spoken of in a sample."""
        return SampleWords(sample, add_words_of(sample, self._known))


class SampleWords:
    """Judges other words for one sample."""

    def __init__(self, sample: Sample, known: Vocabulary) -> None:
        self.sample = sample
        self._known = known
        self._lexicon = lexicon_of(known)
        self._census = Census(known)
        self._reader = Reader(english(), self._lexicon)

    def wording(self, part: Part) -> Wording:
        """What a rewriter is asked."""
        text = self._template(part)
        return Wording(part=part, text=text, keep=self._census.phrases(text), known=self._known)

    def refusal(self, part: Part, text: str) -> Refusal | None:
        """The first check that `text` fails as other words for a part; None: it says the same."""
        case = Case(
            self.sample,
            part,
            self._template(part),
            text,
            self._census,
            self._lexicon,
            self._reader,
            english(),
        )
        for name, check in CHECKS:
            reason = check(case)
            if reason is not None:
                return Refusal(name, reason)
        return None

    def _template(self, part: Part) -> str:
        template = self.sample.template
        return template.question if part == "question" else template.rationale


def _form(case: Case) -> str | None:
    fault = question_fault if case.part == "question" else rationale_fault
    return fault(case.template, case.text)


def _language(case: Case) -> str | None:
    known = {word for phrases in case.lexicon.values() for phrase in phrases for word in phrase}
    return language_fault(case.text, known | case.grammar.literals | {*tokens(case.template)})


def _counted(kind: str) -> Callable[[Case], str | None]:
    def check(case: Case) -> str | None:
        count = case.census.counts[kind]
        return difference(count(case.template), count(case.text))

    return check


def _ones(case: Case) -> str | None:
    """`One` is an article where nothing is counted, and a number where something is."""
    if case.sample.type.structure not in ("count", "logic"):
        return None
    count = [tokens(EITHER.sub("", text)).count("one") for text in (case.template, case.text)]
    return None if count[0] == count[1] else "it says 'one' more or less often"


def _leak(case: Case) -> str | None:
    sample = case.sample
    if case.part != "question" or sample.answer_kind == "binary":
        return None
    if sample.answer_kind == "choice":
        return choice_given_away(sample.answer, sample.choices or (), case.text)
    word = given_away(sample.answer, case.text)
    return None if word is None else f"it holds {word!r} of the answer"


def _meaning(case: Case) -> str | None:
    if case.part == "question":
        return _otherwise(case, "question", case.template, case.text)
    pairs = zip(sentences(case.template), sentences(case.text), strict=True)
    faults = (_otherwise(case, "sentence", told, said) for told, said in pairs)
    return next((fault for fault in faults if fault is not None), None)


def _otherwise(case: Case, symbol: str, told: str, said: str) -> str | None:
    if tokens(told) == tokens(said):
        return None
    meant = case.reader.readings(symbol, told)
    if not meant:
        return f"the template {told!r} cannot be read back"
    found = case.reader.readings(symbol, said)
    if not found:
        return f"{said!r} cannot be read back"
    if found != meant:
        return f"{said!r} can be read otherwise than {told!r}"
    return None


Check = Callable[[Case], str | None]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("empty", lambda case: None if case.text.strip() else "there are no words"),
    ("length", lambda case: length_fault(case.template, case.text)),
    ("characters", lambda case: character_fault(case.template, case.text)),
    ("markup", lambda case: markup_fault(case.template, case.text)),
    ("framing", lambda case: framing_fault(case.template, case.text)),
    ("form", _form),
    ("article", lambda case: article_fault(case.template, case.text)),
    ("language", _language),
    ("case", lambda case: case_fault(case.template, case.text)),
    ("names", _counted("names")),
    ("attributes", _counted("attributes")),
    ("predicates", _counted("predicates")),
    ("numbers", _counted("numbers")),
    ("numbers", _ones),
    ("order", _counted("order")),
    ("negation", _counted("negation")),
    ("times", _counted("times")),
    ("leak", _leak),
    ("meaning", _meaning),
)
"""In this order; names come twice where a check has two halves."""
