"""What each trainer reads, written down by hand from its loader, and every record held to it."""

import copy
import re

import pytest

from videostep.errors import ConfigError
from videostep.formats.training import TARGETS, find_target
from videostep.formats.training.config import ExportConfig
from videostep.formats.training.rows import COLUMNS, row_schema
from videostep.testing.samples import STREET_SAMPLES

WORDS = re.compile(r"[^<>\[\]]+")
RELATIVE = re.compile(r"media/[\w.-]+\.mp4")
TAGGED = re.compile(r"<video>\n?[^<>\[\]]+\n[^<>\[\]]+")
"""One tag, at the start; then question and instruction."""
TYPED_PROMPT = {
    "role": "user",
    "content": [{"type": "video", "path": RELATIVE}, {"type": "text", "text": WORDS}],
}
TYPED_REPLY = {"role": "assistant", "content": [{"type": "text", "text": WORDS}]}
CONVERSATION = {
    "id": re.compile(r"[0-9a-f]{16}-(answer|rationale)"),
    "video": RELATIVE,
    "conversations": [{"from": "human", "value": TAGGED}, {"from": "gpt", "value": WORDS}],
}
ROW = {
    "id": re.compile(r"[0-9a-f]{16}-(answer|rationale)"),
    "sample": re.compile(r"[0-9a-f]{16}"),
    "task": re.compile("answer|rationale"),
    "video": RELATIVE,
    "video_id": "clip-1",
    "video_sha256": re.compile(r"[0-9a-f]{64}"),
    "start_s": 5.0,
    "end_s": 10.0,
    "cut_s": None,
    "question": WORDS,
    "instruction": WORDS,
    "response": WORDS,
    "weight": 1.0,
    "answer_kind": re.compile("open|binary|choice"),
    "choices": lambda value: value is None or (isinstance(value, list) and {*map(type, value)} == {str}),
    "n_steps": int,
    "structure": str,
    "semantics": str,
    "temporal": str,
    "confidence": lambda value: isinstance(value, int | float) and 0 <= value <= 1,
    "outer_candidates": int,
    "twin_of": None,
    "novel_pairs": [[str, str], ...],
    "program": str,
}
SCHEMAS = {
    "jsonl": ROW,
    "parquet": ROW,
    "hf": ROW,
    "llava": CONVERSATION,
    "qwen-vl": CONVERSATION,
    "vila": CONVERSATION,
    "ms-swift": {
        "messages": [{"role": "user", "content": TAGGED}, {"role": "assistant", "content": WORDS}],
        "videos": [RELATIVE],
    },
    "llama-factory": {
        "messages": [{"role": "user", "content": TAGGED}, {"role": "assistant", "content": WORDS}],
        "videos": [RELATIVE],
    },
    "axolotl": {"messages": [TYPED_PROMPT, TYPED_REPLY]},
    "trl": {"prompt": [TYPED_PROMPT], "completion": [TYPED_REPLY]},
    "videochat2": {
        "video": RELATIVE,
        "QA": [{"i": WORDS, "q": WORDS, "a": WORDS}],
        "start": float,
        "end": float,
    },
}


def test_every_target_has_a_schema():
    assert SCHEMAS.keys() == TARGETS.keys()


@pytest.mark.parametrize("kind", STREET_SAMPLES)
@pytest.mark.parametrize("name", TARGETS)
def test_a_record_is_what_its_trainer_reads(name, kind, pair, faults):
    for record in pair(kind):
        assert faults(TARGETS[name].encode(record), SCHEMAS[name]) == []


@pytest.mark.parametrize("name", TARGETS)
def test_the_schemas_notice_what_is_wrong(name, pair, faults):
    """A word more, a word less, another type anywhere in a record: each is a fault."""
    right = TARGETS[name].encode(pair()[0])
    for wrong in damaged(right):
        assert faults(wrong, SCHEMAS[name]), wrong


def damaged(value):
    """Copies of plain data with one thing wrong each, at every depth."""
    if isinstance(value, dict):
        yield {**value, "surplus": 1}
        for key in value:
            yield {other: item for other, item in value.items() if other != key}
            yield from ({**value, key: wrong} for wrong in damaged(value[key]))
    elif isinstance(value, list) and value and not isinstance(value[0], list):
        yield [*copy.deepcopy(value), {"surplus": 1}]
        for index, item in enumerate(value):
            yield from ([*value[:index], wrong, *value[index + 1 :]] for wrong in damaged(item))
    else:
        yield {"not": value}


@pytest.mark.parametrize("name", ["llava", "qwen-vl", "vila", "ms-swift", "llama-factory"])
def test_there_are_as_many_video_tags_as_videos(name, about, pair):
    sample = about("colour", question="What is <video> on the <video>?", rationale="It is <video>.")
    for record in pair(sample=sample):
        assert str(TARGETS[name].encode(record)).count("<video>") == 1


def test_a_part_of_its_own_has_no_times(pair):
    answer, _ = pair(is_cut=True)
    assert {"start", "end"}.isdisjoint(TARGETS["videochat2"].encode(answer))


def test_ms_swift_gets_the_weight_of_a_reply_unless_it_is_1(pair):
    replies = [TARGETS["ms-swift"].encode(record)["messages"][1] for record in pair(rationale_weight=2.5)]
    assert [reply.get("loss_scale") for reply in replies] == [None, 2.5]


def test_the_columns_of_rows_are_the_declared_ones(pair):
    row = TARGETS["jsonl"].encode(pair()[0])
    assert tuple(row) == COLUMNS == tuple(row_schema().names)


@pytest.mark.parametrize("name", TARGETS)
def test_a_weight_is_written_or_refused(name, pair):
    if TARGETS[name].weighted:
        answer, rationale = (TARGETS[name].encode(record) for record in pair(rationale_weight=0.125))
        assert "0.125" in str(rationale)
        assert "0.125" not in str(answer)
    else:
        with pytest.raises(ConfigError, match="no place for the weight"):
            ExportConfig(target=TARGETS[name], rationale_weight=0.125)


def test_an_unknown_target_names_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'llama-factory'"):
        find_target("llamafactory")
    with pytest.raises(ConfigError, match="known: jsonl"):
        find_target("xyz")


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_weight_is_a_number_of_0_or_more(weight):
    with pytest.raises(ConfigError, match="rationale weight"):
        ExportConfig(target=TARGETS["jsonl"], rationale_weight=weight)


@pytest.mark.parametrize("licence", ["", "cc by", 'x"\nfoo: bar', "a" * 80])
def test_a_licence_is_an_identifier(licence):
    with pytest.raises(ConfigError, match="licence"):
        ExportConfig(target=TARGETS["jsonl"], licence=licence)
