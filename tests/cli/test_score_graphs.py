import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from videostep.cli import main
from videostep.cli.exit_codes import ExitCode
from videostep.evaluate.words import Synonyms, read_synonyms
from videostep.store.graph_file import write_graph
from videostep.store.run_folder import RunFolder
from videostep.testing.graphs import random_graph, street_graph

PAGE = (Path(__file__).parents[2] / "docs" / "score.md").read_text()


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """`truth` holds two videos; `mine` one of them, with a white bus taken for a truck."""
    monkeypatch.chdir(tmp_path)
    street = street_graph()
    labelled = (
        replace(node, label="truck" if node.label == "bus" else node.label) for node in street.objects
    )
    mine = replace(street, objects=tuple(labelled))
    for name, graphs in {"truth": [street, random_graph(1)], "mine": [mine]}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.toml").touch()
        for graph in graphs:
            write_graph(graph, RunFolder(tmp_path / name).graph(graph.video.id))
    return tmp_path


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["score-graphs", *arguments])
    return end.value.code


def test_tables_for_people(runs, capsys):
    assert call("mine", "--truth", "truth") == ExitCode.OK
    out, err = capsys.readouterr()
    assert err == ""
    assert "1 video scored, paired 1 by id\n1 not predicted, not scored: random-1-" in out
    totals, words = out.split("\n\n")[:2]
    rows = {line.split()[0]: line.split()[1:] for line in totals.splitlines()}
    # 16 of 17 objects; with the bus go its colour, one relation and one motion.
    assert rows["objects"][:4] == ["16", "17", "17", "0.941"]
    assert rows["attributes"][:3] == ["22", "23", "23"]
    assert rows["references"][:3] == ["4", "4", "4"]
    assert "bicycle" in words
    assert re.search(r"STSG accuracy +0\.939 +\(greedy 0\.939\): 62 of 66 predicted elements are right", out)
    assert max(map(len, out.splitlines())) <= 80


def test_json_for_machines_and_for_later(runs, capsys):
    assert call("mine", "--truth", "truth", "--json", "--out", "scores/mine.json") == ExitCode.OK
    printed = json.loads(capsys.readouterr().out)
    assert json.loads(Path("scores/mine.json").read_text()) == printed
    assert printed["hungarian"]["objects"]["found"] == printed["greedy"]["objects"]["found"] == 16
    assert printed["hungarian"]["words"]["objects"]["truck"]["precision"] == 0.0
    assert printed["hungarian"]["words"]["objects"]["truck"]["recall"] is None
    assert printed["curve"][0]["elements"] == printed["hungarian"]["elements"]
    assert printed["only_true"] == [random_graph(1).video.id]


def test_quiet_prints_nothing(runs, capsys):
    assert call("mine", "--truth", "truth", "-q") == ExitCode.OK
    assert capsys.readouterr() == ("", "")


def test_synonyms_make_a_truck_a_bus(runs, capsys):
    Path("words.toml").write_text('[labels]\nbus = ["truck"]\n')
    assert call("mine", "--truth", "truth", "--synonyms", "words.toml", "--json") == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["hungarian"]["stsg_accuracy"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["mine"], ExitCode.USAGE, "Missing option '--truth'"),
        (["mine", "--truth", "nowhere"], ExitCode.RUN_FOLDER, "there is no run folder nowhere"),
        (["mine", "--truth", "truth", "--min-time-iou", "2"], ExitCode.USAGE, "min_time_iou is 2.0"),
        (["mine", "--truth", "truth", "--unit", "clip"], ExitCode.USAGE, "'clip' is not one of"),
        (["mine", "--truth", "truth", "--synonyms", "no.toml"], ExitCode.USAGE, "no.toml cannot be read"),
        (["mine", "--truth", "truth", "--out", "mine"], ExitCode.RUN_FOLDER, "mine cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(runs, capsys, arguments, code, message):
    assert call(*arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1


def test_a_damaged_graph_is_a_warning_while_others_are_left(runs, capsys):
    (runs / "truth" / "graphs" / f"{random_graph(1).video.id}.json").write_text("{")
    assert call("mine", "--truth", "truth") == ExitCode.OK
    out, err = capsys.readouterr()
    assert err.startswith("warning: truth/graphs/random-1")
    assert "1 damaged graph, not scored" in out


def test_steering_characters_of_a_graph_do_not_reach_the_terminal(runs, capsys):
    path = RunFolder(runs / "mine").graph(street_graph().video.id)
    path.write_text(path.read_text().replace('"label": "truck"', '"label": "tr\\u001b[31muck [bold]"'))
    assert call("mine", "--truth", "truth") == ExitCode.OK
    out, _ = capsys.readouterr()
    assert "\x1b" not in out
    assert "uck [bold]" in out


def test_the_page_names_every_field_and_its_synonyms_are_a_file(runs, capsys):
    assert call("mine", "--truth", "truth", "--json") == ExitCode.OK
    printed = json.loads(capsys.readouterr().out)
    video = printed["videos"][0]
    fields = {*printed, *printed["hungarian"], *video["objects"], *video["identity"], "same_clips"}
    kinds = {"objects", "attributes", "relations", "motions", "references", "events"}
    assert {field for field in fields - kinds if f"`{field}`" not in PAGE} == set()
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    Path("words.toml").write_text(block)
    assert read_synonyms(Path("words.toml")) != Synonyms()
