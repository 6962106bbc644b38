"""Importing PySceneDetect's detectors starts no program and leaves the environment as it was."""

import os
import subprocess
import sys
from pathlib import Path


def test_no_ffmpeg_of_the_users_path_is_started(tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    code = "import os, videostep.induce.shots; print(os.environ['PATH'])"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == path
    assert not (tmp_path / "started").exists()


def test_a_missing_path_stays_missing() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PATH"}
    code = "import os, videostep.induce.shots; print('PATH' in os.environ)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"
