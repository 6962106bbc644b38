import pytest

from videostep.evaluate.gradebook import Series
from videostep.evaluate.plots.curves import steps_chart, tag_charts
from videostep.evaluate.plots.files import named_step_charts, named_tag_charts
from videostep.evaluate.scorecard import ScoreCard
from videostep.evaluate.statistics.sums import Estimate
from videostep.evaluate.tables.beside import tables_beside

JUDGE = "judge openai:gpt-4o-mini, video-chatgpt/1, prompt 12345678"


def estimate(value, questions=100):
    return Estimate(value, value - 0.02, value + 0.02, questions, 20)


def card(benchmark="star", protocol=JUDGE, label="mine", value=0.4, **tags):
    groups = {"all": estimate(value), "steps/1": estimate(0.5, 40), "steps/2": estimate(0.3, 60)}
    series = [Series(condition="answer", measure="accuracy", groups=groups)]
    if protocol.startswith("judge"):
        series.append(Series(condition="answer", measure="points", groups={"all": estimate(2.9)}))
    series.append(Series(condition="answer.blind-question", measure="accuracy", groups=groups))
    return ScoreCard(
        benchmark=benchmark,
        protocol=protocol,
        model="m",
        label=label,
        tags={key: str(value) for key, value in tags.items()},
        questions=100,
        series=tuple(series),
    )


def rows_of(table, whose):
    return [row for row in table.rows if row[1] == whose]


def test_ours_stand_below_the_papers_with_whose_and_by_whom():
    first, second = tables_beside([card()])
    assert first.columns[:3] == ("model", "whose", "scored by")
    assert len(rows_of(first, "the paper's")) == 12
    (mine,) = rows_of(first, "ours")
    assert mine == ("mine", "ours", JUDGE, "-", "-", "-", "-", "40.0 [38.0, 42.0] / 2.90 [2.88, 2.92]")
    shares, steps = rows_of(second, "ours")
    assert shares[-4:] == ("40.0", "60.0", "-", "100.0")
    assert steps[-4:] == ("50.0 [48.0, 52.0]", "30.0 [28.0, 32.0]", "-", "40.0 [38.0, 42.0]")


def test_benchmarks_of_one_model_stand_in_one_row():
    first = tables_beside([card("star"), card("agqa2", value=0.3)])[0]
    assert [row[6:] != ("-", "-") for row in rows_of(first, "ours")] == [True]


@pytest.mark.parametrize("protocol", ["exact", "choice"])
def test_another_protocol_has_a_table_of_its_own_without_the_papers_numbers(protocol):
    tables = tables_beside([card("agqa2"), card("agqa2", protocol)])
    own = [table for table in tables if f"scored by {protocol}:" in table.title]
    assert own
    for table in own:
        assert rows_of(table, "the paper's") == []
        assert {row[2] for row in table.rows} <= {protocol, ""}
        assert "not comparable" in table.notes[0]
    for table in tables:
        assert len({row[2].split()[0] for row in rows_of(table, "ours") if row[2]}) == 1


def test_table_3_is_by_options_in_the_paper_too():
    made = card("mvbench", "choice")
    made.series[0].groups["mean of types"] = estimate(0.45)
    (table,) = tables_beside([made])
    assert table.title.startswith("Table 3")
    assert len(rows_of(table, "the paper's")) == 4
    assert rows_of(table, "ours")[0][3:] == ("-", "45.0 [43.0, 47.0]", "-", "-")


def test_without_the_mean_of_all_tasks_there_is_nothing_to_stand_in_table_3():
    assert tables_beside([card("mvbench", "choice")]) == ()


def test_ablations_stand_in_table_4_and_nowhere_else():
    tables = tables_beside([card(ablation="without merging")])
    assert [table.title[:7] for table in tables] == ["Table 4"]
    assert rows_of(tables[0], "ours")[0][0] == "without merging"


def test_blind_controls_do_not_stand_beside_the_paper():
    assert all("blind" not in row[0] for table in tables_beside([card()]) for row in table.rows)


def test_accuracy_by_steps_is_drawn_with_its_intervals():
    chart = steps_chart(card())
    assert chart.x == ("1", "2")
    assert chart.curves[0].points[0] == ("1", 50.0, 48.0, 52.0)


def test_what_was_varied_is_drawn_in_order_the_papers_curve_dashed_where_a_judge_scored():
    cards = [card(value=0.3 + weight / 10, **{"lambda": weight}) for weight in (1, 0, 0.5)]
    ((name, _, chart),) = tag_charts(cards)
    assert (name, chart.x) == ("lambda", ("0", "0.25", "0.5", "0.75", "1", "1.25", "1.5"))
    theirs, ours = chart.curves
    assert (theirs.name, theirs.dashed) == ("STAR (the paper's)", True)
    assert [point.x for point in ours.points] == ["0", "0.5", "1"]
    by_options = [card(protocol="choice", **{"lambda": weight}) for weight in (0, 1)]
    ((_, _, chart),) = tag_charts(by_options)
    assert [curve.dashed for curve in chart.curves] == [False]


def test_rounds_are_drawn_by_number():
    ((name, _, chart),) = tag_charts([card(round=number) for number in (10, 2, 1)])
    assert (name, chart.x) == ("round", ("1", "2", "10"))


def test_one_value_is_no_curve():
    assert list(tag_charts([card(round=1)])) == []


def test_benchmarks_that_nobody_was_asked_about_take_no_column():
    (table, *_) = tables_beside([card("agqa2", "exact")])
    assert table.columns == ("model", "whose", "scored by", "AGQA")


def test_points_that_stand_alone_do_not_stand_among_accuracies():
    summaries = "judge m, mlvu-summary-reworded/1, prompt 12345678"
    assert tables_beside([card("mlvu", summaries)]) == ()
    assert steps_chart(card("mlvu", summaries)) is None
    assert list(tag_charts([card("mlvu", summaries, round=number) for number in (1, 2)])) == []


def test_no_two_plots_share_a_file():
    cards = [card(label=label, round=number) for label in ("a/b", "a b", "c") for number in (1, 2)]
    names = [name for name, _ in named_step_charts(cards)]
    assert len(set(names)) == len(names) == 6
    assert names[-2].startswith("steps-star-judge-openai-gpt-4o-mini-")
    assert names[-2].endswith("-c")
    assert [name for name, _ in named_step_charts([card("star", "choice")])] == ["steps-star-choice"]
    both = [card(protocol=protocol, round=number) for protocol in ("choice", "exact") for number in (1, 2)]
    assert [name for name, _ in named_tag_charts(both)] == ["round-choice", "round-exact"]
