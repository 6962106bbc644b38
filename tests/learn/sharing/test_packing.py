"""Packs hold every row once, keep their limits, and go round evenly."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import InputError
from videostep.learn.sharing import Level, Row, Target, deal, make_pack, pack

MOST_TOKENS, MOST_ROWS = 24, 5
often = settings(max_examples=60, deadline=None, derandomize=True)


def row(key, text):
    places = range(len(text) // 2, len(text) - 1)
    targets = tuple(Target(position=at, token=text[at + 1], task="answer") for at in places)
    return Row(tokens=text, targets=targets, media=key)


texts = st.lists(st.integers(0, 2), min_size=1, max_size=12)
row_lists = st.lists(st.builds(row, st.sampled_from(["one", "two", "three"]), texts), min_size=1, max_size=16)


def content(rows):
    return sorted((each.media, tuple(each.tokens.tolist())) for each in rows)


@often
@given(row_lists)
def test_every_row_is_in_one_pack_and_no_pack_is_too_large(rows):
    packs = pack(rows, most_tokens=MOST_TOKENS, most_rows=MOST_ROWS)
    assert content(each for one in packs for each in one.rows) == content(rows)
    assert all(len(one) <= MOST_TOKENS and len(one.rows) <= MOST_ROWS for one in packs)


@often
@given(row_lists)
def test_targets_are_those_of_the_rows_where_the_rows_stand(rows):
    whole = make_pack(rows)
    predicted = iter(zip(whole.predictions, whole.targets, whole.target_rows, strict=True))
    for number, each in enumerate(whole.rows):
        assert whole.tokens[whole.paths[number]].tolist() == each.tokens.tolist()
        for target in each.targets:
            place, token, of_row = next(predicted)
            assert (place, token, of_row) == (whole.paths[number][target.position], target.token, number)
    assert next(predicted, None) is None


@often
@given(row_lists)
def test_videos_of_a_pack_share_nothing(rows):
    whole = make_pack(rows)
    owners = {}
    for each, path in zip(whole.rows, whole.paths, strict=True):
        assert all(owners.setdefault(place, each.media) == each.media for place in path.tolist())
    assert [owners[place] for place in sorted(owners)] == [
        key for key in whole.media for place in owners if owners[place] == key
    ]


@often
@given(row_lists)
def test_packs_are_the_same_every_time(rows):
    first, second = (pack(rows, most_tokens=MOST_TOKENS, most_rows=MOST_ROWS) for _ in range(2))
    assert [one.tokens.tolist() for one in first] == [one.tokens.tolist() for one in second]


def test_rows_that_share_most_stay_together():
    rows = [row("one", [*[1] * 10, question, question, reply]) for question in (4, 5) for reply in (6, 7)]
    packs = pack([rows[0], rows[2], rows[1], rows[3]], most_tokens=14, most_rows=9)
    assert [sorted(each.tokens[-1].item() for each in one.rows) for one in packs] == [[6, 7], [6, 7]]
    assert [len({each.tokens[10].item() for each in one.rows}) for one in packs] == [1, 1]


@often
@given(row_lists, st.sampled_from(["level1", "rows"]))
def test_where_tokens_are_not_shared_all_of_them_count_and_the_padding_too(rows, level):
    packs = pack(rows, most_tokens=MOST_TOKENS, most_rows=MOST_ROWS, level=Level(level))
    assert content(each for one in packs for each in one.rows) == content(rows)
    assert all(len(one.rows) * max(len(each) for each in one.rows) <= MOST_TOKENS for one in packs)


@often
@given(row_lists)
def test_packs_can_be_kept_to_one_video(rows):
    packs = pack(rows, most_tokens=MOST_TOKENS, most_rows=MOST_ROWS, most_media=1)
    assert content(each for one in packs for each in one.rows) == content(rows)
    assert all(len(one.media) == 1 for one in packs)


def test_small_videos_fill_a_pack():
    rows = [row(str(number), [number] * length) for number, length in enumerate((5, 5, 7, 3, 4))]
    assert sorted(len(one) for one in pack(rows, most_tokens=12, most_rows=9)) == [12, 12]


def test_a_row_that_is_too_long_is_named():
    with pytest.raises(InputError, match=r"row of 'one' has 9 tokens, a pack at most 8; raise the limit"):
        pack([row("one", [1] * 9)], most_tokens=8, most_rows=4)


def test_rows_with_one_axis_and_with_three_go_together():
    text = Row(tokens=[7, 8], targets=())
    video = Row(
        tokens=[1, 2, 3], targets=(), media="one", positions=np.array([[0, 0, 2], [0, 1, 2], [0, 0, 2]])
    )
    assert make_pack([text, video]).positions.tolist() == [[0, 1, 0, 0, 2], [0, 1, 0, 1, 2], [0, 1, 0, 0, 2]]


@often
@given(row_lists, st.integers(1, 4))
def test_every_process_gets_as_many_packs_and_together_they_get_every_target(rows, ranks):
    dealt = deal(pack(rows, most_tokens=MOST_TOKENS, most_rows=MOST_ROWS), ranks)
    assert len({len(share) for share in dealt}) == 1
    assert len(dealt) == ranks
    found = sorted(
        one.targets[number].item() for share in dealt for one in share for number in range(len(one.targets))
    )
    assert found == sorted(target.token for each in rows for target in each.targets)


def test_a_pack_is_split_before_a_process_is_given_an_empty_one():
    whole = make_pack([row("one", [1, 2, end]) for end in range(4)])
    (first,), (second,) = deal([whole], 2)
    assert [len(first.rows), len(second.rows)] == [2, 2]
    (only,), (filler,) = deal([make_pack([row("one", [1, 2, 3])])], 2)
    assert [len(only.targets), len(filler.targets)] == [1, 0]


def test_processes_have_packs_of_like_size_at_the_same_step():
    packs = [make_pack([row(str(length), [1] * length)]) for length in (10, 2, 9, 3)]
    assert [[len(each) for each in share] for share in deal(packs, 2)] == [[10, 3], [9, 2]]
