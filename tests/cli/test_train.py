"""`videostep train`, as a user gives it: a run of a small clip, and a tiny model with random weights."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from videostep.cli.exit_codes import ExitCode

torch = pytest.importorskip("torch", reason="needs videostep[train]")
torch.set_num_threads(1)
tiny = pytest.importorskip("videostep.testing.tiny_models")
pytestmark = pytest.mark.filterwarnings("default")  # torch and transformers deprecate things of each other

SMALL = ("--max-frames", "4", "--max-pixels", "3136")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny.save_tiny("qwen2_5_vl", tmp_path_factory.mktemp("weights") / "tiny-qwen")


@pytest.fixture(scope="module")
def finished(call, scripted, clip, tmp_path_factory):
    """A run of one clip, and a copy of the clip with another ending, so that there are two videos."""
    folder = tmp_path_factory.mktemp("runs")
    twin = folder / "twin.mp4"
    twin.write_bytes(clip.read_bytes() + b"\0" * 16)
    assert call("run", clip, twin, "--out", folder / "run", "-q") == ExitCode.OK
    keep_some(folder / "run" / "samples" / "samples.jsonl")
    return folder / "run"


def keep_some(file):
    """Six samples of each video, of every number of steps: a training in seconds."""
    lines = file.read_text().splitlines(keepends=True)
    chosen = []
    for name in ("street", "twin"):
        for kind in ((1,), (2,), (3, 4, 5, 6)):
            rows = [line for line in lines if json.loads(line)["n_steps"] in kind]
            chosen += [line for line in rows if json.loads(line)["video"]["id"].startswith(name)][:2]
    file.write_text("".join(chosen))


def train(call, run, model, out, *more):
    return call("train", run, "--model", model, "--out", out, *SMALL, *more)


@pytest.fixture(scope="module")
def trained(call, finished, model, tmp_path_factory):
    out = tmp_path_factory.mktemp("trained") / "ckpt"
    code = train(call, finished, model, out, "--epochs", "2", "--learning-rate", "0.02", "--merge", "-q")
    assert code == ExitCode.OK
    return out


def test_a_dry_run_tells_steps_tokens_and_memory_and_writes_nothing(call, finished, model, tmp_path, capsys):
    assert train(call, finished, model, tmp_path / "ckpt", "--dry-run", "--json") == ExitCode.OK
    plan = json.loads(capsys.readouterr().out)
    assert plan["videos"] == plan["held_out_videos"] == 1
    assert plan["samples"] + plan["held_out_samples"] == plan["counts"]["run"]["samples"] == 12
    assert plan["steps"] == -(-plan["samples"] // 16)
    assert plan["tokens"] < 0.8 * plan["row_tokens"]
    assert 0 < plan["trainable"] < plan["parameters"]
    assert plan["memory_gib"] > 0
    assert not (tmp_path / "ckpt").exists()


def test_a_dry_run_refuses_what_the_training_would(call, finished, model, trained, tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    for folder, words in (
        (tmp_path, "holds no training"),
        (trained, "holds another training: epochs 2 -> 1"),
    ):
        assert train(call, finished, model, folder, "--dry-run") == ExitCode.RUN_FOLDER
        assert words in capsys.readouterr().err
    assert train(call, finished, model, tmp_path, "--dry-run", "--redo") == ExitCode.RUN_FOLDER
    assert train(call, finished, model, trained, "--dry-run", "--redo") == ExitCode.OK
    assert (trained / "training.json").exists()


def test_a_dry_run_tells_from_where_a_training_would_go_on(call, finished, model, tmp_path, capsys):
    def interrupted(*_):
        # Not by a signal: who runs tests in the background of a shell has SIGINT ignored.
        raise KeyboardInterrupt

    out = tmp_path / "ckpt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("videostep.pipeline.training.close_training", interrupted)
        assert train(call, finished, model, out, "-q") == ExitCode.INTERRUPTED
    capsys.readouterr()
    assert train(call, finished, model, out, "--dry-run") == ExitCode.OK
    assert "would go on    after step 1, from the last checkpoint" in capsys.readouterr().out
    assert train(call, finished, model, out, "--dry-run", "--redo") == ExitCode.OK
    assert "would go on" not in capsys.readouterr().out


def test_the_weights_may_be_read_by_whoever_may_read_the_rest(trained):
    card = (trained / "README.md").stat().st_mode
    for weights in (trained / "adapter_model.safetensors", trained / "merged" / "model.safetensors"):
        assert weights.stat().st_mode == card


def test_a_dry_run_tells_samples_by_steps_apart_from_their_number(call, finished, model, tmp_path, capsys):
    assert train(call, finished, model, tmp_path / "ckpt", "--dry-run") == ExitCode.OK
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("from run: ")]
    assert line.startswith("from run: samples 12, answers 12, rationales 12 (by steps: 1: ")


def test_questions_whose_steps_nobody_has_counted_are_told_as_such(call, finished, model, tmp_path, capsys):
    first = (finished / "samples" / "samples.jsonl").read_text().splitlines()[0]
    video = json.loads(first)["video"]["path"]
    (tmp_path / "human.json").write_text(json.dumps([{"video": video, "question": "Who?", "answer": "he"}]))
    given = ("--instruct", tmp_path / "human.json", "--dry-run")
    assert train(call, finished, model, tmp_path / "ckpt", *given) == ExitCode.OK
    assert "from instruct: samples 1, answers 1 (by steps: unknown: 1)\n" in capsys.readouterr().out


def test_a_training_leaves_weights_losses_card_and_no_pickle(trained, finished):
    files = {path.name for path in trained.iterdir()}
    assert {"adapter_model.safetensors", "losses.jsonl", "losses.svg", "README.md", "training.json"} <= files
    assert not files & {"checkpoints", "errors", ".lock"}
    assert not [path for path in trained.rglob("*") if path.suffix in {".bin", ".pt", ".pth", ".pkl"}]
    result = json.loads((trained / "training.json").read_text())
    assert result["sharing"].startswith("tree")
    assert result["held_out"]["step"] == result["best_step"]
    card = (trained / "README.md").read_text()
    assert result["model"] in card
    assert "- samples by videostep" in card
    assert "- scene graphs by scripted:street" in card
    assert str(finished) not in card


def test_the_losses_of_both_tasks_fall(trained):
    lines = [json.loads(line) for line in (trained / "losses.jsonl").read_text().splitlines()]
    steps = [line for line in lines if "held_out" not in line]
    assert steps[-1]["answer"] < steps[0]["answer"]
    assert steps[-1]["rationale"] < steps[0]["rationale"]
    looks = [line for line in lines if "held_out" in line]
    assert looks[-1]["loss"] < looks[0]["loss"]


def test_the_merged_model_is_the_model_with_its_adapter(trained, model):
    import transformers
    from peft import PeftModel

    auto = transformers.AutoModelForImageTextToText
    merged = auto.from_pretrained(trained / "merged")
    adapted = PeftModel.from_pretrained(auto.from_pretrained(model), trained)
    ids = torch.arange(8)[None]
    with torch.no_grad():
        expected, found = adapted(input_ids=ids).logits, merged(input_ids=ids).logits
        base = auto.from_pretrained(model)(input_ids=ids).logits
    assert torch.allclose(found, expected, atol=1e-5)
    assert not torch.allclose(base, expected, atol=1e-3)


def test_the_same_again_does_nothing_and_another_training_is_refused(call, finished, model, trained, capsys):
    given = ("--epochs", "2", "--learning-rate", "0.02", "--merge")
    before = (trained / "training.json").stat().st_mtime_ns
    assert train(call, finished, model, trained, *given, "-v") == ExitCode.OK
    assert "done already" in capsys.readouterr().err
    assert (trained / "training.json").stat().st_mtime_ns == before
    assert train(call, finished, model, trained, "--epochs", "3") == ExitCode.RUN_FOLDER
    err = capsys.readouterr().err
    assert "holds another training: epochs 2 -> 3" in err
    assert "--redo" in err


def test_a_wrong_model_leaves_the_folder_to_the_right_one(call, finished, model, tmp_path, capsys):
    wrong, out = tmp_path / "wrong", tmp_path / "ckpt"
    wrong.mkdir()
    (wrong / "config.json").write_text("{}")
    assert train(call, finished, wrong, out) == ExitCode.USAGE
    assert "wrong' cannot be read" in capsys.readouterr().err
    assert train(call, finished, model, out, "-q") == ExitCode.OK
    assert train(call, finished, wrong, out, "--redo") == ExitCode.USAGE
    assert (out / "training.json").exists()


def test_a_trained_adapter_can_be_trained_on(call, finished, model, trained, tmp_path):
    out = tmp_path / "more"
    code = train(call, finished, f"{model}+{trained}", out, "--learning-rate", "0.02", "-q")
    assert code == ExitCode.OK
    first, second = (
        json.loads((folder / "losses.jsonl").read_text().splitlines()[0]) for folder in (trained, out)
    )
    assert second["loss"] < first["loss"]


def test_answers_only_full_weights(call, finished, model, tmp_path):
    out = tmp_path / "ckpt"
    assert train(call, finished, model, out, "--answers-only", "--full", "-q") == ExitCode.OK
    steps = [json.loads(line) for line in (out / "losses.jsonl").read_text().splitlines()]
    assert all("rationale" not in step for step in steps)
    assert (out / "model.safetensors").exists()
    assert not (out / "adapter_model.safetensors").exists()


def test_a_video_that_is_gone_costs_its_samples(call, finished, model, tmp_path, capsys):
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    lines = (run / "samples" / "samples.jsonl").read_text().splitlines()
    moved = [line.replace("twin.mp4", "gone.mp4") for line in lines]
    (run / "samples" / "samples.jsonl").write_text("\n".join(moved) + "\n")
    out = tmp_path / "ckpt"
    config = tmp_path / "all.toml"
    config.write_text("[held_out]\nshare = 0\n")
    assert train(call, run, model, out, "--config", config) == ExitCode.OK
    printed = capsys.readouterr()
    assert "gone.mp4 cannot be read" in printed.err
    assert "1 video could not be read" in printed.out
    (entry,) = (json.loads(path.read_text()) for path in (out / "errors").iterdir())
    assert entry["stage"] == "train"
    assert "gone.mp4" in entry["reason"]


def test_without_a_single_video_there_is_no_training(call, finished, model, tmp_path, capsys):
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    file = run / "samples" / "samples.jsonl"
    file.write_text(file.read_text().replace(".mp4", ".gone"))
    for more in ((), ("--dry-run",)):
        assert train(call, run, model, tmp_path / "ckpt", *more) == ExitCode.NOTHING_USABLE
        assert "not one of 2 videos can be read" in capsys.readouterr().err


def test_all_weights_can_be_trained_on_top_of_an_adapter(call, finished, model, trained, tmp_path):
    out = tmp_path / "ckpt"
    assert train(call, finished, f"{model}+{trained}", out, "--full", "-q") == ExitCode.OK
    before, after = (read_losses(folder)[0]["loss"] for folder in (trained, out))
    assert after < before


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--normalise", "tokens"), ExitCode.USAGE, "known: task_token, sample, pooled"),
        (("--lambda", "-1"), ExitCode.USAGE, "rationale_weight is -1.0"),
        (("--answers-only", "--lambda", "1"), ExitCode.USAGE, "leave one of them out"),
        (("--steps", "a,b"), ExitCode.USAGE, "25,50,25"),
        (("--steps", "3+"), ExitCode.OK, ""),
        (("--epochs", "0"), ExitCode.USAGE, "epochs is 0"),
        (("--instead",), ExitCode.USAGE, "--instruct or --distill"),
        (("--distill", "nowhere"), ExitCode.RUN_FOLDER, "no run folder nowhere"),
        (("--instruct", "nowhere.json"), ExitCode.NOTHING_USABLE, "nowhere.json"),
        (("--videos", "nowhere"), ExitCode.NOTHING_USABLE, "no folder nowhere"),
        (("--replay-share", "1"), ExitCode.USAGE, "replay share of 1.0"),
        (("--config", "nowhere.toml"), ExitCode.USAGE, "nowhere.toml cannot be read"),
        (("--report-to", "tensorbord"), ExitCode.USAGE, "did you mean 'tensorboard'?"),
    ],
)
def test_wrong_options_say_what_is_meant(call, finished, model, tmp_path, capsys, more, code, words):
    assert train(call, finished, model, tmp_path / "ckpt", *more, "--dry-run") == code
    assert words in capsys.readouterr().err


def test_an_unknown_setting_names_the_nearest(call, finished, model, tmp_path, capsys):
    (tmp_path / "t.toml").write_text("epoch = 2\n")
    assert train(call, finished, model, tmp_path / "c", "--config", tmp_path / "t.toml") == ExitCode.USAGE
    assert "did you mean 'epochs'?" in capsys.readouterr().err


def test_samples_that_do_not_fit_are_named_before_anything_is_loaded(call, finished, model, tmp_path, capsys):
    assert train(call, finished, model, tmp_path / "c", "--dry-run", "--json") == ExitCode.OK
    most = json.loads(capsys.readouterr().out)["longest_row"] - 1
    (tmp_path / "t.toml").write_text(f"pack_tokens = {most}\n")
    given = ("--config", tmp_path / "t.toml", "--dry-run")
    assert train(call, finished, model, tmp_path / "c", *given) == ExitCode.NOTHING_USABLE
    err = capsys.readouterr().err
    assert f"do not fit into pack_tokens of {most} tokens" in err
    assert "--skip-long" in err
    assert train(call, finished, model, tmp_path / "c", *given, "--skip-long", "--json") == ExitCode.OK
    plan = json.loads(capsys.readouterr().out)
    assert 0 < plan["left_out"] < plan["counts"]["run"]["samples"]
    assert plan["samples"] + plan["held_out_samples"] + plan["left_out"] == 12
    (tmp_path / "t.toml").write_text("pack_tokens = 10\n")
    assert train(call, finished, model, tmp_path / "c", *given, "--skip-long") == ExitCode.NOTHING_USABLE
    assert "nothing is left to train on: 12 samples are too long" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "words"),
    [("./nowhere/model", "nowhere"), ("{here}", "config.json"), ("{model}+{here}", "no adapter_config.json")],
)
def test_a_model_that_is_none_is_refused(call, finished, model, tmp_path, capsys, name, words):
    named = name.format(here=tmp_path, model=model)
    assert train(call, finished, named, tmp_path / "c", "--dry-run") == ExitCode.USAGE
    assert words in capsys.readouterr().err


def test_an_adapter_alone_is_no_model(call, finished, trained, tmp_path, capsys):
    assert train(call, finished, trained, tmp_path / "c", "--dry-run") == ExitCode.USAGE
    err = capsys.readouterr().err
    assert "holds an adapter, not a whole model" in err
    assert f"ID_OR_PATH+{trained}" in err


def test_a_folder_that_holds_something_else_is_left_alone(call, finished, model, tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    assert train(call, finished, model, tmp_path) == ExitCode.RUN_FOLDER
    assert "holds no training" in capsys.readouterr().err
    assert train(call, finished, model, tmp_path, "--redo") == ExitCode.RUN_FOLDER
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_no_run_is_no_training(call, model, tmp_path, capsys):
    assert train(call, tmp_path / "none", model, tmp_path / "c") == ExitCode.RUN_FOLDER
    assert "no run folder" in capsys.readouterr().err


def test_two_processes_of_torchrun_train_as_one(call, finished, model, trained, tmp_path):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    given = ["train", finished, "--model", model, "--out", tmp_path / "ckpt", *SMALL]
    given += ["--epochs", "2", "--learning-rate", "0.02", "--merge"]
    done = subprocess.run(
        [*command, "-m", "videostep", *map(str, given)],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("weights and model card") == 1
    for one, two in zip(*(read_losses(folder) for folder in (trained, tmp_path / "ckpt")), strict=True):
        assert two["step"] == one["step"]
        assert two["loss"] == pytest.approx(one["loss"], rel=1e-4)
        assert two.get("exact") == one.get("exact")


def read_losses(folder):
    return [json.loads(line) for line in (folder / "losses.jsonl").read_text().splitlines()]
