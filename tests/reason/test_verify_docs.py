"""docs/program.md is the specification: what it says must be what the executor does."""

import re
from pathlib import Path

import pytest

from videostep import errors
from videostep.reason.verify import Executor, canonical
from videostep.reason.verify.language import OPERATORS
from videostep.testing.graphs import street_graph

PAGE = (Path(__file__).parents[2] / "docs" / "program.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^([a-z]+\(.*\)) -> (.+)$", PAGE, flags=re.MULTILINE)
STREET = Executor(street_graph())


@pytest.mark.parametrize(("program", "outcome"), EXAMPLES)
def test_every_example_comes_out_as_it_says(program, outcome):
    if outcome.endswith("Error"):
        with pytest.raises(getattr(errors, outcome)):
            STREET.run(program)
    else:
        assert STREET.run(program) == outcome
        assert canonical(program) == program


def test_every_operator_is_described_and_has_an_example():
    described = set(re.findall(r"^(?:- |\| )`([a-z]+)\(", PAGE, flags=re.MULTILINE))
    assert described == set(OPERATORS)
    shown = {name for program, _ in EXAMPLES for name in re.findall(r"([a-z]+)\(", program)}
    assert shown == set(OPERATORS) - {"always"}
