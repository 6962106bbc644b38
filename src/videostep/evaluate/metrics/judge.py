"""Replies judged by a language model.

Open answers are judged after Video-ChatGPT, by which STEP's Table 1 is made, with gpt-3.5-turbo; captions of
TempCompass and free texts of MLVU as their authors do. What is asked for and how verdicts are read and
counted is theirs; the prompts' words are our own (`judge_prompts.toml`).

Judges differ by several points from version to version, so who judged, and by which words, belongs to every
number (`JudgedBy`).
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Final

from videostep.errors import ModelError, ReplyError
from videostep.evaluate.benchmarks.item import Item, Judging
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.verdicts import read_verdict
from videostep.models.protocol import Message, Outcome, Request, Sampling, VideoModel

STAGE: Final = "judge"
"""Under which the ledger counts what judging costs."""
UNJUDGED: Final = Mark(right=None, fault="unjudged")
_MISSING: Final[dict[Judging, Mark]] = {
    "answer": Mark(right=False, points=0, fault="no reply"),
    "caption": Mark(right=False, fault="no reply"),
    "sub-scene": Mark(right=None, points=2, fault="no reply"),
    "summary": Mark(right=None, points=2, fault="no reply"),
}
"""Nothing was said: the worst of each scale, without asking."""

_TOKENS: Final[dict[Judging, int]] = {"answer": 128, "caption": 128, "sub-scene": 1_024, "summary": 1_024}
"""Of a verdict, at most; scores are reasoned for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBy:
    """Who judged, and by which words: part of every table of judged numbers."""

    model: str
    """As its backend names it, with its version where it tells."""
    protocol: str
    prompt_sha256: str
    """Of the protocol's words, in hex."""


def judged_by(model: VideoModel, judging: Judging = "answer") -> JudgedBy:
    """How numbers that this model judges are to be signed."""
    prompt = _prompts()[judging]
    return JudgedBy(model=model.name, protocol=prompt["protocol"], prompt_sha256=_digest(prompt))


def told_to_judges() -> dict[str, str]:
    """Protocol and the beginning of its digest, as numbers are signed, to the words that a judge is told."""
    return {
        f"{prompt['protocol']}, prompt {_digest(prompt)[:8]}": _shown(f"{prompt['system']} {prompt['user']}")
        for prompt in _prompts().values()
    }


def _shown(words: str) -> str:
    """With the braces that a judge sees; names in them stand for what is judged."""
    return words.replace("{{", "{").replace("}}", "}")


def _digest(prompt: Mapping[str, str]) -> str:
    return hashlib.sha256(f"{prompt['system']}\n{prompt['user']}".encode()).hexdigest()


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
    missing, sent = dict[int, Mark](), list[tuple[int, Item]]()

    def requests() -> Iterator[Request]:
        for number, (item, reply) in enumerate(cases):
            if reply is not None and reply.strip():
                sent.append((number, item))
                yield judge_request(item, reply)
            else:
                missing[number] = _MISSING[item.judging]

    for place, outcome in model.ask(requests()):
        number, item = sent[place]
        yield number, mark_of(item, outcome), outcome if isinstance(outcome, ModelError) else None
    yield from ((number, mark, None) for number, mark in missing.items())


def judge_request(item: Item, reply: str) -> Request:
    """What a judge is asked about a reply."""
    prompt = _prompts()[item.judging]
    user = prompt["user"].format(
        question=item.question, answer=item.answer, rubric=item.rubric, prediction=reply.strip()
    )
    return Request(
        messages=(
            Message(role="system", parts=(prompt["system"],)),
            Message(role="user", parts=(user,)),
        ),
        # Video-ChatGPT leaves the sampling to the server; greedy, so that a judge says the same twice.
        sampling=Sampling(temperature=0.0, max_tokens=_TOKENS[item.judging]),
        accept=partial(complaint_about_verdict, item),
        stage=STAGE,
    )


def mark_of(item: Item, outcome: Outcome) -> Mark:
    """The mark by a judge's reply, or by its failure."""
    if isinstance(outcome, ModelError):
        return UNJUDGED
    try:
        return read_verdict(item, outcome.texts[0])
    except ReplyError:
        return UNJUDGED


def complaint_about_verdict(item: Item, text: str) -> str:
    """What is wrong with a judge's reply, or ""; a backend asks again where something is."""
    try:
        read_verdict(item, text)
    except ReplyError as error:
        return error.message
    return ""


@functools.cache
def _prompts() -> dict[str, dict[str, str]]:
    text = (files(__package__) / "judge_prompts.toml").read_text(encoding="utf-8")
    prompts: dict[str, dict[str, str]] = tomllib.loads(text)
    return prompts
