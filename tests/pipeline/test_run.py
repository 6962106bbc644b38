import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from videostep.errors import InputError, MediaError, RunFolderError
from videostep.induce import video as induction
from videostep.pipeline import asking, reuse, verifying, watch
from videostep.pipeline.config import RunConfig
from videostep.pipeline.local import in_this_process
from videostep.pipeline.progress import Silent
from videostep.pipeline.run import ask_again, plan_run, report_again, run_videos
from videostep.reason.ask import ask_graph
from videostep.store.ledger import Ledger
from videostep.store.lock import hold_lock
from videostep.store.run_folder import RunFolder
from videostep.testing.clips import encode_video, shots

pytestmark = pytest.mark.usefixtures("scripted")
CONFIG = RunConfig()
OTHER_GRAPHS = replace(CONFIG, split=replace(CONFIG.split, min_clip_s=1.0))
OTHER_QUESTIONS = replace(CONFIG, ask=replace(CONFIG.ask, samples_per_video=3))


def run_here(clips, out, config=CONFIG, **options):
    options = {"execute": in_this_process, **options}
    return run_videos([str(clips)], out, config, **options)


def watch_nothing(run, videos, listen):
    assert list(videos) == [], "a graph was made again"
    return iter(())


@pytest.fixture(scope="module")
def unbroken(clips, scripted, tmp_path_factory) -> Path:
    """A finished run over all clips; do not change it."""
    out = tmp_path_factory.mktemp("unbroken") / "run"
    run_here(clips, out)
    return out


class Listener(Silent):
    def __init__(self):
        self.said, self.warned, self.failures = [], [], []

    def say(self, text):
        self.said.append(text)

    def warn(self, text):
        self.warned.append(text)

    def fail(self, entry, trace):
        self.failures.append((entry, trace))


def test_a_run_leaves_what_the_contract_names(unbroken, contents):
    files = set(contents(unbroken))
    assert {"run.toml", "ledger.jsonl", "samples/samples.jsonl", "samples/samples.parquet"} <= files
    assert {"dropped/counts.json", "report/index.html"} <= files
    ids = [path.stem for path in RunFolder(unbroken).graph_files()]
    assert [id_.rpartition("-")[0] for id_ in ids] == ["clip1", "clip2", "clip10"]
    for id_ in ids:
        graph = json.loads(RunFolder(unbroken).graph(id_).read_text())
        images = {frame["image"] for clip in graph["clips"] for frame in clip["keyframes"]}
        assert images
        assert images <= files
    assert {file.partition("/")[0] for file in files} == {
        "run.toml",
        "ledger.jsonl",
        "graphs",
        "unconfirmed",
        "keyframes",
        "samples",
        "dropped",
        "report",
    }


def test_samples_are_made_of_every_graph_in_the_runs_order(unbroken):
    lines = (unbroken / "samples" / "samples.jsonl").read_text().splitlines()
    videos = list(dict.fromkeys(json.loads(line)["video"]["id"].rpartition("-")[0] for line in lines))
    assert videos == ["clip1", "clip2", "clip10"]


def test_the_ledger_has_a_line_for_every_finished_stage_and_video(unbroken):
    lines = [json.loads(line) for line in (unbroken / "ledger.jsonl").read_text().splitlines()]
    assert [line["stage"] for line in lines] == ["graph"] * 3 + ["ask", "report"]
    assert all(line["stamp"] for line in lines)


def test_a_second_run_makes_nothing_again(clips, tmp_path, contents):
    run_here(clips, tmp_path)
    before = contents(tmp_path)
    listener = Listener()
    run_here(clips, tmp_path, execute=watch_nothing, reporter=listener)
    assert contents(tmp_path) == before
    assert listener.said == [
        "3 of 3 graphs are there already",
        "the samples are there already",
        "the report is there already",
    ]


def test_the_order_in_which_videos_are_finished_is_not_seen(clips, tmp_path, unbroken, contents):
    def backwards(run, videos, listen):
        return in_this_process(run, videos[::-1], listen)

    run_here(clips, tmp_path, execute=backwards)
    assert contents(tmp_path) == contents(unbroken)


