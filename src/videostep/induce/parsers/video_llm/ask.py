"""Asking: prompts, pictures and data become requests; replies become forms; what went unanswered is noted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from videostep.errors import BudgetError, ModelError, ParserError, ServerError
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.prompts import load_prompt
from videostep.models.forms import read_form
from videostep.models.protocol import Image, Message, Reply, Request, Sampling, VideoModel, ask_all

Form = TypeVar("Form")
FIRST_QUESTIONS = 10
"""A model that answers none of so many in the form that was asked for never will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked about."""

    images: tuple[Image, ...]
    data: dict[str, Any]
    """Stands below the prompt as JSON."""
    about: str
    """For messages: `keyframe c1-k1`."""


class Asker:
    """Asks one model, always by the same settings."""

    def __init__(self, model: VideoModel, config: VideoLlmConfig, *, seed: int) -> None:
        self._model, self._config, self._seed = model, config, seed
        self._unanswered: list[str] = []
        self._in_form = False  # Whether any reply ever was.

    def take_unanswered(self) -> tuple[str, ...]:
        """What went unanswered since the last call, and why."""
        taken, self._unanswered = tuple(self._unanswered), []
        return taken

    def forms(self, prompt: str, form: type[Form], questions: Sequence[Question]) -> list[tuple[Form, ...]]:
        """All replies to each question, as forms; none where the model gave none that fits.

        Raises:
            ServerError: The model cannot be reached.
            BudgetError: The budget is spent.
            ParserError: The model does not keep to forms at all.
        """
        requests = [self._request(prompt, question, form=form) for question in questions]
        replies = self._replies(prompt, questions, requests)
        self._in_form = self._in_form or any(replies)
        if not self._in_form and len(self._unanswered) >= FIRST_QUESTIONS:
            raise ParserError(
                f"the model gave no usable answer to {len(self._unanswered)} questions, the first: "
                f"{self._unanswered[0]}",
                remedy="give a model that sees pictures and answers in JSON, or a server that makes it",
            )
        return [tuple(read_form(text, form) for text in reply.texts) if reply else () for reply in replies]

    def texts(self, prompt: str, questions: Sequence[Question]) -> list[str]:
        """The likeliest text for each question; "" where there was none."""
        greedy = Sampling(max_tokens=self._config.max_tokens, seed=self._seed)
        requests = [self._request(prompt, question, sampling=greedy) for question in questions]
        return [reply.texts[0] if reply else "" for reply in self._replies(prompt, questions, requests)]

    def _request(self, prompt: str, question: Question, **options: Any) -> Request:
        text = load_prompt(prompt).text(**question.data)
        drawn = Sampling(
            n=self._config.samples,
            temperature=self._config.temperature,
            max_tokens=self._config.max_tokens,
            seed=self._seed,
        )
        # Pictures first: servers keep what all requests for a keyframe begin with.
        message = Message(role="user", parts=(*question.images, text))
        return Request(messages=(message,), **{"stage": prompt, "sampling": drawn, **options})

    def _replies(
        self, prompt: str, questions: Sequence[Question], requests: Iterable[Request]
    ) -> list[Reply | None]:
        replies: list[Reply | None] = []
        for question, outcome in zip(questions, ask_all(self._model, requests), strict=True):
            if isinstance(outcome, ModelError):
                self._note(prompt, question, outcome)
            replies.append(outcome if isinstance(outcome, Reply) else None)
        return replies

    def _note(self, prompt: str, question: Question, error: ModelError) -> None:
        if isinstance(error, ServerError | BudgetError):
            raise error
        self._unanswered.append(f"{question.about}, {prompt}: {error}")
