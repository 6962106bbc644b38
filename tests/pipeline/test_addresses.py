"""Renamed, moved, copied and replaced videos: one graph of each content, under its present name."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from videostep.errors import RunFolderError
from videostep.pipeline import addresses
from videostep.pipeline.config import RunConfig
from videostep.pipeline.local import in_this_process
from videostep.pipeline.progress import Silent
from videostep.pipeline.run import plan_run, run_videos
from videostep.store.entries import ErrorEntry, write_error
from videostep.store.ledger import Ledger
from videostep.store.run_folder import RunFolder
from videostep.store.stamps import sha256_of_outputs
from videostep.testing.clips import encode_video, shots

pytestmark = pytest.mark.usefixtures("scripted")


class Listener(Silent):
    def __init__(self):
        self.warned = []

    def warn(self, text):
        self.warned.append(text)


def run(folder, out, **options):
    """Run over a folder; what it warned of."""
    listener = Listener()
    options = {"execute": in_this_process, **options}
    run_videos([str(folder)], out, RunConfig(), reporter=listener, **options)
    return listener.warned


def watch_nothing(run, videos, listen):
    assert list(videos) == [], "a graph was made again"
    return iter(())


@pytest.fixture
def folder(clips, tmp_path) -> Path:
    """Two videos of its own."""
    folder = tmp_path / "videos"
    folder.mkdir()
    for name in ("clip1.mp4", "clip2.mp4"):
        shutil.copy(clips / name, folder)
    return folder


@pytest.fixture
def out(folder, tmp_path) -> Path:
    """A finished run over them."""
    run(folder, tmp_path / "run")
    return tmp_path / "run"


def swap(folder):
    (folder / "clip1.mp4").rename(folder / "other.mp4")
    (folder / "clip2.mp4").rename(folder / "clip1.mp4")
    (folder / "other.mp4").rename(folder / "clip2.mp4")


CHANGES = {
    "renamed": lambda folder: (folder / "clip1.mp4").rename(folder / "zebra.mp4"),
    "moved": lambda folder: (
        (folder / "deep").mkdir(),
        (folder / "clip1.mp4").rename(folder / "deep/clip1.mp4"),
    ),
    "swapped": swap,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_video_that_lies_elsewhere_is_not_watched_again(folder, out, tmp_path, contents, change):
    CHANGES[change](folder)
    warned = run(folder, out, execute=watch_nothing)
    run(folder, tmp_path / "fresh")
    assert contents(out) == contents(tmp_path / "fresh")
    assert len(warned) == {"renamed": 1, "moved": 0, "swapped": 2}[change]
    assert all("is the video that was watched as" in text for text in warned)
    assert run(folder, out, execute=watch_nothing) == []


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kill_at", range(1, 9))
def test_a_kill_while_videos_are_followed_changes_nothing(
    folder, out, tmp_path, contents, monkeypatch, change, kill_at
):
    CHANGES[change](folder)
    steps = 0

    def killed(call):
        def counted(*arguments, **options):
            nonlocal steps
            steps += 1
            if steps == kill_at:
                raise KeyboardInterrupt
            return call(*arguments, **options)

        return counted

    with monkeypatch.context() as patch:
        for name in ("atomic_write", "write_graph", "sha256_of_outputs", "forget"):
            patch.setattr(addresses, name, killed(getattr(addresses, name)))
        patch.setattr(Ledger, "add", killed(Ledger.add))
        patch.setattr(Ledger, "settle", killed(Ledger.settle))
        try:
            run(folder, out)
        except KeyboardInterrupt:
            pass
        else:
            assert steps < kill_at
    run(folder, out)
    run(folder, tmp_path / "fresh")
    assert contents(out) == contents(tmp_path / "fresh")


def test_a_plan_says_where_a_video_was_watched_and_changes_nothing(folder, out, contents):
    before = contents(out)
    CHANGES["renamed"](folder)
    _, plan = plan_run([str(folder)], out, RunConfig())
    assert plan.todo == ()
    (move,) = plan.moves
    assert (Path(move.was.path).name, Path(move.video.path).name) == ("clip1.mp4", "zebra.mp4")
    assert contents(out) == before


def test_a_copy_named_later_is_the_same_video(folder, out, tmp_path, contents):
    copy = tmp_path / "copy.mp4"
    shutil.copy(folder / "clip1.mp4", copy)
    (warning,) = run(copy, out, execute=watch_nothing)
    first = folder / "clip1.mp4"
    assert (
        warning == f"{copy} is the video that was watched as {first}: its graph is kept, under the new name"
    )
    assert [path.stem.rpartition("-")[0] for path in RunFolder(out).graph_files()] == ["clip2", "copy"]


def test_a_warning_about_a_video_follows_it(folder, out):
    (graph, _) = RunFolder(out).graph_files()
    path = (folder / "clip1.mp4").as_posix()
    entry = ErrorEntry(
        video=graph.stem,
        path=path,
        severity="warning",
        stage="decode",
        reason="stopped",
        remedy="copy it again",
    )
    write_error(RunFolder(out), entry)
    CHANGES["renamed"](folder)
    run(folder, out)
    (written,) = [json.loads(path.read_text()) for path in RunFolder(out).error_files()]
    assert (written["video"].rpartition("-")[0], Path(written["path"]).name) == ("zebra", "zebra.mp4")


def test_a_graph_mended_by_hand_is_not_followed(folder, out, contents):
    graph = RunFolder(out).graph_files()[0]
    graph.write_text(graph.read_text().replace('"bus"', '"tram"'))
    before = contents(out)
    CHANGES["renamed"](folder)
    with pytest.raises(RunFolderError, match="was changed after it was made"):
        run(folder, out)
    assert contents(out) == before


def test_a_graph_put_there_by_hand_is_not_lost(folder, out, contents):
    graph = RunFolder(out).graph_files()[0]
    by_hand = graph.with_name(graph.name.replace("clip1", "by-hand"))
    shutil.copy(graph, by_hand)
    before = contents(out)
    with pytest.raises(
        RunFolderError, match=r"by-hand-\w+\.json is of the same video as .*clip1\.mp4, but no finished"
    ):
        run(folder, out)
    assert contents(out) == before


def test_of_two_graphs_of_one_video_one_is_kept(folder, out, contents):
    """As an earlier version left them, which knew videos by their names."""
    before = contents(out)
    graph, _ = RunFolder(out).graph_files()
    old = graph.stem.replace("clip1", "old")
    (out / "graphs" / f"{old}.json").write_text(graph.read_text().replace(graph.stem, old))
    shutil.copytree(out / "keyframes" / graph.stem, out / "keyframes" / old)
    ledger = Ledger(out / "ledger.jsonl")
    entry = ledger.find("graph", graph.stem)
    digest = sha256_of_outputs(out, RunFolder(out).files_of_graph(old))
    ledger.add(replace(entry, video=old, files_sha256=digest))
    run(folder, out, execute=watch_nothing)
    assert contents(out) == before


def test_another_video_in_an_old_ones_place_is_told_each_time(folder, out):
    encode_video(folder / "clip1.mp4", shots([15, 15], seed=77))
    first, _ = RunFolder(out).graph_files()
    for _ in range(2):
        (warning,) = run(folder, out)
        assert warning.startswith(
            f"{folder / 'clip1.mp4'} is another video than the one that {first} was made of"
        )
    assert len(RunFolder(out).graph_files()) == 3
    first.unlink()
    assert run(folder, out, execute=watch_nothing) == []
    assert Ledger(out / "ledger.jsonl").find("graph", first.stem) is None


def test_a_video_mended_in_its_place_loses_its_error(folder, tmp_path):
    whole = (folder / "clip1.mp4").read_bytes()
    (folder / "clip1.mp4").write_text("half a download")
    run(folder, tmp_path / "run")
    assert len(RunFolder(tmp_path / "run").error_files()) == 1
    (folder / "clip1.mp4").write_bytes(whole)
    run(folder, tmp_path / "run")
    assert not (tmp_path / "run" / "errors").exists()


def test_a_damaged_graph_of_the_same_content_is_no_obstacle(folder, out):
    graph = RunFolder(out).graph_files()[0]
    graph.write_text("{")
    CHANGES["renamed"](folder)
    run(folder, out)
    stems = [path.stem for path in RunFolder(out).graph_files()]
    assert graph.stem in stems
    assert any(stem.startswith("zebra-") for stem in stems)
