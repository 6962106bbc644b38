import sys

import pytest

from videostep.pipeline import local
from videostep.pipeline.config import RunConfig
from videostep.pipeline.config_file import config_toml
from videostep.pipeline.inputs import InputVideo, find_videos
from videostep.store.run_folder import RunFolder

# Speaks a worker's language: says how far it is, then does what the video is called.
STAND_IN = """
import json, os, signal, sys
for line in sys.stdin:
    video = json.loads(line)
    progress = {"video": video["id"], "share": 0.5, "counts": {"clips": 1}}
    print(json.dumps({"progress": progress}), flush=True)
    if video["id"] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if video["id"] == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if video["id"] == "exit":
        sys.exit(3)
    made = {"files": 0, "files_sha256": "", "counts": {}, "warnings": []}
    print(json.dumps({"outcome": {"video": video, "made": made}}), flush=True)
"""


def named(*names):
    return [InputVideo(path=f"{name}.mp4", id=name, sha256="0") for name in names]


@pytest.fixture
def stand_in(monkeypatch):
    monkeypatch.setattr(local, "_command", lambda run: [sys.executable, "-c", STAND_IN])


def outcomes_of(tmp_path, videos, workers, listen=lambda progress: None):
    outcomes = local.in_processes(workers)(RunFolder(tmp_path), videos, listen)
    return {outcome.video.id: outcome for outcome in outcomes}


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_video_has_an_outcome(tmp_path, workers):
    heard = []
    outcomes = outcomes_of(tmp_path, named("a", "b", "c"), workers, heard.append)
    assert outcomes.keys() == {"a", "b", "c"}
    assert all(outcome.made for outcome in outcomes.values())
    assert sorted(progress.video for progress in heard) == ["a", "b", "c"]


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("name", "reason"),
    [("killed", "most likely for lack of memory"), ("crash", "by SIGSEGV"), ("exit", "with code 3")],
)
def test_a_worker_that_dies_costs_its_video_only(tmp_path, workers, name, reason):
    outcomes = outcomes_of(tmp_path, named("a", name, "b", "c"), workers)
    assert {id_ for id_, outcome in outcomes.items() if outcome.made} == {"a", "b", "c"}
    assert reason in outcomes[name].failed.reason
    assert outcomes[name].failed.remedy


@pytest.mark.parametrize(("settings", "says"), [("[split]\nodd = 1\n", "split.odd"), ("= 1", "is not TOML")])
def test_a_worker_that_cannot_begin_says_why_and_ends_the_run(tmp_path, capfd, settings, says):
    (tmp_path / "run.toml").write_text(settings)
    (outcome,) = outcomes_of(tmp_path, named("a"), 1).values()
    assert says in outcome.failed.reason
    assert outcome.ends_run == "folder"
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("stand_in")
def test_nobody_is_left_when_the_caller_goes(tmp_path, monkeypatch):
    ended = []
    end = local._Worker.end
    monkeypatch.setattr(local._Worker, "end", lambda worker: (end(worker), ended.append(worker)))
    outcomes = local.in_processes(2)(RunFolder(tmp_path), named("a", "b", "c"), lambda progress: None)
    next(outcomes)
    outcomes.close()
    assert len(ended) == 2
    assert all(worker._process.returncode is not None for worker in ended)


def test_processes_make_what_this_process_makes(clips, tmp_path, contents):
    videos = find_videos([str(clips)]).videos
    for name, execute in (("here", local.in_this_process), ("there", local.in_processes(2))):
        run = RunFolder(tmp_path / name)
        run.make()
        run.config.write_bytes(config_toml(RunConfig()))
        outcomes = list(execute(run, videos, lambda progress: None))
        assert [outcome.failed for outcome in outcomes] == [None] * 3
    assert contents(tmp_path / "here") == contents(tmp_path / "there")
