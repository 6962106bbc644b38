"""The joint objective is the formula, however rows are divided over packs, micro-batches and processes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from safetensors.torch import load_file  # noqa: E402

from videostep.errors import ConfigError  # noqa: E402
from videostep.learn.objective import (  # noqa: E402
    Objective,
    WindowCounts,
    joint_loss,
    target_weights,
    task_sums,
)
from videostep.learn.sharing import Row, Target, make_pack  # noqa: E402

VOCABULARY = 7
NORMALISATIONS = ("task_token", "sample", "pooled")


def row(task, *, tokens=6, targets=2, media="one"):
    places = range(tokens - 1 - targets, tokens - 1)
    return Row(
        tokens=[(place * 5 + targets) % VOCABULARY for place in range(tokens)],
        targets=tuple(Target(position=at, token=at % VOCABULARY, task=task) for at in places),
        media=media,
    )


ROWS = [row("answer", targets=1), row("answer", targets=3), row("rationale", tokens=30, targets=24)]


def weights_of(rows, objective):
    whole = make_pack(rows)
    weights = target_weights(whole, WindowCounts.of(rows), objective)
    return {
        (number, task): weight
        for number, task, weight in zip(
            whole.target_rows.tolist(), whole.tasks, weights.tolist(), strict=True
        )
    }


def test_by_default_each_task_is_the_mean_over_its_tokens():
    assert weights_of(ROWS, Objective()) == pytest.approx(
        {(0, "answer"): 1 / 4, (1, "answer"): 1 / 4, (2, "rationale"): 1 / 24}
    )


def test_by_sample_each_row_counts_alike_whatever_its_length():
    assert weights_of(ROWS, Objective(normalise="sample")) == pytest.approx(
        {(0, "answer"): 1 / 2, (1, "answer"): 1 / 6, (2, "rationale"): 1 / 24}
    )


def test_pooled_the_long_task_drowns_the_short_one():
    weights = weights_of(ROWS, Objective(normalise="pooled"))
    assert weights == pytest.approx(dict.fromkeys(weights, 1 / 28))


def test_lambda_weighs_rationales():
    half = Objective(task_weights={"answer": 1.0, "rationale": 0.5})
    assert weights_of(ROWS, half)[2, "rationale"] == pytest.approx(0.5 / 24)
    none = Objective(task_weights={"answer": 1.0, "rationale": 0.0})
    assert weights_of(ROWS, none)[2, "rationale"] == 0


@pytest.mark.parametrize("normalise", NORMALISATIONS)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_sum_over_any_division_is_the_same(normalise, data):
    rows = data.draw(
        st.lists(
            st.builds(
                row,
                st.sampled_from(["answer", "rationale"]),
                tokens=st.integers(7, 12),
                targets=st.integers(1, 5),
                media=st.sampled_from(["one", "two"]),
            ),
            min_size=1,
            max_size=9,
        )
    )
    parts = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    objective, counts = Objective(normalise=normalise), WindowCounts.of(rows)
    table = torch.randn(VOCABULARY, VOCABULARY, generator=torch.Generator().manual_seed(1)).double()

    def loss_of(some):
        whole = make_pack(some)
        logits = table[torch.from_numpy(whole.tokens[whole.predictions])]
        return float(
            joint_loss(logits, torch.from_numpy(whole.targets), target_weights(whole, counts, objective))
        )

    divided = [
        [each for each, part in zip(rows, parts, strict=True) if part == number] for number in range(3)
    ]
    assert sum(loss_of(some) for some in divided if some) == pytest.approx(loss_of(rows), rel=1e-6)


def test_the_loss_is_the_mean_of_answers_plus_lambda_times_the_mean_of_rationales():
    whole = make_pack(ROWS)
    logits = torch.randn(len(whole.targets), VOCABULARY, generator=torch.Generator().manual_seed(2)).double()
    targets = torch.from_numpy(whole.targets)
    log_shares = logits.log_softmax(dim=1)[torch.arange(len(targets)), targets]
    is_answer = torch.tensor([task == "answer" for task in whole.tasks])
    expected = -log_shares[is_answer].mean() - 0.5 * log_shares[~is_answer].mean()
    objective = Objective(task_weights={"answer": 1.0, "rationale": 0.5})
    found = joint_loss(logits, targets, target_weights(whole, WindowCounts.of(ROWS), objective))
    assert float(found) == pytest.approx(float(expected), rel=1e-6)
    assert task_sums(logits, whole) == pytest.approx(
        {"answer": -float(log_shares[is_answer].sum()), "rationale": -float(log_shares[~is_answer].sum())}
    )


def test_half_precision_logits_are_summed_in_single_precision():
    logits = torch.zeros(1, VOCABULARY, dtype=torch.bfloat16, requires_grad=True)
    loss = joint_loss(logits, torch.tensor([0]), torch.tensor([1.0]))
    assert loss.dtype == torch.float32
    loss.backward()
    assert logits.grad.dtype == torch.bfloat16


def test_a_pack_without_targets_costs_nothing_and_has_gradients_of_zero():
    logits = torch.zeros(0, VOCABULARY, requires_grad=True)
    empty = make_pack([row("answer", targets=0)])
    loss = joint_loss(
        logits, torch.from_numpy(empty.targets), target_weights(empty, WindowCounts.of([]), Objective())
    )
    loss.backward()
    assert loss.item() == 0
    assert logits.grad.shape == (0, VOCABULARY)


def test_counts_survive_the_way_through_a_tensor_and_add_up():
    tasks = ("answer", "rationale")
    first, second = WindowCounts.of(ROWS[:1]), WindowCounts.of(ROWS[1:])
    together = WindowCounts.from_tensor(first.as_tensor(tasks) + second.as_tensor(tasks), tasks)
    assert together == WindowCounts.of(ROWS)


@pytest.mark.parametrize(
    ("settings_", "reason"),
    [
        ({"normalise": "token"}, r"no normalisation is called 'token'; use task_token, sample, pooled"),
        ({"task_weights": {"answer": -1.0}}, r"weight of the task 'answer' is -1.0; use 0 or more"),
        ({"task_weights": {"answer": float("nan")}}, r"is nan; use 0 or more"),
    ],
)
def test_settings_out_of_range_are_refused(settings_, reason):
    with pytest.raises(ConfigError, match=reason):
        Objective(**settings_)


def test_a_task_without_a_weight_is_named():
    with pytest.raises(ConfigError, match="task 'rationale' has no weight"):
        weights_of(ROWS, Objective(task_weights={"answer": 1.0}))


# Two processes, each with packs of its own, against one process and one row at a time.

SCRIPT = Path(__file__).parent / "objective_process.py"


@pytest.fixture(scope="module")
def job():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("objective_process", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(SCRIPT.parent / "sharing"))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


@pytest.fixture(scope="module")
def left_by_processes(job, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gloo")
    commands = [[sys.executable, str(SCRIPT), str(rank), str(folder)] for rank in range(job.PROCESSES)]
    processes = [subprocess.Popen(each, stderr=subprocess.PIPE, text=True) for each in commands]
    try:
        complaints = [process.communicate(timeout=300)[1] for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert [process.returncode for process in processes] == [0] * job.PROCESSES, complaints
    return folder


@pytest.mark.parametrize("number", range(5))
def test_gradients_of_two_processes_are_those_of_one(job, left_by_processes, number):
    kind, level, normalise = job.CASES[number]
    found = load_file(left_by_processes / f"{kind}-{level}-{normalise}.safetensors")
    expected = job.one_by_one(normalise)
    assert found.keys() == expected.keys()
    for name, gradient in expected.items():
        assert float((found[name] - gradient).norm() / gradient.norm()) <= 2e-5, name
