import dataclasses
import json
import re
from pathlib import Path

import pytest

from videostep.cli import export as command
from videostep.cli import main
from videostep.cli.exit_codes import ExitCode
from videostep.formats.training import TARGETS
from videostep.pipeline.predictions import EVALUATORS
from videostep.sample import SampleProvenance
from videostep.store.graph_file import graph_sha256, write_graph
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import write_samples
from videostep.testing.graphs import street_graph
from videostep.testing.samples import STREET_SAMPLES

PAGE = (Path(__file__).parents[2] / "docs" / "export.md").read_text()


@pytest.fixture
def run(tmp_path):
    """A run of one video whose file is gone."""
    folder = RunFolder(tmp_path / "run")
    graph = street_graph()
    data = write_graph(graph, folder.graph(graph.video.id))
    provenance = SampleProvenance(graph_sha256=graph_sha256(data), generator="test", version="1", seed=0)
    samples = [dataclasses.replace(sample, provenance=provenance) for sample in STREET_SAMPLES.values()]
    write_samples(samples, jsonl=folder.samples_jsonl, parquet=folder.samples_parquet)
    folder.config.write_text("")
    return folder.root


def call(*arguments):
    with pytest.raises(SystemExit) as end:
        main(["export", *map(str, arguments)])
    return end.value.code


def test_what_was_written_is_told(run, tmp_path, capsys):
    assert call(run, "--to", "llava", "--media", "none", "--out", tmp_path / "out", "-q") == ExitCode.OK
    assert capsys.readouterr() == ("", "")
    assert call(run, "--to", "llava", "--media", "none", "--out", tmp_path / "out") == ExitCode.OK
    out, err = capsys.readouterr()
    assert out == f"wrote  {tmp_path}/out/train.json  1 video, 9 samples, 18 records\n"
    assert [line.split()[0] for line in err.splitlines()] == ["check", "export"]


def test_json_is_for_machines(run, tmp_path, capsys):
    flags = ("--to", "hf", "--media", "none", "--out", tmp_path / "out", "--json", "-q")
    assert call(run, *flags) == ExitCode.OK
    numbers = {"file": "data/train-*.parquet", "videos": 1, "samples": 9, "records": 18, "cut": 0}
    assert json.loads(capsys.readouterr().out) == {
        "out": str(tmp_path / "out"),
        "splits": {"train": numbers},
        "left_out": {},
    }


def test_a_dry_run_writes_nothing(run, tmp_path, capsys):
    flags = ("--dry-run", "--out", tmp_path / "out")
    assert call(run, "--to", "trl", "--media", "none", *flags) == ExitCode.OK
    assert capsys.readouterr().out.startswith("would write  ")
    assert call(run, "--to", "vidvrd", *flags) == ExitCode.OK
    assert capsys.readouterr().out.startswith("would write  ")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_instructions_are_the_users(run, tmp_path):
    flags = ("--answer-instruction", "One word!", "--rationale-instruction", "Think aloud.")
    assert call(run, "--to", "jsonl", "--media", "none", "--out", tmp_path / "out", *flags) == ExitCode.OK
    rows = [json.loads(line) for line in (tmp_path / "out" / "train.jsonl").read_text().splitlines()]
    assert {(row["task"], row["instruction"]) for row in rows} == {
        ("answer", "One word!"),
        ("rationale", "Think aloud."),
    }


@pytest.mark.parametrize(
    ("flags", "code", "reason"),
    [
        (["--to", "llavva"], ExitCode.USAGE, "did you mean 'llava'"),
        (["--to", "llava", "--split", "train=2"], ExitCode.USAGE, "write for example"),
        (["--to", "llava", "--media", "zip"], ExitCode.USAGE, "link, copy, clip, none"),
        (["--to", "llava", "--rationale-weight", "2"], ExitCode.USAGE, "no place for the weight"),
        (["--to", "llava", "--license", "a b"], ExitCode.USAGE, "licence"),
        (["--to", "llava"], ExitCode.NOTHING_USABLE, "there is no video .*--skip-missing"),
        (["--to", "llava", "--skip-missing"], ExitCode.NOTHING_USABLE, "9: the video is missing"),
        (["--to", "llava", "--videos", "/nowhere"], ExitCode.NOTHING_USABLE, "no folder /nowhere"),
    ],
)
def test_mistakes_are_told_in_one_line(run, tmp_path, capsys, flags, code, reason):
    assert call(run, *flags, "--out", tmp_path / "out", "-q") == code
    (line,) = capsys.readouterr().err.splitlines()
    assert re.search(f"^error: .*{reason}", line)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", EVALUATORS)
def test_graphs_are_written_for_their_evaluator(run, tmp_path, capsys, name):
    assert call(run, "--to", name, "--out", tmp_path / "p.json", "--json") == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    (relations,) = json.loads((tmp_path / "p.json").read_text())["results"].values()
    assert (told["videos"], told["relations"]) == (1, len(relations))
    assert relations


@pytest.mark.parametrize("name", EVALUATORS)
def test_graphs_refuse_what_is_said_of_samples(run, tmp_path, capsys, name):
    flags = ("--split", "train=0.5,val=0.5", "--media", "none", "--license", "mit")
    assert call(run, "--to", name, *flags, "--out", tmp_path / "p.json") == ExitCode.USAGE
    assert "--split, --media, --license" in capsys.readouterr().err
    assert not (tmp_path / "p.json").exists()


def test_graphs_need_a_file_and_a_graph(run, tmp_path, capsys):
    assert call(run, "--to", "vidvrd", "--out", tmp_path) == ExitCode.RUN_FOLDER
    assert "name a file as --out" in capsys.readouterr().err
    for path in (run / "graphs").iterdir():
        path.unlink()
    assert call(run, "--to", "vidvrd", "--out", tmp_path / "p.json") == ExitCode.NOTHING_USABLE


def test_the_page_and_the_help_name_every_format():
    assert set(re.findall(r"`([a-z0-9-]+)`", "".join(re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE)))) >= {
        *TARGETS
    }
    for name in (*TARGETS, *EVALUATORS):
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", command.FORMATS), name
