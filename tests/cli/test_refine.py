import json

import pytest

from videostep.cli.exit_codes import ExitCode
from videostep.testing.fake_server import FakeServer


def test_refining_prints_the_acceptance_rate_and_show_repeats_it(call, run, capsys):
    assert call("refine", run, "--with", "paraphrase") == ExitCode.OK
    printed = capsys.readouterr().out
    assert "refined   by paraphrase/1 seed 0: " in printed
    assert "questions accepted (" in printed
    assert call("show", run, "-n", "0") == ExitCode.OK
    assert printed.splitlines()[0] in capsys.readouterr().out
    assert call("verify", run, "-q") == ExitCode.OK


def test_a_table_of_words_is_used(call, run, tmp_path, capsys):
    line = json.loads((run / "samples" / "samples.jsonl").read_text().splitlines()[0])
    words = {line["question"]: "Sure! Here it is.", line["rationale"]: "<b>no</b>"}
    table = tmp_path / "words.json"
    table.write_text(json.dumps(words))
    assert call("refine", run, "--with", f"scripted:{table}", "--json") == ExitCode.OK
    refinement = json.loads(capsys.readouterr().out)
    assert refinement["refined_by"].startswith("scripted/")
    assert sum(refinement["refused"].values()) == 2


def test_a_dry_run_says_how_many_texts_would_be_asked(call, run, capsys):
    assert call("refine", run, "--with", "paraphrase", "--dry-run", "--json") == ExitCode.OK
    plan = json.loads(capsys.readouterr().out)
    assert plan["texts"] == 2 * plan["samples"] > 0
    assert not (run / "refined").exists()


def test_the_templates_come_back(call, run):
    before = (run / "samples" / "samples.parquet").read_bytes()
    assert call("refine", run, "--with", "paraphrase", "-q") == ExitCode.OK
    assert (run / "samples" / "samples.parquet").read_bytes() != before
    assert call("refine", run, "--undo", "-q") == ExitCode.OK
    assert (run / "samples" / "samples.parquet").read_bytes() == before


def test_an_undo_says_what_it_has_done(call, run, capsys):
    assert call("refine", run, "--with", "paraphrase", "-q") == ExitCode.OK
    assert call("refine", run, "--undo") == ExitCode.OK
    assert capsys.readouterr().out == f"the samples of {run} have the template's words again\n"


def test_a_dry_undo_takes_nothing_back(call, run, capsys):
    assert call("refine", run, "--with", "paraphrase", "-q") == ExitCode.OK
    refined = (run / "samples" / "samples.jsonl").read_bytes()
    assert call("refine", run, "--undo", "--dry-run") == ExitCode.OK
    assert "would give" in capsys.readouterr().out
    assert (run / "samples" / "samples.jsonl").read_bytes() == refined


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give --with NAME"),
        (("--with", "paraphrase", "--undo"), "give --with NAME"),
        (("--with", "paraphrse"), "did you mean 'paraphrase'?"),
        (("--with", "opnai:some-model"), "did you mean 'openai'?"),
        (("--with", "paraphrase:x"), "takes no 'x'"),
        (("--with", "paraphrase", "--seed", "-1"), "ask_seed is -1"),
        (("--with", "scripted"), "has no file"),
        (("--with", "scripted:nowhere.json"), "nowhere.json cannot be read"),
    ],
)
def test_wrong_arguments_are_told_in_one_line(call, run, capsys, arguments, said):
    assert call("refine", run, *arguments) == ExitCode.USAGE
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_file_that_is_no_table_is_told(call, run, tmp_path, capsys):
    table = tmp_path / "words.json"
    table.write_text("[1, 2]")
    assert call("refine", run, "--with", f"scripted:{table}") == ExitCode.USAGE
    assert "is no table of words" in capsys.readouterr().err


def test_a_language_model_rewrites_and_a_budget_stops_it(call, run, capsys):
    def answer(asked, seed):
        words = asked.words.rpartition("words: ")[2].splitlines()[0]
        return json.loads(words).replace("What colour", "Which colour")

    with FakeServer(answer) as server:
        command = ["refine", run, "--with", f"openai:fake@{server.url}"]
        assert call(*command, "--dry-run") == ExitCode.OK
        assert server.counts.requests == 0
        assert not (run / "cache" / "requests.sqlite").exists()
        assert call(*command, "--budget-requests", "3") == ExitCode.BUDGET
        assert "the budget of 3 requests is spent" in capsys.readouterr().err
        assert server.counts.requests == 3
        assert call(*command, "--json") == ExitCode.OK
        refinement = json.loads(capsys.readouterr().out)
        asked = server.counts.requests
        assert call(*command, "-q") == ExitCode.OK
        assert server.counts.requests == asked
    assert refinement["refined_by"].startswith("openai:fake instructions/")
    assert call("verify", run, "-q") == ExitCode.OK


def test_a_model_that_cannot_be_reached_is_told(call, run, capsys):
    assert call("refine", run, "--with", "openai:fake@http://127.0.0.1:9/v1") == ExitCode.MODEL
    assert "no server answers at http://127.0.0.1:9/v1" in capsys.readouterr().err
