import pytest

from videostep.evaluate.statistics.seeds import spread_of
from videostep.evaluate.statistics.sums import Estimate
from videostep.evaluate.tables import numbers
from videostep.evaluate.tables.paper import read_paper
from videostep.evaluate.tables.table import Table, markdown_of

TABLE = Table(title="50 % of a_b", columns=("model", "x|y"), rows=(("m\nn", "1 & 2"),), notes=("Ours.",))


def test_markdown_keeps_to_its_cells():
    assert markdown_of(TABLE).splitlines() == [
        "## 50 % of a_b",
        "",
        "| model | x\\|y |",
        "| --- | ---: |",
        "| m n | 1 & 2 |",
        "",
        "Ours.  ",
    ]


def test_names_are_no_html_on_a_page():
    table = Table(title="<b>", columns=("model",), rows=(("<script>x</script>",),), notes=("a < b",))
    lines = markdown_of(table).splitlines()
    assert lines[0] == r"## \<b>"
    assert lines[4] == r"| \<script>x\</script> |"
    assert lines[6] == r"a \< b  "


def test_a_row_of_another_width_is_refused():
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        Table(title="t", columns=("a",), rows=(("1", "2"),))


ESTIMATE = Estimate(0.3921, 0.379, 0.4049, 100, 10)


def test_numbers_have_their_interval():
    assert numbers.percent(ESTIMATE) == "39.2 [37.9, 40.5]"
    assert numbers.percent(ESTIMATE, spread_of([0.38, 0.4])) == "39.2 ±1.4 [37.9, 40.5]"
    assert numbers.percent(ESTIMATE._replace(low=None, high=None)) == "39.2"
    assert numbers.difference(Estimate(0.014, -0.002, 0.026, 1, 1)) == "+1.4 [-0.2, +2.6]"
    assert numbers.percent(None) == "-"
    assert numbers.points(ESTIMATE, factor=100) == "39.21 [37.90, 40.49]"
    assert numbers.points(ESTIMATE._replace(low=0.5, high=0.5)) == "0.39"


def test_the_papers_tables_have_a_cell_for_each_column():
    paper = read_paper()
    assert [table.number for table in paper.tables] == [1, 2, 3, 4]
    for table in paper.tables:
        assert len(table.columns) == len(table.benchmarks) == len(table.column_groups)
        assert all(len(row) == len(table.columns) + 1 for row in table.rows)


def test_the_papers_headline_is_there():
    """STAR, three steps and more: 27.7 to 33.6 is 21.3 % relative."""
    steps = read_paper().tables[1]
    star_3 = steps.columns.index("STAR 3+") + 1
    rows = {row[0]: float(row[star_3]) for row in steps.rows}
    assert rows["VideoChat2* STEP"] / rows["VideoChat2*"] - 1 == pytest.approx(0.213, abs=5e-4)


def test_the_papers_tables_agree_with_each_other():
    first, second, *_, fourth = read_paper().tables
    of_first = {row[0]: [cell.split("/")[0] for cell in row[4:6]] for row in first.rows}
    for row in second.rows:
        assert of_first[row[0]] == [row[4], row[8]]
    assert of_first["VideoChat2* STEP"] == list(fourth.rows[0][1:])
