"""A whole `videostep run` on 480p street video: speed and memory, beside what nobody can do without.

    python -m benchmarks.run [--seconds 60] [--repeats 3] [--hour]

Peers, each a process of its own, all interleaved: PyAV decoding alone; OpenCV decoding alone; PyAV decoding
with the embedded parser's detector on five pictures a second and nothing else (the floor for any pipeline
with this detector). `--hour` runs once on a 1-hour file and compares the peak memory.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.footage import loop_packets, street_480p

CACHE = Path(tempfile.gettempdir()) / "videostep-bench"
RESULTS = Path(__file__).parent / "results" / "run.json"
SAMPLE_EVERY_S = 0.05
HOUR_S = 3600
WAYS = ("run", "run, 2 videos", "detect", "decode", "opencv")
TITLES = {
    "run": "videostep run, 1 video",
    "run, 2 videos": "videostep run, 2 videos at a time",
    "detect": "floor: decoding + detector at 5/s",
    "decode": "floor: decoding (PyAV)",
    "opencv": "decoding (OpenCV)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One process and its children."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    """Sum of the resident sizes at the worst moment, in 10**6 bytes; shared pages count in each process."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--hour", action="store_true", help="also run on a 1-hour file, once")
    arguments = options.parse_args()
    CACHE.mkdir(exist_ok=True)
    one = street_480p(CACHE / f"street-480p-{arguments.seconds}s.mp4", duration_s=arguments.seconds)
    # Another content, same street: equal files would be watched once.
    two = loop_packets(one, CACHE / f"street-480p-{arguments.seconds}s-copy.mkv", times=1)
    runs = [{way: measure(command_of(way, one, two)) for way in WAYS} for _ in range(arguments.repeats)]
    medians = {way: median([run[way] for run in runs]) for way in WAYS}
    hour = measure_hour(one, arguments.seconds) if arguments.hour else None
    report(medians, hour, arguments.seconds)


def command_of(way: str, one: Path, two: Path) -> list[str]:
    if way in ("run", "run, 2 videos"):
        return run_command([one] if way == "run" else [one, two])
    return [sys.executable, "-m", "benchmarks.run_floor", way, str(one)]


def run_command(videos: list[Path]) -> list[str]:
    out = tempfile.mkdtemp(prefix="run-", dir=CACHE)
    return [sys.executable, "-m", "videostep", "run", *map(str, videos), "--out", out, "-q"]


def measure(command: list[str]) -> Measured:
    """Run `command` to its end, watching the memory of its whole process group."""
    began_s, before = time.monotonic(), os.times()
    process = subprocess.Popen(command, start_new_session=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident_bytes(process.pid))
        time.sleep(SAMPLE_EVERY_S)
    wall_s, after = time.monotonic() - began_s, os.times()
    if process.returncode:
        sys.exit(f"error: {' '.join(command)} ended with exit code {process.returncode}")
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(wall_s=round(wall_s, 2), cpu_s=round(cpu_s, 2), peak_mb=round(peak / 1e6, 1))


def resident_bytes(group: int) -> int:
    """Resident size of all processes of a process group, from /proc."""
    pages = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # Fields after the name, which may hold blanks: state, ppid, pgrp ... rss is the 22nd.
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group:
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGE_SIZE")


def median(all_measured: list[Measured]) -> Measured:
    values = {
        name: statistics.median(getattr(one, name) for one in all_measured)
        for name in ("wall_s", "cpu_s", "peak_mb")
    }
    return Measured(**values)


def measure_hour(one: Path, seconds: int) -> Measured:
    hour = loop_packets(one, CACHE / "street-480p-1h.mkv", times=HOUR_S // seconds)
    return measure(run_command([hour]))


def report(medians: dict[str, Measured], hour: Measured | None, seconds: int) -> None:
    print("| way | wall, s | real time | CPU, s | peak memory, MB |\n|---|---|---|---|---|")
    for way, one in medians.items():
        length_s = seconds * (2 if way == "run, 2 videos" else 1)
        print(row(TITLES[way], one, length_s))
    if hour is not None:
        print(row("videostep run, 1 video of an hour", hour, HOUR_S))
        growth = hour.peak_mb / medians["run"].peak_mb - 1
        print(f"\npeak memory for the hour: {growth:+.1%} against {seconds} s")
    result = {
        "seconds": seconds,
        "cores": os.cpu_count(),
        "ways": {way: asdict(one) for way, one in medians.items()},
    }
    if hour is not None:
        result["hour"] = asdict(hour)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")


def row(title: str, one: Measured, length_s: float) -> str:
    return (
        f"| {title} | {one.wall_s:.1f} | {length_s / one.wall_s:.1f}x | {one.cpu_s:.1f} | {one.peak_mb:.0f} |"
    )


if __name__ == "__main__":
    main()
