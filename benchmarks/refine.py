"""Of right rewrites the share that is taken, of wrong ones the share that is refused, and what judging costs.

Three kinds of words for samples: a table written by hand (`videostep.testing.rewrites`), with faults by name;
every other template of the same graph, which means something else; and templates with words swapped, left out
or put in by chance. The last may still mean the same: those that are taken are printed, to be read by eye.

    python -m benchmarks.refine [--graphs 4] [--shown 20]
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.refine import PARTS, Refiner
from videostep.reason.refinement.acceptance import Judge
from videostep.reason.refinement.paraphrase import Paraphraser
from videostep.sample import Sample
from videostep.testing.graphs import random_graph, street_graph
from videostep.testing.rewrites import rewrite_cases

RESULTS = Path(__file__).parent / "results" / "refine.json"
SHA256 = "0" * 64
STRANGE = (
    "not", "no", "never", "before", "after", "while", "first", "last", "two", "red", "black", "person",
    "dog", "car", "bus", "next", "left", "right", "a", "the", "top", "trousers", "that", "who", "is",
    "are", "and", "or", "one", "another", "other", "in", "during", "wearing", "riding", "which",
)  # fmt: skip
"""Words that are put into templates by chance."""
SPOILED_PER_TEXT = 60
EVERY = 5
"""Of the templates of a graph, one in so many is confronted with all others."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--graphs", type=int, default=4)
    parser.add_argument("--shown", type=int, default=20, help="taken random words to print")
    options = parser.parse_args()
    graphs = [street_graph(), *(random_graph(seed, n_clips=4, n_objects=4) for seed in range(options.graphs))]
    asked = [(graph, samples_of(graph)) for graph in graphs]
    rows = [by_hand(), by_others(asked), by_chance(asked, options.shown), by_paraphrase(asked)]
    report(rows)
    RESULTS.write_text(json.dumps({"graphs": len(graphs), "rows": rows}, indent=1) + "\n")


def samples_of(graph: VideoGraph) -> list[Sample]:
    config = AskConfig(min_confidence=0.0)  # the test kit's graphs are unsure at random
    return list(ask_graph(graph, graph_sha256=SHA256, config=config, seed=0).samples)


def by_hand() -> dict[str, Any]:
    judge, checks, good, bad, taken = Judge(street_graph()), Counter[str](), [], [], []
    start_s = time.process_time()
    for case in rewrite_cases():
        words = judge.words_of(case.sample)
        good += [words.refusal(case.part, text) is None for text in case.good]
        for _, text in case.bad:
            refusal = words.refusal(case.part, text)
            bad.append(refusal is not None)
            checks.update([refusal.check] if refusal else [])
            taken += [text] if refusal is None else []
    return {
        "what": "by hand",
        "right": len(good),
        "right_taken": sum(good),
        "wrong": len(bad),
        "wrong_taken": taken,
        "checks": dict(checks.most_common()),
        "ms_a_text": per_text_ms(start_s, len(good) + len(bad)),
    }


def by_others(asked: list[tuple[VideoGraph, list[Sample]]]) -> dict[str, Any]:
    """Every template as a rewrite of another with another program and, for rationales, another answer too."""
    tried, taken = 0, []
    start_s = time.process_time()
    for graph, samples in asked:
        judge = Judge(graph)
        for sample in samples[::EVERY]:
            words = judge.words_of(sample)
            for other in samples:
                if other.program == sample.program:
                    continue
                tried += 2
                taken += [
                    getattr(other, part)
                    for part in PARTS
                    if getattr(other, part) != getattr(sample, part)
                    and words.refusal(part, getattr(other, part)) is None
                ]
    return {
        "what": "other templates",
        "wrong": tried,
        "wrong_taken": taken,
        "ms_a_text": per_text_ms(start_s, tried),
    }


def by_chance(asked: list[tuple[VideoGraph, list[Sample]]], shown: int) -> dict[str, Any]:
    tried, taken, rng = 0, [], Random(0)
    start_s = time.process_time()
    for graph, samples in asked:
        judge = Judge(graph)
        for sample in samples[::EVERY]:
            words = judge.words_of(sample)
            for part in PARTS:
                template = getattr(sample, part)
                for text in spoiled(template, rng):
                    tried += 1
                    if text != template and words.refusal(part, text) is None:
                        taken.append((template, text))
    for template, text in taken[:shown]:
        print(f"    {template}\n -> {text}\n")
    return {
        "what": "by chance",
        "tried": tried,
        "taken": [text for _, text in taken],
        "ms_a_text": per_text_ms(start_s, tried),
    }


def spoiled(template: str, rng: Random) -> Iterator[str]:
    """The template with one word left out, put in, replaced, or with two words swapped."""
    for _ in range(SPOILED_PER_TEXT):
        words = template.split(" ")
        here, there = rng.randrange(len(words)), rng.randrange(len(words))
        match rng.randrange(4):
            case 0:
                del words[here]
            case 1:
                words.insert(here, rng.choice(STRANGE))
            case 2:
                words[here] = rng.choice(STRANGE)
            case _:
                words[here], words[there] = words[there], words[here]
        text = " ".join(words)
        yield text[:1].upper() + text[1:]


def by_paraphrase(asked: list[tuple[VideoGraph, list[Sample]]]) -> dict[str, Any]:
    """What the built-in paraphraser can say otherwise, and that the judge and the verifier agree with it."""
    fates, rewriter = Counter[str](), Paraphraser(0)
    start_s = time.process_time()
    for graph, samples in asked:
        refiner = Refiner(graph, SHA256, refined_by=rewriter.name)
        for sample in samples:
            words = refiner.words_of(sample)
            texts = rewriter.rewrite([words.wording(part) for part in PARTS])
            _, rewrites = refiner.refine(words, texts)
            fates.update(rewrite.fate for rewrite in rewrites)
    return {
        "what": "paraphraser",
        "fates": dict(sorted(fates.items())),
        "ms_a_text": per_text_ms(start_s, sum(fates.values())),
    }


def per_text_ms(start_s: float, texts: int) -> float:
    return round(1000 * (time.process_time() - start_s) / max(1, texts), 3)


def report(rows: list[dict[str, Any]]) -> None:
    hand, others, chance, paraphraser = rows
    print("| words | result | CPU ms a text |\n|---|---|---|")
    right = f"{hand['right_taken']} of {hand['right']} taken ({hand['right_taken'] / hand['right']:.0%})"
    print(f"| right, by hand | {right} | {hand['ms_a_text']} |")
    for name, row in (("wrong, by hand", hand), ("other templates of the graph", others)):
        refused = row["wrong"] - len(row["wrong_taken"])
        print(f"| {name} | {refused:,} of {row['wrong']:,} refused | {row['ms_a_text']} |")
    print(
        f"| spoiled by chance | {len(chance['taken'])} of {chance['tried']:,} taken | {chance['ms_a_text']} |"
    )
    fates = ", ".join(f"{count} {fate}" for fate, count in paraphraser["fates"].items())
    print(f"| the paraphraser's | {fates} | {paraphraser['ms_a_text']} |")
    print(f"\nWrong ones were refused by: {', '.join(f'{k} {v}' for k, v in hand['checks'].items())}")


if __name__ == "__main__":
    main()
