from collections import Counter

import pytest

from videostep.errors import FormatError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.folder import EvaluationFolder
from videostep.evaluate.prediction import Condition, Prediction
from videostep.evaluate.predictions import line_of
from videostep.models.scripted import ScriptedModel
from videostep.pipeline import marking

BLIND = Condition(control="question")


def prediction(id_, condition=Condition()):  # noqa: B008 - a NamedTuple
    item = Item(id=id_, video=f"v{id_}", question="Who?", answer="man", kind="open")
    return Prediction(benchmark="msvd-qa", item=item, model="m", **condition._asdict(), reply="man")


@pytest.fixture
def folder(tmp_path):
    folder = EvaluationFolder(tmp_path)
    for condition in (Condition(), BLIND):
        path = folder.predictions(condition)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"".join(line_of(prediction(id_, condition)) for id_ in "abc"))
    return folder


@pytest.fixture
def lines_read(monkeypatch):
    """How many predictions were read of each file."""
    counts = Counter()
    read = marking.read_predictions

    def counting(path, **options):
        for one in read(path, **options):
            counts[path.name] += 1
            yield one

    monkeypatch.setattr(marking, "read_predictions", counting)
    return counts


def test_every_prediction_is_read_once_but_for_a_look_at_how_it_was_asked(folder, lines_read):
    marking.score_folder(folder, "msvd-qa", marking.Report())
    assert lines_read == {"answer.jsonl": 4, "answer.blind-question.jsonl": 4}


def test_a_judge_reads_them_once_more(folder, lines_read):
    judge = ScriptedModel(lambda request, seed: "{'pred': 'yes', 'score': 4}", name="scripted:judge")
    marking.score_folder(folder, "msvd-qa", marking.Report(), [judge])
    assert lines_read == {"answer.jsonl": 7, "answer.blind-question.jsonl": 7}


def test_a_file_that_mixes_ways_of_asking_is_refused_and_left_as_it_was(folder):
    path = folder.predictions(BLIND)
    path.write_bytes(path.read_bytes() + line_of(prediction("d")))
    before = path.read_bytes()
    with pytest.raises(FormatError, match="holds predictions of 'answer' beside others"):
        marking.score_folder(folder, "msvd-qa", marking.Report())
    assert path.read_bytes() == before


def test_a_protocol_that_marked_steps_alone_makes_no_card(tmp_path):
    choices = ("left", "right")
    asked = Item(
        id="q", video="v", question="?", answer="left", kind="choice", choices=choices, answer_index=0
    )
    step = Item(id="q#step-1", video="v", question="Who?", answer="man", kind="open")
    folder, steps = EvaluationFolder(tmp_path), Condition(single_steps=True)
    for condition, item in ((Condition(), asked), (steps, step)):
        path = folder.predictions(condition)
        path.parent.mkdir(exist_ok=True)
        made = Prediction(benchmark="qra", item=item, model="m", **condition._asdict(), reply=item.answer)
        path.write_bytes(line_of(made))
    assert [card.protocol for card in marking.score_folder(folder, "qra", marking.Report())] == ["choice"]