def test_videos_added_later_end_in_the_same_run(clips, tmp_path, unbroken, contents):
    run_videos([str(clips / "clip10.mp4")], tmp_path, CONFIG, execute=in_this_process)
    run_here(clips, tmp_path)
    assert contents(tmp_path) == contents(unbroken)


def test_an_interrupted_run_goes_on_where_it_was(clips, tmp_path, unbroken, contents):
    watched = []

    def interrupted(run, videos, listen):
        yield next(in_this_process(run, videos, listen))
        raise KeyboardInterrupt

    def counting(run, videos, listen):
        watched.extend(videos)
        return in_this_process(run, videos, listen)

    with pytest.raises(KeyboardInterrupt):
        run_here(clips, tmp_path, execute=interrupted)
    (tmp_path / "graphs" / ".half.json.17.part").write_text("{")
    run_here(clips, tmp_path, execute=counting)
    assert len(watched) == 2
    assert contents(tmp_path) == contents(unbroken)


def test_graphs_of_other_settings_are_refused_untouched(clips, tmp_path, contents):
    run_here(clips, tmp_path)
    before = contents(tmp_path)
    with pytest.raises(RunFolderError, match=r"other settings: split\.min_clip_s 0\.6 -> 1\.0; .*--redo"):
        run_here(clips, tmp_path, OTHER_GRAPHS)
    assert contents(tmp_path) == before


def test_graphs_of_other_code_are_refused(clips, tmp_path, monkeypatch):
    run_here(clips, tmp_path)
    monkeypatch.setattr(reuse, "code_version", lambda *rooms: "9.9.9+new")
    with pytest.raises(RunFolderError, match=r"another code \(0\..* -> 9\.9\.9\+new\); .*--redo"):
        run_here(clips, tmp_path)


