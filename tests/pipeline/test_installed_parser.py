"""A scene parser that another package brings: found, set up and stamped like a built-in one."""

import json
import os
import subprocess
import sys
import tomllib

import pytest

from videostep.cli.exit_codes import ExitCode

# The package says in its graphs (provenance.model) what it was opened with.
MODULE = """
from videostep.testing.graphs import street_graph
from videostep.testing.parser import ScriptedParser


class Toy(ScriptedParser):
    def __init__(self, settings, seed):
        super().__init__(street_graph())
        self.name_ = f"toy depth {settings.get('depth', 1)} seed {seed}"

    @property
    def name(self):
        return self.name_
"""


@pytest.fixture
def videostep(clips, tmp_path):
    """Runs `videostep run` on a clip where the package is installed, with settings."""
    package = tmp_path / "site" / "toy-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[videostep.parsers]\ntoy = toy:Toy\n")
    (package.parent / "toy.py").write_text(MODULE)
    places = [str(package.parent), *filter(None, [os.environ.get("PYTHONPATH")])]

    def run(settings):
        (tmp_path / "settings.toml").write_text(settings)
        command = [sys.executable, "-m", "videostep", "run", str(clips / "clip1.mp4"), "--model", "toy"]
        command += [
            "--config",
            str(tmp_path / "settings.toml"),
            "--out",
            str(tmp_path / "run"),
            "--seed",
            "5",
        ]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    return run


def test_its_table_and_the_seed_reach_it_and_are_saved_and_stamped(videostep, tmp_path):
    process = videostep("[parsers.toy]\ndepth = 3\n")
    assert process.returncode == ExitCode.OK, process.stderr
    (graph,) = (tmp_path / "run" / "graphs").glob("*.json")
    assert json.loads(graph.read_text())["provenance"]["model"] == "toy depth 3 seed 5"
    saved = tomllib.loads((tmp_path / "run" / "run.toml").read_text())
    assert saved["parsers"] == {"toy": {"depth": 3}}

    refused = videostep("[parsers.toy]\ndepth = 4\n")
    assert refused.returncode == ExitCode.RUN_FOLDER
    assert "made with other settings: parsers.toy.depth 3 -> 4" in refused.stderr


def test_a_table_of_a_parser_that_is_not_installed_is_a_wrong_setting(videostep, tmp_path):
    refused = videostep("[parsers.toi]\ndepth = 3\n")
    assert refused.returncode == ExitCode.USAGE
    assert "did you mean 'toy'?" in refused.stderr
    assert not (tmp_path / "run").exists()
