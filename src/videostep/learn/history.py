"""What a training has told of itself, step by step: `losses.jsonl`, and a picture of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from videostep.records import from_json, to_plain
from videostep.store.atomic import atomic_write, refusal

_REMEDY = "delete it: the checkpoints do not need it"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLosses:
    """One optimizer step. No clock stands here: an interrupted training leaves the same lines."""

    step: int
    loss: float
    """What was minimised: answers plus lambda times rationales."""
    answer: float | None = None
    """Loss of the answers alone; None where the step had none."""
    rationale: float | None = None
    """Loss of the rationales alone, without lambda; None where the step had none."""
    grad_norm: float | None = None
    learning_rate: float
    tokens: int
    """Tokens that went through the language model, over all processes."""
    row_tokens: int
    """Tokens that would have, had every row gone alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutLosses:
    """One look at the held-out videos, after `step` steps."""

    step: int
    held_out: bool = True
    loss: float
    answer: float | None = None
    rationale: float | None = None
    exact: float | None = None
    """Share of answers whose every token is the model's first choice, the right ones before it given
    (teacher-forced): an upper bound of what it would answer by itself."""
    exact_by_steps: dict[str, float]
    """The same, by the number of reasoning steps."""


Line = StepLosses | HeldOutLosses


class History:
    """The file of a training's losses, added to line by line."""

    def __init__(self, path: Path) -> None:
        """Lines are added behind what `path` holds."""
        self._path = path

    def add(self, line: Line) -> None:
        """Append one line at once; raises RunFolderError when the disk refuses."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(_encoded(line))
        except OSError as error:
            raise refusal(self._path, error) from error

    def read(self) -> tuple[Line, ...]:
        """All lines; one that a killed process left half-written is not there."""
        if not self._path.exists():
            return ()
        whole, _, _ = self._path.read_bytes().rpartition(b"\n")
        return tuple(_line_of(raw, f"{self._path}, line {n}") for n, raw in enumerate(whole.splitlines(), 1))

    def cut(self, step: int) -> None:
        """Forget what came after `step`: the training goes on from there."""
        atomic_write(self._path, b"".join(_encoded(line) for line in self.read() if line.step <= step))


def steps_in(lines: Iterable[Line]) -> list[StepLosses]:
    """The optimizer steps among the lines."""
    return [line for line in lines if isinstance(line, StepLosses)]


def held_out_in(lines: Iterable[Line]) -> list[HeldOutLosses]:
    """The looks at held-out videos among the lines."""
    return [line for line in lines if isinstance(line, HeldOutLosses)]


def mean_of_last(steps: Sequence[StepLosses], name: str, count: int = 10) -> float | None:
    """The mean of a loss over the last steps that have it."""
    values = [value for step in steps if (value := getattr(step, name)) is not None][-count:]
    return sum(values) / len(values) if values else None


def _encoded(line: Line) -> bytes:
    return msgspec.json.encode(to_plain(line)) + b"\n"


def _line_of(raw: bytes, source: str) -> Line:
    kind: type[Line] = HeldOutLosses if b'"held_out":true' in raw else StepLosses
    return from_json(raw, kind, source=source, remedy=_REMEDY)
