"""`videostep selftrain` with a tiny model: killed in the middle of a training, and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from videostep.cli.exit_codes import ExitCode

torch = pytest.importorskip("torch", reason="needs videostep[train]")
torch.set_num_threads(1)
tiny = pytest.importorskip("videostep.testing.tiny_models")
pytestmark = pytest.mark.filterwarnings("default")  # torch and transformers deprecate things of each other

SCRIPT = Path(__file__).with_name("loop_in_the_street.py")
GIVE_UP_S = 240.0
TRAIN = """\
epochs = 6
batch = 8
save_every = 1
max_frames = 4
max_pixels = 3136
learning_rate = 0.02
[held_out]
share = 0.5
"""
RUN = "[ask]\nsamples_per_video = 8\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny.save_tiny("qwen2_5_vl", tmp_path_factory.mktemp("weights") / "tiny-qwen")


@pytest.fixture(scope="module")
def two_clips(clip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    for name in ("a", "b"):
        # Other bytes behind the same video make another video of it.
        (folder / f"{name}.mp4").write_bytes(clip.read_bytes() + name.encode())
    return folder


def arguments(two_clips, model, out, settings):
    (settings / "train.toml").write_text(TRAIN)
    (settings / "run.toml").write_text(RUN)
    given = ["selftrain", two_clips, "--model", model, "--out", out, "--rounds", "1"]
    given += ["--config", settings / "train.toml", "--run-config", settings / "run.toml"]
    return list(map(str, given))


def read(out):
    names = ("rounds.json", "round-1/ckpt/losses.jsonl", "round-1/ckpt/training.json")
    weights = (out / "round-1/ckpt/adapter_model.safetensors").read_bytes()
    return {name: (out / name).read_text().replace(str(out), "OUT") for name in names}, weights


def test_a_loop_killed_in_the_middle_of_a_training_ends_like_one_that_is_not(
    call, scripted, two_clips, model, tmp_path, capsys, monkeypatch
):
    killed, unbroken = tmp_path / "killed", tmp_path / "unbroken"
    command = [sys.executable, str(SCRIPT), *arguments(two_clips, model, killed, tmp_path)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([*command, "-q"], env=environment, start_new_session=True)
    checkpoints = killed / "round-1" / "ckpt" / "checkpoints"
    wait_until(lambda: any(checkpoints.glob("checkpoint-*/whole")), process)
    # Only the loop is killed, not the training: that must see for itself that it is alone.
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    lock = killed / "round-1" / "ckpt" / ".lock"
    assert not (killed / "round-1" / "round.json").exists()
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=GIVE_UP_S, check=False
    )
    assert done.returncode == ExitCode.OK, done.stderr[-3000:]
    assert not lock.exists()
    assert "| loss of answers |" in done.stdout

    from videostep.cli import looping
    from videostep.pipeline.training import train_run

    # The other one trains in this process, and comes to the same.
    monkeypatch.setattr(looping, "train_in_child", lambda job, **_: train_run(job))
    assert call(*arguments(two_clips, model, unbroken, tmp_path), "-q") == ExitCode.OK
    assert read(killed) == read(unbroken)
    capsys.readouterr()


def wait_until(happened, process):
    began_s = time.monotonic()
    while not happened():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() - began_s < GIVE_UP_S
        time.sleep(0.01)


def test_a_model_that_is_none_is_refused_before_anything_is_parsed(call, two_clips, tmp_path, capsys):
    given = ("selftrain", two_clips, "--model", "./nowhere", "--out", tmp_path / "loop")
    assert call(*given) == ExitCode.MODEL
    assert "./nowhere" in capsys.readouterr().err
    assert not (tmp_path / "loop").exists()


def test_a_training_that_fails_ends_the_loop(call, scripted, two_clips, model, tmp_path, capsys):
    given = ("--model", model, "--out", tmp_path / "loop", "--launcher", "false", "-q")
    assert call("selftrain", two_clips, *given) == ExitCode.TRAINING
    assert "ended with exit code 1" in capsys.readouterr().err
    assert not (tmp_path / "loop" / "round-1" / "round.json").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--rounds", "0"), "rounds is 0"),
        (("--replay", "1"), "replay is 1.0"),
        (("--report-to", "tensorbord"), "did you mean 'tensorboard'?"),
        (("--benchmark", "star"), "--data DIR"),
        (("--launcher", "no-such-launcher"), "no-such-launcher cannot be started"),
        (("--loop-config", "nowhere.toml"), "nowhere.toml cannot be read"),
    ],
)
def test_wrong_options_say_what_is_meant(call, scripted, two_clips, model, tmp_path, capsys, more, words):
    out = tmp_path / "loop"
    assert call("selftrain", two_clips, "--model", model, "--out", out, *more) == ExitCode.USAGE
    assert words in capsys.readouterr().err


def test_guards_can_be_set(call, scripted, two_clips, model, tmp_path, capsys):
    (tmp_path / "loop.toml").write_text("[guards]\nleast_label = 0.1\n")
    given = ("--model", model, "--out", tmp_path / "loop", "--loop-config", tmp_path / "loop.toml")
    assert call("selftrain", two_clips, *given) == ExitCode.USAGE
    assert "did you mean 'guards.least_labels'?" in capsys.readouterr().err


def test_the_table_is_also_for_machines(call, scripted, two_clips, model, tmp_path, capsys, monkeypatch):
    from videostep.cli import looping
    from videostep.pipeline.training_job import TrainingResult

    counts = dict.fromkeys(
        ("samples", "videos", "held_out_samples", "held_out_videos", "left_out", "steps"), 1
    )
    result = TrainingResult(
        **counts, model="m", unreadable=(), counts={}, stopped_early=False, sharing="tree", saved=0.5
    )
    monkeypatch.setattr(looping, "train_in_child", lambda job, **_: result)
    given = ("selftrain", two_clips, "--model", model, "--out", tmp_path / "loop", "--rounds", "2", "--json")
    assert call(*given) == ExitCode.OK
    printed = json.loads(capsys.readouterr().out)
    assert [each["number"] for each in printed["rounds"]] == [1, 2]
    assert printed["model"].endswith("round-2/ckpt")


def test_a_dry_run_says_what_the_next_round_would_cost_and_writes_nothing(
    call, two_clips, model, tmp_path, capsys
):
    out = tmp_path / "loop"
    assert call("selftrain", two_clips, "--model", model, "--out", out, "--dry-run") == ExitCode.OK
    said = capsys.readouterr().out
    assert "rounds         0 done, 3 to go" in said
    assert f"next parser    transformers:{model}" in said
    assert said.count("would watch    ") == 2
    assert "together" in said
    assert not out.exists()
