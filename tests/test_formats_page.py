"""docs/formats.md: its examples are real files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from videostep.induce import vetting
from videostep.induce.lost import GONE_WITH
from videostep.induce.parsers.embedded.verdict import NOT_FOUND_AGAIN, TOO_SELDOM
from videostep.induce.parsers.video_llm.lost import NOT_SEEN, OTHER_SENTENCE, RIVAL, TOO_FEW
from videostep.pipeline.import_report import IMPORT_REPORT
from videostep.reason.verify import verify_samples
from videostep.records import from_json
from videostep.sample import Sample, Semantics, Structure, Temporal
from videostep.store.entries import DroppedRow
from videostep.store.graph_drops import GraphDrop
from videostep.store.graph_file import decode_graph, encode_graph, graph_sha256
from videostep.store.json_schema import SCHEMAS
from videostep.store.run_folder import RunFolder

PAGE = (Path(__file__).parents[1] / "docs" / "formats.md").read_text()


@pytest.fixture
def blocks() -> list[bytes]:
    """The page's JSON examples: a graph, a sample, a ledger line, two dropped lines."""
    return [block.encode() for block in re.findall(r"```json\n(.*?\n)```", PAGE, flags=re.DOTALL)]


def test_the_graph_is_a_file_byte_for_byte(blocks: list[bytes]) -> None:
    assert encode_graph(decode_graph(blocks[0], source="the page")) == blocks[0]


def test_the_sample_passes_every_check_on_the_graph(blocks: list[bytes]) -> None:
    graph = decode_graph(blocks[0], source="the page")
    sample = from_json(blocks[1], Sample, source="the page")
    ((_, verdict),) = verify_samples([sample], graph, graph_sha256(blocks[0]))
    assert verdict.ok, verdict.reason
    assert sample.checks == verdict.checks


def test_the_dropped_line_is_one(blocks: list[bytes]) -> None:
    assert from_json(blocks[4], DroppedRow, source="the page").reason == "two things fit 'person'"


def test_the_element_that_was_not_confirmed_is_one(blocks: list[bytes]) -> None:
    drop = from_json(blocks[3], GraphDrop, source="the page")
    reasons = [TOO_FEW, RIVAL, NOT_SEEN, GONE_WITH, OTHER_SENTENCE, TOO_SELDOM, NOT_FOUND_AGAIN]
    reasons += [vetting.NO_SPAN, vetting.NEVER, vetting.NO_THING, vetting.TWO_THINGS, vetting.ITSELF]
    assert drop.reason in reasons
    assert not [reason for reason in reasons if f"*{reason}*" not in " ".join(PAGE.split())]


def test_every_field_of_both_files_is_on_the_page(blocks: list[bytes]) -> None:
    for _, noun in SCHEMAS.values():
        fields = set(noun.__dataclass_fields__) - {"extra"}  # type: ignore[attr-defined]
        assert not {field for field in fields if f"`{field}`" not in PAGE and f'"{field}"' not in PAGE}


def test_every_word_for_a_kind_of_sample_is_on_the_page() -> None:
    (row,) = re.findall(r"^\| `type` \|.*$", PAGE, flags=re.MULTILINE)
    for words in (Structure, Semantics, Temporal):
        assert ", ".join(get_args(words)) in row


def test_the_run_folder_is_drawn_as_it_is() -> None:
    run = RunFolder(Path("RUN"))
    paths = (run.config, run.ledger, run.graph("VIDEO_ID"), run.error("VIDEO_ID", "watch"), run.report)
    for path in paths:
        assert path.relative_to("RUN").as_posix() in PAGE
    assert IMPORT_REPORT in PAGE
    for path in (run.samples_jsonl, run.samples_parquet):
        assert path.name in PAGE
