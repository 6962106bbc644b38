"""What dual verification takes out of noisy replies: wrong and kept elements, with and without each step.

The perfect eye knows the graph; in every reply each element is wrong with probability `noise`, for itself.

    python -m benchmarks.noise [--runs 12]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.testing.dependability import measure_dependability
from videostep.testing.staged import staged_graph

RESULTS = Path(__file__).parent / "results" / "noise.json"
NOISES = (0.0, 0.1, 0.2, 0.3, 0.4)
BOTH = VideoLlmConfig()
CONFIGS = {
    "neither": VideoLlmConfig(samples=1, check_presence=False),
    "presence alone": VideoLlmConfig(samples=1),
    "3 votes alone": VideoLlmConfig(samples=3, check_presence=False),
    "5 votes alone": replace(BOTH, check_presence=False),
    "3 votes and presence": VideoLlmConfig(samples=3),
    "5 votes and presence": BOTH,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=12, help="runs a cell, each with other seeds")
    args = parser.parse_args()
    truth, results = staged_graph(), dict[str, dict[str, dict[str, float]]]()
    print(f"| wrong / kept | {' | '.join(f'{noise:.0%} noise' for noise in NOISES)} |")
    print("|---" * (len(NOISES) + 1) + "|")
    for name, config in CONFIGS.items():
        row = results.setdefault(name, {})
        for noise in NOISES:
            measured = measure_dependability(truth, config, noise=noise, runs=args.runs)
            row[f"{noise:g}"] = {
                "wrong": round(measured.wrong_share, 4),
                "kept": round(measured.kept_share, 4),
            }
        cells = (f"{cell['wrong']:.1%} / {cell['kept']:.1%}" for cell in row.values())
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    RESULTS.write_text(json.dumps({"runs": args.runs, "by_config": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
