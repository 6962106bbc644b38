"""Seeded draws: the right distribution, whatever else is in the batch."""

from __future__ import annotations

import pytest

from videostep.models.local.prompt import Draw

torch = pytest.importorskip("torch", reason="needs videostep[train]")
draw = pytest.importorskip("videostep.models.local.draw")

pytestmark = pytest.mark.filterwarnings("default")
LOGITS = torch.tensor([2.0, 1.0, 0.0, -1.0])


def picks(n: int, **how: float) -> list[int]:
    draws = [Draw(**{"temperature": 1.0, "top_p": 1.0} | how, seed=seed) for seed in range(n)]
    scores = draw.SeededDraws(draws)(torch.zeros(n, 1), LOGITS.repeat(n, 1))
    return scores.argmax(-1).tolist()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_tokens_are_drawn_from_the_softmax(temperature: float) -> None:
    n = 4000
    drawn = picks(n, temperature=temperature)
    expected = (LOGITS / temperature).softmax(-1).tolist()
    for token, p in enumerate(expected):
        assert abs(drawn.count(token) / n - p) < 4 * (p * (1 - p) / n) ** 0.5 + 1e-3


def test_without_heat_the_likeliest_is_taken() -> None:
    assert set(picks(50, temperature=0.0)) == {0}


def test_the_nucleus_holds_just_the_likeliest() -> None:
    # 0.64 + 0.24 = 0.88 of the probability
    assert set(picks(500, top_p=0.6)) == {0}
    assert set(picks(500, top_p=0.7)) == {0, 1}
    assert set(picks(500, top_p=0.9)) == {0, 1, 2}


def test_a_row_does_not_depend_on_the_others() -> None:
    rows = [Draw(temperature=1.0, top_p=0.9, seed=seed) for seed in (3, 5)]
    both = draw.SeededDraws(rows)(torch.zeros(2, 1), LOGITS.repeat(2, 1))
    alone = draw.SeededDraws(rows[1:])(torch.zeros(1, 1), LOGITS.repeat(1, 1))
    assert torch.equal(both[1:], alone)


def test_each_step_draws_anew() -> None:
    drawing = draw.SeededDraws([Draw(temperature=1.0, top_p=1.0, seed=0)])
    steps = [drawing(torch.zeros(1, 1), torch.zeros(1, 100)).argmax().item() for _ in range(20)]
    assert len(set(steps)) > 10
