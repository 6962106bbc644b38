import json

import pytest

from videostep.errors import FormatError, InputError
from videostep.store.json_stream import read_array, read_object


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data.json"


def test_entries_come_one_by_one(path):
    path.write_text(json.dumps([1, 2.5, {"a": [True, None]}, []]))
    assert list(read_array(path)) == [1, 2.5, {"a": [True, None]}, []]


def test_an_inner_array_is_found_by_its_keys(path):
    path.write_text(json.dumps({"x": [1], "data": {"list": [2, 3]}}))
    assert list(read_array(path, "data.list")) == [2, 3]


def test_keys_that_stand_twice_come_twice(path):
    path.write_text('{"a": 1, "b": {"c": 2}, "a": 3}')
    assert list(read_object(path)) == [("a", 1), ("b", {"c": 2}), ("a", 3)]


def test_entries_before_a_cut_are_given(path):
    path.write_text('[{"a": 1}, {"a": 2}, {"a')
    entries = read_array(path)
    assert [next(entries), next(entries)] == [{"a": 1}, {"a": 2}]
    with pytest.raises(FormatError, match=r"data\.json is not whole JSON"):
        next(entries)


@pytest.mark.parametrize("text", ["", "[1", "[1]x", "[NaNs]", "[1e999]", '["\udcff"]'])
def test_what_is_no_json_is_refused(path, text):
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(FormatError, match="is not whole JSON"):
        list(read_array(path))


def test_what_writers_leave_that_is_no_number_costs_its_place_only(path):
    path.write_text('[NaN, -Infinity, Infinity, {"NaN": "-Infinity, \\"NaN\\"", "x": [NaN]}]')
    assert list(read_array(path)) == [None, None, None, {"NaN": '-Infinity, "NaN"', "x": [None]}]


@pytest.mark.parametrize("written", ["NaN", "-Infinity"])
def test_no_number_is_known_across_the_pieces_that_are_read_at_once(path, written):
    # One that begins at each place of a piece, and texts that go over its end.
    for shift in range(10):
        path.write_text(f'["{"x" * (65_526 + shift)}", {written}, "{"NaN" * 30_000}", {written}]')
        first, second, third, last = read_array(path)
        assert (len(first), second, third, last) == (65_526 + shift, None, "NaN" * 30_000, None)


DEEP = 200_000


@pytest.mark.parametrize(
    "text", ["[" * DEEP, '[{"a":' * DEEP, "[1]," * 9 + "[" * DEEP + "]" * DEEP, '["\\"",' + "[" * DEEP]
)
def test_endless_nesting_is_refused_before_it_takes_memory(path, text):
    path.write_text(text)
    with pytest.raises(FormatError, match=r"data\.json nests deeper than"):
        list(read_array(path))


@pytest.mark.parametrize("text", ["[" * DEEP, "\\[{" * DEEP, '"' * DEEP + "[" * DEEP, "\\"])
def test_brackets_in_text_do_not_nest(path, text):
    # Longer than a piece that is read at once, so that a text goes over its end.
    path.write_text(json.dumps([text, {"a": text}]))
    assert list(read_array(path)) == [text, {"a": text}]


def test_many_shallow_entries_are_no_depth(path):
    path.write_text(json.dumps([[[1]]] * 50_000))
    assert len(list(read_array(path))) == 50_000


def test_an_empty_array_is_not_taken_for_none_at_all(path):
    path.write_text('{"data": []}')
    assert list(read_array(path, "data")) == []
    with pytest.raises(FormatError, match="no JSON array under 'other'"):
        list(read_array(path, "other"))
    with pytest.raises(FormatError, match="no JSON object under 'data'"):
        list(read_object(path, "data"))
    with pytest.raises(FormatError, match="no JSON array"):
        list(read_array(path))


def test_a_file_that_is_not_there_is_an_input_error(path):
    with pytest.raises(InputError, match="No such file"):
        list(read_array(path))
