"""docs/commands.md says what the program does."""

import re
from pathlib import Path

from typer.main import get_command

from videostep.cli.exit_codes import ExitCode
from videostep.cli.main import app

TEXT = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()


def test_the_exit_codes_are_the_documented_ones():
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", TEXT, flags=re.MULTILINE)
    assert [(int(code), meaning) for code, meaning in rows] == [
        (code.value, code.meaning) for code in ExitCode
    ]


def test_the_commands_are_the_documented_ones():
    assert set(re.findall(r"`videostep (\w+) ", TEXT)) - {"COMMAND"} == set(get_command(app).commands)


def test_every_documented_option_is_one_of_run():
    options = {name for option in get_command(app).commands["run"].params for name in option.opts}
    documented = set(re.findall(r"`(--?[a-z][a-z-]*)[ `]", TEXT)) - {"-vv", "--help"}
    assert documented <= options
