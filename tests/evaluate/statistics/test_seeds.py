import pytest

from videostep.evaluate.statistics.seeds import spread_of


def test_three_seeds_have_a_mean_and_a_spread():
    spread = spread_of([0.4, 0.5, 0.6])
    assert (spread.runs, spread.mean, spread.deviation, spread.low, spread.high) == (3, 0.5, 0.1, 0.4, 0.6)


def test_one_seed_has_no_spread():
    assert spread_of([0.4]).deviation is None


def test_no_seed_has_nothing():
    with pytest.raises(ValueError, match="needs a value"):
        spread_of([])
