"""What one round of self-training has brought, measured: graphs, samples, training, answers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from videostep.errors import FormatError
from videostep.evaluate.run_score import score_runs
from videostep.graph import VideoGraph, count_graph
from videostep.pipeline.training_job import TrainingResult
from videostep.records import from_json, to_plain
from videostep.store.atomic import atomic_write
from videostep.store.entries import read_drop_counts
from videostep.store.graph_drops import DropTotals, count_graph_drops
from videostep.store.graph_file import read_sound_graphs
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples

_STATED = ("objects", "attributes", "relations", "motions", "references", "events")
_SAID = ("objects", "attributes", "relations", "motions")
"""Those that are said in words."""
_MOST_STEPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphMeasures:
    """The graphs of a round together."""

    videos: int
    video_s: float
    """Length of the videos, seconds."""
    elements: dict[str, int]
    """Objects, attributes, relations, motions, references and events that were kept."""
    not_confirmed: DropTotals | None = None
    """What was said and is not in the graphs; None where the parser kept no account."""
    doubts: int
    """Stretches of time in which there may be more of a label than the graph holds."""
    labels: int
    """Distinct labels of objects."""
    variety: dict[str, float] = field(default_factory=dict)
    """Kind of element to the effective number of its words (the exponential of their entropy): labels,
    attributes with their values, predicates. 1 if all are the same, however many words there are."""
    self_consistency: float | None = None
    """Mean confidence of what was kept, 0..1: with a Video-LLM, the share of its replies that said it."""
    stsg_accuracy: float | None = None
    """Share of the elements that are right, where a run with the truth was named."""

    @property
    def elements_a_minute(self) -> float:
        """`stated`, for each minute of video."""
        return 60 * self.stated / self.video_s if self.video_s else 0.0

    @property
    def stated(self) -> int:
        """Nodes and edges kept; events aside, of which every clip has one."""
        return sum(count for kind, count in self.elements.items() if kind != "events")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMeasures:
    """The samples of a round together."""

    samples: int
    by_steps: dict[str, int]
    """`1`, `2`, `3+` steps."""
    top_answer: str = ""
    """The answer that most questions have, yes and no left out."""
    top_answer_share: float = 0.0
    """Its share of the questions that are not answered by yes or no, 0..1."""
    open_questions: int = 0
    """How many are not answered by yes or no."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Questions that were not kept, by reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`round.json`: one round."""

    number: int
    """From 1."""
    parser: str
    """Who parsed the videos."""
    graphs: GraphMeasures
    samples: SampleMeasures
    training: TrainingResult | None = None
    """None: a guard stopped the loop before it."""
    scores: dict[str, float] = field(default_factory=dict)
    """What the evaluation hook has measured."""
    stopped: str = ""
    """Why the loop ends here; empty if it does not."""


def measure_graphs(run: RunFolder, truth: RunFolder | None) -> GraphMeasures:
    """Measure the graphs of a run, by another run's where that holds the truth."""
    measured = measure(read_sound_graphs(run.graph_files(), _leave_out))
    return replace(
        measured,
        not_confirmed=count_graph_drops(run),
        stsg_accuracy=_accuracy(run, truth) if truth is not None and measured.videos else None,
    )


def measure(graphs: Iterable[VideoGraph]) -> GraphMeasures:
    """Measure graphs by themselves."""
    counts, words = Counter[str](), {kind: Counter[str]() for kind in _SAID}
    confidences = list[float]()
    videos, video_s, doubts = 0, 0.0, 0
    for graph in graphs:
        counts.update(count_graph(graph))
        # A clip of which nothing was said has an inventory for an event, in which nobody trusts.
        counts["events"] += sum(clip.event.confidence > 0 for clip in graph.clips)
        for kind, said in _words_of(graph).items():
            words[kind].update(said)
        confidences += _confidences(graph)
        videos, video_s, doubts = videos + 1, video_s + graph.video.duration_s, doubts + len(graph.doubts)
    return GraphMeasures(
        videos=videos,
        video_s=round(video_s, 4),
        elements={kind: counts[kind] for kind in _STATED},
        doubts=doubts,
        labels=len(words["objects"]),
        variety={kind: round(_effective_number(said), 2) for kind, said in words.items()},
        self_consistency=round(sum(confidences) / len(confidences), 4) if confidences else None,
    )


