"""Values of others' files."""

import json

import pytest

from videostep.errors import InputError
from videostep.formats.graphs.plain import (
    entries,
    fields,
    json_files,
    name,
    number,
    positive,
    read_json,
    term,
    whole,
    words,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (3, 3.0),
        (2.5, 2.5),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        ("3", None),
        (10**400, None),
    ],
)
def test_a_number_is_finite(raw, expected):
    assert number(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), [(3, 3), (3.0, 3), (3.5, None), (None, None), (-1, -1)])
def test_a_whole_number_may_be_written_with_a_point(raw, expected):
    assert whole(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), [(0, None), (-1, None), (0.5, 0.5), ([], None)])
def test_a_positive_number_is_above_zero(raw, expected):
    assert positive(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("7", "7"),
        (7, "7"),
        (7.0, "7"),
        (" a b ", "a b"),
        ("\ud800", "\\ud800"),
        ("", None),
        (7.5, None),
        (True, None),
    ],
)
def test_an_id_is_the_same_as_text_and_as_number(raw, expected):
    assert name(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Giant_Panda", "giant panda"),
        ("  on  top ", "on top"),
        ("_", None),
        (3, None),
        ("a\x1b[31m", None),
        ("\ud800", None),
        ("<script>alert(1)</script>", None),
        ("{{policy}}", None),
        ("100 %", None),
        ("dog " * 40, None),
        ("bus/truck", "bus/truck"),
        ("Hund", "hund"),
        ("犬", "犬"),
        ("t-shirt (red)", "t-shirt (red)"),
    ],
)
def test_words_are_lower_case_with_single_blanks(raw, expected):
    assert words(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), [(" Giant_Panda ", "Giant_Panda"), ("_", None), (7, None)])
def test_a_term_is_spelled_as_in_its_data_set(raw, expected):
    assert term(raw) == expected


def test_what_is_no_list_or_object_is_an_empty_one():
    assert entries({"a": 1}) == []
    assert fields([1]) == {}


class TestFiles:
    @pytest.mark.parametrize("text", ["{", "", "\xff", "[" * 100_000])
    def test_what_is_no_json_is_none(self, tmp_path, text):
        (tmp_path / "a.json").write_text(text, encoding="latin-1")
        assert read_json(tmp_path / "a.json") is None

    def test_not_a_number_costs_no_file(self, tmp_path):
        (tmp_path / "a.json").write_text(json.dumps({"x": float("nan"), "y": 1}))
        assert read_json(tmp_path / "a.json")["y"] == 1

    def test_a_folder_is_searched_and_hidden_files_are_not(self, tmp_path):
        (tmp_path / "deep" / "er").mkdir(parents=True)
        for file in ("b.json", "deep/er/a.json", ".hidden.json", "c.txt"):
            (tmp_path / file).write_text("{}")
        found = [file.relative_to(tmp_path).as_posix() for file in json_files(tmp_path)]
        assert found == ["b.json", "deep/er/a.json"]

    def test_nothing_to_read_is_an_error_that_says_so(self, tmp_path):
        with pytest.raises(InputError, match="holds no JSON files"):
            json_files(tmp_path)
        with pytest.raises(InputError, match="does not exist"):
            json_files(tmp_path / "none")
        with pytest.raises(InputError, match="cannot be read"):
            read_json(tmp_path)
