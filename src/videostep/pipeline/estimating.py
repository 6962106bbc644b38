"""What a Video-LLM would be asked about videos, and what that would cost, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from videostep.errors import MediaError
from videostep.induce.parsers import open_grounding, open_video_llm
from videostep.induce.parsers.video_llm.rehearsal import THINGS, Rehearsal
from videostep.induce.video import induce_video
from videostep.models.protocol import Usage
from videostep.models.spending import Spent
from videostep.pipeline.config import RunConfig
from videostep.pipeline.inputs import InputVideo

REHEARSED_S = 120.0
"""Of so much video in all, one video at least, the keyframes are found and counted; the rest is reckoned
by the size of its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostEstimate:
    """What asking would come to, about."""

    spent: dict[str, Spent]
    """By stage."""
    rehearsed: int
    """Videos whose keyframes were counted."""
    videos: int
    """That the figures are of."""
    things: int = len(THINGS)
    """Taken to be in every picture."""

    @property
    def total(self) -> Spent:
        """Of all stages."""
        return sum(self.spent.values(), start=Spent())


def estimate_cost(videos: Sequence[InputVideo], config: RunConfig) -> CostEstimate:
    """Rehearse the first of the videos with a model that answers as usual, and reckon for the others.

    What lies in the request cache already is not taken off.
    """
    model = Rehearsal(config.models.prices)
    grounding = open_grounding(config.video_llm, config.grounding, seed=config.seed)
    parser = open_video_llm(model, config.video_llm, seed=config.seed, grounding=grounding)
    watched_s, rehearsed, rehearsed_bytes = 0.0, 0, 0
    for video in videos:
        if watched_s >= REHEARSED_S:
            break
        try:
            graph = induce_video(video.path, parser, config.induce, seed=config.seed).graph
        except MediaError:
            continue  # It will be an entry in errors/ and cost nothing.
        watched_s, rehearsed = watched_s + graph.video.duration_s, rehearsed + 1
        rehearsed_bytes += _size_bytes(video)
    factor = (
        sum(map(_size_bytes, videos)) / rehearsed_bytes
        if rehearsed < len(videos) and rehearsed_bytes
        else 1.0
    )
    return CostEstimate(spent=_scaled(model.spent, factor), rehearsed=rehearsed, videos=len(videos))


def _size_bytes(video: InputVideo) -> int:
    return Path(video.path).stat().st_size


def _scaled(spent: Mapping[str, Spent], factor: float) -> dict[str, Spent]:
    return {stage: _times(of_stage, factor) for stage, of_stage in spent.items()}


def _times(spent: Spent, factor: float) -> Spent:
    usage = Usage(
        prompt_tokens=round(spent.usage.prompt_tokens * factor),
        completion_tokens=round(spent.usage.completion_tokens * factor),
    )
    return replace(
        spent,
        requests=round(spent.requests * factor),
        images=round(spent.images * factor),
        usage=usage,
        usd=spent.usd * factor,
    )
