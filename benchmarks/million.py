"""A million samples of 10,000 graphs, as `videostep ask` makes them: how much memory that takes, and where.

Each way is measured in a process of its own. *Graph by graph* is the floor: every graph is read, asked, and
its samples are appended to a JSON-lines file and forgotten. *Ask* is the stage of a run folder, balancing and
both sample files included. The others read what it left: *verify*, *show*, *report*, *export*.

    python -m benchmarks.million [--graphs 10000] [--samples-per-graph 100] [--ways ask,verify,...]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from videostep.formats.training import find_target
from videostep.formats.training.config import ExportConfig
from videostep.formats.training.media import MediaMode
from videostep.pipeline.asking import ask_run
from videostep.pipeline.config import RunConfig
from videostep.pipeline.exporting import export_run
from videostep.pipeline.progress import Silent
from videostep.pipeline.summary import summarise
from videostep.pipeline.verifying import verify_run
from videostep.reason.ask import AskConfig, ask_graph
from videostep.store.graph_file import read_graph_and_sha256, write_graph
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import encode_sample
from videostep.testing.graphs import random_graph
from videostep.viewer.report import write_report

POINTS = 5
"""How often memory is looked at while graphs are asked, evenly over them."""
RESULTS = Path(__file__).parent / "results" / "million.json"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--graphs", type=int, default=10_000)
    parser.add_argument("--samples-per-graph", type=int, default=100)
    parser.add_argument("--ways", default=",".join(WAYS), help="of %(default)s, in this order")
    args = parser.parse_args()
    config = RunConfig(ask=AskConfig(samples_per_video=args.samples_per_graph, min_confidence=0.0))
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder))
        run.config.touch()
        for seed in range(args.graphs):
            graph = random_graph(seed, n_clips=6, n_objects=5)
            write_graph(graph, run.graph(graph.video.id))
        points = {name: measured(WAYS[name], run, config) for name in args.ways.split(",")}
    report(points, args.graphs)


class Memory(Silent):
    """Notes how much memory this process holds, at even steps of the graphs done and at the end."""

    def __init__(self, n_graphs: int) -> None:
        self._every = max(1, n_graphs // POINTS)
        self._began_s = time.process_time()
        self.points: list[dict[str, float]] = []

    def advance(self, stage: str, done: float, counts: dict[str, int]) -> None:
        if int(done) % self._every == 0:
            self.note(int(done), counts["samples"])

    def note(self, graphs: int, samples: int) -> None:
        now_mib, peak_mib = memory_mib()
        cpu_s = round(time.process_time() - self._began_s, 1)
        point = {
            "graphs": graphs,
            "samples": samples,
            "now_mib": now_mib,
            "peak_mib": peak_mib,
            "cpu_s": cpu_s,
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
            file.writelines(map(encode_sample, asked.samples))
            samples += len(asked.samples)
            memory.advance("ask", done, {"samples": samples})


def ask(run: RunFolder, config: RunConfig, memory: Memory) -> None:
    ask_run(run, config, memory)
    memory.note(len(run.graph_files()), count_samples(run))  # after balancing and writing


def verify(run: RunFolder, config: RunConfig, memory: Memory) -> None:
    verification = verify_run(run, Silent())
    assert verification.ok, verification.failed[:3]
    memory.note(len(run.graph_files()), verification.checked)


def show(run: RunFolder, config: RunConfig, memory: Memory) -> None:
    summary = summarise(run)
    memory.note(summary.videos, summary.samples)


def write_page(run: RunFolder, config: RunConfig, memory: Memory) -> None:
    write_report(run.root)
    memory.note(len(run.graph_files()), count_samples(run))


def export(run: RunFolder, config: RunConfig, memory: Memory) -> None:
    wanted = ExportConfig(target=find_target("hf"), media=MediaMode.NONE)
    result = export_run(run, run.root / "export", wanted, Silent())
    memory.note(len(run.graph_files()), sum(numbers.samples for numbers in result.numbers.values()))


def count_samples(run: RunFolder) -> int:
    with run.samples_jsonl.open("rb") as file:
        return sum(1 for _ in file)


WAYS: dict[str, Callable[[RunFolder, RunConfig, Memory], None]] = {
    "graph by graph": graph_by_graph,
    "ask": ask,
    "verify": verify,
    "show": show,
    "report": write_page,
    "export": export,
}


def report(ways: dict[str, list[dict[str, float]]], n_graphs: int) -> None:
    print("| way | graphs | samples | memory now | most so far | CPU seconds |\n|---|---|---|---|---|---|")
    for way, points in ways.items():
        for p in points:
            print(
                f"| {way} | {p['graphs']:,} | {p['samples']:,} "
                f"| {p['now_mib']:,.0f} MiB | {p['peak_mib']:,.0f} MiB | {p['cpu_s']} |"
            )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"graphs": n_graphs, **ways}, indent=1) + "\n")


if __name__ == "__main__":
    main()
