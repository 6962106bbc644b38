"""Sharing changes no gradient: per parameter, because equal losses prove nothing."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from videostep.learn.objective import Objective, WindowCounts, joint_loss, target_weights  # noqa: E402
from videostep.learn.sharing import forward, make_pack  # noqa: E402


def gradients(case, packs, level):
    counts = WindowCounts.of(case.rows)
    case.model.zero_grad()
    for pack in packs:
        logits = forward(case.model, pack, case.media, level=level)
        weights = target_weights(pack, counts, Objective())
        joint_loss(logits, torch.from_numpy(pack.targets), weights).backward()
    return {
        name: parameter.grad.clone()
        for name, parameter in case.model.named_parameters()
        if parameter.grad is not None
    }


def differences(found, expected):
    """Largest difference of a parameter's gradient in relation to its norm, and that of all together."""
    worst = max(
        float((found[name] - expected[name]).norm() / expected[name].norm())
        for name in expected
        if expected[name].norm() > 1e-7
    )
    total = sum(float(gradient.norm()) ** 2 for gradient in expected.values()) ** 0.5
    apart = sum(float((found[name] - expected[name]).norm()) ** 2 for name in expected) ** 0.5
    return worst, apart / total


@pytest.fixture(scope="module")
def by_rows(case):
    return gradients(case, [make_pack([row]) for row in case.rows], "rows")


@pytest.mark.parametrize("level", ["tree", "level1", "rows"])
def test_gradients_are_those_of_rows_one_by_one(case, by_rows, level):
    found = gradients(case, [make_pack(case.rows)], level)
    worst, total = differences(found, by_rows)
    print(level, worst, total)
    assert found.keys() == by_rows.keys()
    assert worst <= 2e-5
    assert total <= 2e-6
