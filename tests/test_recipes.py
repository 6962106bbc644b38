"""The paper's runs are settings that are valid and commands that are understood."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from videostep.cli.main import app
from videostep.pipeline.config_file import read_config
from videostep.pipeline.training_files import read_train_config

PAPER = Path(__file__).parents[1] / "recipes" / "paper"
RUNS = ("step", "instruct", "distillation", "lambda", "mixes", "ablations", "evaluate", "tables")


@pytest.mark.parametrize("path", sorted(PAPER.glob("run/*.toml")), ids=lambda path: path.stem)
def test_settings_of_graphs_are_valid(path):
    assert read_config(path).video_llm.samples >= 1


def test_each_ablation_switches_off_what_it_says():
    read = {path.stem: read_config(path) for path in PAPER.glob("run/*.toml")}
    full = read.pop("step")
    assert read["without-splitting"].split.shots.detector == "uniform" != full.split.shots.detector
    assert read["without-parsing"].video_llm.single_prompt
    assert (read["without-merging"].merge.join, full.merge.join) == (False, True)
    assert (read["without-bridging"].bridge.join, full.bridge.join) == (False, True)
    assert len(read) == 4


@pytest.mark.parametrize("path", sorted(PAPER.glob("train/*.toml")), ids=lambda path: path.stem)
def test_settings_of_training_are_the_papers_where_it_gives_any(path):
    objective = read_train_config(path).objective
    assert (objective.rationale_weight, objective.normalise) == (1.0, "sample")


def commands_of(run):
    environment = {**os.environ, "VIDEOSTEP": "echo"}
    script = [str(PAPER / "paper.sh"), run]
    printed = subprocess.run(script, env=environment, capture_output=True, text=True, check=True).stdout
    return printed.splitlines()


@pytest.mark.parametrize("run", RUNS)
def test_every_command_is_understood(run):
    lines = commands_of(run)
    assert lines
    for line in lines:
        name, *words = line.split()
        command = get_command(app).commands[name]
        known = {option for param in command.params for option in param.opts}
        assert {word for word in words if re.match(r"--?[a-z]", word)} <= known, line


def test_models_are_shown_the_same_before_and_after_their_training():
    trained_by = {
        path for line in commands_of("step") for path in re.findall(r"--config (\S+train/\S+)", line)
    }
    asked = [line for line in commands_of("evaluate") if line.startswith("evaluate ")]
    assert {
        path for line in asked for path in re.findall(r"--as-trained --shown-as (\S+)", line)
    } == trained_by
    assert all("--shown-as" in line for line in asked)


def test_a_size_without_settings_is_refused_before_anything_is_parsed():
    environment = {**os.environ, "VIDEOSTEP": "echo", "SIZE": "13b"}
    script = [str(PAPER / "paper.sh"), "step"]
    refused = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "SIZE is 13b" in refused.stderr


def test_all_settings_files_that_are_named_exist():
    named = {
        Path(path)
        for run in RUNS
        for line in commands_of(run)
        for path in re.findall(r"--config (\S+)", line)
    }
    assert named
    assert all(path.exists() for path in named)


def test_the_sweeps_are_the_papers():
    weights = [line.split("--lambda ")[1].split()[0] for line in commands_of("lambda") if "--lambda" in line]
    assert weights == ["0", "0.25", "0.5", "0.75", "1", "1.25", "1.5"]
    tags = [line.split("--tag mix=")[1] for line in commands_of("mixes") if "--tag mix=" in line]
    assert sorted(set(tags)) == ["0/0/100", "100/0/0", "25/25/50", "25/50/25", "50/50/0"]


def test_the_table_of_hours_is_what_the_script_prints():
    script = [sys.executable, str(PAPER / "hours.py")]
    printed = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    assert printed in (PAPER / "README.md").read_text()
