from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.evaluate.matching import MATCHERS, match_best, match_greedily

IDS = st.sampled_from("abcde")
WEIGHTS = st.dictionaries(st.tuples(IDS, IDS), st.integers(1, 20).map(float), max_size=14)


def total(weights, match):
    return sum(weights[pair] for pair in match.items())


def best_total(weights):
    """By trying every way."""
    return max(
        sum(weights.get(pair, 0.0) for pair in zip("abcde", rights, strict=True))
        for rights in permutations("abcde")
    )


def test_greedy_takes_the_heaviest_pair_and_best_the_heaviest_total():
    weights = {("a", "x"): 5.0, ("a", "y"): 4.0, ("b", "x"): 4.0, ("b", "y"): 1.0}
    assert match_greedily(weights) == {"a": "x", "b": "y"}
    assert match_best(weights) == {"a": "y", "b": "x"}


def test_of_equal_pairs_greedy_takes_the_first_by_id():
    assert match_greedily({("b", "x"): 1.0, ("a", "x"): 1.0}) == {"a": "x"}


@pytest.mark.parametrize("matcher", MATCHERS.values())
def test_nothing_matches_nothing(matcher):
    assert matcher({}) == {}


@settings(deadline=None, max_examples=60, derandomize=True)
@given(WEIGHTS)
def test_best_is_the_best_of_all_ways(weights):
    match = match_best(weights)
    assert total(weights, match) == best_total(weights) >= total(weights, match_greedily(weights))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(WEIGHTS, st.randoms(use_true_random=False))
@pytest.mark.parametrize("method", MATCHERS)
def test_matching_is_one_to_one_whatever_the_order(method, weights, random):
    match = MATCHERS[method](weights)
    assert set(match.items()) <= set(weights)
    assert len(set(match.values())) == len(match)
    shuffled = dict(random.sample(list(weights.items()), len(weights)))
    assert MATCHERS[method](shuffled) == match
