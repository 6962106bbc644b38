"""However a step is divided, over packs or processes, its gradient is the same."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
torch.set_num_threads(1)
safetensors = pytest.importorskip("safetensors.torch")
tiny = pytest.importorskip("videostep.testing.tiny_rows")
plan = pytest.importorskip("videostep.learn.plan")
pytestmark = pytest.mark.filterwarnings("default")  # torch and transformers deprecate things of each other

SCRIPT = Path(__file__).with_name("joint_step.py")
GROUPS = {"a": [0, 1, 2, 3, 4], "b": [5, 6], "c": [7, 8, 9]}
EXACT, WRONG = 1e-5, 1e-2


def step(out, **job):
    """Gradients by parameter, and the step's line."""
    spec = importlib.util.spec_from_file_location("joint_step", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.joint_step(out, **job)
    return read(out)


def read(out):
    line = json.loads((out / "losses.jsonl").read_text().splitlines()[0])
    return safetensors.load_file(out / "grads.safetensors"), line


def by_hand(groups, *, rationale_weight=1.0, normalise="task_token"):
    """The same gradients with plain transformers: row after row, and the loss as the paper writes it."""
    model = tiny.tiny_language_model()
    rows = [
        row
        for name, samples in groups.items()
        for row in tiny.TinySource().rows_of(plan.Group(footage=name, samples=tuple(samples))).rows
    ]
    total, counts = 0.0, {"answer": 0, "rationale": 0}
    for row in rows:
        counts[row.targets[0].task] += 1 if normalise == "sample" else len(row.targets)
    for row in rows:
        logits = model(torch.from_numpy(row.tokens)[None]).logits[0, [each.position for each in row.targets]]
        right = torch.tensor([each.token for each in row.targets])
        task = row.targets[0].task
        reduction = "mean" if normalise == "sample" else "sum"
        loss = torch.nn.functional.cross_entropy(logits, right, reduction=reduction)
        bottom = sum(counts.values()) if normalise == "pooled" else counts[task]
        total = total + loss * (rationale_weight if task == "rationale" else 1.0) / bottom
    total.backward()
    return {name: each.grad for name, each in model.named_parameters()}, float(total.detach())


def distance(found, expected):
    """The worst parameter's, in relation to its own gradient."""
    assert found.keys() == expected.keys()
    return max(float((found[name] - expected[name]).norm() / expected[name].norm()) for name in expected)


@pytest.mark.parametrize("normalise", ["task_token", "sample", "pooled"])
def test_many_unequal_packs_give_the_gradient_of_the_paper_s_loss(tmp_path, normalise):
    grads, line = step(
        tmp_path / "step", groups=GROUPS, pack_rows=3, rationale_weight=0.5, normalise=normalise
    )
    expected, loss = by_hand(GROUPS, rationale_weight=0.5, normalise=normalise)
    assert distance(grads, expected) < EXACT
    assert line["loss"] == pytest.approx(loss, rel=1e-6)
    # The tasks' own losses are told without lambda.
    if normalise == "task_token":
        assert line["answer"] + 0.5 * line["rationale"] == pytest.approx(loss, rel=1e-6)


def test_a_mean_over_packs_would_be_another_gradient(tmp_path):
    """The comparison can fail: dividing by packs, as trainers do by micro-batches, is far off."""
    expected, _ = by_hand(GROUPS)
    parts = [by_hand({name: samples})[0] for name, samples in GROUPS.items()]
    naive = {name: sum(part[name] for part in parts) / len(parts) for name in expected}
    assert distance(naive, expected) > WRONG


@pytest.mark.parametrize("job", [{"level": "rows"}, {"pack_tokens": 40}, {"checkpointing": True}])
def test_levels_and_checkpointing_change_nothing(tmp_path, job):
    grads, _ = step(tmp_path / "step", groups=GROUPS, **job)
    assert distance(grads, by_hand(GROUPS)[0]) < EXACT


def test_without_lambda_rationales_teach_nothing(tmp_path):
    grads, line = step(tmp_path / "step", groups=GROUPS, rationale_weight=0.0)
    assert distance(grads, by_hand(GROUPS, rationale_weight=0.0)[0]) < EXACT
    assert line["loss"] == pytest.approx(line["answer"], rel=1e-6)


def test_a_video_that_cannot_be_read_is_left_out_and_told(tmp_path):
    grads, _ = step(tmp_path / "step", groups={**GROUPS, "broken": [10, 11]})
    assert json.loads((tmp_path / "step" / "skipped-0.json").read_text()) == ["broken"]
    assert distance(grads, by_hand(GROUPS)[0]) < EXACT


TWO = (
    GROUPS,
    {"a": [0, 1, 2, 3, 4, 5], "broken 1": [6, 7], "broken 2": [8, 9, 10]},
    {"a": [3]},
    {"broken 1": [0, 1], "broken 2": [2, 3], "a": [4]},
)
SHARDED = (GROUPS, {"broken 1": [0, 1], "broken 2": [2, 3], "a": [4]})
"""With FSDP2 a process that waited for another would wait for ever."""


@pytest.fixture(scope="module")
def two_processes(tmp_path_factory):
    """The steps of `TWO`, and with sharded weights `SHARDED`, taken by two processes of torchrun."""
    out = tmp_path_factory.mktemp("two")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    jobs = [{"groups": groups, "pack_rows": 2} for groups in TWO]
    jobs += [{"groups": groups, "pack_rows": 2, "sharded": True} for groups in SHARDED]
    done = subprocess.run(
        [*command, str(SCRIPT), str(out), json.dumps(jobs)],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return out


@pytest.mark.parametrize("number", range(len(TWO + SHARDED)))
def test_two_processes_take_the_step_of_one(two_processes, number):
    """However unequal their shares are: one sample for two, or videos that one of them cannot read."""
    out, groups = two_processes / str(number), (TWO + SHARDED)[number]
    sound = {name: samples for name, samples in groups.items() if not name.startswith(tiny.BROKEN)}
    grads, line = read(out)
    expected, loss = by_hand(sound)
    assert distance(grads, expected) < EXACT
    assert line["loss"] == pytest.approx(loss, rel=1e-5)
    told = [name for rank in (0, 1) for name in json.loads((out / f"skipped-{rank}.json").read_text())]
    assert sorted(told) == sorted(groups.keys() - sound.keys())
