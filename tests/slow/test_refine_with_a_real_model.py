"""Refinement of a hundred samples by a weak model: bad words are caught, what is taken is proven."""

from __future__ import annotations

from pathlib import Path

import pytest

from videostep.models.config import ModelsConfig
from videostep.models.openai.config import OpenAIConfig
from videostep.pipeline import stages, watch
from videostep.pipeline.config import RunConfig
from videostep.pipeline.local import in_this_process
from videostep.pipeline.progress import Silent
from videostep.pipeline.refining import refine_again
from videostep.pipeline.run import run_videos
from videostep.pipeline.verifying import verify_run
from videostep.reason.ask import AskConfig
from videostep.reason.refinement.protocol import close_rewriter
from videostep.reason.refinement.rewriters import open_rewriter
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples
from videostep.store.spending import read_spending
from videostep.testing.clips import encode_video, shots
from videostep.testing.graphs import street_graph
from videostep.testing.parser import ScriptedParser

pytestmark = pytest.mark.slow
CONFIG = RunConfig(ask=AskConfig(samples_per_video=40, samples_per_thing=20.0))
PATIENT = ModelsConfig(openai=OpenAIConfig(max_concurrency=2, timeout_s=600.0))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunFolder:
    """Four videos of a street, a hundred samples or more."""
    for module in (stages, watch):
        monkeypatch.setattr(module, "open_parser", lambda *args, **settings: ScriptedParser(street_graph()))
    videos = [
        encode_video(tmp_path / f"{seed}.mp4", shots([25] * 4, width_px=64, height_px=48, seed=seed), fps=5)
        for seed in (1, 2, 3, 4)
    ]
    run_videos(list(map(str, videos)), tmp_path / "run", CONFIG, execute=in_this_process)
    return RunFolder(tmp_path / "run")


def test_a_weak_models_words_are_judged(
    smollm: str, run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = list(read_samples(run.samples_jsonl))
    assert len(samples) >= 100
    rewriter = open_rewriter(smollm, models=PATIENT, cache=run.requests)
    refinement = refine_again(run.root, CONFIG, rewriter)
    close_rewriter(rewriter)
    refined = list(read_samples(run.samples_jsonl))
    with capsys.disabled():
        print(f"\n{refinement.refined_by}: {refinement.parts}; refused: {refinement.refused}")
        for sample in refined:
            if sample.refined_by:
                print(f"{sample.template}\n -> {sample.question} | {sample.rationale}")
    parts = refinement.parts.values()
    assert sum(part.accepted + part.unchanged + part.refused for part in parts) == 2 * len(samples)
    assert sum(refinement.refused.values()) == sum(part.refused for part in parts) > len(samples)
    assert len(refined) == len(samples)
    verification = verify_run(run, Silent())
    assert not verification.failed
    assert [sample.answer for sample in refined] == [sample.answer for sample in samples]
    assert read_spending(run.requests)["refine"].requests > len(samples)
