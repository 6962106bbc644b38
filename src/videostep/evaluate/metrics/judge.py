"""Open answers judged after Video-ChatGPT: a language model says yes or no and gives 0 to 5 points.

What is asked for and how verdicts are read and counted is that protocol's; the prompt's words are our own.

STEP's Table 1 is made by it, with gpt-3.5-turbo. Judges differ by several points from version to version, so
who judged, and by which words, belongs to every number (`JudgedBy`).
"""

from __future__ import annotations

import ast
import functools
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from videostep.errors import ModelError, ReplyError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import NO_REPLY, Mark
from videostep.models.forms import shown
from videostep.models.protocol import Message, Outcome, Request, Sampling, VideoModel

MOST_POINTS: Final = 5
STAGE: Final = "judge"
"""Under which the ledger counts what judging costs."""
UNJUDGED: Final = Mark(right=None, fault="unjudged")

_SAMPLING = Sampling(temperature=0.0, max_tokens=128)
"""Video-ChatGPT leaves the sampling to the server; greedy, so that a judge says the same twice."""
_DICTIONARY = re.compile(r"\{[^{}]*\}")
_MOST_TEXT = 2_000
"""Characters of a reply that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBy:
    """Who judged, and by which words: part of every table of judged numbers."""

    model: str
    """As its backend names it, with its version where it tells."""
    protocol: str
    prompt_sha256: str
    """Of the protocol's words, in hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a judge said of one reply."""

    is_right: bool
    points: int
    """0 to 5."""


def judged_by(model: VideoModel) -> JudgedBy:
    """How numbers that this model judges are to be signed."""
    prompt = _prompt()
    words = f"{prompt['system']}\n{prompt['user']}"
    return JudgedBy(
        model=model.name,
        protocol=prompt["protocol"],
        prompt_sha256=hashlib.sha256(words.encode()).hexdigest(),
    )


def judge_replies(
    model: VideoModel, cases: Iterable[tuple[Item, str | None]]
) -> Iterator[tuple[int, Mark, ModelError | None]]:
    """Have replies judged, in any order; a model with a cache is asked only what it was not asked before.

    Args:
        model: Any language model; it sees no pictures.
        cases: Questions, each with what was replied, or None.

    Yields:
        The number of the case, its mark, and the error where the judge failed. A missing reply is wrong
        without asking; a judge that fails or talks nonsense leaves its case unjudged.
    """
    missing, sent = list[int](), list[int]()

    def requests() -> Iterator[Request]:
        for number, (item, reply) in enumerate(cases):
            is_said = reply is not None and bool(reply.strip())
            (sent if is_said else missing).append(number)
            if reply is not None and is_said:
                yield judge_request(item, reply)

    for place, outcome in model.ask(requests()):
        yield sent[place], mark_of(outcome), outcome if isinstance(outcome, ModelError) else None
    yield from ((number, NO_REPLY, None) for number in missing)


def judge_request(item: Item, reply: str) -> Request:
    """What a judge is asked about a reply."""
    prompt = _prompt()
    user = prompt["user"].format(question=item.question, answer=item.answer, prediction=reply.strip())
    return Request(
        messages=(
            Message(role="system", parts=(prompt["system"],)),
            Message(role="user", parts=(user,)),
        ),
        sampling=_SAMPLING,
        accept=complaint_about_verdict,
        stage=STAGE,
    )


def mark_of(outcome: Outcome) -> Mark:
    """The mark by a judge's reply, or by its failure."""
    if isinstance(outcome, ModelError):
        return UNJUDGED
    try:
        verdict = read_verdict(outcome.texts[0])
    except ReplyError:
        return UNJUDGED
    return Mark(right=verdict.is_right, points=verdict.points)


def complaint_about_verdict(text: str) -> str:
    """What is wrong with a judge's reply, or ""; a backend asks again where something is."""
    try:
        read_verdict(text)
    except ReplyError as error:
        return error.message
    return ""


def read_verdict(text: str) -> Verdict:
    """What a judge said: one dictionary with `pred`, yes or no, and `score`, 0 to 5.

    A score with decimals is cut off, as Video-ChatGPT's own code does.

    Raises:
        ReplyError: It holds no such dictionary, or several that differ.
    """
    verdicts = {_verdict_of(found) for found in _DICTIONARY.findall(text[:_MOST_TEXT])}
    if len(verdicts) != 1 or None in verdicts:
        raise ReplyError(f"the judge gave no verdict: {shown(text)}")
    verdict = verdicts.pop()
    assert verdict is not None
    return verdict


def _verdict_of(text: str) -> Verdict | None:
    try:
        said: Any = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    word, points = said.get("pred"), _points(said.get("score"))
    if not isinstance(word, str) or word.strip().lower() not in ("yes", "no") or points is None:
        return None
    return Verdict(is_right=word.strip().lower() == "yes", points=points)


def _points(raw: Any) -> int | None:
    """Whole points from a number, or from one in quotes; None: it is none, or out of range."""
    try:
        value = float(raw) if isinstance(raw, str | int | float) and not isinstance(raw, bool) else -1.0
    except ValueError:
        return None
    return int(value) if 0 <= value <= MOST_POINTS else None


@functools.cache
def _prompt() -> dict[str, str]:
    text = (files(__package__) / "judge_prompt.toml").read_text(encoding="utf-8")
    prompt: dict[str, str] = tomllib.loads(text)
    return prompt
