"""A rehearsal asks what would be asked, and counts it."""

from __future__ import annotations

import pytest

from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.induce.parsers.video_llm.rehearsal import THINGS, Rehearsal, tokens_of_image
from videostep.models.images import encode_image
from videostep.models.spending import Prices
from videostep.testing.builder import GraphBuilder
from videostep.testing.clips import texture
from videostep.testing.staged import staged_graph, watch_staged

PRICES = Prices(usd_per_million_prompt_tokens=1.0, usd_per_million_completion_tokens=2.0)


@pytest.mark.parametrize(
    "config",
    [
        VideoLlmConfig(),
        VideoLlmConfig(film=True),
        VideoLlmConfig(samples=1, check_presence=False, single_prompt=True),
    ],
)
def test_every_question_gets_an_answer_that_fits(config):
    model = Rehearsal(PRICES)
    parser = VideoLlmParser(model, config)
    graph, frames = watch_staged(parser, staged_graph())
    assert parser.take_unanswered() == ()
    assert all(len(frame.objects) == len(THINGS) for frame in frames)
    assert graph.relations
    assert graph.motions
    for spent in model.spent.values():
        assert spent.requests > 0
        assert spent.usage.prompt_tokens > spent.images
        cost = spent.usage.prompt_tokens * 1e-6 + spent.usage.completion_tokens * 2e-6
        assert spent.usd == pytest.approx(cost)


def test_samples_cost_what_they_say():
    spent = []
    for samples in (1, 5):
        model = Rehearsal(PRICES)
        watch_staged(VideoLlmParser(model, VideoLlmConfig(samples=samples)), staged_graph())
        spent.append(model.spent["objects"])
    assert spent[0].usage.prompt_tokens == spent[1].usage.prompt_tokens
    assert 5 * spent[0].usage.completion_tokens == spent[1].usage.completion_tokens


def test_a_picture_costs_by_its_size():
    sizes = {(280, 280): 100, (281, 280): 110, (28, 28): 1}
    for (width, height), tokens in sizes.items():
        assert tokens_of_image(encode_image(texture(0, width_px=width, height_px=height))) == tokens


@pytest.mark.parametrize("keyframes", [1, 2, 4])
def test_at_most_eight_requests_a_keyframe_carry_pictures_however_short_the_clips_are(keyframes):
    video = GraphBuilder("short shots", duration_s=24.0)
    for number in range(12):
        video.event(video.clip(2.0 * number, 2.0 * number + 2, n_keyframes=keyframes), "a shot is seen", [])
    model = Rehearsal(PRICES)
    watch_staged(VideoLlmParser(model, VideoLlmConfig()), video.build())
    assert all(spent.images >= spent.requests for spent in model.spent.values())
    assert sum(spent.requests for spent in model.spent.values()) <= 8 * 12 * keyframes
