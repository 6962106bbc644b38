"""Faults of English in a thousand samples, in the words of five kinds of data, by rules and by Harper.

The rules (`videostep.testing.grammar`) know the patterns that the sampler writes; Harper is a grammar checker
that knows nothing of them. Words of the data sets that can be imported are taken from the readers' tables.
Harper is not among the dependencies: `pip install harper-py==0.2.0` brings it, and without it only the
rules are read by.

    python -m benchmarks.grammar [--read N]
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from videostep.formats.graphs.charades_words import LABELS, predicates_of
from videostep.formats.graphs.star_words import ACTIONS
from videostep.formats.graphs.vidvrd_words import VIDOR_LABELS, VIDOR_PREDICATES, VIDVRD_PREDICATES
from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.sample import Sample
from videostep.testing.grammar import faults
from videostep.testing.graphs import random_graph
from videostep.testing.vocabularies import KINDS, Vocabulary, graph_in

N_SAMPLES = 1_000
RESULTS = Path(__file__).parent / "results" / "grammar.json"
FALSE_ALARMS = ("closed compound noun", "`one of the ...`")
"""Messages of Harper about what is no fault here: it joins a "black top" to a blacktop and misses the noun
that "exactly one of the two" does without."""
MATTERS_OF_TASTE = frozenset({"Readability", "Style"})
"""Harper's remarks on long sentences and on the comma before `or` are counted apart."""
DATA_SETS = (
    Vocabulary(
        name="Charades",
        doers=("person",),
        others=tuple(label for label in LABELS if label != "person"),
        relations=predicates_of("attention", "contact"),
        places=predicates_of("spatial"),
        motions=ACTIONS,
        attributes={"posture": ("sitting", "standing", "lying")},
    ),
    Vocabulary(
        name="VidOR and VidVRD",
        doers=("adult", "baby", "child", "dog", "horse", "monkey", *VIDOR_LABELS.values()),
        others=("backpack", "bench", "chair", "cup", "frisbee", "guitar", "sofa", "stop sign", "toy"),
        relations=tuple(sorted({*VIDOR_PREDICATES.values(), *VIDVRD_PREDICATES.values()})),
        places=("above", "behind", "beside", "in front of", "inside", "next to"),
        motions=("walks", "runs", "jumps", "creeps", "flies", "swims", "moves"),
        attributes={"posture": ("sitting", "standing", "lying")},
    ),
)


class Found(NamedTuple):
    """A fault, what found it, and where."""

    rule: str
    words: str
    text: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--read", type=int, default=0, metavar="N", help="print N samples for the eye")
    n_read = parser.parse_args().read
    samples = draw(N_SAMPLES)
    for sample in random.Random(0).sample(samples, n_read):
        print(f"{sample.question}\n    {sample.rationale}")
    if not find_spec("harper"):
        print("Harper is not installed (pip install harper-py==0.2.0): by the rules alone\n")
    checkers = {"rules": by_rules, **({"harper": harper()} if find_spec("harper") else {})}
    report({name: [[*map(found, texts_of(s))] for s in samples] for name, found in checkers.items()}, samples)


def draw(number: int) -> list[Sample]:
    """So many samples, as many of each kind of data."""
    makers = [random_graph, *(in_words(words) for words in (*KINDS, *DATA_SETS))]
    drawn: list[Sample] = []
    seed = 0
    while len(drawn) < number:
        for make in makers:
            config = AskConfig(min_confidence=0.0, samples_per_video=20)
            drawn += ask_graph(make(seed), graph_sha256="0" * 64, config=config, seed=seed).samples
        seed += 1
    return drawn[:number]


def in_words(words: Vocabulary) -> Callable[[int], VideoGraph]:
    return lambda seed: graph_in(words, seed)


def texts_of(sample: Sample) -> Iterator[str]:
    yield from (sample.question, sample.rationale, *(step.sub_question for step in sample.steps))


def by_rules(text: str) -> list[Found]:
    return [Found(fault.rule, fault.words, text) for fault in faults(text)]


def harper() -> Callable[[str], list[Found]]:
    """A checker by Harper, in British English."""
    from harper import Dialect, Linter

    linter = Linter(dialect=Dialect.BRITISH)

    def check(text: str) -> list[Found]:
        lints = linter.lint(text, language="plaintext")
        real = (lint for lint in lints if not any(words in lint.message for words in FALSE_ALARMS))
        return [Found(lint.lint_kind, lint.problem_text, text) for lint in real]

    return check


def report(found: dict[str, list[list[list[Found]]]], samples: list[Sample]) -> None:
    result: dict[str, object] = {"samples": len(samples), "texts": sum(len([*texts_of(s)]) for s in samples)}
    print(f"{result['samples']} samples, {result['texts']} sentences and rationales\n")
    print("| checker | samples with a fault | share | faults |\n|---|---|---|---|")
    for name, by_sample in found.items():
        every = [[fault for text in sample for fault in text] for sample in by_sample]
        faulty = [[fault for fault in sample if fault.rule not in MATTERS_OF_TASTE] for sample in every]
        n_faulty = sum(bool(sample) for sample in faulty)
        kinds = Counter(fault.rule for sample in faulty for fault in sample)
        n_taste = sum(len(all_) - len(real) for all_, real in zip(every, faulty, strict=True))
        print(f"| {name} | {n_faulty} | {n_faulty / len(samples):.2%} | {dict(kinds)} |")
        result[name] = {"samples_with_a_fault": n_faulty, "faults": dict(kinds), "matters_of_taste": n_taste}
        for fault in [fault for sample in faulty for fault in sample][:20]:
            print(f"    {fault.rule}: {fault.words!r} in {fault.text!r}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
