"""A trie holds every row, each shared token once, and its one integer a token says who is below whom."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import InputError
from videostep.learn.sharing.rows import Row, Target
from videostep.learn.sharing.trie import grow

# few different tokens, so that rows begin alike, are each other's beginnings, and are equal
row_tokens = st.lists(st.integers(0, 2), min_size=1, max_size=8)
row_sets = st.lists(row_tokens, min_size=1, max_size=7)
often = settings(max_examples=60, deadline=None, derandomize=True)


def trie_of(texts):
    return grow([Row(tokens=text, targets=(), media="one") for text in texts])


@often
@given(row_sets)
def test_every_row_is_read_along_its_path(texts):
    trie = trie_of(texts)
    assert [trie.tokens[path].tolist() for path in trie.paths] == texts
    assert [trie.positions[0, path].tolist() for path in trie.paths] == [list(range(len(t))) for t in texts]


@often
@given(row_sets)
def test_every_beginning_stands_there_once(texts):
    beginnings = {tuple(text[:length]) for text in texts for length in range(1, len(text) + 1)}
    assert len(trie_of(texts).tokens) == len(beginnings)


@often
@given(row_sets)
def test_a_token_may_look_exactly_at_those_on_the_way_to_it(texts):
    trie = trie_of(texts)
    places = np.arange(len(trie.tokens))
    looks = (places[None] <= places[:, None]) & (places[:, None] < trie.ends[None])
    for path in trie.paths:
        for depth, place in enumerate(path):
            assert np.flatnonzero(looks[place]).tolist() == path[: depth + 1].tolist()


@often
@given(row_sets, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(texts, random):
    shuffled = random.sample(texts, len(texts))
    assert trie_of(shuffled).tokens.tolist() == trie_of(texts).tokens.tolist()


def test_ids_are_compared_as_numbers():
    assert trie_of([[1, 256], [1, 2], [1, 70_000]]).tokens.tolist() == [1, 2, 256, 70_000]


def test_shared_tokens_at_other_positions_are_refused():
    first = Row(tokens=[5, 6, 7], targets=(), media="one", positions=[[0, 1, 2], [0, 4, 2]])
    second = Row(tokens=[5, 6, 8], targets=(), media="one", positions=[[0, 1, 2], [0, 3, 2]])
    with pytest.raises(InputError, match=r"'one'.*same 2 tokens.*; give every sampling"):
        grow([first, second])


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        ({"tokens": []}, "no sequence of ids"),
        ({"tokens": [[1, 2], [3, 4]]}, "no sequence of ids"),
        ({"tokens": [1, -100]}, "no sequence of ids"),
        ({"positions": [0]}, "2 tokens, but positions of shape"),
        ({"positions": [[[0, 1]]]}, "positions of shape"),
        ({"targets": (Target(position=2, token=1, task="answer"),)}, "predicts outside its 2 tokens"),
        ({"targets": (Target(position=-1, token=1, task="answer"),)}, "predicts outside its 2 tokens"),
    ],
)
def test_a_faulty_row_is_refused(faulty, reason):
    with pytest.raises(InputError, match=reason):
        Row(**{"tokens": [1, 2], "targets": (), "media": "one"} | faulty)
