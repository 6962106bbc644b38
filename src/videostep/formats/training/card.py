"""The dataset card: README.md with the numbers of an export and what it was made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from videostep.formats.training.conversations import quoted
from videostep.instruction import Instructions
from videostep.sample import Sample

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
"""The hub's size classes, by numbers of records."""


@dataclass(slots=True)
class SplitNumbers:
    """What a split holds."""

    videos: int = 0
    samples: int = 0
    twins: int = 0
    """Samples that have a twin: the same outermost words, another answer."""
    cut: int = 0
    """Samples whose video is shown up to a cut only."""
    novel: int = 0
    """Samples with a composition that the train split does not have."""
    steps: Counter[str] = field(default_factory=Counter)
    structures: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """Two for each sample."""
        return 2 * self.samples

    def count(self, sample: Sample) -> None:
        """Add a sample."""
        self.samples += 1
        self.twins += sample.twin_of is not None
        self.cut += sample.cut_s is not None
        self.steps[str(sample.n_steps)] += 1
        self.structures[sample.type.structure] += 1
        self.answers[sample.answer_kind] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the card says."""

    name: str
    read_by: str
    licence: str
    """Identifier as the hub knows it; `unknown` where the user has not said."""
    files: dict[str, str]
    """Split to its file of records."""
    numbers: dict[str, SplitNumbers]
    left_out: dict[str, int]
    """Why samples of the run are not here, and how many."""
    media: str
    cut: str
    """How samples are shown no more than what lies before their cut."""
    instructions: Instructions
    rationale_weight: float
    made_by: tuple[str, ...]
    """Programs, scene parsers and language models behind the samples."""
    seeds: str
    samples_sha256: str


def card_text(card: Card) -> str:
    """The card as Markdown with YAML front matter; equal exports give equal text."""
    return "\n".join([*_front_matter(card), "", *_body(card), ""])


def _front_matter(card: Card) -> Iterator[str]:
    records = sum(numbers.records for numbers in card.numbers.values())
    size = next((name for limit, name in SIZES if records < limit), "n>1M")
    yield from ("---", f"pretty_name: {quoted(card.name)}", f"license: {quoted(card.licence)}")
    yield from (
        "language:",
        "- en",
        "task_categories:",
        "- video-text-to-text",
        "- visual-question-answering",
    )
    yield from ("size_categories:", f"- {size}", "tags:", "- video", "- reasoning", "- videostep")
    yield from ("configs:", "- config_name: default", "  data_files:")
    for split, file in card.files.items():
        yield from (f"  - split: {split}", f"    path: {quoted(file)}")
    yield "---"


def _body(card: Card) -> Iterator[str]:
    yield from (f"# {card.name}", "")
    yield "Questions about videos, each as two records: one asks for the answer, one for the reasoning. Every"
    yield "answer follows from the video's scene graph by a program that two interpreters have executed."
    yield from (f"Written for {card.read_by}.", "", "## Numbers", "", *_table(card), "")
    if cut := sum(numbers.cut for numbers in card.numbers.values()):
        yield from (f"{cut} samples ask what comes next of a video that stops before: {card.cut}.", "")
    if card.left_out:
        yield from ("Samples of the run that are not here:", "")
        yield from (f"- {count}: {reason}" for reason, count in card.left_out.items())
        yield ""
    yield "Videos belong to one split each, drawn by their content. A *novel* sample asks for two facts"
    yield "that the train split has only apart."
    yield from ("", "## Prompts", "")
    yield f"- answer: question, then {quoted(card.instructions.answer)}"
    yield f"- rationale: question, then {quoted(card.instructions.rationale)}"
    yield f"- weight of a rationale's loss: {card.rationale_weight:g}"
    yield from ("", "## Provenance", "", *(f"- {line}" for line in card.made_by))
    yield f"- seeds: {card.seeds}"
    yield f"- sha256 of the sample file: `{card.samples_sha256}`"
    yield f"- videos: {card.media}"
    yield from ("", "## Licence", "")
    yield f"`{card.licence}`. The licence of the videos themselves may differ, and is not known here."


def _table(card: Card) -> Iterator[str]:
    yield "| split | videos | samples | records | with a twin | novel | steps | structures | answers |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for split, n in card.numbers.items():
        tallies = " | ".join(_tally(counts) for counts in (n.steps, n.structures, n.answers))
        yield f"| {split} | {n.videos} | {n.samples} | {n.records} | {n.twins} | {n.novel} | {tallies} |"


def _tally(counts: Counter[str]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "none"
