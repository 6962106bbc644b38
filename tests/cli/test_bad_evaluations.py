"""What is wrong with a call of `videostep evaluate`, `compare` or `tables` is named, with the remedy."""

import json

import pytest

from videostep.cli.exit_codes import ExitCode
from videostep.evaluate.predictions import read_predictions


def test_missing_videos_are_listed_and_the_rest_goes_on(evaluate, videos_of, tmp_path, capsys):
    (videos_of("star") / "VID02.mp4").unlink()
    folder = evaluate("star", expect=ExitCode.TOO_MANY_FAILED)
    assert "1 video is missing: VID02" in capsys.readouterr().err
    assert (folder / "missing_videos.txt").read_text() == "VID02\n"
    errors = {one.item.video: one.error for one in read_predictions(folder / "predictions" / "answer.jsonl")}
    assert errors == {"VID01": "", "VID02": "video: the file of 'VID02' is missing", "VID03": ""}
    assert json.loads((folder / "scores" / "choice.json").read_text())["faults"] == {
        "answer": {"no reply": 3}
    }


def test_without_a_single_video_nothing_is_usable(evaluate, videos_of, capsys):
    for path in videos_of("star").iterdir():
        path.unlink()
    evaluate("star", "-q", expect=ExitCode.NOTHING_USABLE)
    assert "video" in capsys.readouterr().err


def test_an_unanswered_question_is_an_entry_and_is_asked_again(evaluate, tmp_path, capsys):
    folder = evaluate("star", "-q", wrong={"Sequence_T1_3": ""}, expect=ExitCode.TOO_MANY_FAILED)
    failed = [one for one in read_predictions(folder / "predictions" / "answer.jsonl") if one.reply is None]
    assert [one.item.id for one in failed] == ["Sequence_T1_3"]
    assert failed[0].error.startswith("model: no line of the script")
    told = "1 of 7 questions have no reply and count as wrong; all of them: model: no line of the script"
    assert f"warning: {told}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["stra"], ExitCode.USAGE, "nobody is asked; give --model SPEC"),
        (["stra", "--model", "scripted:x"], ExitCode.USAGE, "give --data and --out"),
        (
            ["stra", "--predictions", "x"],
            ExitCode.USAGE,
            "no benchmark is called 'stra'; did you mean 'star'?",
        ),
        (["star", "--predictions", "x"], ExitCode.NOTHING_USABLE, "x cannot be read"),
        (["star", "--model", "scripted:x", "--predictions", "x"], ExitCode.USAGE, "not both"),
    ],
)
def test_wrong_arguments_are_named(arguments, code, words, call, capsys):
    assert call("evaluate", *arguments) == code
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--mode", "anser"], "--mode 'anser' is none; did you mean 'answer'?"),
        (["--blind", "none"], "--blind 'none' is none"),
        (["--limit", "0"], "--limit is 0"),
        (["--frames", "0"], "0 frames cannot be shown"),
        (["--tag", "lambda"], "write KEY=VALUE"),
        (["--max-failed-share", "2"], "--max-failed-share is 2.0"),
        (["--as-trained"], "cannot be asked as it was trained; give transformers:ID+CKPT"),
        (["--as-trained", "--temperature", "0.5"], "answers greedily"),
        (["--as-trained", "--frames", "1"], "--frames and --side-px do not change"),
        (["--as-trained", "--side-px", "448"], "--frames and --side-px do not change"),
        (["--shown-as", "train.toml"], "give both, or neither"),
        (["--max-tokens", "0"], "max_tokens is 0; give 1 or more"),
        (["--options", "none "], "--options 'none ' is none"),
        (["--wordnet", "."], "mvbench is not scored by WordNet"),
        (["--judge", "gpt"], "'gpt' names no Video-LLM"),
        (["--submission", "x.json"], "mvbench has no server for hidden answers"),
    ],
)
def test_wrong_options_are_named(options, words, call, write_script, data_of, videos_of, tmp_path, capsys):
    spec = write_script(tmp_path / "s.jsonl", [], rest=[{"replies": ["(A)"]}])
    given = ["--data", data_of("mvbench"), "--videos", videos_of("mvbench"), "--model", spec]
    frames = [] if "--as-trained" in options else ["--frames", "1"]
    code = call("evaluate", "mvbench", *given, "--out", tmp_path / "out", *frames, *options)
    assert code == ExitCode.USAGE
    assert not (tmp_path / "out" / "predictions").exists()
    assert words in capsys.readouterr().err


