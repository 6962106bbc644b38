"""`--model openai:...`: the whole way from a video over a server to a run folder."""

from __future__ import annotations

import sqlite3
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from videostep.errors import UnavailableError
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.pipeline.config import ExecutionConfig, RunConfig
from videostep.pipeline.config_file import changed_settings, config_toml
from videostep.pipeline.local import in_this_process
from videostep.pipeline.run import RunResult, count_workers, run_videos
from videostep.store.entries import read_errors
from videostep.store.graph_file import read_graph
from videostep.store.run_folder import RunFolder
from videostep.testing.clips import encode_video
from videostep.testing.dials import dial
from videostep.testing.fake_server import FakeConfig, FakeServer
from videostep.testing.fake_wire import Asked
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph

TRUTH = staged_graph()
QUICK = VideoLlmConfig(samples=2)
FPS = 5


@pytest.fixture(scope="module")
def staged(tmp_path_factory) -> Path:
    """A video of the staged graph: every frame tells its time."""
    scenes = [(0, range(12 * FPS)), (1, range(12 * FPS, 20 * FPS))]
    frames = (dial(number / FPS, scene=scene) for scene, numbers in scenes for number in numbers)
    return encode_video(tmp_path_factory.mktemp("staged") / "staged.mp4", frames, fps=FPS)


def run_on(server: FakeServer, video: Path, out: Path, **options) -> RunResult:
    config = RunConfig(model=f"openai:fake@{server.url}", video_llm=QUICK)
    return run_videos([str(video)], out, config, execute=in_this_process, **options)


@pytest.fixture(scope="module")
def finished(staged, tmp_path_factory) -> tuple[Path, int]:
    """A finished run and how many requests it took; do not change it."""
    out = tmp_path_factory.mktemp("finished") / "run"
    with FakeServer(PerfectEye(TRUTH).answer_asked) as server:
        result = run_on(server, staged, out)
        assert result.failed == ()
        return out, server.counts.requests


def graph_in(out: Path):
    (path,) = (out / "graphs").iterdir()
    return read_graph(path)


def test_the_graph_holds_what_the_model_sees(finished):
    graph = graph_in(finished[0])
    assert {node.label for node in graph.objects} == {node.label for node in TRUTH.objects}
    assert {a.value for a in graph.attributes} == {a.value for a in TRUTH.attributes}
    assert [clip.event.description for clip in graph.clips] == [c.event.description for c in TRUTH.clips]
    assert graph.provenance.model.startswith("video-llm/1 openai:fake")
    assert graph.coverage.sampled_every_s
    assert not (finished[0] / "errors").exists() or not list((finished[0] / "errors").iterdir())


def test_questions_are_asked_of_it(finished):
    assert (finished[0] / "samples" / "samples.jsonl").read_text()


def test_what_was_answered_once_is_not_asked_again(finished, staged, tmp_path):
    out, requests = finished
    copy = tmp_path / "run"
    (copy / "cache").mkdir(parents=True)
    (copy / "run.toml").write_bytes((out / "run.toml").read_bytes())
    with sqlite3.connect(out / "cache" / "requests.sqlite") as before:
        before.execute("VACUUM INTO ?", (str(copy / "cache" / "requests.sqlite"),))
    before.close()
    assert requests > 0
    with FakeServer(PerfectEye(TRUTH).answer_asked) as server:
        run_on(server, staged, copy, redo=True)
        assert server.counts.requests == 0
    assert graph_in(copy) == graph_in(out)


def test_what_gets_no_usable_answer_is_an_entry_and_the_run_goes_on(staged, tmp_path):
    def answer(asked: Asked, seed: int) -> str:
        if asked.words.startswith("Task: attributes."):
            return "I would rather talk about the weather."
        return PerfectEye(TRUTH).answer_asked(asked, seed)

    with FakeServer(answer) as server:
        result = run_on(server, staged, tmp_path / "run", only_graphs=True)
    assert result.failed == ()
    (entry,) = read_errors(result.run)
    assert (entry.severity, entry.stage) == ("warning", "parse")
    assert "keyframe c1-k1, attributes: the reply is no JSON" in entry.reason
    assert "--redo" in entry.remedy
    assert graph_in(tmp_path / "run").attributes == ()


def test_a_server_that_is_away_ends_the_run_and_the_same_command_goes_on(staged, tmp_path):
    with FakeServer(PerfectEye(TRUTH).answer_asked, FakeConfig(key="sesame")) as server:
        with pytest.raises(UnavailableError, match="the server says 401"):
            run_on(server, staged, tmp_path / "run", only_graphs=True)
        assert read_errors(RunFolder(tmp_path / "run")) == ()
        server.config = FakeConfig()
        result = run_on(server, staged, tmp_path / "run", only_graphs=True)
    assert result.failed == ()
    assert graph_in(tmp_path / "run").objects


def test_local_weights_are_loaded_once_unless_more_workers_are_asked_for():
    local = RunConfig(model="transformers:weights")
    assert count_workers(local, videos=5) == 1
    assert count_workers(replace(local, execution=ExecutionConfig(workers=2)), videos=5) == 2


def test_settings_of_the_parser_decide_the_graphs_of_a_model_only():
    for model, changes in (("openai:m@http://x", 1), ("embedded", 0)):
        config = RunConfig(model=model)
        saved = tomllib.loads(config_toml(config).decode())
        other = replace(config, video_llm=VideoLlmConfig(samples=3))
        assert len(changed_settings(saved, other)) == changes
