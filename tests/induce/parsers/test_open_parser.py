from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from videostep import plugins
from videostep.errors import ConfigError, ParserError
from videostep.graph import Coverage
from videostep.induce.parse import SceneParser
from videostep.induce.parsers import ENTRY_POINT_GROUP, check_installed, open_parser
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.prompts import prompts_sha256


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
        return self.open

    def open(self, config, seed):
        if config.keys() - {"depth"}:
            raise ConfigError("there is no setting 'parsers.toy.dept'", remedy="did you mean 'depth'?")
        return _Toy(config, seed)


class _Toy:
    name, coverage = "toy/1", Coverage()

    def __init__(self, config, seed):
        self.opened_with = config, seed

    def open_clip(self, video, start_s): ...

    def same_thing(self, first, second): ...

    def event_of(self, graph): ...


@pytest.fixture
def toy(monkeypatch):
    """A package that brings the parser `toy`, which has one setting, `depth`."""
    monkeypatch.setattr(plugins, "entry_points", lambda group: [_Point()])


@pytest.mark.usefixtures("toy")
def test_an_installed_parser_gets_its_table_and_the_seed():
    assert open_parser("toy", {"depth": 2}, seed=7).opened_with == ({"depth": 2}, 7)


@pytest.mark.usefixtures("toy")
def test_an_installed_parser_without_a_table_gets_an_empty_one():
    assert open_parser("toy").opened_with == ({}, 0)


@pytest.mark.usefixtures("toy")
def test_an_installed_parser_refuses_settings_in_its_own_words():
    with pytest.raises(ConfigError, match=r"no setting 'parsers\.toy\.dept'; did you mean 'depth'"):
        open_parser("toy", {"dept": 2})


@pytest.mark.usefixtures("toy")
def test_an_installed_parser_is_not_set_up_with_an_object():
    with pytest.raises(ParserError, match="'toy' cannot be set up with a EmbeddedConfig; give it a mapping"):
        open_parser("toy", EmbeddedConfig())


def test_an_installed_parser_that_is_none_is_named(monkeypatch):
    monkeypatch.setattr(_Point, "open", lambda self, config, seed: object())
    monkeypatch.setattr(plugins, "entry_points", lambda group: [_Point()])
    with pytest.raises(ParserError, match=r"'toy' \(toy_package:open\), a object, lacks what one has"):
        open_parser("toy")


def test_an_installed_parser_that_takes_no_seed_is_named(monkeypatch):
    monkeypatch.setattr(_Point, "open", lambda self, config: None)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [_Point()])
    with pytest.raises(
        ParserError, match=r"'toy' \(toy_package:open\) cannot be opened: TypeError: .*'seed'"
    ):
        open_parser("toy")


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("toi", r"\[parsers.toi\] sets up a scene parser that is not installed; did you mean 'toy'"),
        ("zzz", "not installed; known: toy"),
        ("embedded", r"no table \[parsers.embedded\]; the settings of 'embedded' are \[embedded\]"),
    ],
)
def test_a_table_that_sets_up_no_installed_parser_is_refused(name, message):
    check_installed(["toy"])
    with pytest.raises(ConfigError, match=message):
        check_installed(["toy", name])


def test_where_no_parser_is_installed_no_table_fits():
    check_installed([])
    with pytest.raises(ConfigError, match="no package brings any: leave it out"):
        check_installed(["toy"])


def test_an_installed_parser_that_cannot_be_imported_is_named(monkeypatch):
    point = EntryPoint(name="toy", value="no_such_package:open", group=ENTRY_POINT_GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point])
    with pytest.raises(ParserError, match=r"'toy' \(no_such_package:open\) cannot be opened"):
        open_parser("toy")


def test_an_installed_parser_cannot_take_a_built_in_name(monkeypatch):
    point = _Point()
    point.name = "embedded"
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point])
    with pytest.raises(ParserError, match="two scene parsers are called 'embedded'"):
        open_parser("embedded")


def test_importing_the_door_and_the_config_loads_no_network_library():
    code = (
        "import sys, videostep.induce.parsers, videostep.induce.parsers.embedded.config; "
        "print(sorted({'onnxruntime', 'cv2', 'scipy'} & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.fixture
def script(tmp_path):
    """A Video-LLM that says yes to everything."""
    path = tmp_path / "yes.jsonl"
    path.write_text('{"replies": ["yes"]}\n')
    return path


def test_a_video_llm_comes_by_the_same_door(script, tmp_path):
    parser = open_parser(f"scripted:{script}", VideoLlmConfig(samples=3), cache=tmp_path / "kept.sqlite")
    assert isinstance(parser, SceneParser)
    assert parser.config.samples == 3
    assert (tmp_path / "kept.sqlite").exists()
    parser.close()


def test_the_name_of_a_video_llm_tells_model_prompts_and_settings(script):
    usual, other = (open_parser(f"scripted:{script}", VideoLlmConfig(samples=n)).name for n in (5, 3))
    assert usual.startswith("video-llm/1 scripted:yes.jsonl:")
    assert prompts_sha256()[:12] in usual
    assert other.startswith(usual)
    assert other != usual


def test_a_video_llm_is_not_set_up_with_another_parsers_config(script):
    with pytest.raises(ParserError, match="VideoLlmConfig"):
        open_parser(f"scripted:{script}", EmbeddedConfig())


def test_an_unknown_backend_is_told_the_nearest_known_one():
    with pytest.raises(ConfigError, match="did you mean openai:"):
        open_parser("opnai:model")
