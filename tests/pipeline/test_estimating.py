"""What asking would cost: rehearsed on some videos, reckoned for the rest."""

from __future__ import annotations

import shutil

import pytest

from videostep.models.config import ModelsConfig
from videostep.models.spending import Prices
from videostep.pipeline import estimating
from videostep.pipeline.config import RunConfig
from videostep.pipeline.inputs import InputVideo
from videostep.testing.clips import encode_video, shots

CONFIG = RunConfig(
    model="openai:m@http://nowhere.invalid/v1",
    models=ModelsConfig(prices=Prices(usd_per_million_prompt_tokens=1.0)),
)


@pytest.fixture(scope="module")
def videos(tmp_path_factory):
    """Four of the same size, and one that is none."""
    folder = tmp_path_factory.mktemp("videos")
    first = encode_video(folder / "0.mp4", shots([10, 10], width_px=64, height_px=48), fps=5)
    paths = [first, *(shutil.copy(first, folder / f"{number}.mp4") for number in range(1, 4))]
    return [
        InputVideo(path=str(path), id=str(number), sha256=str(number)) for number, path in enumerate(paths)
    ]


def test_what_is_not_rehearsed_is_reckoned_by_size(videos, monkeypatch):
    every = estimating.estimate_cost(videos, CONFIG)
    monkeypatch.setattr(estimating, "REHEARSED_S", 1.0)
    some = estimating.estimate_cost(videos, CONFIG)
    assert (every.rehearsed, some.rehearsed) == (4, 1)
    assert {stage: spent.usage for stage, spent in some.spent.items()} == {
        stage: spent.usage for stage, spent in every.spent.items()
    }
    assert some.total.usd == pytest.approx(every.total.usd)
    assert every.total.usd == pytest.approx(every.total.usage.prompt_tokens * 1e-6)


def test_a_broken_video_costs_nothing(videos, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    found = estimating.estimate_cost([InputVideo(path=str(broken), id="b", sha256="b"), videos[0]], CONFIG)
    assert found.rehearsed == 1
    assert found.total.requests > 0


def test_without_a_sound_video_nothing_is_estimated(tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    found = estimating.estimate_cost([InputVideo(path=str(broken), id="b", sha256="b")], CONFIG)
    assert (found.rehearsed, found.total.requests) == (0, 0)
