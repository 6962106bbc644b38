import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ConfigError
from videostep.formats.training.split import Splits, parse_splits

EIGHTY = parse_splits("train=0.8, val=0.1,test=0.1")


def drawn(splits, count=2000):
    return [splits.split_of(f"{number:064x}") for number in range(count)]


def test_shares_are_met_by_many_videos():
    splits = drawn(EIGHTY)
    for name, share in EIGHTY.shares:
        assert splits.count(name) / len(splits) == pytest.approx(share, abs=0.02)


def test_the_draw_follows_from_content_and_seed():
    assert drawn(EIGHTY) == drawn(parse_splits("train=0.8,val=0.1,test=0.1"))
    assert drawn(EIGHTY) != drawn(parse_splits("train=0.8,val=0.1,test=0.1", seed=1))
    # Held against a change of the rule: a video must stay in its split from version to version.
    assert " ".join(drawn(EIGHTY, 12)) == (
        "train val train train train test train test train train train train"
    )


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6), st.integers(), st.text())
def test_every_video_has_one_of_the_splits(weights, seed, sha256):
    total = sum(weights)
    shares = tuple((f"s{number}", weight / total) for number, weight in enumerate(weights))
    assert Splits(shares=shares, seed=seed).split_of(sha256.encode(errors="ignore").decode()) in dict(shares)


def test_the_last_split_takes_what_rounding_leaves():
    assert Splits(shares=(("a", 1e-12), ("b", 1e-12))).split_of("video") == "b"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("train", "no split with its share"),
        ("", "no split with its share"),
        ("Train=1", "no split with its share"),
        ("../x=1", "no split with its share"),
        ("train=0.5,test=0.4", "add up to 0.9"),
        ("train=0.5,train=0.5", "given twice"),
        ("train=0,test=1", "not above 0"),
        ("train=nan", "not above 0"),
        ("train=most", "no number"),
        ("train=1.5,test=-0.5", "not above 0"),
    ],
)
def test_shares_that_make_no_sense_are_refused(text, reason):
    with pytest.raises(ConfigError, match=reason):
        parse_splits(text)
