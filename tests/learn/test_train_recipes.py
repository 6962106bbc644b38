"""The recipes for several GPUs and machines are files that accelerate reads, with commands that are known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from videostep.cli.main import app

config_args = pytest.importorskip("accelerate.commands.config.config_args", reason="needs videostep[train]")

RECIPES = sorted((Path(__file__).parents[2] / "recipes" / "accelerate").glob("*.yaml"))


def test_there_is_a_recipe_for_each_way():
    assert [path.stem for path in RECIPES] == ["ddp", "deepspeed", "fsdp2", "machines"]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_accelerate_reads_it(path):
    config = config_args.load_config_from_file(str(path))
    assert config.num_processes % config.num_machines == 0
    assert config.num_processes > config.num_machines


def test_what_the_trainer_relies_on():
    sharded = config_args.load_config_from_file(str(next(path for path in RECIPES if path.stem == "fsdp2")))
    # Else the Trainer would save no weights.
    assert sharded.fsdp_config["fsdp_state_dict_type"] == "FULL_STATE_DICT"
    assert sharded.fsdp_config["fsdp_version"] == 2
    deep = config_args.load_config_from_file(str(next(path for path in RECIPES if path.stem == "deepspeed")))
    # A step goes through its packs by itself.
    assert deep.deepspeed_config["gradient_accumulation_steps"] == 1


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_its_command_is_understood(path):
    comment = " ".join(
        line.removeprefix("#") for line in path.read_text().splitlines() if line.startswith("#")
    )
    given = [line for line in re.findall(r"-m videostep train (.*?)(?=  |$|The same)", comment)]
    known = {option for param in get_command(app).commands["train"].params for option in param.opts}
    assert given
    assert str(path.relative_to(Path(__file__).parents[2])) in comment
    for words in given:
        assert set(re.findall(r"--[\w-]+", words)) <= known
        assert {"--model", "--out"} <= set(words.split())
