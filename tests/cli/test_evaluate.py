"""`videostep evaluate`, `compare` and `tables`, from the command line, with a model that answers by table."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from videostep.cli.exit_codes import ExitCode
from videostep.evaluate.benchmarks import BENCHMARKS, open_benchmark
from videostep.evaluate.metrics.marking import is_scored
from videostep.evaluate.predictions import read_predictions


def card(folder, protocol):
    return json.loads((folder / "scores" / f"{protocol}.json").read_text())


def rate(card, condition="answer", measure="accuracy", group="all"):
    rows = [row for row in card["series"] if (row["condition"], row["measure"]) == (condition, measure)]
    return rows[0]["groups"][group][0]


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_is_asked_and_scored_from_end_to_end(name, evaluate, data_of):
    items = list(open_benchmark(name).items(data_of(name)))
    missed = [item for item in items if item.kind not in ("count", "text")][-1]
    folder = evaluate(name, "-q", wrong={missed.id: "(Z) nonsense"})
    predictions = list(read_predictions(folder / "predictions" / "answer.jsonl", benchmark=name))
    assert [one.item for one in predictions] == items
    assert all(len(one.frames_s) == 2 and one.error == "" for one in predictions)
    marks = [(one.item.id, _is_full(mark)) for one in predictions for mark in one.marks.values()]
    assert marks == [(item.id, item.id != missed.id) for item in items if item.kind != "text"]
    assert pq.read_table(folder / "predictions" / "answer.parquet").num_rows == len(items)
    protocol = "exact" if missed.choices is None else "choice"
    scored = [item for item in items if is_scored(item, protocol)]
    assert rate(card(folder, protocol)) == pytest.approx(1 - 1 / len(scored), abs=1e-6)


def _is_full(mark):
    return mark.points == 0 if mark.right is None else mark.right


def test_a_second_run_asks_nothing_and_changes_nothing(evaluate, tmp_path):
    folder = evaluate("star", "-q", "--blind", "caption", script=[CAPTION])
    before = {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts
    }
    (folder / "cache" / "requests.sqlite").unlink()
    evaluate("star", "-q", "--blind", "caption", script=[CAPTION])
    assert {path: path.read_bytes() for path in before} == before


CAPTION = {"contains": ["Describe in one paragraph"], "replies": ["A person opens a box."]}


def test_an_interrupted_run_ends_with_the_same_bytes(evaluate):
    whole = evaluate("star", "-q", out="evaluation").joinpath("predictions", "answer.jsonl")
    expected = whole.read_bytes()
    lines = expected.splitlines(keepends=True)
    part = whole.with_suffix(".part.jsonl")
    part.write_bytes(lines[3] + lines[1] + lines[2][:50])
    whole.unlink()
    evaluate("star", "-q", out="evaluation")
    assert whole.read_bytes() == expected
    assert not part.exists()


def test_all_controls_and_both_decodings_stand_in_the_report(evaluate):
    controls = [
        word for name in ("question", "one-frame", "shuffled", "caption") for word in ("--blind", name)
    ]
    folder = evaluate(
        "agqa2",
        "--mode",
        "answer",
        "--mode",
        "rationale-then-answer",
        *controls,
        "-q",
        script=[CAPTION, EXPLAINED],
    )
    report = (folder / "report.md").read_text()
    for row in ("answer", "rationale-then-answer", "answer.blind-question", "answer.blind-one-frame",
                "answer.blind-shuffled", "answer.blind-caption", "majority answer"):  # fmt: skip
        assert f"| {row} |" in report
    assert report.count("SOLVED BLIND") == 4
    assert r"\begin{tabular}" in (folder / "report.tex").read_text()
    assert list(folder.joinpath("plots").glob("steps-agqa2-exact.*"))


EXPLAINED = {"contains": ["Explain step by step"], "replies": ["He sits. So the answer is blanket."]}


def test_the_diagnosis_asks_steps_singly(evaluate):
    folder = evaluate("qra", "--diagnose", "-q", rest=[{"replies": ["no"]}])
    steps = list(read_predictions(folder / "predictions" / "answer.steps.jsonl"))
    assert all("#step-" in one.item.id for one in steps)
    assert "Cannot see or cannot compose" in (folder / "report.md").read_text()


def test_judges_sign_their_numbers_and_are_not_mixed_with_exact_match(evaluate, tmp_path):
    judge = tmp_path / "judge.jsonl"
    judge.write_text("{\"replies\": [\"{'pred': 'yes', 'score': 4}\"]}\n")
    other = tmp_path / "other.jsonl"
    other.write_text("{\"replies\": [\"{'pred': 'no', 'score': 1}\"]}\n")
    folder = evaluate("msvd-qa", "-q", "--judge", f"scripted:{judge}", "--judge", f"scripted:{other}")
    report = (folder / "report.md").read_text()
    cards = [json.loads(path.read_text()) for path in sorted((folder / "scores").glob("*.json"))]
    by_judge = {made["protocol"]: made for made in cards if made["protocol"].startswith("judge")}
    assert sorted(rate(made) for made in by_judge.values()) == [0.0, 1.0]
    assert all(protocol in report for protocol in by_judge)
    assert "Agreement of judges" in report
    told = report[report.index("## What judges are told") :]
    assert "You grade replies to questions about videos." in told
    assert all(f"| {protocol} | yes |" in told for protocol in by_judge)
    table = report[report.index("Table 1 of the paper") :]
    assert "| VideoChat2* STEP | the paper's | gpt-3.5-turbo, version not given | 79.8/4.0 |" in table


WORDNET = Path(__file__).parents[1] / "evaluate" / "metrics" / "wordnet"


def test_wups_is_a_card_of_its_own_beside_exact_match(evaluate, call, tmp_path, capsys):
    wrong = {"5000000001_0": "pick up the knife", "5000000002_1": "zzz"}
    folder = evaluate("nextqa-open", "-q", "--wordnet", WORDNET, wrong=wrong)
    assert "--wordnet" not in capsys.readouterr().err
    made = card(folder, "wups-WordNet-9.9")
    # Knife and toy lie one step under thing, whose depth is 2: 2 x 2 / (3 + 3).
    assert rate(made, measure="points") == pytest.approx((2 / 3 + 0 + 1) / 3, abs=1e-6)
    assert rate(made, measure="points", group="C") == pytest.approx(2 / 3, abs=1e-6)
    assert rate(made, "majority answer", "points") == 1.0
    assert rate(card(folder, "exact")) == pytest.approx(1 / 3, abs=1e-6)
    assert "## WUPS (0 to 100): " in (folder / "report.md").read_text()
    again = folder / "predictions" / "answer.jsonl"
    assert call("evaluate", "nextqa-open", "--predictions", again, "--out", tmp_path / "again", "-q") == 0
    assert card(tmp_path / "again", "wups-WordNet-9.9")["series"][0] == made["series"][0]
    assert "WUPS, the authors' metric, is not computed: give --wordnet DIR" in capsys.readouterr().err


def test_free_texts_have_judges_of_their_own_and_cards_of_their_own(evaluate, tmp_path):
    judge = tmp_path / "judge.jsonl"
    lines = [
        {"contains": ["Points: "], "replies": ["{'accuracy': 3, 'relevance': 4}"]},
        {"contains": ["True summary: "], "replies": ["{'completeness': 2, 'reliability': 1}"]},
    ]
    judge.write_text("".join(json.dumps(line) + "\n" for line in lines))
    folder = evaluate("mlvu", "-q", "--blind", "question", "--judge", f"scripted:{judge}")
    cards = [json.loads(path.read_text()) for path in sorted((folder / "scores").glob("judge*.json"))]
    assert [rate(made, measure="points") for made in cards] == [7.0, 3.0]
    report = (folder / "report.md").read_text()
    assert report.count("## Score (2 to 10): ") == 2
    assert "7.00 blind (question), 7.00 with the video: one video says nothing about the benchmark" in report
    # No free text is the most frequent one: the rule stands in the table of the options alone.
    assert report.count("| majority answer") == 1


def test_counts_have_their_squared_error(evaluate):
    folder = evaluate("tgif-qa", "-q", wrong={"COUNT901": "6", "COUNT902": "often"})
    made = card(folder, "count")
    assert rate(made, measure="points") == ((6 - 4) ** 2 + (10 - 2) ** 2) / 2
    assert made["faults"] == {"answer": {"unparsed": 1}}
    # Both true counts are as frequent: the rule says the first of them, 2, to both.
    assert rate(made, "majority answer", "points") == ((2 - 4) ** 2 + 0) / 2
    report = (folder / "report.md").read_text()
    assert "## Mean squared error (0 is best): " in report
    assert "| answer | 34.00" in report


def test_options_can_be_kept_back_and_then_a_judge_reads_the_answer(call, data_of, videos_of, tmp_path):
    script, judge = tmp_path / "script.jsonl", tmp_path / "judge.jsonl"
    script.write_text('{"contains": ["Options:"], "replies": ["(A)"]}\n{"replies": ["the box"]}\n')
    judge.write_text("{\"replies\": [\"{'pred': 'yes', 'score': 5}\"]}\n")
    given = [
        "--data",
        data_of("star"),
        "--videos",
        videos_of("star"),
        "--model",
        f"scripted:{script}",
        "--frames",
        "1",
    ]
    out = tmp_path / "open"
    judged = [*given, "--judge", f"scripted:{judge}", "-q"]
    assert call("evaluate", "star", *judged, "--out", out, "--options", "none") == ExitCode.OK
    (made,) = [
        json.loads(path.read_text()) for path in (out / "scores").glob("*.json") if "judge" in path.name
    ]
    assert (made["questions"], rate(made)) == (7, 1.0)
    assert not (out / "scores" / "choice.json").exists()
    assert "| VideoChat2* STEP | the paper's |" in (out / "report.md").read_text()
    assert call("evaluate", "star", *given, "-q", "--out", tmp_path / "unjudged", "--options", "none") == 3
    lettered = tmp_path / "lettered"
    assert call("evaluate", "star", *judged, "--out", lettered) == ExitCode.OK
    assert [path.name for path in (lettered / "scores").iterdir()] == ["choice.json"]


def test_predictions_are_scored_again_without_the_model(evaluate, call, tmp_path, capsys):
    first = evaluate("star", "-q")
    again = tmp_path / "again"
    file = first / "predictions" / "answer.jsonl"
    assert call("evaluate", "star", "--predictions", file, "--out", again, "-q") == ExitCode.OK
    assert card(again, "choice") == card(first, "choice")
    assert call("evaluate", "star", "--predictions", file, "--json") == ExitCode.OK
    assert json.loads(capsys.readouterr().out)[0]["protocol"] == "choice"


def test_two_models_are_compared_question_by_question(evaluate, call, capsys):
    first = evaluate("star", "-q", out="first", wrong={"Interaction_T1_7": "(A)", "Sequence_T5_1": "(B)"})
    second = evaluate("star", "-q", out="second", wrong={"Interaction_T1_7": "(A)"})
    capsys.readouterr()
    assert call("compare", first, second, "--json") == ExitCode.OK
    (compared,) = json.loads(capsys.readouterr().out)
    whole = compared["comparisons"][0]
    assert (whole["only_first"], whole["only_second"]) == (0, 1)
    assert whole["difference"][0] == pytest.approx(1 / 7, abs=1e-6)
    assert call("compare", first, second) == ExitCode.OK
    assert "McNemar" in capsys.readouterr().out


def test_points_are_compared_by_the_sign_test(evaluate, call, capsys):
    first = evaluate("tgif-qa", "-q", out="first", wrong={"COUNT901": "6"})
    second = evaluate("tgif-qa", "-q", out="second", wrong={"COUNT902": "3"})
    capsys.readouterr()
    assert call("compare", first, second, "--protocol", "count", "--json") == ExitCode.OK
    whole = json.loads(capsys.readouterr().out)[0]["comparisons"][0]
    # Less is better: 4 and 0 against 0 and 1.
    assert (whole["first"][0], whole["second"][0], whole["difference"][0]) == (2.0, 0.5, -1.5)
    assert (whole["only_first"], whole["only_second"], whole["p_mcnemar"]) == (1, 1, 1.0)
    assert call("compare", first, second, "--protocol", "count") == ExitCode.OK
    assert "| sign test p |" in capsys.readouterr().out


def test_a_dry_run_counts_what_is_left_to_ask_and_asks_nobody(evaluate, data_of, videos_of, tmp_path, capsys):
    (videos_of("star") / "VID02.mp4").unlink()
    ways = ["--mode", "answer", "--blind", "question", "--blind", "one-frame", "--blind", "caption"]
    evaluate("star", *ways, "--dry-run", "--json")
    plan = json.loads(capsys.readouterr().out)
    assert plan["questions"] == dict.fromkeys(plan["questions"], 7)
    # Three of the seven are about VID02, which only who sees nothing can be asked; two frames of each video.
    assert list(plan["to_ask"].values()) == [4, 7, 4, 4]
    scenes = {(item.video, item.span_s) for item in open_benchmark("star").items(data_of("star"))}
    seen = [scene for scene in scenes if scene[0] != "VID02"]
    assert plan["pictures"] == 4 * 2 + 0 + 4 * 1 + len(seen) * 2
    assert plan["missing_videos"] == ["VID02"]
    assert not (tmp_path / "evaluation").exists()
    evaluate("star", "-q", expect=ExitCode.TOO_MANY_FAILED)
    capsys.readouterr()
    evaluate("star", "--dry-run")
    assert capsys.readouterr().out.splitlines()[0] == "would ask   answer: 0 of 7 questions"
    evaluate("star", "--dry-run", "--options", "words", expect=ExitCode.RUN_FOLDER)
    assert "with other settings: options letters -> words" in capsys.readouterr().err


def test_replies_may_be_as_long_as_is_asked_for(evaluate):
    def sent(*options):
        plain = json.loads(
            (evaluate("star", "-q", *options, out=str(len(options))) / "evaluation.json").read_text()
        )
        return plain["sent"]["max_tokens"], plain["sent"]["max_rationale_tokens"]

    assert sent() == ("512", "1024")
    assert sent("--max-tokens", "4096") == ("4096", "4096")


def test_a_comparison_calls_models_by_their_labels(evaluate, call, capsys):
    before = evaluate("star", "-q", "--label", "before STEP", out="before")
    after = evaluate("star", "-q", out="after")
    assert call("compare", before, after) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    title = lines[0]
    assert lines[-1] == ""
    assert title.startswith("## scripted:after.jsonl")
    assert title.endswith("against before STEP, answer (first), scored by choice")


def test_several_evaluations_stand_in_one_table_and_are_plotted_over_what_was_varied(
    evaluate, call, tmp_path
):
    ours = [
        evaluate("star", "-q", "--label", f"mine {value}", "--tag", f"lambda={value}", out=f"lambda-{value}",
                 wrong={"Interaction_T1_7": "(A)"} if value == "0" else {})
        for value in ("0", "1")
    ]  # fmt: skip
    assert call("tables", *ours, "--out", tmp_path / "tables", "-q") == ExitCode.OK
    report = (tmp_path / "tables" / "report.md").read_text()
    assert "## In the layout of Table 1 of the paper, scored by choice: accuracy (%)" in report
    assert "| model | whose | scored by | STAR |" in report
    assert "not comparable" in report
    assert "| mine 0 | ours | choice |" in report
    assert "| VideoChat2* STEP |" not in report
    assert (tmp_path / "tables" / "plots" / "lambda.png").exists()


def test_several_seeds_have_a_mean_and_a_spread(call, data_of, videos_of, tmp_path, capsys):
    script = tmp_path / "seeds.jsonl"
    script.write_text('{"replies": ["(A)", "(C)"]}\n')
    given = ["--data", data_of("star"), "--videos", videos_of("star"), "--model", f"scripted:{script}"]
    out = tmp_path / "seeds"
    call(
        "evaluate",
        "star",
        *given,
        "--out",
        out,
        "--seeds",
        "2",
        "--temperature",
        "0.7",
        "--frames",
        "1",
        "-q",
    )
    row = next(row for row in card(out, "choice")["series"] if row["condition"] == "answer")
    by_seed = [row["seeds"]["all"]["low"], row["seeds"]["all"]["high"]]
    assert by_seed == pytest.approx([1 / 7, 4 / 7], abs=1e-6)
    assert row["groups"]["all"][0] == pytest.approx(sum(by_seed) / 2, abs=1e-6)
    assert call("evaluate", "star", *given, "--out", out, "--seeds", "2") == ExitCode.USAGE
    assert "greedy decoding says the same with every seed" in capsys.readouterr().err


def test_stars_hidden_test_gives_a_submission(call, data_of, videos_of, tmp_path, capsys):
    script = tmp_path / "script.jsonl"
    script.write_text('{"replies": ["(B)"]}\n')
    made = tmp_path / "submission.json"
    videos = videos_of("star", data_of("star_hidden"))
    given = ["--data", data_of("star_hidden"), "--videos", videos, "--model", f"scripted:{script}"]
    code = call(
        "evaluate", "star", *given, "--out", tmp_path / "out", "--submission", made, "--frames", "1", "-q"
    )
    assert code == ExitCode.OK, capsys.readouterr().err
    answers = [answer["answer"] for of_type in json.loads(made.read_text()).values() for answer in of_type]
    assert answers
    assert set(answers) == {1}
