"""Shots and keyframes beside PySceneDetect's command: speed, cut F1, and what decoding every frame costs.

    python -m benchmarks.split [--repeats 5] [--length-s 100] [--folder DIR]

Every measured run is a process of its own, started in turns, so that imports count for both and neither
profits from a quieter machine. Files are made on first use and kept in the system's temporary folder.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.split_footage import FPS, Footage, gradual, hard_cuts

RESULTS = Path(__file__).parent / "results" / "split.json"
TOLERANCE_FRAMES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One finished process."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    cuts: tuple[int, ...]
    """First frame of each shot but the first."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--length-s", type=int, default=100)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "videostep-bench-split")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sizes = ((854, 480), (1280, 720))
    rows = []
    for width_px, height_px in sizes:
        print(f"measuring {height_px}p (the footage is made first if need be)", file=sys.stderr)
        footage = hard_cuts(options.folder, width_px=width_px, height_px=height_px, length_s=options.length_s)
        rows.append(compare(footage, f"{height_px}p", options.repeats))
    fades = gradual(options.folder, width_px=854, height_px=480, length_s=options.length_s)
    report(rows, compare_gradual(fades))


# --- measuring ---------------------------------------------------------------------------------


def compare(footage: Footage, name: str, repeats: int) -> dict[str, Any]:
    """Run ours, the peer and pure decoding in turns; medians."""
    runs: dict[str, list[Run]] = {"ours": [], "peer": [], "decode": []}
    for _ in range(repeats):
        for who in runs:
            runs[who].append(run(who, footage.path))
    wall_s = {who: statistics.median(item.wall_s for item in done) for who, done in runs.items()}
    # Decoding alone leaves no work between frames, so only its processor time compares with ours.
    cpu_s = {who: statistics.median(item.cpu_s for item in done) for who, done in runs.items()}
    return {
        "file": name,
        "cuts": len(footage.cuts),
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "peak_mb": {who: max(item.peak_mb for item in done) for who, done in runs.items()},
        "ratio": wall_s["peer"] / wall_s["ours"],
        "cpu_ratio": cpu_s["peer"] / cpu_s["ours"],
        "decode_share": cpu_s["decode"] / cpu_s["ours"],
        "f1": {who: f1(runs[who][-1].cuts, footage.cuts) for who in ("ours", "peer")},
    }


def compare_gradual(footage: Footage) -> dict[str, dict[str, int]]:
    """How many gradual transitions each finds, and how many cuts it reports elsewhere."""
    found = {}
    for who in ("ours", "peer"):
        cuts = run(who, footage.path).cuts
        spans = [
            (first - TOLERANCE_FRAMES, last + 1 + TOLERANCE_FRAMES) for first, last in footage.transitions
        ]
        hit = sum(any(first <= cut <= last for cut in cuts) for first, last in spans)
        false = sum(not any(first <= cut <= last for first, last in spans) for cut in cuts)
        found[who] = {"transitions": len(spans), "found": hit, "false": false}
    return found


def run(who: str, path: Path) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        start_s = time.perf_counter()
        process = subprocess.Popen(command(who, path, folder), stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start_s
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{who} failed on {path} with exit code {process.returncode}")
        return Run(
            wall_s=wall_s,
            cpu_s=usage.ru_utime + usage.ru_stime,
            peak_mb=usage.ru_maxrss / 1000,
            cuts=tuple(read_cuts(who, Path(folder))),
        )


def command(who: str, path: Path, folder: str) -> list[str]:
    if who == "peer":
        peer = str(Path(sys.executable).with_name("scenedetect"))
        return [
            peer,
            "-i",
            str(path),
            "-o",
            folder,
            "-q",
            "detect-adaptive",
            "list-scenes",
            "-q",
            "save-images",
        ]
    return [sys.executable, "-m", "benchmarks.split_worker", who, str(path), folder]


def read_cuts(who: str, folder: Path) -> list[int]:
    if who == "ours":
        starts_s = json.loads((folder / "starts.json").read_text())
        return [round(start_s * FPS) for start_s in starts_s[1:]]
    if who == "decode":
        return []
    (table,) = folder.glob("*-Scenes.csv")
    rows = [row for row in csv.reader(table.open()) if row and row[0].isdigit()]
    return [int(row[1]) - 1 for row in rows[1:]]


def f1(found: tuple[int, ...], true: tuple[int, ...]) -> float:
    """F1 of cuts matched one to one within the tolerance."""
    free, hits = sorted(found), 0
    for cut in true:
        near = next((other for other in free if abs(other - cut) <= TOLERANCE_FRAMES), None)
        if near is not None:
            free.remove(near)
            hits += 1
    return 2 * hits / (len(found) + len(true)) if found or true else 1.0


# --- reporting ---------------------------------------------------------------------------------


def report(rows: list[dict[str, Any]], fades: dict[str, dict[str, int]]) -> None:
    print(
        "| file | videostep | scenedetect | ratio | CPU | CPU ratio "
        "| decoding every frame, share of our CPU | cut F1 |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        wall_s, cpu_s, cut_f1 = row["wall_s"], row["cpu_s"], row["f1"]
        print(
            f"| {row['file']}, {row['cuts']} cuts | {wall_s['ours']:.2f} s | {wall_s['peer']:.2f} s "
            f"| {row['ratio']:.1f}x | {cpu_s['ours']:.2f} s, {cpu_s['peer']:.2f} s | {row['cpu_ratio']:.1f}x "
            f"| {cpu_s['decode']:.2f} s, {row['decode_share']:.0%} "
            f"| {cut_f1['ours']:.3f}, {cut_f1['peer']:.3f} |"
        )
    print("\n| gradual transitions | found | of | cuts elsewhere |\n|---|---|---|---|")
    for who, counts in fades.items():
        name = "videostep" if who == "ours" else "scenedetect"
        print(f"| {name} | {counts['found']} | {counts['transitions']} | {counts['false']} |")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"hard_cuts": rows, "gradual": fades}, indent=1) + "\n")


if __name__ == "__main__":
    main()
