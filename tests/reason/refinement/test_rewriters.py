"""Rewriters of other packages come in by the same door as the built-in ones."""

import json

import pytest

from videostep import plugins
from videostep.errors import ConfigError, RewriterError
from videostep.reason.refinement.protocol import Wording
from videostep.reason.refinement.rewriters import open_rewriter
from videostep.reason.refinement.scripted import ScriptedRewriter
from videostep.reason.refinement.vocabulary import Vocabulary


def wording(text, part="question"):
    return Wording(part=part, text=text, keep=(), known=Vocabulary())


class Point:
    """An entry point."""

    def __init__(self, name, factory):
        self.name, self.value, self._factory = name, f"package:{name}", factory

    def load(self):
        return self._factory


@pytest.fixture
def installed(monkeypatch):
    """Lets a package bring a rewriter."""

    def install(name, factory):
        monkeypatch.setattr(plugins, "entry_points", lambda group: [Point(name, factory)])

    return install


def test_an_installed_rewriter_gets_its_argument_and_the_seed(installed):
    installed("loud", lambda argument, *, seed: ScriptedRewriter(str.upper, name=f"loud {argument} {seed}"))
    assert open_rewriter("loud:A@http://b:1", seed=7).name == "loud A@http://b:1 7"


def test_it_cannot_take_a_built_in_name(installed):
    installed("paraphrase", lambda argument, *, seed: None)
    with pytest.raises(RewriterError, match="two rewriters are called 'paraphrase'"):
        open_rewriter("paraphrase")


def test_one_that_cannot_be_opened_is_named(installed):
    def broken(argument, *, seed):
        raise OSError("no such device")

    installed("broken", broken)
    with pytest.raises(RewriterError, match=r"'broken' \(package:broken\) cannot be opened: OSError"):
        open_rewriter("broken")


def test_its_own_errors_stay_its_own(installed):
    def refusing(argument, *, seed):
        raise ConfigError("no url")

    installed("refusing", refusing)
    with pytest.raises(ConfigError, match="no url"):
        open_rewriter("refusing")


def test_a_scripted_one_rewrites_what_its_table_holds(tmp_path):
    table = tmp_path / "words.json"
    table.write_text(json.dumps({"Is it red?": "Is red its colour?"}))
    rewriter = open_rewriter(f"scripted:{table}")
    assert rewriter.rewrite([wording("Is it red?"), wording("Is it blue?")]) == [
        "Is red its colour?",
        "Is it blue?",
    ]


def test_the_name_of_a_scripted_one_tells_its_table_not_its_place(tmp_path):
    for name, words in (("a.json", "{}"), ("b.json", "{}"), ("c.json", '{"x": "y"}')):
        (tmp_path / name).write_text(words)
    same, copy, other = (open_rewriter(f"scripted:{tmp_path / name}.json").name for name in "abc")
    assert same == copy != other
