"""Keys that come again in a JSON object are known, whoever reads it."""

import json
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.store.json_object import Tally, object_of, repeats_of, summed
from videostep.store.json_stream import read_array


class Pairs(list):
    """An object as it is written, key by key."""


def objects(values):
    return st.lists(st.tuples(st.sampled_from("abc"), values), max_size=4).map(Pairs)


VALUES = st.recursive(
    st.integers(0, 3), lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=12
)


def written(value):
    if isinstance(value, Pairs):
        return "{" + ", ".join(f'"{key}": {written(item)}' for key, item in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value)


def lost(value):
    """Keys that come again in what is read in the end."""
    if isinstance(value, Pairs):
        read = dict(value)
        return len(value) - len(read) + sum(map(lost, read.values()))
    return sum(map(lost, value)) if isinstance(value, list) else 0


@settings(deadline=None, max_examples=60, derandomize=True)
@given(entries=st.lists(objects(VALUES), max_size=4))
def test_both_readers_know_the_keys_of_each_entry_that_came_again(tmp_path_factory, entries):
    path = tmp_path_factory.mktemp("json") / "entries.json"
    path.write_text(written(entries))
    streamed = list(read_array(path))
    assert streamed == json.loads(path.read_bytes())
    assert list(map(repeats_of, streamed)) == list(map(lost, entries))
    tally = Tally()
    held = [
        summed(json.loads(written(entry), object_pairs_hook=partial(object_of, tally=tally)), tally)
        for entry in entries
    ]
    assert held == streamed
    assert list(map(repeats_of, held)) == list(map(lost, entries))


def test_what_is_no_object_has_none():
    assert repeats_of([1]) == repeats_of({"a": 1}) == repeats_of(None) == 0


def test_an_entry_that_nests_deep_is_looked_through(tmp_path):
    path = tmp_path / "deep.json"
    path.write_text('[{"x": ' + "[" * 5_000 + '{"a": 1, "a": 2}' + "]" * 5_000 + "}]")
    assert list(map(repeats_of, read_array(path))) == [1]
