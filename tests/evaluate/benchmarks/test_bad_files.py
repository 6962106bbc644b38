"""Files that are not what they should be: a clear error, or a row that is told and left out."""

import json
from pathlib import Path

import pytest

from videostep.errors import FormatError, InputError
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.benchmarks.benchmark import Skipped
from videostep.evaluate.benchmarks.item import Item

FILES = Path(__file__).parent / "files"


def copy_json(name: str, file: str, folder: Path, change) -> Path:
    """The hand-written file of a benchmark with `change` made to its content."""
    content = json.loads((FILES / name / file).read_text())
    changed = change(content)
    path = folder / Path(file).name
    path.write_text(json.dumps(content if changed is None else changed))
    return folder


def read(name: str, folder: Path) -> tuple[list[Item], list[Skipped]]:
    skipped: list[Skipped] = []
    return list(open_benchmark(name).items(folder, hear=skipped.append)), skipped


RENAMED = [
    ("agqa2", "test_balanced.txt", lambda rows: rows["VID02-1"], "ans_type", "answer_type"),
    ("agqa2", "test_balanced.txt", lambda rows: rows["VID02-1"], "global", "globals"),
    ("star", "STAR_val.json", lambda rows: rows[2], "choices", "options"),
    ("star", "STAR_val.json", lambda rows: rows[2]["choices"][1], "choice_id", "id"),
    ("msvd-qa", "test_qa.json", lambda rows: rows[1], "video_id", "video"),
    ("msrvtt-qa", "test_q.json", lambda rows: rows[1], "question_id", "qid"),
    ("mvbench", "json/action_sequence.json", lambda rows: rows[0], "candidates", "choices"),
    ("tempcompass", "questions/yes_no.json", lambda rows: rows["900001"]["action"][0], "answer", "gt"),
    ("moviechat-1k", "jsons/film-1.json", lambda row: row["breakpoint"][0], "time", "frame"),
    ("moviechat-1k", "jsons/film-1.json", lambda row: row, "info", "meta"),
    ("mlvu", "json/4_count.json", lambda rows: rows[0], "answer", "gt"),
]


@pytest.mark.parametrize(("name", "file", "row_of", "field", "other"), RENAMED)
def test_a_renamed_field_is_named_with_its_file_and_row(name, file, row_of, field, other, tmp_path):
    def rename(content):
        row = row_of(content)
        row[other] = row.pop(field)

    for extra in ("test_q.json", "test_a.json"):
        if name == "msrvtt-qa":
            (tmp_path / extra).write_bytes((FILES / name / extra).read_bytes())
    with pytest.raises(FormatError) as raised:
        read(name, copy_json(name, file, tmp_path, rename))
    assert f"has no {field!r}" in str(raised.value)
    assert Path(file).name in str(raised.value)


def test_a_renamed_column_names_the_nearest(tmp_path):
    text = (FILES / "nextqa" / "test.csv").read_text().replace(",qid,", ",question_id,", 1)
    (tmp_path / "test.csv").write_text(text)
    with pytest.raises(FormatError, match=r"test.csv, row 1 has no 'qid'; .*question_id"):
        read("nextqa", tmp_path)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("steps", "many", "'steps' is no number"),
        ("steps", 1.5, "'steps' is no whole number"),
        ("global", "obj-rel", "'global' is no list"),
        ("question", ["?"], "'question' is no text"),
        ("answer", True, "'answer' is no text"),
        ("ans_type", "maybe", "neither binary nor open"),
    ],
)
def test_a_field_of_another_kind_is_named(field, value, complaint, tmp_path):
    folder = copy_json(
        "agqa2", "test_balanced.txt", tmp_path, lambda rows: rows["VID01-2"].update({field: value})
    )
    with pytest.raises(FormatError, match=f"question VID01-2.*{complaint}"):
        read("agqa2", folder)


def test_a_second_question_of_one_id_is_an_error(tmp_path):
    folder = copy_json("star", "STAR_val.json", tmp_path, lambda rows: [*rows, rows[0]])
    with pytest.raises(FormatError, match="two questions have the id 'Interaction_T1_7'"):
        read("star", folder)


def test_a_key_that_stands_twice_in_an_object_is_an_error(tmp_path):
    text = (FILES / "agqa2" / "test_balanced.txt").read_text().replace('"VID02-3"', '"VID02-1"')
    (tmp_path / "test_balanced.txt").write_text(text)
    with pytest.raises(FormatError, match="two questions have the id 'VID02-1'"):
        read("agqa2", tmp_path)


@pytest.mark.parametrize(
    ("name", "file", "change", "reason"),
    [
        (
            "agqa2",
            "test_balanced.txt",
            lambda rows: rows["VID01-2"].update(answer=" "),
            "the answer is empty",
        ),
        (
            "agqa2",
            "test_balanced.txt",
            lambda rows: rows["VID01-2"].update(question=""),
            "the question is empty",
        ),
        ("mlvu", "json/1_plotQA.json", lambda rows: rows[0].update(answer="Pink"), "none of its options"),
        ("mlvu", "json/1_plotQA.json", lambda rows: rows[0].update(candidates=["Yellow"]), "fewer than two"),
        ("mlvu", "json/1_plotQA.json", lambda rows: rows[0]["candidates"].append(""), "an option is empty"),
    ],
)
def test_a_row_that_cannot_be_scored_is_told_and_left_out(name, file, change, reason, tmp_path):
    folder = copy_json(name, file, tmp_path, change)
    items, skipped = read(name, folder)
    assert [reason in told.reason for told in skipped] == [True]
    assert skipped[0].id not in {item.id for item in items}
    assert items


