"""Samples a second, sampled, worded and verified, on one core from ready graphs.

There is no installable peer that proves its questions, so three measures stand beside ours: the same samples
proved one at a time, with nothing kept between programs but how they read (what a plain verifier does);
all their programs executed again, by one executor for each graph; and the floor: writing them as JSON.
Small graphs are asked as much as the defaults allow; large ones as in a million samples of 10,000 graphs.

    python -m benchmarks.ask [--large 100]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Executor, execute
from videostep.sample import Sample
from videostep.store.samples_file import encode_sample
from videostep.testing.graphs import random_graph

REPEATS = 5
RESULTS = Path(__file__).parent / "results" / "ask.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Random graphs, and how much is asked of each."""

    n_graphs: int
    n_clips: int
    n_objects: int
    """In each clip."""
    config: AskConfig

    def graphs(self) -> list[VideoGraph]:
        return [
            random_graph(seed, n_clips=self.n_clips, n_objects=self.n_objects)
            for seed in range(self.n_graphs)
        ]


# The test kit's graphs are unsure at random.
SMALL = Case(n_graphs=24, n_clips=6, n_objects=3, config=AskConfig(min_confidence=0.0))
LARGE = Case(
    n_graphs=12,
    n_clips=20,
    n_objects=5,
    config=AskConfig(min_confidence=0.0, samples_per_video=100),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--large", type=int, default=LARGE.n_graphs, help="graphs of 100 objects")
    large = replace(LARGE, n_graphs=parser.parse_args().large)
    results: dict[str, object] = {"python": platform.python_version()}
    results |= {name: measured(case) for name, case in (("small", SMALL), ("large", large))}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


def measured(case: Case) -> dict[str, object]:
    graphs = case.graphs()
    samples = ask_all(graphs, case.config)  # warm: inflection tables, caches
    rates: dict[str, list[float]] = {"ours": [], "prove_only": [], "re_execute": [], "write": []}
    for _ in range(REPEATS):
        rates["ours"].append(rate(lambda: sum(len(ask_all([graph], case.config)) for graph in graphs)))
        rates["prove_only"].append(rate(lambda: prove_one_by_one(graphs, samples)))
        rates["re_execute"].append(rate(lambda: execute_again(graphs, samples)))
        rates["write"].append(rate(lambda: write(samples)))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    report(case, medians, samples)
    return {"graphs": case.n_graphs, "samples": len(samples), "samples_per_cpu_s": medians}


def ask_all(graphs: list[VideoGraph], config: AskConfig) -> list[Sample]:
    return [
        sample
        for graph in graphs
        for sample in ask_graph(
            graph, graph_sha256=hashlib.sha256().hexdigest(), config=config, seed=0
        ).samples
    ]


def prove_one_by_one(graphs: list[VideoGraph], samples: list[Sample]) -> int:
    by_id = {graph.video.id: graph for graph in graphs}
    few = samples[:: max(1, len(samples) // 100)]
    for sample in few:
        graph = by_id[sample.video.id]
        assert execute(sample.program, graph) == sample.answer
        for step in sample.steps:
            assert execute(step.program, graph) == step.sub_answer
    return len(few)


def execute_again(graphs: list[VideoGraph], samples: list[Sample]) -> int:
    """Samples whose program and steps' programs were executed, by one executor for all samples of a graph."""
    executors = {graph.video.id: Executor(graph) for graph in graphs}
    for sample in samples:
        run = executors[sample.video.id].run
        assert run(sample.program) == sample.answer
        for step in sample.steps:
            assert run(step.program) == step.sub_answer
    return len(samples)


def write(samples: list[Sample]) -> int:
    for sample in samples:
        encode_sample(sample)
    return len(samples)


def rate(work: Callable[[], int]) -> float:
    start_s = time.process_time()
    done = work()
    return done / (time.process_time() - start_s)


def report(case: Case, rates: dict[str, float], samples: list[Sample]) -> None:
    steps = statistics.mean(sample.n_steps for sample in samples)
    n_objects = case.n_clips * case.n_objects
    print(
        f"{len(samples)} samples of {case.n_graphs} graphs of {n_objects} objects, "
        f"{steps:.2f} steps on average, one core, Python {platform.python_version()}\n"
    )
    print("| what | samples a CPU second | ratio to ours |\n|---|---|---|")
    names = {
        "ours": "videostep: sample + word + verify",
        "prove_only": "peer: prove finished samples, one program at a time",
        "re_execute": "re-execute finished samples, one executor a graph",
        "write": "floor: write finished samples as JSON",
    }
    for key, name in names.items():
        print(f"| {name} | {rates[key]:,.0f} | {rates[key] / rates['ours']:.2f} |")
    print()


if __name__ == "__main__":
    main()