def _words_of(graph: VideoGraph) -> dict[str, list[str]]:
    return {
        "objects": [node.label for node in graph.objects],
        "attributes": [f"{node.name} {node.value}" for node in graph.attributes],
        "relations": [edge.predicate for edge in graph.relations],
        "motions": [edge.predicate for edge in graph.motions],
    }


def _effective_number(said: Counter[str]) -> float:
    """How many equally frequent words would be as varied: the exponential of Shannon's entropy."""
    shares = [count / said.total() for count in said.values()]
    return math.exp(-sum(share * math.log(share) for share in shares)) if shares else 0.0


def _leave_out(error: FormatError) -> None:
    """A damaged graph is an error entry of its run already."""


def _confidences(graph: VideoGraph) -> list[float]:
    return [
        *(node.confidence for node in graph.objects),
        *(node.confidence for node in graph.attributes),
        *(edge.confidence for edge in graph.relations),
        *(edge.confidence for edge in graph.motions),
    ]


def _accuracy(run: RunFolder, truth: RunFolder) -> float | None:
    accuracy = score_runs(run, truth).scores["hungarian"].stsg_accuracy
    return None if accuracy is None else round(accuracy, 4)


def measure_samples(run: RunFolder) -> SampleMeasures:
    """Measure the samples of a run."""
    steps: Counter[int] = Counter()
    answers: Counter[str] = Counter()
    for sample in read_samples(run.samples_jsonl):
        steps[min(sample.n_steps, _MOST_STEPS)] += 1
        if sample.answer_kind != "binary":
            answers[sample.answer] += 1
    return replace(measure_answers(steps, answers), dropped=read_drop_counts(run))


def measure_answers(steps: Counter[int], answers: Counter[str]) -> SampleMeasures:
    """Measure samples by how many have 1, 2, and 3 or more steps, and by their answers but yes and no."""
    top, count = max(answers.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return SampleMeasures(
        samples=steps.total(),
        by_steps={name: steps[number] for number, name in enumerate(("1", "2", "3+"), start=1)},
        top_answer=top,
        top_answer_share=round(count / answers.total(), 4) if answers else 0.0,
        open_questions=answers.total(),
    )


@dataclass(frozen=True, slots=True)
class RoundFolder:
    """Where everything of one round lies."""

    root: Path

    @property
    def run(self) -> RunFolder:
        """Graphs and samples."""
        return RunFolder(self.root / "run")

    @property
    def checkpoint(self) -> Path:
        """The folder of the training."""
        return self.root / "ckpt"

    @property
    def evaluation(self) -> Path:
        """For the evaluation hook."""
        return self.root / "evaluation"

    @property
    def record(self) -> Path:
        """`round.json`; there is none before the round is done."""
        return self.root / "round.json"


def write_round(folder: RoundFolder, done: Round) -> None:
    """Write what a round has brought."""
    atomic_write(folder.record, msgspec.json.format(msgspec.json.encode(to_plain(done))) + b"\n")


def read_round(folder: RoundFolder) -> Round | None:
    """What a finished round has brought; None for one that is not finished. Raises FormatError."""
    if not folder.record.exists():
        return None
    remedy = "delete it and give the same command again"
    return from_json(folder.record.read_bytes(), Round, source=str(folder.record), remedy=remedy)


ScoreHook = Callable[[str, Path], dict[str, float]]
"""The evaluation hook: (model as `BACKEND:TARGET`, a folder of its own) to named numbers."""