def test_a_folder_of_another_evaluation_is_refused(evaluate, call, data_of, tmp_path, capsys):
    folder = evaluate("star", "-q")
    before = (folder / "predictions" / "answer.jsonl").read_bytes()
    evaluate("star", "-q", "--side-px", "224", expect=ExitCode.RUN_FOLDER)
    assert (folder / "predictions" / "answer.jsonl").read_bytes() == before


def test_an_evaluation_without_a_single_reply_leaves_its_folder_to_the_right_model(
    evaluate, call, data_of, videos_of, write_script, tmp_path, capsys
):
    silent = write_script(
        tmp_path / "silent.jsonl", [], rest=[{"contains": ["never said"], "replies": ["A"]}]
    )
    given = ["--data", data_of("star"), "--videos", videos_of("star"), "--out", tmp_path / "evaluation"]
    assert call("evaluate", "star", *given, "--model", silent, "-q") == ExitCode.NOTHING_USABLE
    folder = evaluate("star", "-q")
    assert all(one.reply for one in read_predictions(folder / "predictions" / "answer.jsonl"))


def test_predictions_of_another_benchmark_are_refused(evaluate, call, capsys):
    file = evaluate("star", "-q") / "predictions" / "answer.jsonl"
    capsys.readouterr()
    assert call("evaluate", "nextqa", "--predictions", file) == ExitCode.NOTHING_USABLE
    assert "a prediction of 'star', not of 'nextqa'" in capsys.readouterr().err


def test_foreign_predictions_are_not_put_into_an_evaluation(evaluate, call, capsys):
    mine, other = evaluate("star", "-q", out="mine"), evaluate("star", "-q", out="other")
    file = other / "predictions" / "answer.jsonl"
    assert call("evaluate", "star", "--predictions", file, "--out", mine) == ExitCode.RUN_FOLDER
    assert "give another --out" in capsys.readouterr().err


def test_evaluations_that_share_nothing_cannot_be_compared(evaluate, call, tmp_path, capsys):
    file = evaluate("star", "-q") / "predictions" / "answer.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    halves = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    halves[0].write_bytes(b"".join(lines[:3]))
    halves[1].write_bytes(b"".join(lines[3:]))
    assert call("compare", *halves) == ExitCode.NOTHING_USABLE
    assert "share no question" in capsys.readouterr().err


def test_a_judge_without_a_single_verdict_is_told_and_is_a_table_of_what_it_left(evaluate, tmp_path, capsys):
    judge = tmp_path / "judge.jsonl"
    judge.write_text('{"replies": ["Lovely weather."]}\n')
    report = (evaluate("mlvu", "-q", "--judge", f"scripted:{judge}") / "report.md").read_text()
    assert report.count("| asked as | unjudged |") == 2
    told = capsys.readouterr().err
    assert "have no verdict and count neither way: judge scripted:judge.jsonl" in told
    assert "## Score (2 to 10)" not in report


def test_a_protocol_that_did_not_score_both_names_those_that_did(evaluate, call, capsys):
    first, second = evaluate("star", "-q", out="first"), evaluate("star", "-q", out="second")
    assert call("compare", first, second, "--protocol", "exact") == ExitCode.NOTHING_USABLE
    assert "give one of 'choice'" in capsys.readouterr().err


def test_tables_do_not_take_the_place_of_an_evaluations_own_report(evaluate, call, capsys):
    folder = evaluate("star", "-q")
    before = (folder / "report.md").read_bytes()
    assert call("tables", folder, "--out", folder) == ExitCode.RUN_FOLDER
    assert "give another --out" in capsys.readouterr().err
    assert (folder / "report.md").read_bytes() == before


def test_a_name_too_long_for_a_file_is_no_defect(call, capsys):
    name = "y" * 300
    assert call("compare", name, "other") == ExitCode.USAGE
    assert f"error: {name} cannot be used: File name too long; check its name" in capsys.readouterr().err


def test_a_folder_without_scores_has_no_tables(call, tmp_path, capsys):
    assert call("tables", tmp_path, "--out", tmp_path / "out") == ExitCode.NOTHING_USABLE
    assert "holds no scores" in capsys.readouterr().err
