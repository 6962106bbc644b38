"""An evaluation of AGQA 2.0's size scored again from its predictions: CPU seconds and memory, and what the
1,000 bootstrap draws of its intervals take of that.

Questions and replies are those that `score_agqa` makes up. Everything is written that `videostep evaluate
--predictions` writes: marks, Parquet, score card, tables, plots.

    python -m benchmarks.rescore [--questions 669207] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.score_agqa import QUESTIONS, write_files
from videostep.evaluate import gradebook
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.folder import EvaluationFolder
from videostep.evaluate.prediction import Condition, Prediction
from videostep.evaluate.predictions import line_of
from videostep.evaluate.statistics.bootstrap import Bootstrap
from videostep.pipeline.marking import Report, score_folder

RESULTS = Path(__file__).parent / "results" / "rescore.json"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--folder", type=Path, help="where the made-up files go; they take 1.5 GB")
    parser.add_argument("--score", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.score:
        print(json.dumps(scored(arguments.score)))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        write_predictions(Path(name), arguments.questions)
        command = [sys.executable, "-m", "benchmarks.rescore", "--score", name]
        result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    report({"questions": arguments.questions, **result})


def write_predictions(root: Path, n_questions: int) -> None:
    write_files(root, n_questions)
    replies = json.loads((root / "replies.json").read_text())
    path = EvaluationFolder(root).predictions(Condition())
    path.parent.mkdir()
    with path.open("wb") as file:
        for item in open_benchmark("agqa2").items(root):
            reply = replies[item.id]
            prediction = Prediction(benchmark="agqa2", item=item, model="table", reply=reply)
            file.write(line_of(prediction))


def scored(root: Path) -> dict[str, Any]:
    """Score the folder in this process, and listen to the bootstrap."""
    spent: dict[str, float] = {}

    class Timed(Bootstrap):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            began_s = time.process_time()
            super().__init__(*arguments, **options)
            spent["bootstrap_cpu_s"] = round(time.process_time() - began_s, 2)

    gradebook.Bootstrap = Timed  # type: ignore[misc]
    began_s = time.process_time()
    (card,) = score_folder(EvaluationFolder(root), "agqa2", Report())
    accuracy = card.find("answer")
    assert accuracy is not None
    return {
        "cpu_s": round(time.process_time() - began_s, 1),
        **spent,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "groups": len(accuracy.groups),
        "videos": accuracy.groups["all"].videos,
        "accuracy": list(accuracy.groups["all"][:3]),
    }


def report(result: dict[str, Any]) -> None:
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(
        f"{result['questions']:,} questions of {result['videos']:,} videos in {result['groups']} groups: "
        f"{result['cpu_s']} s of CPU, of it {result['bootstrap_cpu_s']} s for 1,000 bootstrap draws; "
        f"{result['peak_mb']} MB at most"
    )


if __name__ == "__main__":
    main()
