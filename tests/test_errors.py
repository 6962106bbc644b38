from __future__ import annotations

import inspect
import pickle
import re

import pytest

from videostep import errors
from videostep.errors import FormatError, VideostepError

CLASSES = {
    name: kind
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, VideostepError)
}


def drawn_tree() -> dict[str, str | None]:
    """Class name to the name of its base, as the module's docstring draws them."""
    parents: dict[str, str | None] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"^([│ ├└─]*)(\w+Error)\b", line):
            depth = len(match[1]) // 4
            path[depth:] = [match[2]]
            parents[match[2]] = path[depth - 1] if depth else None
    return parents


def test_the_tree_that_is_drawn_is_the_real_one() -> None:
    real = {name: kind.__base__.__name__ for name, kind in CLASSES.items() if kind is not VideostepError}
    assert drawn_tree() == {"VideostepError": None, **real}


def test_every_error_says_what_it_is() -> None:
    assert all(kind.__doc__ for kind in CLASSES.values())


def test_an_error_prints_its_message_and_its_remedy() -> None:
    assert str(FormatError("a.json is not JSON")) == "a.json is not JSON"
    assert (
        str(FormatError("a.json is not JSON", remedy="write it again"))
        == "a.json is not JSON; write it again"
    )


@pytest.mark.parametrize("kind", CLASSES.values())
def test_an_error_survives_the_way_between_processes(kind: type[VideostepError]) -> None:
    # multiprocessing sends a worker's exceptions as pickles
    again = pickle.loads(pickle.dumps(kind("what", remedy="how")))
    assert type(again) is kind
    assert (again.message, again.remedy) == ("what", "how")
