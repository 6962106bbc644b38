import pytest

from videostep.errors import FormatError, InputError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.prediction import Condition, Prediction
from videostep.evaluate.predictions import line_of, read_predictions, read_whole_lines
from videostep.video import TimeSpan


def prediction(id_="q1", **rest):
    item = Item(
        id=id_,
        video="v",
        question="哪里?",
        answer="ja",
        kind="open",
        span_s=TimeSpan(0.5, 2.0),
        groups=("a/b",),
    )
    return Prediction(benchmark="star", item=item, model="scripted", reply="ja", **rest)


def test_predictions_come_back_as_they_were(tmp_path):
    path = tmp_path / "p.jsonl"
    made = [prediction(), prediction("q2", marks={"exact": Mark(right=True, read="ja")}, frames_s=(0.5,))]
    path.write_bytes(b"".join(map(line_of, made)))
    assert list(read_predictions(path, benchmark="star")) == made


def test_predictions_of_another_benchmark_are_refused(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(line_of(prediction()))
    with pytest.raises(InputError, match=r"p.jsonl, line 1: a prediction of 'star', not of 'nextqa'"):
        list(read_predictions(path, benchmark="nextqa"))


def test_a_second_prediction_of_a_question_is_refused(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(line_of(prediction()) * 2)
    with pytest.raises(FormatError, match="line 2: a second prediction of question 'q1'"):
        list(read_predictions(path))


@pytest.mark.parametrize("data", [b"{}\n", b"nonsense\n", b"\xff\n", b'{"format": "videostep.qra/1"}\n'])
def test_what_is_no_prediction_is_named_by_file_and_line(tmp_path, data):
    path = tmp_path / "p.jsonl"
    path.write_bytes(data)
    with pytest.raises(FormatError, match="line 1 is no prediction"):
        list(read_predictions(path))


@pytest.mark.parametrize("name", ["none.jsonl", ""])
def test_a_file_that_is_not_there_is_an_error(tmp_path, name):
    with pytest.raises(InputError, match="cannot be read"):
        list(read_predictions(tmp_path / name))


def test_an_empty_file_is_an_error(tmp_path):
    (tmp_path / "p.jsonl").touch()
    with pytest.raises(InputError, match="holds no prediction"):
        list(read_predictions(tmp_path / "p.jsonl"))


def test_a_line_that_was_cut_off_is_left_out(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(line_of(prediction()) + line_of(prediction("q2"))[:-9])
    assert [one.item.id for one in read_whole_lines(path)] == ["q1"]
    assert list(read_whole_lines(tmp_path / "none")) == []


def test_conditions_have_names_for_files():
    assert Condition().name == "answer"
    assert (
        Condition("rationale-then-answer", "one-frame", 2).name
        == "rationale-then-answer.blind-one-frame.seed-2"
    )
    assert Condition(single_steps=True).name == "answer.steps"
