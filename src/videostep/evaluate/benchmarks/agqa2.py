"""AGQA 2.0, balanced: compositional questions on Charades videos, made from scene graphs.

Source: github.com/madeleinegrunde/AGQA_baselines_code and the data page's "Testing Question Format". A JSON
object from question id to `question, answer, video_id, global[], local, ans_type, steps, semantic,
structural, novel_comp, more_steps, ...`; the test file alone has `nc_*`, `indirect`, `i_*` and
`direct_equiv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from videostep.errors import FormatError
from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item, ItemKind
from videostep.evaluate.benchmarks.rows import Row, first_file_of
from videostep.store.json_stream import read_object

_KINDS: dict[str, ItemKind] = {"binary": "binary", "open": "open"}
_FLAGS = {
    "novel_comp": "novel composition",
    "nc_seq": "novel composition/sequencing",
    "nc_sup": "novel composition/superlative",
    "nc_dur": "novel composition/duration-comparison",
    "nc_objrel": "novel composition/obj-rel",
    "more_steps": "more steps",
    "indirect": "indirect",
    "i_obj": "indirect/object",
    "i_rel": "indirect/relation",
    "i_act": "indirect/action",
    "i_temp": "indirect/temporal",
}
"""Field that is 1 or 0 to the group of the questions where it is 1."""


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for path in first_file_of(data, "test_balanced.txt", "test_balanced.json", "*test*.txt"):
        for id_, fields in read_object(path):
            yield _item(id_, Row(fields, f"{path}, question {id_}"))


def _item(id_: str, row: Row) -> Item:
    kind = _KINDS.get(row.text("ans_type"))
    if kind is None:
        raise FormatError(
            f"{row.source}: ans_type is neither binary nor open", remedy="take the authors' file"
        )
    flags = tuple(filter(row.is_set, _FLAGS))
    labels = tuple(row.texts("global"))
    semantic, structural = row.text("semantic"), row.text("structural")
    return Item(
        id=id_,
        video=row.text("video_id"),
        question=row.text("question"),
        answer=row.text("answer"),
        kind=kind,
        type=structural,
        groups=_groups(kind, labels, semantic, structural, flags),
        n_steps=row.whole("steps"),
        direct_form=row.optional_text("direct_equiv") or None,
    )


@cache
def _groups(
    kind: str, labels: tuple[str, ...], semantic: str, structural: str, flags: tuple[str, ...]
) -> tuple[str, ...]:
    """Every group of the authors' tables, and each once more among the questions of its kind alone."""
    groups = (
        *(f"global/{label}" for label in dict.fromkeys(labels)),
        f"semantic/{semantic}",
        f"structural/{structural}",
        *(_FLAGS[flag] for flag in flags),
    )
    return (kind, *groups, *(f"{group}, {kind}" for group in groups))


BENCHMARK = Benchmark(
    name="agqa2",
    title="AGQA 2.0",
    where="https://cs.stanford.edu/people/ranjaykrishna/agqa (questions, balanced) and "
    "https://prior.allenai.org/projects/charades (videos, 480p)",
    terms="the questions' licence is not stated; Charades: non-commercial research",
    files="test_balanced.txt",
    scorings=("exact", "judge"),
    read=_read,
)
