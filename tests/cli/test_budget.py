"""What a Video-LLM may cost: budgets, prices, the ledger in the summary."""

from __future__ import annotations

import json
import re

import pytest

from videostep.cli.exit_codes import ExitCode
from videostep.pipeline.local import in_this_process
from videostep.testing.clips import encode_video
from videostep.testing.dials import dial
from videostep.testing.fake_server import FakeServer
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph

FPS = 5


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """A video of the staged graph: every frame tells its time."""
    scenes = [(0, range(12 * FPS)), (1, range(12 * FPS, 20 * FPS))]
    frames = (dial(number / FPS, scene=scene) for scene, numbers in scenes for number in numbers)
    return encode_video(tmp_path_factory.mktemp("staged") / "staged.mp4", frames, fps=FPS)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr("videostep.pipeline.run.in_processes", lambda workers: in_this_process)
    with FakeServer(PerfectEye(staged_graph()).answer_asked) as server:
        yield server


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("[video_llm]\nsamples = 2\n")
    return path


def test_a_budget_stops_the_run_and_a_larger_one_goes_on(call, server, staged, settings, tmp_path, capsys):
    command = ["graph", staged, "--model", f"openai:fake@{server.url}", "--config", settings]
    whole = tmp_path / "whole"
    assert call(*command, "--out", whole, "-q") == ExitCode.OK
    needed = server.counts.requests
    out = tmp_path / "stopped"
    assert call(*command, "--out", out, "--budget-requests", 7) == ExitCode.BUDGET
    assert server.counts.requests == needed + 7
    printed = capsys.readouterr()
    assert "the budget of 7 requests is spent; raise it and run the same command again" in printed.err
    assert re.search(r"together +7 ", printed.out)
    assert not list(out.glob("graphs/*"))
    assert not list(out.glob("errors/*"))
    assert call(*command, "--out", out, "--budget-requests", 1000, "-q") == ExitCode.OK
    assert server.counts.requests == 2 * needed
    (made,), (expected,) = list(out.glob("graphs/*")), list(whole.glob("graphs/*"))
    assert made.read_bytes() == expected.read_bytes()


def test_the_summary_tells_what_each_stage_cost(call, server, staged, settings, tmp_path, capsys):
    command = ["graph", staged, "--model", f"openai:fake@{server.url}", "--config", settings]
    assert call(*command, "--out", tmp_path / "run", "--prices", "1/10", "--json") == ExitCode.OK
    spent = json.loads(capsys.readouterr().out)["spent"]
    assert sum(stage["requests"] for stage in spent.values()) == server.counts.requests
    assert sum(stage["images"] for stage in spent.values()) == server.counts.images
    tokens_in = sum(stage["usage"]["prompt_tokens"] for stage in spent.values())
    tokens_out = sum(stage["usage"]["completion_tokens"] for stage in spent.values())
    assert tokens_in == server.counts.prompt_tokens
    assert sum(stage["usd"] for stage in spent.values()) == pytest.approx(tokens_in / 1e6 + tokens_out / 1e5)
    assert {"objects", "presence", "event"} <= spent.keys()


def test_a_budget_in_dollars_stops(call, server, staged, tmp_path, capsys):
    command = ["graph", staged, "--model", f"openai:fake@{server.url}", "--out", tmp_path / "run"]
    assert call(*command, "--budget-usd", "0.001", "--prices", "1000/1000") == ExitCode.BUDGET
    assert "the budget of 0.001 usd is spent" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--budget-usd", "1"], "a budget in dollars needs prices"),
        (["--budget-requests", "-1"], "budget.requests is -1"),
        (["--prices", "cheap"], "--prices 'cheap' are no prices"),
        (["--prices", "1/nan"], "--prices '1/nan' are no prices"),
        (["--prices", "1/-2"], "a price is negative"),
    ],
)
def test_senseless_money_is_refused_before_anything_is_made(
    call, server, staged, tmp_path, capsys, flags, said
):
    out = tmp_path / "run"
    assert call("graph", staged, "--model", "openai:m@http://x", "--out", out, *flags) == ExitCode.USAGE
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_settings_of_a_stranger_do_not_run_his_code(call, staged, tmp_path, capsys):
    settings = tmp_path / "settings.toml"
    settings.write_text("[models.transformers]\ntrust_remote_code = true\n")
    command = ["graph", staged, "--model", "transformers:weights", "--config", settings]
    assert call(*command, "--out", tmp_path / "run") == ExitCode.USAGE
    assert "give --trust-remote-code if you trust who wrote it" in capsys.readouterr().err


def test_the_same_model_on_another_server_goes_on_with_the_run(
    call, server, staged, settings, tmp_path, capsys
):
    command = ["graph", staged, "--config", settings, "--out", tmp_path / "run"]
    assert call(*command, "--model", f"openai:fake@{server.url}", "-q") == ExitCode.OK
    asked = server.counts.requests
    with FakeServer(PerfectEye(staged_graph()).answer_asked) as other:
        assert call(*command, "--model", f"openai:fake@{other.url}", "-q") == ExitCode.OK
        assert other.counts.requests == 0
        assert call(*command, "--model", f"openai:another@{other.url}", "-q") == ExitCode.RUN_FOLDER
    assert server.counts.requests == asked
    assert "openai:fake" in capsys.readouterr().err


def test_a_dry_run_says_what_it_would_cost_and_sends_nothing(
    call, server, staged, settings, tmp_path, capsys
):
    command = ["graph", staged, "--model", f"openai:fake@{server.url}", "--config", settings]
    priced = [*command, "--out", tmp_path / "run", "--prices", "1/10"]
    assert call(*priced, "--dry-run", "--json") == ExitCode.OK
    estimate = json.loads(capsys.readouterr().out)["estimate"]
    assert server.counts.requests == 0
    assert not (tmp_path / "run").exists()
    assert call(*priced, "--dry-run", "--budget-requests", 3) == ExitCode.OK
    assert "more than may be spent: the budget of 3 requests is spent" in capsys.readouterr().out
    assert call(*priced, "--json") == ExitCode.OK
    spent = json.loads(capsys.readouterr().out)["spent"]
    for stage in ("narrative", "objects", "attributes", "presence", "event"):
        assert estimate["spent"][stage]["requests"] == spent[stage]["requests"]
        assert estimate["spent"][stage]["images"] == spent[stage]["images"]
        usage = estimate["spent"][stage]["usage"]
        cost = usage["prompt_tokens"] * 1e-6 + usage["completion_tokens"] * 1e-5
        assert estimate["spent"][stage]["usd"] == pytest.approx(cost)
