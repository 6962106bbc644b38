import os
import signal
import subprocess
import sys
import time

import pytest

from videostep.testing.clips import encode_video, shots

GIVE_UP_S = 120.0


def start(clips, out, names=("clip1.mp4", "clip2.mp4")):
    videos = [str(clips / name) for name in names]
    flags = ["--out", str(out), "--workers", "1", "-q"]
    return subprocess.Popen(
        [sys.executable, "-m", "videostep", "run", *videos, *flags],
        start_new_session=True,
        # A shell's background job ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def kill_when(process, happened, blow=signal.SIGKILL):
    """Strike the process and its workers as soon as `happened` is true."""
    began_s = time.monotonic()
    while not happened():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() - began_s < GIVE_UP_S
        time.sleep(0.002)
    os.killpg(process.pid, blow)
    process.wait()


def test_a_run_that_is_killed_twice_ends_like_one_that_is_not(clips, tmp_path, contents):
    out = tmp_path / "killed"
    first_keyframe = (out / "keyframes").rglob
    kill_when(start(clips, out), lambda: any(first_keyframe("*")))
    kill_when(start(clips, out), lambda: any((out / "graphs").glob("*.json")))
    # What a kill in the middle of a write leaves; the two above may have missed such a moment.
    (out / "graphs" / ".clip.json.17.part").write_text("{")
    with (out / "ledger.jsonl").open("a") as ledger:
        ledger.write('{"stage":"gra')
    assert start(clips, out).wait(timeout=GIVE_UP_S) == 0
    assert start(clips, tmp_path / "unbroken").wait(timeout=GIVE_UP_S) == 0
    assert contents(out) == contents(tmp_path / "unbroken")
    assert (out / "samples" / "samples.jsonl").exists()


def test_ctrl_c_ends_the_workers_too(tmp_path):
    # Long enough that it cannot end before it is interrupted, however busy the machine is.
    encode_video(tmp_path / "long.mp4", shots([15] * 80, seed=1))
    process = start(tmp_path, tmp_path / "run", names=["long.mp4"])
    kill_when(process, lambda: any((tmp_path / "run" / "keyframes").rglob("*")), signal.SIGINT)
    assert process.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
