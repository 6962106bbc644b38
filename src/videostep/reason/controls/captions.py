"""The caption-only rule: answering from one sentence a scene, without graph, video or reasoning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from videostep.reason.controls.kinds import question_type
from videostep.reason.controls.sheet import words_of
from videostep.sample import Sample

_FUNCTION_WORDS = frozenset(
    words_of(
        """a about after again all also an and another any are as at be been before being between both but by
        can could did do does doing during each either ever every first for from had has have having he
        her here his how if in into is it its last least less long longer longest many may might more most
        much must neither no nor not of often on one ones only onto or other same scene scenes second
        shall she short shorter shortest should since some than that the their them then there these they
        third this those time times to until video was were what when where which while who whom whose why
        will with would xor you"""
    )
)


class CaptionRule:
    """Answers each question from sentences about its video, by the words that stand in them.

    A yes/no question is answered yes when all its content words stand in one caption of its video, else no.
    Any other is answered by the answer that stands in a caption word for word: one of its choices or, of an
    open question, one of all answers to questions of its type. Among several, the rule guesses. Where none
    stands there, it guesses among the choices, and leaves an open question unanswered.
    """

    def __init__(self, samples: Iterable[Sample], captions: Mapping[str, Sequence[str]]) -> None:
        """`captions`: the sentences about each video, by its id; `samples`: all questions of the data set."""
        self._captions = {video: [_spaced(text) for text in texts] for video, texts in captions.items()}
        self._answers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for sample in samples:
            self._answers[question_type(sample)].add(sample.answer)
        self._standing: dict[tuple[str, tuple[str, ...]], set[str]] = {}

    def share_right(self, sample: Sample) -> float:
        """How often the rule is right on a sample, 0..1: a fraction where it guesses among several."""
        if sample.answer_kind == "binary":
            return float(sample.answer == ("yes" if self._says_all(sample) else "no"))
        if sample.choices:
            named = self._named(sample.choices, sample.video.id) or set(sample.choices)
        else:
            named = self._named_of_type(sample)
        return 1 / len(named) if sample.answer in named else 0.0

    def _says_all(self, sample: Sample) -> bool:
        words = set(words_of(sample.question)) - _FUNCTION_WORDS
        return any(_holds(caption, words) for caption in self._captions.get(sample.video.id, ()))

    def _named_of_type(self, sample: Sample) -> set[str]:
        key = (sample.video.id, question_type(sample))
        if key not in self._standing:
            self._standing[key] = self._named(self._answers[key[1]], sample.video.id)
        return self._standing[key]

    def _named(self, answers: Iterable[str], video: str) -> set[str]:
        captions = self._captions.get(video, ())
        return {answer for answer in answers if any(_spaced(answer) in caption for caption in captions)}


def _spaced(text: str) -> str:
    """The words of a text between single blanks, so that one is found in another as whole words only."""
    return f" {' '.join(words_of(text))} "


def _holds(caption: str, words: Iterable[str]) -> bool:
    """Whether each word stands there, or its third person (or plural)."""
    return all(any(f" {word}{ending} " in caption for ending in ("", "s", "es")) for word in words)
