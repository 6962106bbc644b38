"""What the last step of a rationale says: the answer as a statement, and what is the case instead."""

from __future__ import annotations

from collections.abc import Callable

from videostep.reason.change_words import change_statement
from videostep.reason.changes import ShiftCore, SuccessionCore
from videostep.reason.cores import (
    AttributeCore,
    BesidesCore,
    EventCore,
    MotionCore,
    ObjectCore,
    PredicateCore,
)
from videostep.reason.nouns import NounPhrase, offered
from videostep.reason.pair_words import differing_part, instead_of, otherwise, pair_conclusion
from videostep.reason.pairs import PairCore
from videostep.reason.questions import Question
from videostep.reason.relation_words import related
from videostep.reason.set_words import count_statement, exists_statement
from videostep.reason.sets import CountCore, ExistsCore
from videostep.reason.wording import attribute_statement

Name = Callable[[int], NounPhrase]
"""Thing to how it is called in the sentence."""


def conclusion(question: Question, called: Name) -> str:
    """What the last step finds, and of a "no" what is the case instead."""
    core, view = question.path.core, question.path.view
    answer, wrong = question.path.answer, _rejected(question)
    if isinstance(core, PairCore):
        return pair_conclusion(core, view, answer, called)
    if isinstance(core, ExistsCore):
        return exists_statement(core, called, core.instead(view))
    if isinstance(core, CountCore):
        return count_statement(core, len(core.group_.members(view)), called, core.instead(view))
    if isinstance(core, AttributeCore):
        subject = called(core.thing)
        told = attribute_statement(core.name, answer, subject)
        if not wrong:
            return told
        return f"{told}, not {otherwise(attribute_statement(core.name, wrong, subject), told, wrong)}"
    if isinstance(core, SuccessionCore):
        told = change_statement(core, answer, called)
        if wrong and isinstance(core, ShiftCore):
            wrong = related(wrong, called(core.other).pronoun)
        return f"{told}, not {wrong}" if wrong else told
    if isinstance(core, BesidesCore):
        subject = called(core.thing)
        return f"{subject} {subject.agreeing(core.predicate)}, and {subject.agreeing(answer)}, too"
    if isinstance(core, MotionCore):
        subject = called(core.thing)
        told = f"{subject} {subject.agreeing(answer)}"
        return told + (f", {instead_of(wrong, answer, subject)}" if wrong else "")
    if isinstance(core, ObjectCore):
        subject, found = called(core.thing), offered(answer, called(core.thing))
        one, other = (subject, found) if core.forward else (found, subject)
        told = f"{one} {one.be} {related(core.predicate, other)}"
        return told + (f", not {offered(wrong, subject)}" if wrong else "")
    if isinstance(core, PredicateCore):
        subject, other = called(core.subject), called(core.object)
        told = f"{subject} {subject.be} {related(answer, other)}"
        denied = differing_part(related(wrong, other.pronoun), related(answer, other.pronoun))
        return told + (f", not {denied}" if wrong else "")
    assert isinstance(core, EventCore)
    return answer[:1].lower() + answer[1:].rstrip(".")


def _rejected(question: Question) -> str:
    """The value that a "no" rules out."""
    is_suggested = question.structure in ("verify", "logic")
    return question.value if is_suggested and question.value != question.path.answer else ""
