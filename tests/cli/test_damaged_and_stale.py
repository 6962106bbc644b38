"""Runs that are not whole: damaged graphs, and samples that graphs have left behind."""

import json

import pytest

from videostep.cli.exit_codes import ExitCode
from videostep.store.run_folder import RunFolder
from videostep.testing.clips import encode_video, shots

pytestmark = pytest.mark.usefixtures("scripted")


@pytest.fixture
def half(call, run, tmp_path):
    """A run of two videos, the graph of one of which is cut off; that graph's file."""
    other = encode_video(
        tmp_path / "other.mp4", shots([25, 25, 25, 25], width_px=64, height_px=48, seed=7), fps=5
    )
    assert call("run", other, "--out", run, "-q") == ExitCode.OK
    (graph,) = (run / "graphs").glob("other-*.json")
    graph.write_bytes(graph.read_bytes()[:500])
    return graph


@pytest.fixture
def is_stale(call, run, capsys):
    """Whether `show` calls the samples stale, for people and for machines."""

    def ask():
        capsys.readouterr()
        call("show", run)
        said = "  stale: " in capsys.readouterr().out
        call("show", run, "--json")
        assert json.loads(capsys.readouterr().out)["stale"] is said
        return said

    return ask


def videos_of_samples(run):
    lines = RunFolder(run).samples_jsonl.read_text().splitlines()
    return [json.loads(line)["video"]["id"] for line in lines]


def test_a_damaged_graph_costs_its_own_questions_only(call, run, half, capsys):
    assert call("ask", run) == ExitCode.TOO_MANY_FAILED
    printed = capsys.readouterr()
    errors = [line for line in printed.err.splitlines() if line.startswith(("error", "warning"))]
    assert len(errors) == 2
    assert f"{half} is not JSON" in errors[0]
    assert "1 of 2 videos failed" in errors[1]
    assert "1 video, 20.0 s" in printed.out
    entry = json.loads((run / "errors" / f"{half.stem}.ask.json").read_bytes())
    assert entry["stage"] == "ask"
    assert entry["remedy"].startswith("mend it")
    assert set(videos_of_samples(run)) == {path.stem for path in RunFolder(run).graph_files()} - {half.stem}
    assert call("verify", run, "-q") == ExitCode.OK


def test_verify_proves_what_a_damaged_graph_leaves(call, run, half, capsys):
    capsys.readouterr()
    videos = videos_of_samples(run)
    lost = videos.count(half.stem)
    assert 0 < lost < len(videos)
    assert call("verify", run, "--json", "-q") == ExitCode.RUN_FOLDER
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result["right"] == result["checked"] == len(videos) - lost
    assert result["unchecked"] == lost
    (entry,) = result["unread"]
    assert (entry["video"], entry["stage"]) == (half.stem, "verify")
    (line,) = err.splitlines()
    assert f"{half} is not JSON" in line
    assert not (run / "errors").exists()


def test_a_wrong_sample_counts_for_more_than_a_damaged_graph(call, run, half, capsys):
    samples = run / "samples" / "samples.jsonl"
    rows = [json.loads(line) for line in samples.read_text().splitlines()]
    wrong = next(row for row in rows if row["video"]["id"] != half.stem)
    wrong["answer"] = wrong["steps"][-1]["sub_answer"] = "a purple zeppelin"
    samples.write_text("".join(json.dumps(row) + "\n" for row in rows))
    capsys.readouterr()
    assert call("verify", run) == ExitCode.UNVERIFIED
    out, err = capsys.readouterr()
    assert f"failed  {wrong['id']}" in out
    assert f"{half} is not JSON" in err


def test_damaged_graphs_up_to_the_stated_share_are_no_failure(call, run, half, tmp_path):
    settings = tmp_path / "settings.toml"
    settings.write_text("[execution]\nmax_failed_share = 0.5\n")
    assert call("ask", run, "-q", "--config", settings) == ExitCode.OK


def test_samples_of_older_graphs_are_said_to_be_stale(call, run, tmp_path, capsys, is_stale):
    assert not is_stale()
    other = encode_video(tmp_path / "other.mp4", shots([50], width_px=64, height_px=48, seed=7), fps=5)
    assert call("graph", other, "--out", run) == ExitCode.OK
    assert "  stale: graphs or settings have changed since" in capsys.readouterr().out
    assert is_stale()
    assert call("report", run) == ExitCode.OK
    assert f"warning: the samples in {run} are not of its graphs" in capsys.readouterr().err
    assert call("ask", run) == ExitCode.OK
    assert "  stale: " not in capsys.readouterr().out
    assert not is_stale()


