"""Digests of data that may hold itself."""

import math
from collections import OrderedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.formats.graphs.digest import sha256_of_plain

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(one=PLAIN, other=PLAIN)
def test_equal_data_and_no_other_have_equal_digests(one, other):
    assert (repr(one) == repr(other)) <= (sha256_of_plain(one) == sha256_of_plain(other))
    assert (sha256_of_plain(one) == sha256_of_plain(other)) <= (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, OrderedDict(b=2, a=1)),
        ({1, 2, 3}, frozenset((3, 1, 2))),
        ([1, [2]], (1, (2,))),
        (math.nan, float("nan")),
    ],
)
def test_order_and_kind_of_container_do_not_matter(one, other):
    assert sha256_of_plain(one) == sha256_of_plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [([1, 2], [2, 1]), ([1], ["1"]), ([[], []], [[[]]]), (["ab", "c"], ["a", "bc"]), ({}, [])],
)
def test_what_is_said_does(one, other):
    assert sha256_of_plain(one) != sha256_of_plain(other)


def test_keys_of_several_kinds_are_no_hindrance():
    assert sha256_of_plain({1: 2, ("a",): {"x", "y"}, "b": None})


def test_data_that_holds_itself_has_a_digest():
    circle, other = [1], [2]
    circle.append(circle)
    other.append(other)
    assert sha256_of_plain(circle) == sha256_of_plain(circle) != sha256_of_plain(other)


def test_what_is_held_a_billion_times_is_looked_at_once():
    bomb = ["x"]
    for _ in range(60):
        bomb = [bomb] * 10
    assert sha256_of_plain(bomb)


def test_long_chains_need_no_deep_calls():
    chain = []
    for _ in range(100_000):
        chain = [chain]
    assert sha256_of_plain(chain)
