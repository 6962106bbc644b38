"""docs/benchmarks.md says what the code does."""

import re
from pathlib import Path

import pytest

from videostep.evaluate.benchmarks import BENCHMARKS, open_benchmark
from videostep.evaluate.benchmarks.star_steps import STEPS
from videostep.evaluate.metrics.options import LETTERS, read_option

PAGE = (Path(__file__).parents[3] / "docs" / "benchmarks.md").read_text()


def rows_below(heading: str) -> list[list[str]]:
    """The cells of the first table whose first line begins so."""
    lines = PAGE[PAGE.index(heading) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_benchmark_is_listed_with_its_files_and_protocols():
    expected = [
        [
            f"`{name}`",
            open_benchmark(name).title,
            open_benchmark(name).files,
            ", ".join(open_benchmark(name).scorings),
        ]
        for name in BENCHMARKS
    ]
    assert rows_below("| name | benchmark |") == expected


def test_every_benchmark_is_listed_with_where_it_comes_from_and_its_terms():
    expected = [[f"`{name}`", open_benchmark(name).where, open_benchmark(name).terms] for name in BENCHMARKS]
    assert rows_below("| name | where |") == expected


def test_the_steps_of_every_star_template_are_listed_with_the_reason():
    expected = [
        [f"`{template}`", str(count.n_steps), count.template, count.reason]
        for template, count in STEPS.items()
    ]
    assert rows_below("| template | steps |") == expected


FORMS = rows_below("| reply, of")


@pytest.mark.parametrize(("reply", "reading"), FORMS)
def test_replies_are_read_as_the_page_says(reply, reading):
    heading = re.search(r"\| reply, of (.*?) \|", PAGE)
    place = read_option(reply.strip("`"), re.findall(r"`([^`]+)`", heading[1]))
    assert ("nothing" if place is None else LETTERS[place]) == reading.partition(":")[0]


def test_forms_are_read_and_forms_are_refused():
    assert {reading.partition(":")[0] for _, reading in FORMS} == {"B", "D", "nothing"}


def test_star_has_twenty_templates_of_one_to_three_steps():
    assert [sum(name.startswith(type_) for name in STEPS) for type_ in open_benchmark("star").mean_of] == [
        4,
        6,
        4,
        6,
    ]
    assert {count.n_steps for count in STEPS.values()} == {1, 2, 3}