def test_samples_by_other_settings_are_stale(call, run, clip, tmp_path, is_stale):
    settings = tmp_path / "settings.toml"
    settings.write_text("[ask]\nsamples_per_video = 3\n")
    assert call("graph", clip, "--out", run, "--config", settings) == ExitCode.OK
    assert is_stale()


def test_a_run_of_another_version_is_shown_all_the_same(run, is_stale):
    with (run / "run.toml").open("a") as file:
        file.write("[magic]\nwand = 1\n")
    assert not is_stale()


def test_verify_says_when_samples_fail_because_graphs_have_changed(call, run, capsys):
    (graph,) = RunFolder(run).graph_files()
    graph.write_text(graph.read_text().replace('"bus"', '"tram"'))
    assert call("verify", run) == ExitCode.UNVERIFIED
    assert f"warning: the samples in {run} are not of its graphs" in capsys.readouterr().err
    assert call("ask", run) == ExitCode.OK
    assert call("verify", run) == ExitCode.OK
    assert "warning" not in capsys.readouterr().err


def test_damaged_settings_of_a_run_are_named_with_a_remedy(call, run, clip, capsys):
    (run / "run.toml").write_text("= 1")
    assert call("run", clip, "--out", run) == ExitCode.RUN_FOLDER
    assert "run.toml is not TOML" in (line := capsys.readouterr().err)
    assert line.endswith("; mend it, or make the whole run anew with --redo\n")
    assert call("run", clip, "--out", run, "--redo", "-q") == ExitCode.OK


def test_samples_without_those_of_a_damaged_graph_are_not_stale(call, run, half, capsys, is_stale):
    assert is_stale()
    call("ask", run)
    assert not is_stale()
    call("ask", run)
    assert f"{half} is not JSON" in capsys.readouterr().err


def test_samples_that_were_broken_off_are_stale(run, is_stale):
    ledger = run / "ledger.jsonl"
    lines = ledger.read_text().splitlines(keepends=True)
    ledger.write_text("".join(line for line in lines if '"stage":"ask"' not in line))
    assert is_stale()


def test_a_mended_graph_loses_its_entry(call, run, half):
    call("ask", run, "-q")
    assert (run / "errors").exists()
    (sound,) = (path for path in RunFolder(run).graph_files() if path != half)
    half.write_bytes(sound.read_bytes().replace(sound.stem.encode(), half.stem.encode()))
    assert call("ask", run, "-q") == ExitCode.OK
    assert not (run / "errors").exists()


@pytest.mark.parametrize("command", [["show"], ["show", "--json"], ["report"]])
def test_reading_commands_warn_of_a_damaged_graph_each_time(call, run, half, capsys, command):
    capsys.readouterr()
    for _ in range(2):
        assert call(*command, run) == ExitCode.OK
        warnings = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warning: ")]
        assert sum(f"{half} is not JSON" in line for line in warnings) == 1
    assert not (run / "errors").exists()


def test_a_copy_of_a_graph_is_not_asked_beside_it(call, run, capsys):
    """Two files of one video would give two samples of each question."""
    (graph,) = RunFolder(run).graph_files()
    graph.with_name("copy.json").write_bytes(graph.read_bytes())
    samples = videos_of_samples(run)
    assert call("ask", run) == ExitCode.TOO_MANY_FAILED
    assert f"is the graph of the video '{graph.stem}', not of 'copy'; name" in capsys.readouterr().err
    assert videos_of_samples(run) == samples


@pytest.mark.parametrize("file", ["graphs/*.json", "samples/samples.jsonl"])
def test_what_nests_without_end_is_damaged(call, run, capsys, file):
    (path,) = run.glob(file)
    path.write_text("[" * 100_000)
    assert call("verify", run) == ExitCode.RUN_FOLDER
    assert "nests without end" in capsys.readouterr().err


def test_a_run_without_graphs_cannot_be_asked(call, run, capsys):
    samples = (run / "samples" / "samples.jsonl").read_bytes()
    for path in (run / "graphs").iterdir():
        path.unlink()
    assert call("ask", run) == ExitCode.NOTHING_USABLE
    assert f"error: {run} holds no graph to ask about; make graphs" in capsys.readouterr().err
    assert (run / "samples" / "samples.jsonl").read_bytes() == samples
