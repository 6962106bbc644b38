"""Specifications of Video-LLMs, and the door by which other packages' backends come in."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from videostep import models, plugins
from videostep.errors import ConfigError, FormatError, ModelError, RequestError, VideostepError
from videostep.models import open_model, parse_openai_target
from videostep.models.config import ModelsConfig
from videostep.models.openai.config import OpenAIConfig
from videostep.models.openai.model import OPENAI_URL, OpenAIModel, api_key
from videostep.models.protocol import Image, Message, Reply, Request, Sampling, VideoModel, ask_all
from videostep.models.scripted import ScriptedModel
from videostep.models.spending import Meter
from videostep.store.request_cache import open_cached


def says(text: str, *images: Image, **asked: Any) -> Request:
    return Request(messages=(Message(role="user", parts=(text, *images)),), **asked)


@pytest.mark.parametrize(
    ("target", "model", "url"),
    [
        ("gpt-x", "gpt-x", None),
        ("Qwen/Qwen2.5-VL-7B@http://localhost:8000/v1", "Qwen/Qwen2.5-VL-7B", "http://localhost:8000/v1"),
        ("llava:7b@http://[::1]:11434/v1/", "llava:7b", "http://[::1]:11434/v1"),
        ("org/model@2024@https://host/a/v1", "org/model@2024", "https://host/a/v1"),
    ],
)
def test_an_openai_target_is_a_model_and_a_url(target: str, model: str, url: str | None) -> None:
    parsed = parse_openai_target(target)
    assert (parsed.model, parsed.url) == (model, url)


@pytest.mark.parametrize("target", ["@http://localhost", "a model@http://localhost", "m@http://a b", " "])
def test_a_wrong_target_is_shown_a_right_one(target: str) -> None:
    with pytest.raises(ConfigError, match="such as openai:Qwen"):
        open_model(f"openai:{target}")


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError, match="VIDEOSTEP_API_KEY") as caught:
        open_model("openai:m@http://me:secret@host/v1")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("opena:m", "did you mean openai:"),
        ("qwen", "openai:MODEL@URL"),
        ("Qwen/Qwen2.5-VL-7B-Instruct+ckpt", "did you mean transformers:Qwen/Qwen2.5-VL-7B-Instruct+ckpt?"),
        ("openai:", "scripted:FILE"),
        ("", "FILE"),
    ],
)
def test_an_unknown_backend_is_shown_the_nearest(spec: str, hint: str) -> None:
    with pytest.raises(ConfigError, match="names no Video-LLM") as caught:
        open_model(spec)
    assert hint in str(caught.value)


def test_a_key_goes_only_where_it_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "VIDEOSTEP_API_KEY", "MY_KEY"):
        monkeypatch.setenv(name, f"value of {name}")
    config = OpenAIConfig()
    assert api_key(OPENAI_URL, config) == "value of OPENAI_API_KEY"
    assert api_key("http://localhost:8000/v1", config) == "value of VIDEOSTEP_API_KEY"
    assert api_key("http://localhost:8000/v1", OpenAIConfig(key_variable="MY_KEY")) == "value of MY_KEY"


@pytest.mark.parametrize(
    "settings",
    [
        {"max_concurrency": 0}, {"max_attempts": 0}, {"timeout_s": 0.0}, {"patience_s": -1.0},
        {"backoff_s": float("nan")}, {"max_reply_bytes": 0},
    ],
)  # fmt: skip
def test_senseless_settings_are_named(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"openai.{next(iter(settings))} is"):
        OpenAIConfig(**settings)


@pytest.mark.parametrize("spec", ["openai:m@http://localhost/v1", "scripted:nowhere.jsonl"])
def test_settings_of_another_kind_are_refused(spec: str) -> None:
    with pytest.raises(ConfigError, match=r"set up|no settings"):
        open_model(spec, {"timeout_s": 3})


def test_openai_is_opened_without_sending_anything() -> None:
    model = open_model("openai:m@http://127.0.0.1:9/v1", OpenAIConfig(timeout_s=1))
    assert isinstance(model, OpenAIModel)
    assert model.name == "openai:m"
    model.close()


SCRIPT = [
    {"contains": ["colour", "car"], "replies": ["red", "blue"]},
    {"contains": ["list"], "replies": [{"things": ["car"]}]},
    {"images": [Image(data=b"a cat").sha256[:8]], "replies": ["a cat"]},
]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in SCRIPT) + "\n")
    return path


def test_a_script_answers_by_its_first_line_that_fits(script: Path) -> None:
    model = open_model(f"scripted:{script}")
    outcomes = ask_all(
        model,
        [
            says("what colour is the car?", sampling=Sampling(n=3, seed=1)),
            says("list all"),
            says("what is it?", Image(data=b"a dog"), Image(data=b"a cat")),
            says("what is it?"),
        ],
    )
    texts = [outcome.texts for outcome in outcomes if isinstance(outcome, Reply)]
    assert texts == [("blue", "red", "blue"), ('{"things":["car"]}',), ("a cat",)]
    assert isinstance(outcomes[3], RequestError)
    assert "no line of the script" in str(outcomes[3])


def test_a_scripts_name_changes_with_its_words(script: Path) -> None:
    before = open_model(f"scripted:{script}").name
    script.write_text(script.read_text().replace("red", "green"))
    assert open_model(f"scripted:{script}").name != before


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", FormatError),
        ('{"contains": ["a"]}', FormatError),
        ('{"replies": []}', ConfigError),
        ("\xff", FormatError),
    ],
)
def test_a_script_that_is_none_is_refused(text: str, error: type[VideostepError], script: Path) -> None:
    script.write_text(text, encoding="latin-1")
    with pytest.raises(error, match=r"script\.jsonl"):
        open_model(f"scripted:{script}")


def test_a_script_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.jsonl cannot be read"):
        open_model("scripted:nowhere.jsonl")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A package that brings a backend."""
    module = ModuleType("their_package")

    def open_parrot(target: str, config: Mapping[str, Any], *, meter: Meter) -> VideoModel:
        if unknown := config.keys() - {"loud"}:
            raise ConfigError(f"parrot has no setting {min(unknown)!r}")
        return ScriptedModel(
            lambda request, seed: target.upper() if config.get("loud") else target, name="parrot"
        )

    module.open_parrot = open_parrot  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    bring(monkeypatch, "parrot", "their_package:open_parrot")
    return module


