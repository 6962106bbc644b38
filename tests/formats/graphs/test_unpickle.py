import os
import pickle
import pickletools
import struct
import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import FormatError, InputError
from videostep.formats.graphs.unpickle import read_pickle

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@pytest.fixture
def read(tmp_path):
    def read_bytes(data: bytes):
        path = tmp_path / "data.pkl"
        path.write_bytes(data)
        return read_pickle(path)

    return read_bytes


class Calls:
    """Pickles as a call of anything."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"a": [1, 2.5, None, True, (b"x", b"", "ü")]}, None),
        ({1, 2}, None),
        (frozenset([3]), None),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (np.arange(6, dtype="float32").reshape(2, 3), [[0, 1, 2], [3, 4, 5]]),
        (np.asfortranarray(np.arange(6).reshape(2, 3)), [[0, 1, 2], [3, 4, 5]]),
        (np.arange(3, dtype=">i4"), [0, 1, 2]),
        (np.array(["ab", "c"]), ["ab", "c"]),
        (np.array([True, False]), [True, False]),
        (np.zeros((0, 4)), []),
        (np.float32(2.5), 2.5),
        (np.bool_(True), True),
    ],
)
def test_plain_data_is_read(read, protocol, value, plain):
    found = read(pickle.dumps(value, protocol))
    assert found == (value if plain is None else plain)
    assert not isinstance(found, np.ndarray | np.generic)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
        max_leaves=20,
    ),
    protocol=st.sampled_from(PROTOCOLS),
)
def test_whatever_is_plain_comes_back(tmp_path_factory, value, protocol):
    path = tmp_path_factory.getbasetemp() / "any.pkl"
    path.write_bytes(pickle.dumps(value, protocol))
    assert read_pickle(path) == value


def test_data_that_holds_itself_is_read(read):
    frame: dict = {"id": "000105"}
    after: dict = {"id": "000134", "prev": frame}
    frame["next"] = after
    found = read(pickle.dumps(frame))
    assert found["next"]["prev"] is found


def test_long_chains_are_read_without_deep_calls(read):
    chain = b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b"."
    depth, found = 0, read(chain)
    while found:
        found, depth = found[0], depth + 1
    assert depth == 99_999


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (os.system, ("touch pwned",)),
        (eval, ("1",)),
        (getattr, ({}, "items")),
        (Path, ("x",)),
        (np.load, ("x",)),
        (np.dtype, ("O",)),
        (np.dtype, ("V8",)),
        (pickle.loads, (b"N.",)),
        (bytearray, (10,)),
    ],
)
def test_other_calls_are_refused(read, protocol, function, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FormatError, match="is refused"):
        read(pickle.dumps(Calls(function, *arguments), protocol))
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("protocol", range(2, 6))
@pytest.mark.parametrize(
    "array",
    [
        np.array([{"a": 1}], dtype=object),
        np.zeros(2, dtype=[("x", "i4")]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
    ],
)
def test_arrays_of_other_things_are_refused(read, protocol, array):
    with pytest.raises(FormatError):
        read(pickle.dumps(array, protocol))


NAMES_A_STAND_IN = b"c_codecs\nencode\n"
NAMES_ARRAY = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\nt(S'b'\ntR"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (NAMES_A_STAND_IN + b"}S'__call__'\nI1\nsb.", "changes what it was given"),
        (NAMES_A_STAND_IN + b"(S'x'\nS'rot13'\ntR.", "encoding 'rot13'"),
        (b"cbuiltins\nset\n(S'abc'\ntR.", "something else than a list"),
        (b"cvideostep.errors\nInputError\n.", "videostep.errors.InputError"),
        (b"\x80\x04\x8c\x08builtins\x8c\x0bset.__doc__\x93.", "set.__doc__"),
        (b"P7\n.", "outside the file"),
        (b"\x80\x02\x82\x01.", "not a whole pickle"),
        (b"\x80\x05\x97.", "not a whole pickle"),
        (b"not a pickle", "not a whole pickle"),
        (b"", "not a whole pickle"),
    ],
)
def test_other_programs_are_refused_with_the_reason(read, data, reason):
    with pytest.raises(FormatError, match=reason):
        read(data)


def test_every_cut_off_pickle_is_refused(read):
    data = pickle.dumps({"a": np.arange(4), "b": ["x" * 300, 2**70]}, 4)
    for length in range(len(data)):
        with pytest.raises(FormatError):
            read(data[:length])


def test_false_lengths_and_places_make_no_room(read):
    huge = 2**40
    for data in (
        b"\x80\x04\x8e" + struct.pack("<Q", huge) + b"x.",
        b"\x80\x05\x96" + struct.pack("<Q", huge) + b"x.",
        b"\x80\x04\x95" + struct.pack("<Q", huge) + b"N.",
        b"\x80\x02\x8b" + struct.pack("<i", 2**31 - 1) + b"x.",
    ):
        with pytest.raises(FormatError):
            read(data)
    # Remembering in place four billion costs one place.
    assert read(b"\x80\x02Nr" + struct.pack("<I", 2**32 - 1) + b".") is None


def test_the_same_bytes_again_and_again_are_refused(read):
    text = b"X" + struct.pack("<I", 1000) + b"x" * 1000
    again = b"c_codecs\nencode\nh\x00X\x06\x00\x00\x00latin1\x86R"
    with pytest.raises(FormatError, match="much more data"):
        read(b"\x80\x02(" + text + b"q\x00" + again * 1000 + b"l.")


SAME_HASH = [number * sys.hash_info.modulus for number in range(1, 4)]
NUMBER = f"{SAME_HASH[0]}\n".encode()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "value",
    [
        dict.fromkeys(SAME_HASH),
        {"a": 1, SAME_HASH[0]: 2},
        {-SAME_HASH[0]: 1},
        OrderedDict.fromkeys(SAME_HASH),
        set(SAME_HASH),
        frozenset(SAME_HASH),
        {(1, 2): 3},
        {frozenset([1]): 3},
        {(1, 2)},
    ],
)
def test_keys_whose_places_can_be_chosen_are_refused(read, protocol, value):
    with pytest.raises(FormatError, match="is refused: a key that is"):
        read(pickle.dumps(value, protocol))


@pytest.mark.parametrize("data", [b"(L" + NUMBER + b"NL" + NUMBER + b"Nd.", b"Np" + NUMBER + b"."])
def test_other_ways_to_such_keys_are_refused(read, data):
    with pytest.raises(FormatError, match="is refused: a key that is a larger number"):
        read(data)


def test_a_dictionary_is_made_of_pairs_only(read):
    with pytest.raises(FormatError, match="something else than pairs"):
        read(b"ccollections\nOrderedDict\n((lS'ab'\natR.")


def test_large_numbers_are_values_and_usual_ones_are_keys(read):
    value = {2**60: SAME_HASH, -5: [(1, 2)], "a": frozenset([7])}
    assert read(pickle.dumps(value)) == value


def test_rows_of_nothing_are_refused(read):
    data = pickle.dumps(np.zeros((7, 0)), 2)
    shape = next(pos for op, arg, pos in pickletools.genops(data) if (op.name, arg) == ("BININT1", 7))
    with pytest.raises(FormatError, match="empty array of shape"):
        read(data[:shape] + b"J" + struct.pack("<i", 2**30) + data[shape + 2 :])


def test_a_file_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_pickle(tmp_path / "none.pkl")
