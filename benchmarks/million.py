"""A million samples of 10,000 graphs, as `videostep ask` makes them: how much memory that takes, and where.

Two ways, each in a process of its own. *Graph by graph*: every graph is read, asked, and its samples are
appended to a JSON-lines file and forgotten. *Whole run*: the stage `ask` of a run folder, which gathers all
samples, balances them and writes both sample files. What this takes more is what gathering takes.

    python -m benchmarks.million [--graphs 10000] [--samples-per-graph 100]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from videostep.pipeline.asking import ask_run
from videostep.pipeline.config import RunConfig
from videostep.pipeline.progress import Silent
from videostep.reason.ask import AskConfig, ask_graph
from videostep.records import to_plain
from videostep.store.graph_file import read_graph_and_sha256, write_graph
from videostep.store.run_folder import RunFolder
from videostep.testing.graphs import random_graph

POINTS = 5
"""How often memory is looked at, evenly over the graphs."""
RESULTS = Path(__file__).parent / "results" / "million.json"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--graphs", type=int, default=10_000)
    parser.add_argument("--samples-per-graph", type=int, default=100)
    args = parser.parse_args()
    config = RunConfig(ask=AskConfig(samples_per_video=args.samples_per_graph, min_confidence=0.0))
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder))
        run.make()
        for seed in range(args.graphs):
            graph = random_graph(seed, n_clips=6, n_objects=5)
            write_graph(graph, run.graph(graph.video.id))
        report(
            {work.__name__: measured(work, run, config) for work in (graph_by_graph, whole_run)}, args.graphs
        )


class Memory(Silent):
    """Notes how much memory this process holds, at even steps of the graphs done and at the end."""

    def __init__(self, n_graphs: int) -> None:
        self._every = max(1, n_graphs // POINTS)
        self._began_s = time.perf_counter()
        self.points: list[dict[str, float]] = []

    def advance(self, stage: str, done: float, counts: dict[str, int]) -> None:
        if int(done) % self._every == 0:
            self.note(int(done), counts["samples"])

    def note(self, graphs: int, samples: int) -> None:
        now_mib, peak_mib = memory_mib()
        wall_s = round(time.perf_counter() - self._began_s, 1)
        point = {
            "graphs": graphs,
            "samples": samples,
            "now_mib": now_mib,
            "peak_mib": peak_mib,
            "wall_s": wall_s,
        }
        self.points.append(point)


def memory_mib() -> tuple[float, float]:
    """What this process holds now, and the most it has held, MiB; as Linux counts them."""
    status = Path("/proc/self/status").read_text()
    rows = dict(line.split(":", 1) for line in status.splitlines())
    now_kib, peak_kib = (int(rows[name].split()[0]) for name in ("VmRSS", "VmHWM"))
    return round(now_kib / 1024, 1), round(peak_kib / 1024, 1)


def measured(work: Callable[..., None], run: RunFolder, config: RunConfig) -> list[dict[str, float]]:
    """The points of one way, measured in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(points_of, (work, run, config))


def points_of(work: Callable[..., None], run: RunFolder, config: RunConfig) -> list[dict[str, float]]:
    memory = Memory(len(run.graph_files()))
    work(run, config, memory)
    return memory.points


def graph_by_graph(run: RunFolder, config: RunConfig, memory: Memory) -> None:
    samples = 0
    with (run.root / "appended.jsonl").open("wb") as file:
        for done, path in enumerate(run.graph_files(), start=1):
            graph, sha256 = read_graph_and_sha256(path)
            asked = ask_graph(graph, graph_sha256=sha256, config=config.ask, seed=config.questions_seed)
            file.writelines(msgspec.json.encode(to_plain(sample)) + b"\n" for sample in asked.samples)
            samples += len(asked.samples)
            memory.advance("ask", done, {"samples": samples})


def whole_run(run: RunFolder, config: RunConfig, memory: Memory) -> None:
    ask_run(run, config, memory)
    with run.samples_jsonl.open("rb") as file:
        memory.note(len(run.graph_files()), sum(1 for _ in file))  # after balancing and writing


def report(ways: dict[str, list[dict[str, float]]], n_graphs: int) -> None:
    print("| way | graphs | samples | memory now | most so far | seconds |\n|---|---|---|---|---|---|")
    for way, points in ways.items():
        for p in points:
            print(
                f"| {way.replace('_', ' ')} | {p['graphs']:,} | {p['samples']:,} "
                f"| {p['now_mib']:,.0f} MiB | {p['peak_mib']:,.0f} MiB | {p['wall_s']} |"
            )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"graphs": n_graphs, **ways}, indent=1) + "\n")


if __name__ == "__main__":
    main()
