"""The score of a run's graphs as tables for the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from videostep.cli.printing import print_lines, printable
from videostep.evaluate.graph_score import ELEMENTS, Score
from videostep.evaluate.run_score import RunScore
from videostep.evaluate.scene import KINDS, Kind
from videostep.evaluate.tally import Tally, share
from videostep.pipeline.progress import one_or_many
from videostep.video import Video

_SHOWN_WORDS: Final = 8
"""Of each kind, the most frequent."""
_SHOWN_VIDEOS: Final = 5
_WORD_KINDS: Final[tuple[Kind, ...]] = ("objects", "attributes", "relations", "motions")


def print_score(score: RunScore) -> None:
    """Print which videos were scored, the totals, and the most frequent words."""
    best, greedy = score.scores["hungarian"], score.scores["greedy"]
    print_lines(_videos(score))
    _print_table(_totals(best, greedy))
    print_lines([""])
    _print_table(_words(best))
    print_lines(["", *_headline(best, greedy)])


def _videos(score: RunScore) -> Iterator[str]:
    ways = ", ".join(f"{count} by {by}" for by, count in score.paired_by.items())
    yield f"{len(score.videos)} {one_or_many('videos', len(score.videos))} scored, paired {ways}"
    yield from _unpaired("without truth", score.only_predicted)
    yield from _unpaired("not predicted", score.only_true)
    if score.damaged:
        yield f"{len(score.damaged)} damaged {one_or_many('graphs', len(score.damaged))}, not scored"
    otherwise_cut = sum(not video.same_clips for video in score.videos)
    if otherwise_cut and score.config.unit == "object":
        videos = f"{otherwise_cut} {one_or_many('videos', otherwise_cut)}"
        yield f"{videos} with clips cut elsewhere than in the truth: --unit thing scores across cuts"


def _unpaired(what: str, videos: Sequence[Video]) -> Iterator[str]:
    if videos:
        more = f" and {len(videos) - _SHOWN_VIDEOS} more" if len(videos) > _SHOWN_VIDEOS else ""
        names = ", ".join(video.id for video in videos[:_SHOWN_VIDEOS])
        yield f"{len(videos)} {what}, not scored: {names}{more}"


def _totals(best: Score, greedy: Score) -> Table:
    table = _table(
        "", "found", "predicted", "true", "precision", "recall", "F1", "greedy F1", "time IoU", "box IoU"
    )
    for kind in KINDS:
        tally = best.total(kind)
        table.add_row(
            kind,
            *_counts(tally),
            _number(greedy.total(kind).f1),
            _number(share(tally.time_iou, tally.agreeing)),
            _number(share(tally.box_iou, tally.placed)),
        )
    return table


def _words(best: Score) -> Table:
    table = _table("", "", "found", "predicted", "true", "precision", "recall", "F1")
    for kind in _WORD_KINDS:
        words = best.words.get(kind, {})
        most = sorted(words, key=lambda word: (-words[word].true - words[word].predicted, word))
        for number, word in enumerate(most[:_SHOWN_WORDS]):
            table.add_row("" if number else kind, printable(word), *_counts(words[word]))
        if len(most) > _SHOWN_WORDS:
            table.add_row("", f"and {len(most) - _SHOWN_WORDS} more")
    return table


def _headline(best: Score, greedy: Score) -> Iterator[str]:
    elements = best.total(*ELEMENTS)
    right = f"{elements.found} of {elements.predicted} predicted elements are right"
    yield f"STSG accuracy  {_number(best.stsg_accuracy)}  (greedy {_number(greedy.stsg_accuracy)}): {right}"
    yield f"STSG F1        {_number(elements.f1)}  (greedy {_number(greedy.total(*ELEMENTS).f1)})"
    yield f"IDF1           {_number(best.identity.idf1)}  (greedy {_number(greedy.identity.idf1)})"


def _counts(tally: Tally) -> tuple[str, ...]:
    numbers = (tally.found, tally.predicted, tally.true)
    return (*map(str, numbers), *map(_number, (tally.precision, tally.recall, tally.f1)))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(*columns: str) -> Table:
    # One space between columns: the widest table fits into 80.
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column, justify="right" if column else "left", no_wrap=not column)
    return table


def _print_table(table: Table) -> None:
    console = Console(highlight=False, markup=False)
    with console.capture() as captured:
        console.print(table)
    sys.stdout.write(captured.get())
    sys.stdout.flush()
