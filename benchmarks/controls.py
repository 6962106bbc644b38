"""How far words give closed answers away, before balancing and after it, and what balancing costs.

Questions on random graphs, as `videostep ask` makes them. Accuracies are of the question-only model over
folds that balancing has not seen.

    python -m benchmarks.controls [--graphs 200] [--copies 1]
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.balance import GUESSED, BalanceConfig, balance
from videostep.reason.controls.measure import measure_controls
from videostep.sample import Sample
from videostep.testing.graphs import random_graph

RESULTS = Path(__file__).parent / "results" / "controls.json"
CONFIGS = {
    "as asked": BalanceConfig(max_answer_share=1.0, max_above_chance=1.0),
    "answer shares": BalanceConfig(max_above_chance=1.0),
    "words": BalanceConfig(max_answer_share=1.0),
    "both (default)": BalanceConfig(),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--graphs", type=int, default=200)
    parser.add_argument("--copies", type=int, default=1, help="of every video, to measure time and memory")
    options = parser.parse_args()
    asked = copies_of(ask_all(options.graphs), options.copies)
    rows = [measure(name, config, asked) for name, config in CONFIGS.items()]
    report(rows, len(asked), options.graphs * options.copies)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps({"graphs": options.graphs, "copies": options.copies, "rows": rows}, indent=1) + "\n"
    )


def ask_all(n_graphs: int) -> list[Sample]:
    config = AskConfig(min_confidence=0.0)  # the test kit's graphs are unsure at random
    graphs = (random_graph(seed) for seed in range(n_graphs))
    return [
        sample
        for graph in graphs
        for sample in ask_graph(graph, graph_sha256="0" * 64, config=config, seed=0).samples
    ]


def copies_of(samples: Sequence[Sample], n_copies: int) -> list[Sample]:
    """The samples, and the same ones of other videos."""
    return [
        sample
        if not copy
        else replace(
            sample, id=f"{sample.id} {copy}", video=replace(sample.video, id=f"{sample.video.id} {copy}")
        )
        for copy in range(n_copies)
        for sample in samples
    ]


def measure(name: str, config: BalanceConfig, asked: Sequence[Sample]) -> dict[str, Any]:
    start_s = time.process_time()
    result = balance(asked, config)
    balanced_s = time.process_time()
    controls = measure_controls(result.samples, {})
    kinds = {kind.name: kind for kind in controls.kinds}
    return {
        "config": name,
        "kept": {kind: group.samples for kind, group in kinds.items()},
        "dropped": dict(Counter(drop.reason for drop in result.dropped)),
        "right": {kind: group.words.value for kind, group in kinds.items() if group.words},
        "luck": {kind: group.chance for kind, group in kinds.items() if group.chance is not None},
        "balance_s": round(balanced_s - start_s, 2),
        "measure_s": round(time.process_time() - balanced_s, 2),
    }


def report(rows: Sequence[dict[str, Any]], n_asked: int, n_videos: int) -> None:
    print(f"{n_asked:,} samples of {n_videos:,} videos\n")
    print("| balanced | yes/no kept | right (luck) | choices kept | right (luck) | dropped | CPU time |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        cells = [
            f"{row['kept'][kind]:,} | {row['right'][kind]:.1%} ({row['luck'][kind]:.0%})"
            for kind in ("binary", "choice")
        ]
        guessed = row["dropped"].get(GUESSED, 0)
        dropped = f"shares {sum(row['dropped'].values()) - guessed:,}, words {guessed:,}"
        time_s = row["balance_s"] + row["measure_s"]
        print(f"| {row['config']} | {' | '.join(cells)} | {dropped} | {time_s:.1f} s |")


if __name__ == "__main__":
    main()
