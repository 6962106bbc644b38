"""Example: one question with the reply that a model shall learn. Every sample gives two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from videostep.instruction import Instructions, Task, neutral, question_with_options
from videostep.part_words import words_of_part
from videostep.sample import Sample
from videostep.video import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One question about a video, an instruction, and the reply to learn: f(x, q, i) -> text."""

    video: str
    """Path of the video file."""
    video_sha256: str | None = None
    """Of the file that the question was made from; None: not known."""
    span_s: TimeSpan | None = None
    """The part of the video that is shown, seconds from its first frame; None: all of it."""
    question: str
    """With the options of a multiple choice."""
    instruction: str
    """Says what kind of reply is wanted. It stands behind video and question, which both tasks share."""
    text: str
    """The reply."""
    task: Task
    sample_id: str
    """The same for the answer and the rationale of a sample."""
    n_steps: int | None = None
    """Edges of the graph that the question looks up; None: not known."""

    @property
    def prompt(self) -> str:
        """What is said to the model, behind the video."""
        return f"{self.question}\n{self.instruction}"


def examples_of(
    samples: Iterable[Sample], *, instructions: Instructions | None = None, answers_only: bool = False
) -> Iterator[Example]:
    """Two examples a sample, answer first; with `answers_only` the first alone.

    The whole video is shown, so that all questions of a video share what is seen; of a prediction, what
    comes before its cut, and its rationale says nothing of where that lies in the whole.
    """
    say = instructions or Instructions()
    for sample in samples:
        yield _example(sample, "answer", say.answer, sample.answer)
        if not answers_only:
            told = words_of_part(sample.rationale, sample.shown_s)
            yield _example(sample, "rationale", say.rationale, told)


def _example(sample: Sample, task: Task, instruction: str, text: str) -> Example:
    return Example(
        video=sample.video.path,
        video_sha256=sample.video.sha256,
        span_s=sample.shown_s,
        question=neutral(question_with_options(sample)).strip(),
        instruction=instruction.strip(),
        text=neutral(text).strip(),
        task=task,
        sample_id=sample.id,
        n_steps=sample.n_steps,
    )
