"""How right the graphs of one run are, measured by those of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from videostep.errors import FormatError, InputError
from videostep.evaluate.config import ScoreConfig
from videostep.evaluate.graph_score import Score, score_graph
from videostep.evaluate.matching import MATCHERS, Method
from videostep.evaluate.pairing import By, GraphFile, VideoPair, list_graphs, pair_graphs
from videostep.evaluate.tally import Plain
from videostep.graph import VideoGraph
from videostep.store.graph_file import read_graph
from videostep.store.run_folder import RunFolder
from videostep.video import Video

THRESHOLDS: Final = tuple(tenth / 10 for tenth in range(11))
"""Confidences at which the curve is measured."""

Hear = Callable[[FormatError], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoScore:
    """One video's part of the score."""

    predicted: str
    """Video id in the scored run."""
    true: str
    """Video id in the run that is taken for the truth."""
    by: By
    """What says that the two are one video."""
    same_clips: bool
    """Whether both graphs are cut at the same times."""
    scores: dict[Method, Score]

    def plain(self) -> Plain:
        """For result files: the totals by best matching."""
        named = {"predicted": self.predicted, "true": self.true, "paired_by": self.by}
        return {**named, "same_clips": self.same_clips, **self.scores["hungarian"].plain_totals()}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScore:
    """All videos together."""

    config: ScoreConfig
    scores: dict[Method, Score]
    """Micro totals: every element counts the same, whatever video it is in."""
    curve: tuple[Score, ...]
    """By best matching, with only what is at least as sure as each of `THRESHOLDS`."""
    videos: tuple[VideoScore, ...]
    only_predicted: tuple[Video, ...]
    """Videos without a partner; they count for nothing."""
    only_true: tuple[Video, ...]
    damaged: tuple[str, ...]
    """Why a graph could not be read; its video counts for nothing."""

    @property
    def paired_by(self) -> dict[By, int]:
        """How many videos were paired by what."""
        return dict(Counter(video.by for video in self.videos))

    def plain(self) -> Plain:
        """For result files (docs/score.md)."""
        config = self.config
        return {
            "unit": config.unit,
            "min_time_iou": config.min_time_iou,
            "min_box_iou": config.min_box_iou,
            "scored": len(self.videos),
            "paired_by": self.paired_by,
            "only_predicted": [video.id for video in self.only_predicted],
            "only_true": [video.id for video in self.only_true],
            "damaged": list(self.damaged),
            **{
                method: {**score.plain_totals(), "words": score.plain_words()}
                for method, score in self.scores.items()
            },
            "curve": [
                {"min_confidence": threshold, **score.plain_totals()}
                for threshold, score in zip(THRESHOLDS, self.curve, strict=True)
            ],
            "videos": [video.plain() for video in self.videos],
        }


def score_runs(
    predicted: RunFolder, true: RunFolder, config: ScoreConfig | None = None, hear: Hear | None = None
) -> RunScore:
    """Score every graph of a run for which the other run has one; one pair is in memory at a time.

    Args:
        predicted: The run that is scored.
        true: The run that is taken for the truth.
        config: What counts as right.
        hear: Is told of every graph file that cannot be read.

    Raises:
        InputError: A run has no graph, or no graph can be scored.
        RunFolderError: One of the two is no run folder.
    """
    config, damaged = config or ScoreConfig(), list[str]()

    def note(error: FormatError) -> None:
        damaged.append(str(error))
        if hear is not None:
            hear(error)

    pairing = pair_graphs(_graphs_of(predicted, note), _graphs_of(true, note))
    scores, curve, videos = {method: Score() for method in MATCHERS}, [Score() for _ in THRESHOLDS], []
    for pair in pairing.pairs:
        graphs = _read_pair(pair, note)
        if graphs is not None:
            videos.append(_score_video(pair, *graphs, config))
            curve = [sum_ + more for sum_, more in zip(curve, _curve(*graphs, config), strict=True)]
            scores = {method: scores[method] + videos[-1].scores[method] for method in scores}
    if not videos:
        raise InputError(
            f"no video has a sound graph in both {predicted.root} and {true.root}",
            remedy="videos are the same by id, sha256, or file name",
        )
    return RunScore(
        config=config,
        scores=scores,
        curve=tuple(curve),
        videos=tuple(videos),
        only_predicted=pairing.only_predicted,
        only_true=pairing.only_true,
        damaged=tuple(damaged),
    )


def _graphs_of(run: RunFolder, hear: Hear) -> tuple[GraphFile, ...]:
    run.check_exists()
    paths = run.graph_files()
    if not paths:
        raise InputError(f"{run.root} holds no graph", remedy="make graphs with videostep graph")
    return tuple(list_graphs(paths, hear))


def _read_pair(pair: VideoPair, hear: Hear) -> tuple[VideoGraph, VideoGraph] | None:
    try:
        return read_graph(pair.predicted.path), read_graph(pair.true.path)
    except FormatError as error:
        hear(error)
        return None


def _score_video(pair: VideoPair, predicted: VideoGraph, true: VideoGraph, config: ScoreConfig) -> VideoScore:
    return VideoScore(
        predicted=predicted.video.id,
        true=true.video.id,
        by=pair.by,
        same_clips=[clip.span_s for clip in predicted.clips] == [clip.span_s for clip in true.clips],
        scores=score_graph(predicted, true, config),
    )


def _curve(predicted: VideoGraph, true: VideoGraph, config: ScoreConfig) -> list[Score]:
    """One score for each of `THRESHOLDS`."""
    scored = (
        score_graph(predicted, true, config, min_confidence=threshold, methods=["hungarian"])
        for threshold in THRESHOLDS
    )
    return [scores["hungarian"] for scores in scored]
