"""AGQA 2.0's 669,207 test questions scored: seconds and memory, beside loading the file whole.

The questions are made up, with the keys, the lengths and the number of groups of the real ones; the replies
are right two times in three. Each side runs in a process of its own, so that its memory is its own. The peer
is the plain way: `json.load`, then a loop that compares strings; it counts no groups.

    python -m benchmarks.score_agqa [--questions 669207] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

QUESTIONS = 669_207
VIDEOS = 1_814
"""Of AGQA 2.0's test."""
ANSWERS = ("phone", "blanket", "opening a door", "the thing they were on the side of", "before", "after")
GLOBAL = (
    ("obj-rel",),
    ("exists", "obj-rel"),
    ("rel-act", "sequencing"),
    ("obj-act", "superlative"),
    ("action-recognition",),
    ("superlative", "obj-rel", "sequencing"),
    ("duration-comparison",),
)
FLAGS = (
    "novel_comp",
    "nc_seq",
    "nc_sup",
    "nc_dur",
    "nc_objrel",
    "indirect",
    "i_obj",
    "i_rel",
    "i_act",
    "i_temp",
)
PROGRAM = "Query(class, OnlyItem(IterateUntil(forward, Filter(video, [relations, on_the_side_of, objects]))))"
RESULTS = Path(__file__).parent / "results" / "score_agqa.json"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--folder", type=Path, help="where the made-up files go; they take 700 MB")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        print(json.dumps(measured(SIDES[arguments.side], arguments.folder)))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        write_files(folder, arguments.questions)
        sides = {side: run_side(side, folder) for side in SIDES}
        size_mb = (folder / "test_balanced.txt").stat().st_size / 1e6
    report(sides, arguments.questions, size_mb)


def write_files(folder: Path, n_questions: int) -> None:
    draw = random.Random(0)
    asked, replied = (folder / "test_balanced.txt").open("w"), (folder / "replies.json").open("w")
    with asked, replied:
        for number in range(n_questions):
            id_, question = f"V{number % VIDEOS:04d}-{number}", made_up(number, draw)
            reply = question["answer"] if number % 3 else draw.choice(ANSWERS)
            start = "{" if number == 0 else ",\n"
            asked.write(f"{start}{json.dumps(id_)}: {json.dumps(question)}")
            replied.write(f"{start}{json.dumps(id_)}: {json.dumps(reply)}")
        asked.write("}")
        replied.write("}")


def made_up(number: int, draw: random.Random) -> dict[str, Any]:
    is_binary = draw.random() < 0.5
    return {
        "question": f"Before holding thing {number % 97}, which of the things behind them did they touch?",
        "answer": draw.choice(("Yes", "No") if is_binary else ANSWERS),
        "video_id": f"V{number % VIDEOS:04d}",
        "global": list(draw.choice(GLOBAL)),
        "local": "q-r12-o4",
        "ans_type": "binary" if is_binary else "open",
        "steps": draw.randint(1, 8),
        "semantic": draw.choice(("object", "relation", "action")),
        "structural": draw.choice(("query", "compare", "choose", "logic", "verify")),
        **{flag: int(draw.random() < 0.15) for flag in FLAGS},
        "more_steps": int(draw.random() < 0.1),
        "direct_equiv": f"V{number % VIDEOS:04d}-{max(0, number - VIDEOS)}",
        "sg_grounding": {f"({place}, {place + 5})": ["r16/000083", "o4/000096"] for place in (4, 19, 33)},
        "program": PROGRAM,
    }


def run_side(side: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.score_agqa", "--side", side, "--folder", str(folder)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, float] = json.loads(printed)
    return result


def measured(work: Callable[[Path], dict[str, float]], folder: Path) -> dict[str, float]:
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    numbers = work(folder)
    return numbers | {
        "load_average": os.getloadavg()[0],
        "seconds": time.perf_counter() - start_s,
        "cpu_seconds": time.process_time() - start_cpu_s,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def score_ours(folder: Path) -> dict[str, float]:
    from videostep.evaluate.benchmarks import open_benchmark
    from videostep.evaluate.metrics.marking import mark_replies
    from videostep.evaluate.metrics.score import score_marks
    from videostep.store.json_stream import read_object

    replies = dict(read_object(folder / "replies.json"))
    items = open_benchmark("agqa2").items(folder)
    score = score_marks("agqa2", "exact", mark_replies(items, replies, "exact"))
    return {"questions": score.all.n, "right": score.all.right, "groups": len(score.rates)}


def score_whole(folder: Path) -> dict[str, float]:
    questions = json.loads((folder / "test_balanced.txt").read_text())
    replies = json.loads((folder / "replies.json").read_text())
    right = sum(question["answer"] == replies[id_] for id_, question in questions.items())
    return {"questions": len(questions), "right": right, "groups": 1}


SIDES = {"ours": score_ours, "json.load": score_whole}


def report(sides: dict[str, dict[str, float]], n_questions: int, size_mb: float) -> None:
    for line in table(sides, n_questions, size_mb):
        print(line)
    if len({numbers["right"] for numbers in sides.values()}) != 1:
        raise SystemExit("the two sides count differently")
    RESULTS.write_text(
        json.dumps({"questions": n_questions, "file_mb": round(size_mb), "sides": sides}, indent=1) + "\n"
    )


def table(sides: dict[str, dict[str, float]], n_questions: int, size_mb: float) -> Iterator[str]:
    yield f"{n_questions:,} made-up questions in AGQA 2.0's format, {size_mb:,.0f} MB\n"
    yield "| side | seconds | CPU seconds | peak memory, MB | groups | load |\n|---|---|---|---|---|---|"
    for side, numbers in sides.items():
        times = f"{numbers['seconds']:.1f} | {numbers['cpu_seconds']:.1f}"
        counts = f"{numbers['groups']:.0f} | {numbers['load_average']:.0f}"
        yield f"| {side} | {times} | {numbers['peak_mb']:,.0f} | {counts} |"


if __name__ == "__main__":
    main()
