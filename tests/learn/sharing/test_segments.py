"""Segments are the mask, said in another way."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from videostep.learn.sharing import Row, make_pack  # noqa: E402
from videostep.learn.sharing.masks import tree_mask  # noqa: E402
from videostep.learn.sharing.segment_attention import as_mask, segment_attention  # noqa: E402
from videostep.learn.sharing.segments import segments_of  # noqa: E402

row_tokens = st.lists(st.integers(0, 2), min_size=1, max_size=8)
rows_of_two = st.lists(st.tuples(row_tokens, st.sampled_from("ab")), min_size=1, max_size=8)
often = settings(max_examples=60, deadline=None, derandomize=True)


def ends_of(rows):
    return make_pack([Row(tokens=tokens, targets=(), media=key) for tokens, key in rows]).ends


def mask_of(plan):
    """True where some run has the pair of query and key, aligned at the bottom right."""
    size = int(plan.starts[-1])
    mask = np.zeros((size, size), dtype=bool)
    for number in range(len(plan.starts) - 1):
        queries = range(*plan.starts[number : number + 2])
        keys = plan.keys[slice(*plan.key_starts[number : number + 2])]
        for back, query in enumerate(reversed(queries)):
            mask[query, keys[: len(keys) - back]] = True
    return mask


@often
@given(rows_of_two)
def test_segments_are_the_mask(rows):
    ends = ends_of(rows)
    expected = tree_mask(torch.from_numpy(ends))[0, 0].numpy()
    assert np.array_equal(mask_of(segments_of(ends)), expected)


def test_there_are_no_more_runs_than_rows_and_their_sizes_are_told():
    plan = segments_of(ends_of([([1, 1, 1, 1], "a"), ([1, 1, 2], "a"), ([1, 1], "b")]))
    assert plan.starts.tolist() == [0, 4, 5, 7]
    assert (plan.longest_run, plan.longest_way) == (4, 4)


@pytest.mark.parametrize("key_heads", [1, 4])
def test_attention_by_segments_is_attention_under_the_mask(key_heads):
    ends = torch.from_numpy(
        ends_of([([1, 2, 0, 1, 1], "a"), ([1, 2, 2], "a"), ([1, 2, 2, 0], "a"), ([0], "b")])
    )
    noise = torch.Generator().manual_seed(0)
    query = torch.randn(1, 4, len(ends), 8, generator=noise, requires_grad=True)
    key, value = (
        torch.randn(1, key_heads, len(ends), 8, generator=noise, requires_grad=True) for _ in range(2)
    )
    found, _ = segment_attention(torch.nn.Module(), query, key, value, as_mask(ends), scaling=0.3)
    expected = torch.nn.functional.scaled_dot_product_attention(
        query, key, value, attn_mask=tree_mask(ends), scale=0.3, enable_gqa=True
    ).transpose(1, 2)
    torch.testing.assert_close(found, expected)
    weights = torch.randn(expected.shape, generator=noise)
    torch.testing.assert_close(
        torch.autograd.grad((found * weights).sum(), (query, key, value)),
        torch.autograd.grad((expected * weights).sum(), (query, key, value)),
    )
