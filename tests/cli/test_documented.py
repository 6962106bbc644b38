"""README and docs say what the program does, and the program what they say."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from videostep.cli.exit_codes import ExitCode
from videostep.cli.main import app
from videostep.formats.graphs import READERS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "commands.md").read_text()


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
    readme = (ROOT / "README.md").read_text()
    blocks = "".join(re.findall(r"^```sh\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL))
    lines = re.findall(r"^videostep (\w+) ([^#\n]*)", blocks, flags=re.MULTILINE)
    assert len(lines) >= 5
    for name, rest in lines:
        command = get_command(app).commands[name]
        known = {option for param in command.params for option in param.opts}
        given = {word for word in rest.split() if word.startswith("-")}
        assert given <= known, f"videostep {name} {rest}"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.stem)
def test_every_option_that_a_page_gives_a_command_is_one_of_it(page):
    commands = get_command(app).commands
    for name, rest in re.findall(r"videostep ([a-z-]+)([^`#\n]*)", page.read_text().replace("\\\n", " ")):
        if name in commands:
            known = {option for param in commands[name].params for option in param.opts} | {"--help"}
            assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", rest)) <= known, f"videostep {name} {rest}"


def test_the_help_of_import_names_every_format():
    (text,) = (param.help for param in get_command(app).commands["import"].params if param.name == "format_")
    assert set(re.findall(r"[a-z-]+", text.partition(": ")[2].partition(" (")[0])) - {"or"} == set(READERS)


def test_every_file_that_the_readme_links_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text())
    assert len(links) >= 8
    assert [link for link in links if not (ROOT / link).exists()] == []