@pytest.mark.parametrize("answer", ["7", "-1"])
def test_a_place_beyond_the_options_is_told_and_left_out(answer, tmp_path):
    text = (
        (FILES / "nextqa" / "test.csv")
        .read_text()
        .replace("the girl bend down,2,", f"the girl bend down,{answer},")
    )
    (tmp_path / "test.csv").write_text(text)
    items, skipped = read("nextqa", tmp_path)
    assert [(told.id, told.reason) for told in skipped] == [
        ("5000000001_0", "its answer is none of its options")
    ]
    assert len(items) == 6


@pytest.mark.parametrize(
    ("name", "file", "text", "complaint"),
    [
        ("agqa2", "test_balanced.txt", "", "not whole JSON"),
        ("agqa2", "test_balanced.txt", "[]", "no JSON object"),
        ("agqa2", "test_balanced.txt", '{"a": 1}', "no object with fields"),
        ("star", "STAR_val.json", '[{"question_id": "Interaction_T1_1"', "not whole JSON"),
        ("star", "STAR_val.json", "{}", "no JSON array"),
        ("star", "STAR_val.json", "[1]", "no object with fields"),
        ("star", "STAR_val.json", '[{"question_id": "Memory_T1_1"}]', "no template of STAR"),
        ("moviechat-1k", "a.json", "{", "not JSON"),
        ("moviechat-1k", "a.json", "[]", "no object with fields"),
        ("nextqa", "test.csv", "video,qid\n1,2,3\n", "more columns"),
        ("video-mme", "test.jsonl", "{", "line 1 is not JSON"),
        ("video-mme", "test.jsonl", "{}", "has no 'options'"),
        ("video-mme", "test-1.parquet", "none", "no Parquet file"),
        ("qra", "samples.jsonl", "{}\n", "not a valid Sample"),
    ],
)
def test_a_file_of_another_format_is_refused(name, file, text, complaint, tmp_path):
    (tmp_path / file).write_text(text)
    with pytest.raises(FormatError, match=complaint):
        read(name, tmp_path / file)


def test_text_that_is_no_utf_8_is_refused(tmp_path):
    (tmp_path / "test.csv").write_bytes(b"video,qid\n\xff\xfe\xff,1\n")
    with pytest.raises(FormatError, match="no table"):
        read("nextqa", tmp_path)


def test_a_file_that_asks_nothing_says_what_was_expected(tmp_path):
    (tmp_path / "STAR_val.json").write_text("[]")
    with pytest.raises(InputError, match="no question of STAR"):
        read("star", tmp_path)


def test_activitynet_types_are_known(tmp_path):
    (tmp_path / "test_q.json").write_bytes((FILES / "activitynet-qa" / "test_q.json").read_bytes())
    folder = copy_json("activitynet-qa", "test_a.json", tmp_path, lambda rows: rows[1].update(type=9))
    with pytest.raises(FormatError, match="there is no type 9"):
        read("activitynet-qa", folder)


def test_star_options_must_be_numbered_from_0(tmp_path):
    folder = copy_json(
        "star", "STAR_val.json", tmp_path, lambda rows: rows[0]["choices"][0].update(choice_id=9)
    )
    with pytest.raises(FormatError, match="not numbered from 0"):
        read("star", folder)


def test_a_dimension_that_is_null_asks_nothing(tmp_path):
    file = "questions/multi-choice.json"
    folder = copy_json("tempcompass", file, tmp_path, lambda rows: rows["900001"].update(direction=None))
    assert [item.id for item in read("tempcompass", folder)[0]] == ["multi-choice/900001/action/1"]


@pytest.mark.parametrize("told", ["He sings.", ["He sings.", "A child comes in."]])
def test_scoring_points_may_stand_in_a_file_of_their_own(told, tmp_path):
    def without_points(rows):
        del rows[0]["scoring_points"]

    (tmp_path / "4_count.json").write_bytes((FILES / "mlvu" / "json" / "4_count.json").read_bytes())
    folder = copy_json("mlvu", "json/8_sub_scene.json", tmp_path, without_points)
    items, skipped = read("mlvu", folder)
    assert [item.id for item in items] == ["count/1"]
    assert [(one.id, one.reason) for one in skipped] == [
        ("sub_scene/1", "it has no scoring points to judge it by")
    ]
    question = "What happens after the man has closed the window?"
    points = [{"question": question, "scoring_points": told}]
    (folder / "subPlot_scorepoint.json").write_text(json.dumps(points))
    _, item = read("mlvu", folder)[0]
    assert item.rubric == ("He sings." if isinstance(told, str) else "He sings.; A child comes in.")
