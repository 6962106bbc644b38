"""From questions to predictions: requests go out as fast as they are answered, errors stay with their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from videostep.errors import BudgetError, ModelError, ServerError
from videostep.evaluate.answering.blind import withhold
from videostep.evaluate.answering.config import AnswerConfig
from videostep.evaluate.answering.frames import Shot
from videostep.evaluate.answering.words import CAPTION_PROMPT, words_of_item
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.prediction import Condition, Prediction
from videostep.models.protocol import Message, Outcome, Request, Sampling, VideoModel

CAPTION_TOKENS = 512
"""Of a caption, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """A question with all that can be shown of its video."""

    item: Item
    shots: tuple[Shot, ...] = ()
    """In order of time; none where the video is not needed."""
    fault: str = ""
    """Why it cannot be asked."""
    caption: str = ""
    """What stands in place of frames under the control `caption`."""
    known: tuple[str, ...] = ()
    """True sentences that it builds on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examiner:
    """Asks one model under one condition."""

    model: VideoModel
    benchmark: str
    condition: Condition
    config: AnswerConfig

    def answer(self, posed: Iterable[Posed]) -> Iterator[Prediction]:
        """One prediction for each question, as replies come in.

        Raises:
            ServerError: The model cannot be reached.
            BudgetError: The budget is spent.
        """
        faulty: deque[Prediction] = deque()
        numbered: dict[int, Prediction] = {}

        def requests() -> Iterator[Request]:
            number = 0
            for one in posed:
                shots = withhold(one.shots, self.condition.control, key=one.item.id)
                blank = self._blank(one, shots)
                if one.fault:
                    faulty.append(replace(blank, error=one.fault))
                    continue
                numbered[number] = blank
                number += 1
                yield self._request(one, shots)

        for number, outcome in self.model.ask(requests()):
            yield from _drain(faulty)
            yield _filled(numbered.pop(number), outcome)
        yield from _drain(faulty)

    def _blank(self, posed: Posed, shots: tuple[Shot, ...]) -> Prediction:
        return Prediction(
            benchmark=self.benchmark,
            item=posed.item,
            model=self.model.name,
            **self.condition._asdict(),
            reply=None,
            frames_s=tuple(shot.time_s for shot in shots),
            caption=posed.caption,
        )

    def _request(self, posed: Posed, shots: tuple[Shot, ...]) -> Request:
        words = words_of_item(
            posed.item,
            self.condition.mode,
            self.config.instructions,
            self.config.options,
            sees=bool(shots),
            caption=posed.caption,
            known=posed.known,
        )
        # Pictures first: servers keep what all questions of a video begin with.
        message = Message(role="user", parts=(*(shot.image for shot in shots), words))
        sampling = self.config.sampling(self.condition.mode, self.condition.seed)
        return Request(messages=(message,), sampling=sampling, stage="evaluate")


def _drain(faulty: deque[Prediction]) -> Iterator[Prediction]:
    while faulty:
        yield faulty.popleft()


def _filled(blank: Prediction, outcome: Outcome) -> Prediction:
    if isinstance(outcome, ServerError | BudgetError):
        # It is not this question's fault, and the others would fare no better.
        raise outcome
    if isinstance(outcome, ModelError):
        return replace(blank, error=f"model: {outcome}")
    return replace(blank, reply=outcome.texts[0])


def caption_request(shots: tuple[Shot, ...]) -> Request:
    """Asks the model for its own description of a video, for the control that shows nothing else."""
    message = Message(role="user", parts=(*(shot.image for shot in shots), CAPTION_PROMPT))
    return Request(messages=(message,), sampling=Sampling(max_tokens=CAPTION_TOKENS), stage="caption")