def test_redo_makes_everything_anew(clips, tmp_path, contents):
    run_here(clips, tmp_path / "a", OTHER_GRAPHS)
    (tmp_path / "a" / "keyframes" / "left-over").mkdir()
    run_here(clips, tmp_path / "a", redo=True)
    run_here(clips, tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert not (tmp_path / "a" / "keyframes" / "left-over").exists()


def test_other_questions_are_asked_of_the_same_graphs(clips, tmp_path):
    run_here(clips, tmp_path)
    run_here(clips, tmp_path, OTHER_QUESTIONS, execute=watch_nothing)
    assert len((tmp_path / "samples" / "samples.jsonl").read_text().splitlines()) <= 9
    assert "samples_per_video = 3" in (tmp_path / "run.toml").read_text()


def test_asking_again_with_another_seed_gives_other_questions(clips, tmp_path):
    run_here(clips, tmp_path)
    samples = tmp_path / "samples" / "samples.jsonl"
    before = samples.read_bytes()
    ask_again(tmp_path, replace(CONFIG, ask_seed=5))
    assert samples.read_bytes() != before
    ask_again(tmp_path, CONFIG)
    assert samples.read_bytes() == before


def test_a_graph_mended_by_hand_is_kept_and_asked(clips, tmp_path):
    run_here(clips, tmp_path)
    graph = RunFolder(tmp_path).graph_files()[0]
    graph.write_text(graph.read_text().replace('"bus"', '"tram"'))
    with pytest.raises(
        RunFolderError, match=f"was changed after it was made; videostep ask {tmp_path} uses it"
    ):
        run_here(clips, tmp_path)
    verification = ask_again(tmp_path, CONFIG).verification
    assert verification.checked
    assert verification.failed == ()


def test_a_removed_graph_or_keyframe_is_made_again(clips, tmp_path, unbroken, contents):
    run_here(clips, tmp_path)
    RunFolder(tmp_path).graph_files()[0].unlink()
    next((tmp_path / "keyframes").rglob("*.jpg")).unlink()
    run_here(clips, tmp_path)
    assert contents(tmp_path) == contents(unbroken)


def test_only_graphs_leaves_no_samples(clips, tmp_path, unbroken, contents):
    run_here(clips, tmp_path, only_graphs=True)
    assert not (tmp_path / "samples").exists()
    assert not (tmp_path / "report").exists()
    run_here(clips, tmp_path, execute=watch_nothing)
    assert contents(tmp_path) == contents(unbroken)


def test_a_video_that_fails_is_an_entry_and_the_rest_goes_on(clips, tmp_path):
    bad = tmp_path / "bad.mp4"
    bad.write_text("this is no video")
    listener = Listener()
    result = run_videos(
        [str(bad), str(clips)], tmp_path / "run", CONFIG, execute=in_this_process, reporter=listener
    )
    assert (result.videos, result.failed_share) == (4, 0.25)
    (entry,) = result.failed
    written = json.loads(RunFolder(tmp_path / "run").error(entry.video, entry.stage).read_text())
    assert written["path"] == str(bad)
    assert written["stage"] == "decode"
    assert written["remedy"]
    assert len(RunFolder(tmp_path / "run").graph_files()) == 3
    assert listener.failures[0][0] == entry
    assert "MediaError" in listener.failures[0][1]


def test_a_video_that_succeeds_later_loses_its_entry(clips, tmp_path, monkeypatch, unbroken, contents):
    monkeypatch.setattr(watch, "induce_video", _raise(MediaError("the disk is away")))
    failed = run_here(clips, tmp_path).failed
    assert len(failed) == 3
    assert (tmp_path / "errors").is_dir()
    monkeypatch.setattr(watch, "induce_video", induction.induce_video)
    run_here(clips, tmp_path)
    assert contents(tmp_path) == contents(unbroken)


@pytest.mark.parametrize(
    ("error", "reason", "remedy"),
    [
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero", "a defect of videostep or a parser"),
        (MemoryError(), "not enough memory", "fewer --workers"),
    ],
)
def test_an_unexpected_error_costs_its_video_only(clips, tmp_path, monkeypatch, error, reason, remedy):
    monkeypatch.setattr(watch, "induce_video", _raise(error))
    entry = run_here(clips, tmp_path).failed[0]
    assert entry.reason == reason
    assert remedy in entry.remedy


def _raise(error):
    def induce(*_, **__):
        raise error

    return induce


def test_a_full_disk_ends_the_run_with_a_remedy(clips, tmp_path, monkeypatch):
    def full(self, mode="r", *args, **kwargs):
        if "w" in mode and self.name.startswith(".c1-k1"):
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return unpatched(self, mode, *args, **kwargs)

    unpatched = Path.open
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(RunFolderError, match="no space left on device; free some disk space"):
        run_here(clips, tmp_path)
    monkeypatch.undo()
    assert not list(tmp_path.rglob("*.part"))


def test_a_folder_in_use_is_refused(clips, tmp_path):
    run_here(clips, tmp_path)
    with hold_lock(tmp_path), pytest.raises(RunFolderError, match="another videostep process"):
        run_here(clips, tmp_path)


def test_a_warning_of_the_decoder_is_kept_with_the_run(tmp_path):
    whole = encode_video(tmp_path / "whole.mkv", shots([50, 50]), options={"g": "5"})
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    for _ in range(2):
        result = run_videos([str(cut)], tmp_path / "run", CONFIG, execute=in_this_process)
        assert result.failed == ()
        (entry,) = [json.loads(path.read_text()) for path in result.run.error_files()]
        assert entry["severity"] == "warning"
        assert "decod" in entry["reason"]


def test_the_same_video_twice_is_watched_once_and_said(clips, tmp_path):
    copy = tmp_path / "copy.mp4"
    copy.write_bytes((clips / "clip1.mp4").read_bytes())
    listener = Listener()
    result = run_videos(
        [str(clips), str(copy)], tmp_path / "run", CONFIG, execute=in_this_process, reporter=listener
    )
    assert result.videos == 3
    assert listener.warned == [f"{copy} holds the same video as {clips / 'clip1.mp4'}: it is watched once"]


def test_nothing_is_written_when_nothing_can_be_used(tmp_path):
    with pytest.raises(InputError):
        run_videos([str(tmp_path / "gone.mp4")], tmp_path / "run", CONFIG, execute=in_this_process)
    assert not (tmp_path / "run").exists()


def test_a_plan_writes_nothing(clips, tmp_path, contents):
    inputs, plan = plan_run([str(clips)], tmp_path / "run", CONFIG)
    assert (len(inputs.videos), len(plan.todo), len(plan.reused)) == (3, 3, 0)
    assert not (tmp_path / "run").exists()
    run_videos([str(clips / "clip1.mp4")], tmp_path / "run", CONFIG, execute=in_this_process)
    before = contents(tmp_path / "run")
    _, plan = plan_run([str(clips)], tmp_path / "run", CONFIG)
    assert (len(plan.todo), len(plan.reused)) == (2, 1)
    assert contents(tmp_path / "run") == before


def test_the_report_follows_the_run(clips, tmp_path):
    run_here(clips, tmp_path)
    page = report_again(tmp_path, CONFIG)
    before = page.read_bytes()
    page.write_text("spoilt")
    report_again(tmp_path, CONFIG)
    assert page.read_bytes() == before


def test_no_video_is_asked_twice_when_asking_is_interrupted(clips, tmp_path, unbroken, contents, monkeypatch):
    asked = []

    def ask(graph, **options):
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(graph.video.id)
        return ask_graph(graph, **options)

    monkeypatch.setattr(asking, "ask_graph", ask)
    with pytest.raises(KeyboardInterrupt):
        run_here(clips, tmp_path)
    assert not (tmp_path / "samples").exists()
    first = list(asked)
    asked.clear()
    run_here(clips, tmp_path)
    assert len(asked) == 1
    assert asked[0] not in first
    assert contents(tmp_path) == contents(unbroken)


def test_what_an_interrupted_run_asked_otherwise_is_not_taken(clips, tmp_path, contents, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(asking, "write_sample_lines", stop)
        with pytest.raises(KeyboardInterrupt):
            run_here(clips, tmp_path / "run")
    run_here(clips, tmp_path / "run", OTHER_QUESTIONS)
    run_here(clips, tmp_path / "straight", OTHER_QUESTIONS)
    assert contents(tmp_path / "run") == contents(tmp_path / "straight")


def test_a_graph_that_cannot_be_asked_costs_its_own_samples_only(clips, tmp_path, monkeypatch):
    def ask(graph, **options):
        if graph.video.id.startswith("clip2-"):
            raise ZeroDivisionError("by zero")
        return ask_graph(graph, **options)

    with monkeypatch.context() as patch:
        patch.setattr(asking, "ask_graph", ask)
        result = run_here(clips, tmp_path)
    (entry,) = result.failed
    assert (entry.stage, entry.reason) == ("ask", "ZeroDivisionError: by zero")
    assert result.verification.checked
    assert result.run.error(entry.video, "ask").exists()
    assert run_here(clips, tmp_path, execute=watch_nothing).failed == ()
    assert not result.run.errors.exists()


def test_a_graph_of_before_that_cannot_be_asked_is_no_failure_of_the_video_named_now(
    clips, tmp_path, monkeypatch
):
    def ask(graph, **options):
        if graph.video.id.startswith("clip2-"):
            raise ZeroDivisionError("by zero")
        return ask_graph(graph, **options)

    run_here(clips, tmp_path, only_graphs=True)
    monkeypatch.setattr(asking, "ask_graph", ask)
    (other,) = (path for path in clips.iterdir() if path.stem == "clip10")
    result = run_here(other, tmp_path)
    assert len(result.failed) == 1
    assert result.videos == 2


def test_samples_that_fail_are_told_and_not_taken_for_done(clips, tmp_path, monkeypatch):
    class Doubtful(verifying.Verifier):
        def check(self, sample):
            return replace(super().check(sample), ok=False, reason="two things fit 'bus'")

    monkeypatch.setattr(verifying, "Verifier", Doubtful)
    verification = run_here(clips, tmp_path).verification
    assert len(verification.failed) == verification.checked > 0
    assert Ledger(tmp_path / "ledger.jsonl").find("ask") is None
