"""What the report takes from a run folder."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image

from videostep.errors import FormatError, RunFolderError
from videostep.store.entries import DroppedRow, ErrorEntry
from videostep.testing.graphs import random_graph, street_graph
from videostep.viewer.report import ReportConfig, write_report

STREET = street_graph()
FAILED = ErrorEntry(
    video="broken-1",
    path="clips/broken.mp4",
    severity="failed",
    stage="decode",
    reason="no picture",
    remedy="copy it",
)


def _drop(reason: str, question: str) -> DroppedRow:
    return DroppedRow(
        video=STREET.video.id, stage="verify", reason=reason, question=question, answer="", program=""
    )


@pytest.fixture
def bus_sample(make_sample):
    return make_sample(
        STREET, "What colour is the bus?", "white", ("Which?", "white", ["c1-bus-1.colour.white"], (0, 6))
    )


def test_the_page_stands_where_the_run_folder_has_it(make_run):
    run = make_run(STREET)
    assert write_report(run) == run / "report" / "index.html"
    assert not list((run / "report").glob(".*"))


def test_same_files_give_the_same_bytes(make_run, bus_sample):
    graphs = (STREET, random_graph(1), random_graph(2))
    drops = [_drop("leak", "what?"), _drop("ambiguous", "who?")]
    pages = [
        write_report(make_run(*order, samples=[bus_sample], drops=drops, errors=[FAILED])).read_bytes()
        for order in (graphs, graphs[::-1])
    ]
    assert pages[0] == pages[1]


def test_totals_count_what_the_graphs_and_samples_hold(make_run, bus_sample, blocks_of):
    second = random_graph(1)
    summary = blocks_of(write_report(make_run(STREET, second, samples=[bus_sample])))["run"]
    assert summary["totals"]["videos"] == 2
    assert summary["totals"]["objects"] == len(STREET.objects) + len(second.objects)
    assert summary["totals"]["references"] == len(STREET.references) + len(second.references)
    assert summary["samples"] == {
        "steps": [["1", 1]],
        "structure": [["query", 1]],
        "semantics": [["attribute", 1]],
        "temporal": [["none", 1]],
    }
    assert {row["id"]: row["counts"]["samples"] for row in summary["videos"]} == {
        STREET.video.id: 1,
        second.video.id: 0,
    }


def test_videos_beyond_the_budget_are_counted_and_not_shown(make_run, bus_sample, blocks_of):
    graphs = (STREET, random_graph(1), random_graph(2))
    run = make_run(*graphs, samples=[bus_sample])
    everything = blocks_of(write_report(run))
    sizes = {path.stem: path.stat().st_size for path in (run / "graphs").iterdir()}
    order = [video["id"] for video in everything["run"]["videos"]]
    most = sizes[order[0]] + sizes[order[1]] + (run / "samples" / "samples.jsonl").stat().st_size
    for budget_bytes, shown in ((most, 2), (most - 1, 1 if STREET.video.id in order[:2] else 2), (1, 1)):
        blocks = blocks_of(write_report(run, ReportConfig(videos_bytes=budget_bytes)))
        assert [video["id"] for video in blocks["run"]["videos"]] == order[:shown]
        assert {name for name in blocks if name.startswith("graph-")} == {f"graph-{n}" for n in range(shown)}
        for key in ("totals", "samples", "controls"):
            assert blocks["run"][key] == everything["run"][key]


def test_drops_are_grouped_by_reason_with_few_examples_and_full_counts(make_run, blocks_of):
    drops = [_drop("leak", f"question {n}") for n in range(5)] + [_drop("ambiguous", "who?")]
    page = write_report(make_run(STREET, drops=drops), ReportConfig(examples_per_reason=2))
    leak, ambiguous = blocks_of(page)["run"]["drops"]
    assert (leak["reason"], leak["count"]) == ("leak", 5)
    assert [example["question"] for example in leak["examples"]] == ["question 0", "question 1"]
    assert ambiguous["count"] == 1


def test_reasons_that_differ_in_quoted_words_are_one_kind(make_run, blocks_of):
    drops = [_drop("two things fit 'person'", "who?"), _drop("two things fit 'car'", "which?")]
    (kind,) = blocks_of(write_report(make_run(STREET, drops=drops)))["run"]["drops"]
    assert (kind["reason"], kind["count"]) == ("two things fit ...", 2)
    assert kind["examples"][1] == {"question": "which?", "reason": "two things fit 'car'"}


def test_a_run_with_nothing_but_errors_has_a_page(make_run, blocks_of):
    summary = blocks_of(write_report(make_run(errors=[FAILED])))["run"]
    assert summary["videos"] == []
    assert summary["errors"][0]["remedy"] == "copy it"


def test_a_run_that_was_not_asked_yet_has_a_page(make_run, blocks_of):
    run = make_run(STREET)
    (run / "samples" / "samples.jsonl").unlink()
    assert blocks_of(write_report(run))["samples-0"] == []


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunFolderError, match="not a run folder"):
        write_report(tmp_path)


def test_a_sample_without_its_graph_is_refused(make_run, bus_sample):
    with pytest.raises(RunFolderError, match="has no graph in this run"):
        write_report(make_run(random_graph(1), samples=[bus_sample]))


def test_a_damaged_graph_is_told_and_left_out_with_its_samples(make_run, bus_sample, blocks_of):
    other = random_graph(1)
    run = make_run(STREET, other, samples=[bus_sample])
    path = run / "graphs" / f"{STREET.video.id}.json"
    path.write_bytes(path.read_bytes()[:500])
    told = []
    blocks = blocks_of(write_report(run, hear=told.append))
    assert [video["id"] for video in blocks["run"]["videos"]] == [other.video.id]
    (error,) = told
    assert path.name in error.message


def test_a_damaged_dropped_file_is_named_with_its_line(make_run):
    run = make_run(STREET, drops=[_drop("leak", "what?")])
    path = run / "dropped" / f"{STREET.video.id}.jsonl"
    path.write_bytes(path.read_bytes() + b'{"reason": 3}\n')
    with pytest.raises(FormatError, match="line 2"):
        write_report(run)


class TestPictures:
    def test_are_shrunk_into_the_page(self, make_run, blocks_of):
        pictures = blocks_of(write_report(make_run(STREET), ReportConfig(thumbnail_px=100)))["pictures-0"]
        inside = base64.b64decode(pictures["c1-k1"].removeprefix("data:image/jpeg;base64,"))
        with Image.open(io.BytesIO(inside)) as picture:
            assert picture.size == (100, 56)

    def test_that_are_small_enough_stay_as_they_are(self, make_run, blocks_of):
        run = make_run(STREET)
        pictures = blocks_of(write_report(run, ReportConfig(thumbnail_px=640)))["pictures-0"]
        inside = base64.b64decode(pictures["c1-k1"].removeprefix("data:image/jpeg;base64,"))
        assert inside == (run / STREET.clips[0].keyframes[0].image).read_bytes()

    def test_beyond_the_budget_are_links_that_lead_to_the_file(self, make_run, blocks_of):
        run = make_run(STREET)
        everything = list(blocks_of(write_report(run))["pictures-0"].values())
        page = write_report(run, ReportConfig(pictures_bytes=len(everything[0] + everything[1])))
        pictures = list(blocks_of(page)["pictures-0"].values())
        assert pictures[:2] == everything[:2]
        assert len(pictures) > 2
        assert all((page.parent / link).is_file() for link in pictures[2:])

    def test_that_are_missing_or_damaged_are_left_out(self, make_run, blocks_of):
        run = make_run(STREET)
        first, second, third = (run / keyframe.image for keyframe in STREET.clips[0].keyframes)
        first.unlink()
        second.write_bytes(b"no picture")
        third.write_bytes(third.read_bytes()[:700])
        pictures = blocks_of(write_report(run))["pictures-0"]
        assert [id_ for id_, address in pictures.items() if address is None] == ["c1-k1", "c1-k2", "c1-k3"]

    def test_outside_the_run_folder_are_not_read(self, make_run, blocks_of):
        run = make_run(STREET)
        outside = run.parent / "outside.jpg"
        Image.new("RGB", (8, 8)).save(outside)
        clip = STREET.clips[0]
        keyframes = (replace(clip.keyframes[0], image="../outside.jpg"), *clip.keyframes[1:])
        graph = replace(STREET, clips=(replace(clip, keyframes=keyframes), *STREET.clips[1:]))
        pictures = blocks_of(write_report(make_run(graph)))["pictures-0"]
        assert pictures["c1-k1"] is None
