from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from videostep.errors import ParserError
from videostep.induce import parsers
from videostep.induce.parse import SceneParser
from videostep.induce.parsers import open_parser
from videostep.induce.parsers.embedded.config import EmbeddedConfig


def test_embedded_is_a_scene_parser_with_its_config():
    parser = open_parser("embedded", EmbeddedConfig(max_looks=5))
    assert isinstance(parser, SceneParser)
    assert parser.config.max_looks == 5


def test_the_name_tells_settings_that_change_the_answers():
    usual, other = (open_parser("embedded", EmbeddedConfig(max_looks=looks)).name for looks in (3, 5))
    assert usual == open_parser("embedded").name
    assert other != usual
    assert other.startswith(usual)


def test_an_unknown_name_is_told_the_nearest_known_one():
    with pytest.raises(ParserError, match="did you mean 'embedded'"):
        open_parser("embeded")


def test_a_name_like_none_is_told_what_there_is():
    with pytest.raises(ParserError, match=r"known: .*embedded"):
        open_parser("zzz")


def test_a_config_of_another_parser_is_refused():
    with pytest.raises(ParserError, match="EmbeddedConfig"):
        open_parser("embedded", {"max_looks": 5})


class _Point:
    name = "toy"
    value = "toy_package:open"

    def load(self):
        return lambda config: ("toy parser", config)


def test_an_installed_parser_is_opened_by_the_same_door(monkeypatch):
    monkeypatch.setattr(parsers, "entry_points", lambda group: [_Point()])
    assert open_parser("toy", 7) == ("toy parser", 7)


def test_an_installed_parser_that_cannot_be_imported_is_named(monkeypatch):
    point = EntryPoint(name="toy", value="no_such_package:open", group=parsers.ENTRY_POINT_GROUP)
    monkeypatch.setattr(parsers, "entry_points", lambda group: [point])
    with pytest.raises(ParserError, match=r"'toy' \(no_such_package:open\) cannot be opened"):
        open_parser("toy")


def test_an_installed_parser_cannot_take_a_built_in_name(monkeypatch):
    point = _Point()
    point.name = "embedded"
    monkeypatch.setattr(parsers, "entry_points", lambda group: [point])
    with pytest.raises(ParserError, match="two scene parsers are called 'embedded'"):
        open_parser("embedded")


def test_importing_the_door_and_the_config_loads_no_network_library():
    code = (
        "import sys, videostep.induce.parsers, videostep.induce.parsers.embedded.config; "
        "print(sorted({'onnxruntime', 'cv2', 'scipy'} & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
