"""A training that is killed, or stops early, ends as it should."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import ClassVar

import pytest

from videostep.errors import InputError, TrainingError
from videostep.learn.checkpoints import find_checkpoint, mark_whole, remove_broken, step_of
from videostep.learn.config import HeldOutConfig
from videostep.learn.history import History, held_out_in, mean_of_last, steps_in

torch = pytest.importorskip("torch", reason="needs videostep[train]")
torch.set_num_threads(1)
training = pytest.importorskip("videostep.learn.training")
tiny = pytest.importorskip("videostep.testing.tiny_rows")
callbacks = pytest.importorskip("videostep.learn.callbacks")
arguments = pytest.importorskip("videostep.learn.arguments")
transformers = pytest.importorskip("transformers")
pytestmark = pytest.mark.filterwarnings("default")  # torch and transformers deprecate things of each other

SCRIPT = Path(__file__).with_name("tiny_training.py")
GIVE_UP_S = 120.0


def tiny_training(out, **settings):
    """`tiny_training.tiny_training`, which is a script and so not importable by name."""
    spec = importlib.util.spec_from_file_location("tiny_training", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.tiny_training(out, **settings)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    out = tmp_path_factory.mktemp("unbroken") / "ckpt"
    return out, tiny_training(out)


def test_a_training_learns(unbroken):
    out, trained = unbroken
    steps = steps_in(History(out / "losses.jsonl").read())
    assert [step.step for step in steps] == list(range(1, 16))
    assert mean_of_last(steps, "answer", 3) < 0.95 * steps[0].answer
    assert mean_of_last(steps, "rationale", 3) < 0.95 * steps[0].rationale
    assert all(step.tokens < 0.7 * step.row_tokens for step in steps)
    looks = held_out_in(History(out / "losses.jsonl").read())
    assert [look.step for look in looks] == [5, 10, 15]
    assert trained.best_step == min(looks, key=lambda look: look.loss).step
    assert trained.level == "tree"


def test_a_training_that_is_killed_ends_bit_equal(unbroken, tmp_path):
    out, _ = unbroken
    killed = tmp_path / "ckpt"
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(killed), "0.05"],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stderr=subprocess.DEVNULL,
    )
    kill_when(process, (killed / "checkpoints" / "checkpoint-6" / "whole").exists)
    # What a kill leaves in the middle of a checkpoint and of a line; the one above may have missed that.
    (killed / "checkpoints" / "checkpoint-14").mkdir(exist_ok=True)
    (killed / "checkpoints" / "checkpoint-14" / "whole").unlink(missing_ok=True)
    with (killed / "losses.jsonl").open("a") as file:
        file.write('{"step":12,"lo')
    tiny_training(killed)
    for name in ("losses.jsonl", "adapter_model.safetensors"):
        assert (killed / name).read_bytes() == (out / name).read_bytes(), name


def kill_when(process, happened):
    began_s = time.monotonic()
    while not happened():
        assert process.poll() is None, "the training ended before it could be killed"
        assert time.monotonic() - began_s < GIVE_UP_S
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_no_pickle_is_left_but_the_optimizer_s(unbroken):
    out, _ = unbroken
    left = {path.name for path in out.rglob("*") if path.suffix in {".bin", ".pt", ".pth", ".pkl"}}
    assert left <= {"optimizer.pt", "scheduler.pt", "rng_state.pth"}
    assert not any(path.suffix in {".bin", ".pt", ".pth", ".pkl"} for path in out.iterdir())


def test_training_stops_when_the_held_out_loss_does_not_fall(tmp_path):
    settings = HeldOutConfig(every=1, patience=2)
    # Steps as large as this only make it worse.
    trained = tiny_training(tmp_path, learning_rate=0.9, epochs=6, held_out=settings)
    looks = held_out_in(History(tmp_path / "losses.jsonl").read())
    assert trained.stopped_early
    assert trained.steps == trained.best_step + 2 == len(looks) < 30
    before = (tmp_path / "adapter_model.safetensors").read_bytes()
    # The same again: it has stopped, so nothing is trained, and the same weights are there.
    assert tiny_training(tmp_path, learning_rate=0.9, epochs=6, held_out=settings) == trained
    assert (tmp_path / "adapter_model.safetensors").read_bytes() == before


def test_videos_that_cannot_be_read_are_told_and_the_rest_is_learnt(tmp_path):
    footage = ["broken 1"] * 8 + [f"video {number % 4}" for number in range(32)]
    told = []
    ears = training.Ears(skipped=lambda skipped: told.append(skipped.group.footage))
    trained = tiny_training(tmp_path, footage=footage, ears=ears, epochs=1)
    assert trained.steps == 5
    assert set(told) == {"broken 1"}


def test_without_a_single_video_there_is_no_training(tmp_path):
    with pytest.raises(InputError, match="not one of the videos can be read"):
        tiny_training(tmp_path, footage=["broken"] * 8)


def test_a_loss_that_is_no_number_ends_it(tmp_path):
    model = tiny.tiny_language_model()
    torch.nn.init.constant_(model.lm_head.weight, float("nan"))
    with pytest.raises(TrainingError, match="the loss of step 1 is nan"):
        tiny_training(tmp_path, model=model, sharing="rows")


@pytest.mark.parametrize("what", ["__init__", "training_step", "choose_level"])
def test_memory_that_is_too_short_says_what_to_lower(tmp_path, monkeypatch, what):
    """For the weights on the device, for a step, or for the trial of sharing."""

    def full(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(training if what == "choose_level" else training.JointTrainer, what, full)
    with pytest.raises(TrainingError, match="lower pack_tokens"):
        tiny_training(tmp_path)


class Reporter(transformers.TrainerCallback):
    """Hears what TensorBoard or W&B would."""

    heard: ClassVar[list[dict[str, float]]] = []

    def on_log(self, args, state, control, logs, **_):
        self.heard.append(dict(logs))


def test_reporters_hear_the_loss_of_each_task_and_of_the_held_out_part(tmp_path, monkeypatch):
    monkeypatch.setitem(arguments.INTEGRATION_TO_CALLBACK, "wandb", Reporter)
    arguments.check_reporters(["wandb"])
    tiny_training(tmp_path, epochs=1, report_to=("wandb",))
    steps = [logs for logs in Reporter.heard if "loss_answer" in logs]
    assert len(steps) == 5
    written = steps_in(History(tmp_path / "losses.jsonl").read())
    assert [logs["loss_rationale"] for logs in steps] == [step.rationale for step in written]
    assert any("eval_loss_answer" in logs and "eval_exact" in logs for logs in Reporter.heard)


def test_checkpoints_are_found_by_step_and_only_whole_ones(tmp_path):
    for step in (2, 10, 12):
        (tmp_path / f"checkpoint-{step}").mkdir()
    assert find_checkpoint(tmp_path) is None
    for step in (2, 10):
        mark_whole(tmp_path / f"checkpoint-{step}")
    assert step_of(find_checkpoint(tmp_path)) == 10
    remove_broken(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-10", "checkpoint-2"]


def test_waiting_ends_after_looks_that_bring_nothing():
    assert not callbacks.has_waited_enough([], 2)
    assert not callbacks.has_waited_enough([3.0, 2.0, 2.0], 2)
    assert callbacks.has_waited_enough([3.0, 2.0, 2.0, 2.5], 2)
    assert not callbacks.has_waited_enough([3.0, 2.0, 2.0, 2.5], 0)
