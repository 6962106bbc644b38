"""What users give by mistake: one line that says what and what to do, and the documented exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from videostep.cli import main
from videostep.cli.exit_codes import ExitCode
from videostep.testing.clips import encode_video, shots, texture


def videostep(*arguments):
    command = [sys.executable, "-m", "videostep", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def one_error(printed):
    """The only line of standard error, when the command could not begin."""
    (line,) = printed.splitlines()
    assert line.startswith("error: ")
    return line


def encode_sound(path):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 8000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


def encode_nothing(path):
    """A container with a video stream that has no frame."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        container.start_encoding()


# File name -> why it cannot be used, in the words of its entry.
BAD = {
    "empty.mp4": "is empty",
    "text.mp4": "cannot be opened",
    "head-only.mp4": "cannot be opened",
    "sound.m4v": "has no video stream, only audio",
    "no-frames.avi": "no frame that can be decoded",
}
GOOD = ("one-frame.mp4", "tiny.mp4", "short.mp4", "cut-off.mkv", "good.mp4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("Dear diary, this is no video.\n" * 50)
    encode_sound(folder / "sound.m4v")
    encode_nothing(folder / "no-frames.avi")
    encode_video(folder / "good.mp4", shots([15, 15]))
    encode_video(folder / "short.mp4", shots([5], seed=3))
    encode_video(folder / "one-frame.mp4", shots([1], seed=4))
    encode_video(folder / "tiny.mp4", [texture(9, width_px=4, height_px=4)] * 5)
    whole = encode_video(folder / "cut-off.mkv", shots([50, 50], seed=5), options={"g": "5"})
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    # An MP4 keeps its index at the end: without it nothing can be read.
    (folder / "head-only.mp4").write_bytes((folder / "good.mp4").read_bytes()[:4000])
    return folder


@pytest.fixture(scope="module")
def mixed_run(folder):
    """One run over everything, good and bad, and a file that is not there."""
    out = folder / "run"
    return videostep("run", folder, folder / "gone.mp4", "--out", out), out


@pytest.fixture(scope="module")
def entries(mixed_run):
    paths = (mixed_run[1] / "errors").glob("*.json")
    found = [json.loads(path.read_text()) for path in paths]
    return {Path(entry["path"]).name: entry for entry in found}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_video_is_an_entry_with_stage_reason_and_remedy(entries, name):
    assert entries[name]["severity"] == "failed"
    assert entries[name]["stage"] == "decode"
    assert BAD[name] in entries[name]["reason"]
    assert entries[name]["remedy"]


def test_a_missing_file_beside_others_is_an_entry_too(entries):
    assert entries["gone.mp4"]["stage"] == "find"
    assert "there is no file" in entries["gone.mp4"]["reason"]


def test_the_rest_of_the_run_goes_on(mixed_run, entries):
    graphs = {path.stem.rpartition("-")[0] for path in (mixed_run[1] / "graphs").glob("*.json")}
    assert graphs == {Path(name).stem for name in GOOD}
    assert {name for name, entry in entries.items() if entry["severity"] == "failed"} == {*BAD, "gone.mp4"}
    assert (mixed_run[1] / "report" / "index.html").exists()


def test_a_video_that_ends_early_is_used_with_a_warning(entries):
    assert entries["cut-off.mkv"]["severity"] == "warning"


def test_too_many_failures_have_their_exit_code_and_every_one_its_line(mixed_run):
    process, _ = mixed_run
    assert process.returncode == ExitCode.TOO_MANY_FAILED
    assert sum(line.startswith("error: ") for line in process.stderr.splitlines()) == len(BAD) + 2
    assert f"{len(BAD) + 1} of {len(BAD) + len(GOOD) + 1} videos failed, more than" in process.stderr
    assert "Traceback" not in process.stderr


def test_failures_up_to_the_stated_share_are_no_failure_of_the_run(folder, tmp_path):
    settings = tmp_path / "settings.toml"
    settings.write_text("[execution]\nmax_failed_share = 0.5\n")
    names = [folder / "tiny.mp4", folder / "empty.mp4"]
    process = videostep("graph", *names, "--out", tmp_path / "run", "--config", settings)
    assert process.returncode == ExitCode.OK


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_not_utf8_is_an_entry_and_the_rest_goes_on(folder, tmp_path):
    odd = os.fsencode(tmp_path) + b"/m\xfcll.mp4"
    Path(os.fsdecode(odd)).write_bytes((folder / "good.mp4").read_bytes())
    process = videostep("graph", tmp_path, folder / "tiny.mp4", "--out", tmp_path / "run")
    assert "m\\xfcll.mp4 is not UTF-8; rename it" in process.stderr
    (entry,) = (tmp_path / "run" / "errors").glob("*.json")
    assert json.loads(entry.read_text())["path"] == f"{tmp_path}/m\\xfcll.mp4"
    assert len(list((tmp_path / "run" / "graphs").glob("tiny-*.json"))) == 1


def test_names_with_every_other_character_are_names(folder, tmp_path):
    names = [
        "new\nline.mp4",
        "quo\"t'e.mp4",
        "-dash.mp4",
        "<script>.mp4",
        "a" * 246 + ".mp4",
        "\U0001f600.mp4",
    ]
    for seed, name in enumerate(names):
        encode_video(tmp_path / "x.mp4", shots([5], seed=20 + seed)).rename(tmp_path / name)
    process = videostep("run", tmp_path, "--out", tmp_path / "run", "-q")
    assert (process.returncode, process.stderr) == (ExitCode.OK, "")
    graphs = (tmp_path / "run" / "graphs").glob("*.json")
    found = {Path(json.loads(graph.read_text())["video"]["path"]).name for graph in graphs}
    assert found == set(names)


def test_not_one_usable_video_has_its_exit_code(folder, tmp_path):
    process = videostep("graph", folder / "text.mp4", "--out", tmp_path / "run")
    assert process.returncode == ExitCode.NOTHING_USABLE
    assert "text.mp4 cannot be opened" in process.stderr


def test_two_v_add_the_traceback(folder, tmp_path):
    process = videostep("graph", folder / "empty.mp4", "--out", tmp_path / "run", "-vv")
    assert "Traceback" in process.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (
            ["run", "gone.mp4", "--out", "run"],
            ExitCode.NOTHING_USABLE,
            "there is no file gone.mp4; check the path",
        ),
        (["run", ".", "--out", "run"], ExitCode.NOTHING_USABLE, "the folder . holds no video; name files"),
        (
            ["run", "*.mp4", "--out", "run"],
            ExitCode.NOTHING_USABLE,
            "nothing matches *.mp4; check the pattern",
        ),
        (["run", "--oot", "run"], ExitCode.USAGE, "--oot"),
        (["run", "a.mp4"], ExitCode.USAGE, "--out"),
        (["rum"], ExitCode.USAGE, "Did you mean 'run'?"),
        (["run", "a.mp4", "--out", "r", "--workers", "x"], ExitCode.USAGE, "--workers"),
        (["run", "a.mp4", "--out", "r", "--workers", "0"], ExitCode.USAGE, "give 1 or more"),
        (["run", "a.mp4", "--out", "r", "--config", "gone.toml"], ExitCode.USAGE, "gone.toml cannot be read"),
        (
            ["run", "a.mp4", "--out", "r", "--config", "odd.toml"],
            ExitCode.USAGE,
            "did you mean 'split.min_clip_s'?",
        ),
        (["show", "gone"], ExitCode.RUN_FOLDER, "there is no run folder gone; make one with videostep run"),
        (["verify", "."], ExitCode.RUN_FOLDER, ". is not a run folder: it holds no run.toml"),
        (["ask", "gone"], ExitCode.RUN_FOLDER, "there is no run folder gone"),
    ],
)
def test_a_wrong_command_is_one_line_with_the_remedy(tmp_path, monkeypatch, capsys, arguments, code, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.toml").write_text("[split]\nmin_clips = 1\n")
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert says in one_error(capsys.readouterr().err)
    assert end.value.code == code
    assert not (tmp_path / "run").exists()


def test_an_unknown_parser_names_the_nearest(folder, tmp_path):
    process = videostep("run", folder / "good.mp4", "--out", tmp_path / "run", "--model", "embeded")
    assert "did you mean 'embedded'?" in one_error(process.stderr)
    assert process.returncode == ExitCode.USAGE


def test_the_folder_of_something_else_is_refused(folder, tmp_path):
    (tmp_path / "thesis.tex").touch()
    process = videostep("run", folder / "good.mp4", "--out", tmp_path)
    assert "is not empty and is no run folder; give a new or empty folder" in one_error(process.stderr)
    assert process.returncode == ExitCode.RUN_FOLDER
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_the_folder_of_another_run_is_refused(mixed_run, folder):
    process = videostep("run", folder / "good.mp4", "--out", mixed_run[1], "--seed", "7")
    assert "were made with other settings: seed 0 -> 7; give another --out, or --redo" in one_error(
        process.stderr
    )
    assert process.returncode == ExitCode.RUN_FOLDER


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX")
def test_a_disk_that_takes_no_more_is_one_line(folder, tmp_path):
    # A limit on the size of files stands for the full disk: keyframes and graphs do not fit.
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)); "
        "from videostep.cli import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "run", str(folder / "good.mp4"), "--out", str(tmp_path / "run")]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == ExitCode.RUN_FOLDER
    assert "cannot be written: file too large" in one_error(process.stderr)
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("damage", ["{", '{"format": "videostep.stsg/1"}'])
def test_a_damaged_graph_is_named(folder, tmp_path, damage):
    videostep("graph", folder / "tiny.mp4", "--out", tmp_path / "run")
    (graph,) = (tmp_path / "run" / "graphs").glob("*.json")
    graph.write_text(damage)
    process = videostep("ask", tmp_path / "run", "-q")
    line = one_error(process.stderr)
    assert line.count(graph.name) == 1
    assert line.endswith("or delete it and run again to make it anew")
    assert process.returncode == ExitCode.NOTHING_USABLE
