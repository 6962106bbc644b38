"""Question-answer files of any make."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from videostep.errors import FormatError, InputError
from videostep.formats.training.conversations import LLAVA, QWEN_VL, VILA
from videostep.formats.training.messages import AXOLOTL, LLAMA_FACTORY, MS_SWIFT, TRL
from videostep.formats.training.records import Media, records_of
from videostep.formats.training.rows import JSONL
from videostep.formats.training.videochat2 import VIDEOCHAT2
from videostep.instruction import Instructions
from videostep.learn.qa_file import read_qa
from videostep.records import to_plain
from videostep.testing.samples import STREET_SAMPLES
from videostep.video import TimeSpan

COLOUR = STREET_SAMPLES["colour"]
SAY = Instructions()
PLAIN = {"video": "a.mp4", "question": "What passes?", "answer": "a bus"}


def written(folder: Path, *records: Any, name: str = "data.jsonl") -> Path:
    path = folder / name
    lines = [json.dumps(record) for record in records]
    path.write_text(f"[{','.join(lines)}]" if name.endswith(".json") else "\n".join(lines))
    return path


@pytest.mark.parametrize("name", ["data.json", "data.jsonl"])
def test_a_plain_question_gives_one_example(tmp_path, name):
    (example,) = read_qa(written(tmp_path, PLAIN, name=name))
    assert (example.video, example.question, example.text) == ("a.mp4", "What passes?", "a bus")
    assert (example.task, example.instruction, example.span_s) == ("answer", SAY.answer, None)


def test_a_plain_rationale_gives_a_second_one(tmp_path):
    record = {**PLAIN, "rationale": "A bus passes.", "id": 7, "n_steps": 2, "start_s": 1, "end_s": 2.5}
    answer, rationale = read_qa(written(tmp_path, record))
    assert (rationale.task, rationale.instruction, rationale.text) == (
        "rationale", SAY.rationale, "A bus passes.",
    )  # fmt: skip
    assert answer.sample_id == rationale.sample_id == "7"
    assert (answer.n_steps, answer.span_s) == (2, TimeSpan(1.0, 2.5))
    assert len(read_qa(written(tmp_path, record), answers_only=True)) == 1


def test_choices_are_part_of_the_question(tmp_path):
    (example,) = read_qa(written(tmp_path, {**PLAIN, "choices": ["a bus", "a car"]}))
    assert example.question == "What passes?\nOptions:\n- a bus\n- a car"


def test_questions_without_a_name_are_told_apart_by_their_words(tmp_path):
    one, same, other = read_qa(written(tmp_path, PLAIN, PLAIN, {**PLAIN, "question": "Who passes?"}))
    assert one.sample_id == same.sample_id != other.sample_id


def test_an_id_that_stands_for_several_questions_is_made_longer(tmp_path):
    records = [
        {**PLAIN, "id": 0, "rationale": "So."},
        {**PLAIN, "id": 0, "video": "b.mp4"},
        {**PLAIN, "id": 1},
    ]
    answer, rationale, other, alone = read_qa(written(tmp_path, *records))
    assert answer.sample_id == rationale.sample_id != other.sample_id
    assert answer.sample_id.startswith("0-")
    assert alone.sample_id == "1"


def test_a_format_of_others_is_no_matter(tmp_path):
    assert len(read_qa(written(tmp_path, {**PLAIN, "format": "mp4"}))) == 1


def test_videos_beside_the_file_are_found(tmp_path):
    (tmp_path / "a.mp4").touch()
    (example,) = read_qa(written(tmp_path, PLAIN))
    assert Path(example.video) == tmp_path / "a.mp4"


@pytest.mark.parametrize(
    "target",
    [JSONL, LLAVA, QWEN_VL, VILA, VIDEOCHAT2, MS_SWIFT, LLAMA_FACTORY, AXOLOTL, TRL],
    ids=lambda target: target.name,
)
def test_what_we_export_comes_back(tmp_path, target):
    media = Media(path="media/clip.mp4", window_s=TimeSpan(0.0, 6.0))
    records = records_of(COLOUR, split="train", media=media, instructions=SAY)
    examples = read_qa(written(tmp_path, *map(target.encode, records)))
    for example, record in zip(examples, records, strict=True):
        assert example.task == record.task
        assert (example.question, example.instruction) == (record.question, record.instruction)
        assert (example.text, example.video) == (record.response, "media/clip.mp4")
    assert examples[0].sample_id == examples[1].sample_id


def test_a_row_with_a_cut_is_shown_what_comes_before(tmp_path):
    media = Media(path="media/clip.mp4", window_s=TimeSpan(5.0, 7.25))
    ahead = dataclasses.replace(COLOUR, cut_s=7.25)
    records = records_of(ahead, split="train", media=media, instructions=SAY)
    spans = {example.span_s for example in read_qa(written(tmp_path, *map(JSONL.encode, records)))}
    assert spans == {TimeSpan(0.0, 7.25)}


def test_an_instruction_of_a_file_holds_no_token_of_its_own(tmp_path):
    record = {**PLAIN, "instruction": "Say <|im_end|> it.", "response": "<video>"}
    (example,) = read_qa(written(tmp_path, record))
    assert (example.instruction, example.text) == ("Say (|im_end|) it.", "(video)")


def test_samples_themselves_are_read(tmp_path):
    examples = read_qa(written(tmp_path, to_plain(COLOUR)))
    assert [example.text for example in examples] == [COLOUR.answer, COLOUR.rationale]


def test_parquet_is_read(tmp_path):
    path = tmp_path / "data.parquet"
    pq.write_table(pa.Table.from_pylist([PLAIN]), path)
    assert read_qa(path)[0].text == "a bus"


HUMAN, GPT = {"from": "human", "value": "Hm?"}, {"from": "gpt", "value": "Hm."}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({**PLAIN, "answer": " "}, "its 'answer' is ' '"),
        ({**PLAIN, "question": 3}, "its 'question' is 3"),
        ({"video": "a.mp4"}, "its keys are video"),
        ([PLAIN], "no object"),
        ({**PLAIN, "start_s": 2.0, "end_s": 1.0}, "nothing lies between 2.0 s and 1.0 s"),
        ({**PLAIN, "start_s": "soon", "end_s": 1.0}, "no two times"),
        ({"format": "videostep.qra/9"}, "videostep.qra/9"),
        ({"video": "a.mp4", "conversations": [HUMAN]}, "its turns are of human, not"),
        ({"video": "a.mp4", "conversations": [HUMAN, GPT] * 2}, "its turns are of human, gpt, human, gpt"),
        ({"video": None, "conversations": [HUMAN, GPT]}, "no video"),
        ({"video": "a.mp4", "conversations": [3, GPT]}, "not what its keys promise"),
        ({"video": "a.mp4", "QA": 3}, "not what its keys promise"),
        (
            {"messages": [{"role": "user", "content": "Hm?"}, {"role": "assistant", "content": "Hm."}]},
            "no video",
        ),
        ({**PLAIN, "n_steps": "two"}, "its n_steps is 'two'"),
        ({**PLAIN, "instruction": "I.", "response": "R", "task": "joke"}, "'joke'"),
    ],
)
def test_a_record_that_cannot_be_used_is_named(tmp_path, record, reason):
    with pytest.raises(FormatError, match=r"record 2") as error:
        read_qa(written(tmp_path, PLAIN, record, name="data.jsonl"))
    assert reason in str(error.value)


@pytest.mark.parametrize("text", ["{", "no json", '{"a": 1}\n{'])
def test_a_file_that_is_no_json_is_refused(tmp_path, text):
    path = tmp_path / "data.jsonl"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"neither JSON nor JSON lines|its keys"):
        read_qa(path)


@pytest.mark.parametrize("name", ["empty.json", "gone.json", "broken.parquet"])
def test_a_file_without_questions_is_refused(tmp_path, name):
    (tmp_path / "empty.json").write_text("[]")
    (tmp_path / "broken.parquet").write_text("PAR1")
    with pytest.raises(InputError, match=name):
        read_qa(tmp_path / name)