def bring(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    point = EntryPoint(name=name, value=value, group=models.ENTRY_POINT_GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point] if group == point.group else [])


def test_another_packages_backend_comes_by_the_same_door(installed: ModuleType) -> None:
    (outcome,) = ask_all(open_model("parrot:hello", {"loud": True}), [says("a")])
    assert isinstance(outcome, Reply)
    assert outcome.texts == ("HELLO",)
    with pytest.raises(ConfigError, match="no setting 'quiet'"):
        open_model("parrot:hello", {"quiet": True})
    with pytest.raises(ModelError, match="mapping"):
        open_model("parrot:hello", 3)


def test_its_table_reaches_it_and_a_table_of_nobody_is_an_error(installed: ModuleType) -> None:
    config = ModelsConfig(installed={"parrot": {"loud": True}})
    (outcome,) = ask_all(open_cached("parrot:hello", config), [says("a")])
    assert isinstance(outcome, Reply)
    assert outcome.texts == ("HELLO",)
    with pytest.raises(ConfigError, match=r"not installed; did you mean 'parrot'\?"):
        open_cached("parrot:hello", ModelsConfig(installed={"parot": {}}))
    with pytest.raises(ConfigError, match=r"the settings of 'openai' are \[models\.openai\]"):
        open_cached("parrot:hello", ModelsConfig(installed={"openai": {}}))


def test_another_package_cannot_take_a_built_ins_name(
    installed: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(monkeypatch, "openai", "their_package:open_parrot")
    with pytest.raises(ModelError, match="two model backends are called 'openai'"):
        open_model("openai:m@http://localhost/v1")


def test_a_backend_that_breaks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(monkeypatch, "broken", "no_such_package:open")
    with pytest.raises(
        ModelError, match=r"'broken' \(no_such_package:open\) cannot be opened: ModuleNotFound"
    ):
        open_model("broken:x")


def test_the_client_is_loaded_only_when_it_is_chosen() -> None:
    code = "import sys, videostep.models, videostep.models.scripted; print('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_the_backend_of_the_page_keeps_the_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[2] / "docs" / "backends.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    module = ModuleType("parrot")
    module.__dict__["Reply"] = Reply
    exec(next(block for block in blocks if "class Parrot" in block), module.__dict__)
    monkeypatch.setitem(sys.modules, "parrot", module)
    bring(monkeypatch, "parrot", "parrot:open_parrot")
    model = open_model("parrot:anything")
    assert isinstance(model, VideoModel)
    (outcome,) = ask_all(model, [says("hello", sampling=Sampling(n=2))])
    assert outcome == Reply(texts=("hello", "hello"))
