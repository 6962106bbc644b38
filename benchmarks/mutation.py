"""How many wrong facts the verifier notices: one is flipped, and the sample that rests on it verified.

Which facts are on the path, and what is done to them, says `videostep.testing.flips`.

Digests of the graph file do not count: the flipped graph passes for the one that the sample was made from.

    python -m benchmarks.mutation [--flips 4000]
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Verifier
from videostep.sample import Sample
from videostep.testing.flips import Flip, flips, is_on_path
from videostep.testing.graphs import random_graph

SHA256 = "0" * 64
RESULTS = Path(__file__).parent / "results" / "mutation.json"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--flips", type=int, default=4_000, help="how many facts are flipped")
    parser.add_argument("--show", type=int, default=0, help="print so many unnoticed flips")
    args = parser.parse_args()
    flipped, noticed = Counter[str](), Counter[str]()
    unnoticed = list[tuple[Sample, Flip]]()
    for sample, flip in every_flip(args.flips):
        flipped[flip.kind] += 1
        if Verifier(flip.graph, SHA256).check(sample).ok:
            unnoticed.append((sample, flip))
        else:
            noticed[flip.kind] += 1
    for sample, flip in unnoticed[: args.show]:
        print(f"{flip.kind}: {flip.fact}\n  {sample.question} {sample.answer}\n  {sample.program}")
    report(flipped, noticed)


def every_flip(n_flips: int) -> Iterator[tuple[Sample, Flip]]:
    """Flips of facts on the path of random graphs' samples, some of each sample, until there are enough."""
    rng, done = random.Random(0), 0
    for seed in range(n_flips):
        graph = random_graph(seed, n_clips=4, n_objects=5)
        config = AskConfig(min_confidence=0.0)
        for sample in ask_graph(graph, graph_sha256=SHA256, config=config, seed=seed).samples:
            on_path = [flip for flip in flips(graph, sample, rng) if is_on_path(graph, sample, flip.fact)]
            for flip in rng.sample(on_path, min(3, len(on_path))):
                yield sample, flip
                done += 1
                if done == n_flips:
                    return


def report(flipped: Counter[str], noticed: Counter[str]) -> None:
    print("| one fact flipped | flips | noticed |\n|---|---|---|")
    for kind, count in sorted(flipped.items()):
        print(f"| {kind} | {count:,} | {noticed[kind] / count:.2%} |")
    share = noticed.total() / flipped.total()
    print(f"| all | {flipped.total():,} | {share:.2%} |")
    RESULTS.parent.mkdir(exist_ok=True)
    kinds = {kind: {"flips": flipped[kind], "noticed": noticed[kind]} for kind in sorted(flipped)}
    RESULTS.write_text(json.dumps({"noticed_share": round(share, 5), "by_kind": kinds}, indent=1) + "\n")


if __name__ == "__main__":
    main()
