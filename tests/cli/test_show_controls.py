"""What the terminal says of blind guessing."""

import json
from dataclasses import replace

from videostep.cli.exit_codes import ExitCode
from videostep.sample import VideoRef
from videostep.store.graph_file import write_graph
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples, write_samples
from videostep.testing.graphs import random_graph
from videostep.viewer.report import write_report


def rows_of(out):
    return {line.split()[0]: line for line in out.splitlines() if line.strip()}


def test_show_says_how_much_is_answered_blind(call, run, capsys):
    assert call("show", run, "--limit", "0") == ExitCode.OK
    rows = rows_of(capsys.readouterr().out)
    assert "by question only: not measurable with one video; by caption only: yes/no " in rows["blind"]
    assert "without inner steps: " in rows["floor"]


def test_what_belongs_to_samples_stands_under_them_and_steps_stand_apart_from_counts(call, run, capsys):
    assert call("refine", run, "--with", "paraphrase", "-q") == ExitCode.OK
    assert call("show", run, "--limit", "0") == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    told = ("samples", "  floor", "refined")
    heads = [line.split()[0] for line in lines if line.startswith(told)]
    assert heads == ["samples", "floor", "refined"]
    assert any(line.startswith("  steps      1: ") for line in lines)


def test_show_gives_machines_the_whole_table(call, run, capsys):
    assert call("show", run, "--json") == ExitCode.OK
    shown = json.loads(capsys.readouterr().out)
    assert shown["controls"] == json.loads((run / "report" / "controls.json").read_text())["controls"]


def test_numbers_of_other_samples_are_not_shown(call, run, capsys):
    samples = run / "samples" / "samples.jsonl"
    samples.write_bytes(b"".join(samples.read_bytes().splitlines(keepends=True)[1:]))
    assert call("show", run, "--limit", "0") == ExitCode.OK
    assert "blind" not in rows_of(capsys.readouterr().out)


def test_controls_that_were_deleted_are_measured_again_with_the_report(call, run, capsys):
    path = run / "report" / "controls.json"
    before = path.read_bytes()
    path.unlink()
    assert call("report", run) == ExitCode.OK
    assert path.read_bytes() == before


def test_luck_stands_beside_what_closed_questions_give_away(call, run, capsys):
    folder = RunFolder(run)
    first, *_ = read_samples(folder.samples_jsonl)
    samples = []
    for seed in (1, 2):
        graph = random_graph(seed)
        write_graph(graph, folder.graph(graph.video.id))
        video = VideoRef(id=graph.video.id, path=graph.video.path, sha256=graph.video.sha256)
        for word, answer in (("ever", "yes"), ("never", "no")):
            told = replace(first, id=f"{seed} {word}", video=video, question=f"Is it {word}?", answer=answer)
            samples.append(replace(told, answer_kind="binary", choices=None))
    write_samples(samples, jsonl=folder.samples_jsonl, parquet=folder.samples_parquet)
    write_report(run)
    assert call("show", run, "--limit", "0") == ExitCode.OK
    assert "by question only: yes/no 100% (luck 50%);" in rows_of(capsys.readouterr().out)["blind"]


def test_damaged_controls_are_an_error_before_anything_is_printed(call, run, capsys):
    (run / "report" / "controls.json").write_text("{")
    assert call("show", run) == ExitCode.RUN_FOLDER
    out, err = capsys.readouterr()
    assert out == ""
    assert "controls.json is not JSON" in err
    assert "videostep report" in err
