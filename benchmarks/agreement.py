"""Whether sampler and executor agree, on graphs of 1 to 200 objects: the plausible ones and the most awkward.

Every sample that is kept is verified again: its program and those of its steps by an executor that knows
nothing of how it was made. What the sampler made and the verifier refused is listed by reason.

    python -m benchmarks.agreement [--samples 100000]
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, AskResult, ask_graph
from videostep.reason.verify import Executor, Verifier, check_twins
from videostep.testing.graphs import random_graph
from videostep.testing.wild import wild_graph

SHA256 = "0" * 64
SIZES = ((1, 1), (3, 3), (6, 3), (4, 8), (12, 6), (20, 10))
"""Clips, and things in each, of the plausible graphs."""
AWKWARD = (1, 2, 3, 7, 20, 60, 200)
"""Objects of the awkward graphs."""
RESULTS = Path(__file__).parent / "results" / "agreement.json"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=100_000, help="how many samples are drawn")
    n_samples = parser.parse_args().samples
    counts, refused = Counter[str](), Counter[str]()
    start_s = time.perf_counter()
    for graph in graphs():
        counts["graphs"] += 1
        try:
            counts += compared(graph, asked(graph, seed=counts["graphs"]), refused)
        except Exception:  # a crash is what is looked for
            counts["crashes"] += 1
            traceback.print_exc()
        if counts["samples"] >= n_samples:
            break
    report(counts, refused, time.perf_counter() - start_s)


def graphs() -> Iterator[VideoGraph]:
    """Plausible graphs of every size, and after each round of them an awkward one, without end."""
    for seed in itertools.count():
        for n_clips, n_objects in SIZES:
            yield random_graph(seed, n_clips=n_clips, n_objects=n_objects)
        yield wild_graph(seed, AWKWARD[seed % len(AWKWARD)])


def asked(graph: VideoGraph, *, seed: int) -> AskResult:
    config = AskConfig(min_confidence=0.0, samples_per_video=150)
    return ask_graph(graph, graph_sha256=SHA256, config=config, seed=seed)


def compared(graph: VideoGraph, result: AskResult, refused: Counter[str]) -> Counter[str]:
    """Counts of samples, of programs, and of what the two do not agree on; adds up refusals."""
    counts = Counter(samples=len(result.samples))
    executor, verifier = Executor(graph), Verifier(graph, SHA256)
    for sample in result.samples:
        programs = [(sample.program, sample.answer), *((s.program, s.sub_answer) for s in sample.steps)]
        counts["programs"] += len(programs)
        counts["other answers"] += any(executor.run(program) != answer for program, answer in programs)
        counts["failing samples"] += not verifier.check(sample).ok
    counts["failing twins"] = sum(1 for _ in check_twins(executor, result.samples))
    refused.update(kind_of(dropped.reason) for dropped in result.dropped)
    return counts


def kind_of(reason: str) -> str:
    """A reason without the words of its graph."""
    without_words = re.sub(r"""'(?:[^']|(?<=\w)'(?=\w))*'|"[^"]*\"""", "...", reason)
    return re.sub(
        r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)\b", "N", without_words
    )


def report(counts: Counter[str], refused: Counter[str], wall_s: float) -> None:
    agreement = 1 - (counts["other answers"] + counts["failing samples"]) / counts["samples"]
    print(f"{counts['samples']:,} samples, {counts['programs']:,} programs of {counts['graphs']:,} graphs")
    print(f"agreement of sampler and executor {agreement:.4%}, crashes {counts['crashes']}, {wall_s:.0f} s")
    print(f"samples that name a twin which is none: {counts['failing twins']}\n")
    print(f"| refused by the verifier, {refused.total():,} | how often |\n|---|---|")
    for reason, count in refused.most_common():
        print(f"| {reason} | {count:,} |")
    RESULTS.parent.mkdir(exist_ok=True)
    results = {**counts, "agreement": agreement, "refused": dict(refused.most_common())}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
