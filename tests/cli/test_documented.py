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
    assert set(re.findall(r"`videostep ([\w-]+) ", TEXT)) - {"COMMAND"} == set(get_command(app).commands)


def test_every_documented_option_is_one_of_run():
    options = {name for option in get_command(app).commands["run"].params for name in option.opts}
    documented = set(re.findall(r"`(--?[a-z][a-z-]*)[ `]", TEXT)) - {"-vv", "--help"}
    assert documented <= options


def test_every_command_line_of_the_readme_is_understood():
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    blocks = "".join(re.findall(r"^```sh\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL))
    lines = re.findall(r"^videostep (\w+) ([^#\n]*)", blocks, flags=re.MULTILINE)
    assert len(lines) >= 5
    for name, rest in lines:
        command = get_command(app).commands[name]
        known = {option for param in command.params for option in param.opts}
        given = {word for word in rest.split() if word.startswith("-")}
        assert given <= known, f"videostep {name} {rest}"


def test_every_file_that_the_readme_links_is_there():
    root = Path(__file__).parents[2]
    links = re.findall(r"\]\(([^)#:]+)\)", (root / "README.md").read_text())
    assert len(links) >= 8
    assert [link for link in links if not (root / link).exists()] == []
