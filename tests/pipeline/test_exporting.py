import dataclasses
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from videostep.errors import ConfigError, FormatError, InputError, RunFolderError
from videostep.formats.training import TARGETS
from videostep.formats.training.config import ExportConfig
from videostep.formats.training.media import MediaMode
from videostep.formats.training.mirroring import tells_left_from_right
from videostep.formats.training.split import parse_splits
from videostep.media.decode import open_video
from videostep.pipeline import exporting
from videostep.pipeline.exporting import export_run, plan_export
from videostep.pipeline.progress import Silent
from videostep.pipeline.survey import UNCUT
from videostep.sample import SampleProvenance, VideoRef
from videostep.store.graph_file import graph_sha256, write_graph
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples, write_samples
from videostep.store.stamps import sha256_of_file
from videostep.testing.clips import encode_video, shots
from videostep.testing.graphs import street_graph
from videostep.testing.samples import STREET_SAMPLES, changed
from videostep.video import TimeSpan

GOLDEN = Path(__file__).parent / "golden_exports"
"""One file per target: the records of one sample, and what lies beside the records."""
HALVES = parse_splits("train=0.5,test=0.5")
VIDEOS = 6


def put_video(run, source, number):
    """A graph of the street that is said to be seen in `source`, and samples about it."""
    digest = sha256_of_file(source)
    name = f"street{number}-{digest[:8]}"
    graph = street_graph()
    video = dataclasses.replace(graph.video, id=name, path=source.as_posix(), sha256=digest)
    data = write_graph(dataclasses.replace(graph, video=video), run.graph(name))
    ref = VideoRef(id=name, path=source.as_posix(), sha256=digest)
    provenance = SampleProvenance(graph_sha256=graph_sha256(data), generator="test", version="1", seed=0)
    return [changed(sample, video=ref, provenance=provenance) for sample in STREET_SAMPLES.values()]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run of six videos of 24 s with nine samples each; do not change it."""
    root = tmp_path_factory.mktemp("made")
    run = RunFolder(root / "run")
    samples = []
    for number in range(1, VIDEOS + 1):
        frames = shots([20, 16, 12], width_px=48, height_px=32, seed=number)
        samples += put_video(run, encode_video(root / f"street {number}.mp4", frames, fps=2), number)
    write_samples(samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    run.config.write_text("")
    return run


@pytest.fixture
def run(made, tmp_path):
    """A run that may be changed."""
    shutil.copytree(made.root, tmp_path / "run")
    return RunFolder(tmp_path / "run")


def config_of(target="jsonl", **changes):
    return ExportConfig(**{"target": TARGETS[target], "media": MediaMode.NONE, **changes})


def export(run, out, target="jsonl", **changes):
    return export_run(run, out, config_of(target, **changes), Silent())


def rows_in(folder):
    """Every record of an export, whatever its layout."""
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.json"), *folder.rglob("*.parquet")]):
        if path.name in {"export.json", "dataset_info.json"}:
            continue
        if path.suffix == ".parquet":
            yield from pq.read_table(path).to_pylist()
        elif path.suffix == ".jsonl":
            yield from map(json.loads, path.read_text().splitlines())
        else:
            yield from json.loads(path.read_text())


@pytest.mark.parametrize("target", TARGETS)
def test_every_sample_becomes_two_records(made, tmp_path, target):
    result = export(made, tmp_path / "out", target, splits=HALVES)
    mirrors = TARGETS[target].mirrors
    samples = [s for s in read_samples(made.samples_jsonl) if not (mirrors and tells_left_from_right(s))]
    assert len(list(rows_in(tmp_path / "out"))) == 2 * len(samples)
    assert sum(numbers.records for numbers in result.numbers.values()) == 2 * len(samples)


def test_no_video_is_in_two_splits(made, tmp_path):
    export(made, tmp_path / "out", splits=HALVES)
    train, test = (
        {json.loads(line)["video_id"] for line in (tmp_path / "out" / name).read_text().splitlines()}
        for name in ("train.jsonl", "test.jsonl")
    )
    assert train
    assert test
    assert train.isdisjoint(test)
    assert len(train | test) == VIDEOS


@pytest.mark.parametrize("target", TARGETS)
def test_equal_runs_give_equal_bytes(made, tmp_path, contents, target):
    export(made, tmp_path / "out", target, splits=HALVES)
    before = contents(tmp_path / "out")
    export(made, tmp_path / "out", target, splits=HALVES)
    assert contents(tmp_path / "out") == before


class TestMedia:
    def test_links_lead_to_the_originals(self, made, tmp_path):
        export(made, tmp_path / "out", media=MediaMode.LINK)
        for row in rows_in(tmp_path / "out"):
            link = tmp_path / "out" / row["video"]
            assert link.is_symlink()
            assert sha256_of_file(link) == row["video_sha256"]

    def test_copies_are_the_originals(self, made, tmp_path):
        export(made, tmp_path / "out", media=MediaMode.COPY)
        for row in rows_in(tmp_path / "out"):
            copy = tmp_path / "out" / row["video"]
            assert not copy.is_symlink()
            assert sha256_of_file(copy) == row["video_sha256"]

    def test_clips_are_the_part_that_a_row_names(self, made, tmp_path):
        export(made, tmp_path / "out", media=MediaMode.CLIP)
        lengths = set()
        for row in rows_in(tmp_path / "out"):
            with open_video(tmp_path / "out" / row["video"]) as reader:
                frames = [frame.time_s for frame in reader.frames()]
            # Two frames a second: those that begin in [start, end).
            assert len(frames) == sum(row["start_s"] <= n / 2 < row["end_s"] for n in range(48))
            lengths.add(len(frames))
        assert len(lengths) > 3

    def test_none_names_files_that_the_user_will_put_there(self, made, tmp_path):
        export(made, tmp_path / "out", media=MediaMode.NONE)
        assert not (tmp_path / "out" / "media").exists()
        assert all(row["video"].startswith("media/street") for row in rows_in(tmp_path / "out"))

    @pytest.mark.parametrize("target", ["ms-swift", "axolotl", "trl"])
    def test_trainers_without_a_media_folder_get_absolute_paths(self, made, tmp_path, monkeypatch, target):
        monkeypatch.chdir(tmp_path)
        export(made, Path("out"), target, media=MediaMode.LINK)
        paths = re.findall(r'"([^"]*/media/[^"]*\.mp4)"', (tmp_path / "out" / "train.jsonl").read_text())
        assert len(paths) == 2 * VIDEOS * len(STREET_SAMPLES)
        assert all(Path(path).is_absolute() and Path(path).is_file() for path in paths)


def times_in(path):
    with open_video(path) as reader:
        return [frame.time_s for frame in reader.frames()]


class TestSamplesWithACut:
    """ "What does she do next?": nothing from 6.6 s on may be shown. There are two frames a second."""

    @pytest.fixture
    def ahead(self, run):
        first, second, *rest = read_samples(run.samples_jsonl)
        cut = dataclasses.replace(first, cut_s=6.6, span_s=TimeSpan(5.0, 10.0))
        write_samples([cut, second, *rest], jsonl=run.samples_jsonl, parquet=run.samples_parquet)
        return run

    def rows_of(self, run, out):
        sample = next(read_samples(run.samples_jsonl))
        return [row for row in rows_in(out) if row["sample"] == sample.id]

    @pytest.mark.parametrize("mode", [MediaMode.LINK, MediaMode.COPY])
    def test_get_a_file_that_stops_there(self, ahead, tmp_path, mode):
        export(ahead, tmp_path / "out", media=mode)
        answer, rationale = self.rows_of(ahead, tmp_path / "out")
        assert answer["video"] == rationale["video"]
        assert answer["video"].endswith("/000000000-000006600.mp4")
        assert (answer["start_s"], answer["end_s"], answer["cut_s"]) == (5.0, 6.6, 6.6)
        assert times_in(tmp_path / "out" / answer["video"]) == [n / 2 for n in range(14)]
        whole = {row["video"] for row in rows_in(tmp_path / "out") if row["cut_s"] is None}
        assert len(whole) == VIDEOS
        assert {len(times_in(tmp_path / "out" / video)) for video in whole} == {48}

    def test_get_a_clip_that_stops_there(self, ahead, tmp_path):
        export(ahead, tmp_path / "out", media=MediaMode.CLIP)
        row, _ = self.rows_of(ahead, tmp_path / "out")
        assert row["video"].endswith("/000005000-000006600.mp4")
        assert times_in(tmp_path / "out" / row["video"]) == [0.0, 0.5, 1.0, 1.5]

    @pytest.mark.parametrize("target", TARGETS)
    def test_never_name_a_file_that_shows_more(self, ahead, tmp_path, target):
        export(ahead, tmp_path / "out", target, media=MediaMode.LINK)
        question = next(read_samples(ahead.samples_jsonl)).question
        video_id = next(read_samples(ahead.samples_jsonl)).video.id
        rows = [
            str(row) for row in rows_in(tmp_path / "out") if question in str(row) and video_id in str(row)
        ]
        assert rows
        (path,) = {re.search(rf"media/{video_id}[^'\"]*\.mp4", row)[0] for row in rows}
        assert max(times_in(tmp_path / "out" / path)) == 6.5

    @pytest.mark.parametrize("target", TARGETS)
    def test_are_left_out_where_neither_file_nor_record_can_say_it(self, ahead, tmp_path, target):
        result = export(ahead, tmp_path / "out", target, media=MediaMode.NONE)
        question = next(read_samples(ahead.samples_jsonl)).question
        video_id = next(read_samples(ahead.samples_jsonl)).video.id
        rows = [row for row in rows_in(tmp_path / "out") if question in str(row) and video_id in str(row)]
        if not TARGETS[target].says_part:
            assert (rows, result.left_out[UNCUT]) == ([], 1)
            return
        assert UNCUT not in result.left_out
        assert all(row.get("cut_s", row.get("end")) == 6.6 for row in rows)
        assert rows

    def test_are_counted_on_the_card_and_in_the_plan(self, ahead, tmp_path):
        config = config_of("llava", media=MediaMode.LINK)
        plan = plan_export(ahead, tmp_path / "out", config, Silent())
        assert sum(numbers.cut for numbers in plan.numbers.values()) == 1
        export_run(ahead, tmp_path / "out", config, Silent())
        card = (tmp_path / "out" / "README.md").read_text()
        assert "1 samples ask what comes next" in card
        assert "their video is a file of its own that stops there" in card


class TestVideosThatAreMissing:
    @pytest.fixture
    def holed(self, run, made, tmp_path):
        """A run of which two videos are gone and one has changed."""
        moved = tmp_path / "moved"
        shutil.copytree(made.root.parent, moved, ignore=shutil.ignore_patterns("run"))
        samples = []
        for sample in read_samples(run.samples_jsonl):
            path = moved / Path(sample.video.path).name
            samples.append(
                dataclasses.replace(sample, video=dataclasses.replace(sample.video, path=path.as_posix()))
            )
        write_samples(samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
        (moved / "street 2.mp4").unlink()
        (moved / "street 3.mp4").unlink()
        (moved / "street 5.mp4").write_bytes(b"another")
        return run

    def test_are_refused_by_name_and_number(self, holed, tmp_path):
        with pytest.raises(InputError, match=r"no video .*street 2\.mp4 \(and 2 more") as error:
            export(holed, tmp_path / "out", media=MediaMode.LINK)
        assert "--videos" in error.value.remedy
        assert "--skip-missing" in error.value.remedy
        assert not (tmp_path / "out").exists()

    def test_are_left_out_and_counted_if_wanted(self, holed, tmp_path):
        result = export(holed, tmp_path / "out", media=MediaMode.COPY, skip_missing=True)
        kinds = len(STREET_SAMPLES)
        assert result.left_out == {
            "the video is missing": 2 * kinds,
            "the video is not the one that was watched": kinds,
        }
        assert result.numbers["train"].videos == 3
        assert len(list((tmp_path / "out" / "media").iterdir())) == 3
        assert len(list(rows_in(tmp_path / "out"))) == 3 * 2 * kinds

    def test_are_found_in_the_folder_that_is_named(self, holed, made, tmp_path):
        result = export(holed, tmp_path / "out", media=MediaMode.LINK, videos=made.root.parent)
        assert (result.left_out, result.numbers["train"].videos) == ({}, VIDEOS)

    def test_do_not_matter_when_none_are_written(self, holed, tmp_path):
        assert export(holed, tmp_path / "out").left_out == {}


def test_a_sample_that_failed_a_check_is_never_exported(run, tmp_path):
    samples = list(read_samples(run.samples_jsonl))
    samples[3] = dataclasses.replace(samples[3], checks={"answer": "fail"})
    write_samples(samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    result = export(run, tmp_path / "out")
    assert result.left_out == {"a check of the sample failed": 1}
    assert samples[3].id not in {row["sample"] for row in rows_in(tmp_path / "out")}


@pytest.mark.parametrize(("target", "left_out"), [("videochat2", 1), ("llava", 0)])
def test_what_tells_left_from_right_is_kept_from_a_trainer_that_mirrors_videos(
    run, tmp_path, target, left_out
):
    samples = [sample for sample in read_samples(run.samples_jsonl) if not tells_left_from_right(sample)]
    samples[3] = changed(samples[3], answer="drives to the left")
    write_samples(samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    result = export(run, tmp_path / "out", target)
    assert sum(result.left_out.values()) == left_out
    assert all("mirrors videos at random" in why for why in result.left_out)
    assert result.numbers["train"].samples == len(samples) - left_out


def test_samples_of_a_graph_that_has_changed_are_left_out(run, tmp_path):
    path = run.graph_files()[0]
    path.write_bytes(path.read_bytes().replace(b'"duration_s": 24.0', b'"duration_s": 23.9'))
    result = export(run, tmp_path / "out")
    assert result.left_out == {"the graph has changed since it was asked": len(STREET_SAMPLES)}
    assert path.stem not in {row["video_id"] for row in rows_in(tmp_path / "out")}


def test_held_out_questions_say_which_pairs_are_novel(run, tmp_path):
    samples = list(read_samples(run.samples_jsonl))
    held_out = {s.video.id for s in samples if HALVES.split_of(s.video.sha256) == "test"}
    first = next(number for number, s in enumerate(samples) if s.video.id in held_out)
    samples[first] = changed(
        samples[first],
        program='exists(with(called(things(), "dog"), "colour", "white"))',
        answer_kind="binary",
    )
    write_samples(samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    result = export(run, tmp_path / "out", splits=HALVES)
    novel = {row["sample"]: row["novel_pairs"] for row in rows_in(tmp_path / "out") if row["novel_pairs"]}
    assert novel == {samples[first].id: [["colour", "dog"], ["dog", "white"]]}
    assert (result.numbers["test"].novel, result.numbers["train"].novel) == (1, 0)


def test_a_plan_says_what_would_be_written_and_writes_nothing(made, tmp_path):
    plan = plan_export(made, tmp_path / "out", config_of(splits=HALVES), Silent())
    assert not any(tmp_path.iterdir())
    assert export(made, tmp_path / "out", splits=HALVES).files == plan.files


def test_a_split_without_a_video_is_refused(made, tmp_path):
    with pytest.raises(ConfigError, match="split 'tiny' got none of the 6 videos"):
        export(made, tmp_path / "out", splits=parse_splits("train=0.999,tiny=0.001"))
    assert not (tmp_path / "out").exists()


def test_a_failure_half_way_leaves_the_older_export(made, tmp_path, contents, monkeypatch):
    export(made, tmp_path / "out")
    before = contents(tmp_path / "out")

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(exporting, "card_text", fail)
    with pytest.raises(MemoryError):
        export(made, tmp_path / "out", "llava")
    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


class TestDamage:
    def test_no_samples(self, run, tmp_path):
        run.samples_jsonl.write_text("")
        with pytest.raises(InputError, match="no sample to export"):
            export(run, tmp_path / "out")
        run.samples_jsonl.unlink()
        with pytest.raises(RunFolderError, match="cannot be read"):
            export(run, tmp_path / "out")

    def test_a_sample_line_that_is_cut_off(self, run, tmp_path):
        run.samples_jsonl.write_bytes(run.samples_jsonl.read_bytes()[:-100])
        with pytest.raises(FormatError, match="line 54"):
            export(run, tmp_path / "out")

    def test_a_graph_that_is_gone_or_damaged(self, run, tmp_path):
        path = run.graph_files()[2]
        path.write_text("{}")
        with pytest.raises(FormatError, match=path.name):
            export(run, tmp_path / "out")
        path.unlink()
        with pytest.raises(RunFolderError, match=path.name):
            export(run, tmp_path / "out")

    @pytest.mark.parametrize("evil", ["../../evil", "/etc/evil", "", ".hidden", "a/b", "x\n"])
    def test_an_id_that_is_no_file_name(self, run, tmp_path, evil):
        samples = list(read_samples(run.samples_jsonl))[:1]
        graph = run.graph_files()[0].read_bytes()
        video = dataclasses.replace(samples[0].video, id=evil)
        write_samples(
            [dataclasses.replace(samples[0], video=video)],
            jsonl=run.samples_jsonl,
            parquet=run.samples_parquet,
        )
        path = run.graph(evil)
        if path.is_relative_to(tmp_path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(graph)
        with pytest.raises((FormatError, RunFolderError)):
            export(run, tmp_path / "out", media=MediaMode.LINK)
        assert not (tmp_path / "out").exists()


def test_the_card_has_the_numbers_and_where_it_all_comes_from(made, tmp_path):
    export(made, tmp_path / "out", "hf", splits=HALVES, licence="cc-by-4.0")
    card = (tmp_path / "out" / "README.md").read_text()
    head, body = card.removeprefix("---\n").split("\n---\n")
    assert 'license: "cc-by-4.0"' in head
    assert '  - split: test\n    path: "data/test-*.parquet"' in head
    samples = list(read_samples(made.samples_jsonl))
    rows = re.findall(r"^\| (train|test) \| (\d+) \| (\d+) \| (\d+) \|", body, flags=re.MULTILINE)
    assert [name for name, *_ in rows] == ["train", "test"]
    totals = Counter()
    for _, videos, count, records in rows:
        totals.update(videos=int(videos), samples=int(count), records=int(records))
    assert totals == {"videos": VIDEOS, "samples": len(samples), "records": 2 * len(samples)}
    assert sha256_of_file(made.samples_jsonl) in body
    assert "- samples by test 1\n" in body


@pytest.mark.parametrize("target", TARGETS)
def test_the_files_are_the_golden_ones(made, tmp_path, target):
    """A change must be read before it is accepted: what was found is printed, and copied by hand."""
    export(made, tmp_path / "out", target, splits=HALVES)
    records = [row for row in rows_in(tmp_path / "out") if "Is the bus red?" in str(row)]
    beside = {
        path.name: path.read_text()
        for path in sorted((tmp_path / "out").iterdir())
        if path.suffix == ".yaml" or path.name == "dataset_info.json"
    }
    found = json.dumps({"records": records[:2], "beside": beside}, indent=1) + "\n"
    found = found.replace(str(tmp_path / "out"), "OUT")
    found = re.sub(r"street\d-[0-9a-f]{8}", "VIDEO", found)
    found = re.sub(r'"[0-9a-f]{64}"', '"SHA256"', found)
    found = re.sub(r'"[0-9a-f]{16}(?=[-"])', '"SAMPLE', found)
    assert found == (GOLDEN / f"{target}.json").read_text()
