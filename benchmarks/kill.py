"""Kill -9 a run at ten random moments and start it again each time: does it end like an unbroken one?

python -m benchmarks.kill [--kills 10] [--seed 0]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.footage import street_pieces

CLIPS = 8
FRAMES_OF_A_CLIP = 30
RESULTS = Path(__file__).parent / "results" / "kill.json"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--seed", type=int, default=0)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clips = street_pieces(Path(folder), count=CLIPS, frames=FRAMES_OF_A_CLIP)
        report(kill_and_compare(clips, Path(folder), arguments.kills, random.Random(arguments.seed)))


def kill_and_compare(clips: list[Path], folder: Path, kills: int, rng: random.Random) -> dict:
    began_s = time.monotonic()
    finish(clips, folder / "unbroken")
    unbroken_s = time.monotonic() - began_s
    expected = contents(folder / "unbroken")
    blows: list[dict] = []
    differing: list[list[str]] = []
    while len(blows) < kills:
        out = folder / f"killed-{len(differing)}"
        # One folder takes blows until its run comes through between two of them.
        while len(blows) < kills and (blow := kill_once(clips, out, rng.uniform(0, unbroken_s))):
            blows.append(blow)
        finish(clips, out)
        differing.append(differences(expected, contents(out)))
    return {
        "clips": len(clips),
        "unbroken_s": round(unbroken_s, 2),
        "files": len(expected),
        "kills": blows,
        "folders": len(differing),
        "identical": differing.count([]),
        "differing": sorted({name for names in differing for name in names}),
    }


def kill_once(clips: list[Path], out: Path, moment_s: float) -> dict | None:
    """Kill the run at `moment_s` after its start; None if it had ended by then."""
    process = start(clips, out)
    try:
        process.wait(timeout=moment_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return {"moment_s": round(moment_s, 2), **left_behind(out)}
    return None


def left_behind(out: Path) -> dict[str, int]:
    return {
        "graphs": len(list(out.glob("graphs/*.json"))),
        "keyframes": len(list(out.glob("keyframes/*/*.jpg"))),
        "half_written": len(list(out.rglob("*.part"))),
    }


def start(clips: list[Path], out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "videostep", "run", *map(str, clips), "--out", str(out), "-q"]
    return subprocess.Popen(command, start_new_session=True)


def finish(clips: list[Path], out: Path) -> None:
    code = start(clips, out).wait()
    if code:
        sys.exit(f"error: the run into {out} ended with exit code {code}")


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def differences(expected: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    names = sorted(expected.keys() | found.keys())
    return [name for name in names if expected.get(name) != found.get(name)]


def report(result: dict) -> None:
    print("| killed after, s | graphs there | keyframes there | half-written files |\n|---|---|---|---|")
    for blow in result["kills"]:
        print(f"| {blow['moment_s']} | {blow['graphs']} | {blow['keyframes']} | {blow['half_written']} |")
    print(
        f"\n{len(result['kills'])} kills of a run over {result['clips']} clips ({result['unbroken_s']} s "
        f"unbroken): {result['identical']} of {result['folders']} finished folders are byte-identical to "
        f"the unbroken one ({result['files']} files)"
    )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    if result["identical"] != result["folders"]:
        sys.exit(f"error: a killed run ended differently in {', '.join(result['differing'])}")


if __name__ == "__main__":
    main()
