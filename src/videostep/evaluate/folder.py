"""The folder of an evaluation: predictions of every condition, score cards, tables and plots.

OUT/
├── evaluation.json      benchmark, model, and what was sent: a folder holds one of each
├── predictions/         CONDITION.jsonl and .parquet, such as answer.blind-question.jsonl
├── missing_videos.txt   files that were not found, one a line; absent where none was
├── skipped.jsonl        rows of the benchmark that ask nothing that could be scored
├── cache/               replies, so that nothing is asked twice
├── scores/              one card a protocol: exact.json, choice.json, judge-....json
├── report.md, .tex      tables
└── plots/               SVG and PNG
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from videostep.errors import RunFolderError
from videostep.evaluate.prediction import MODES, Condition
from videostep.evaluate.predictions import read_whole_lines
from videostep.store.atomic import atomic_write

EVALUATION_FORMAT: Final = "videostep.evaluation/1"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSettings:
    """What all replies of a folder have in common."""

    format: str = EVALUATION_FORMAT
    benchmark: str
    model: str
    """As its backend names it."""
    sent: dict[str, str] = field(default_factory=dict)
    """Settings that decide what is sent, as text: frames, picture size, instructions, temperature."""


@dataclass(frozen=True, slots=True)
class EvaluationFolder:
    """Names every file of one evaluation."""

    root: Path

    @property
    def settings(self) -> Path:
        """`evaluation.json`."""
        return self.root / "evaluation.json"

    @property
    def requests(self) -> Path:
        """What the model and judges have replied."""
        return self.root / "cache" / "requests.sqlite"

    @property
    def missing_videos(self) -> Path:
        """Videos whose file was not found."""
        return self.root / "missing_videos.txt"

    @property
    def skipped(self) -> Path:
        """Rows of the benchmark that could not be asked."""
        return self.root / "skipped.jsonl"

    @property
    def plots(self) -> Path:
        """Folder of the plots."""
        return self.root / "plots"

    def predictions(self, condition: Condition) -> Path:
        """The finished predictions of one condition."""
        return self.root / "predictions" / f"{condition.name}.jsonl"

    def scores(self, protocol: str) -> Path:
        """The score card of one protocol."""
        return self.root / "scores" / f"{file_name(protocol)}.json"

    def score_files(self) -> list[Path]:
        """All score cards, by name."""
        return sorted((self.root / "scores").glob("*.json"))

    def prediction_files(self) -> list[Path]:
        """The finished predictions of all conditions, both decodings first."""
        found = (path for path in (self.root / "predictions").glob("*.jsonl") if ".part" not in path.name)
        return sorted(found, key=lambda path: (path.stem not in MODES, path.stem))

    def claim(self, settings: EvaluationSettings) -> None:
        """Make the folder this evaluation's; raises RunFolderError if it is another one's.

        One without a single reply is given up: a model that was misspelt leaves the folder to the right one.
        """
        if self.check(settings):
            shutil.rmtree(self.root / "predictions", ignore_errors=True)
            shutil.rmtree(self.root / "scores", ignore_errors=True)
        atomic_write(self.settings, msgspec.json.format(msgspec.json.encode(settings)) + b"\n")

    def check(self, settings: EvaluationSettings) -> list[str]:
        """What an evaluation without a single reply had otherwise; raises RunFolderError as `claim`."""
        changes = _changes(self.saved(), settings) if self.settings.exists() else []
        if changes and self._has_replies():
            raise RunFolderError(
                f"{self.root} holds an evaluation with other settings: {'; '.join(changes)}",
                remedy="give another --out",
            )
        return changes

    def _has_replies(self) -> bool:
        files = (self.root / "predictions").glob("*.jsonl")
        return any(one.reply is not None for path in files for one in read_whole_lines(path))

    def saved(self) -> EvaluationSettings:
        """Whose the folder is; raises RunFolderError if that cannot be read."""
        try:
            return msgspec.json.decode(self.settings.read_bytes(), type=EvaluationSettings)
        except (OSError, msgspec.MsgspecError) as error:
            raise RunFolderError(
                f"{self.settings} cannot be read: {error}", remedy="give another --out, or delete it"
            ) from error


def file_name(name: str) -> str:
    """A name of a protocol or a model as part of a file's name."""
    return _UNSAFE.sub("-", name)


def _changes(saved: EvaluationSettings, wanted: EvaluationSettings) -> list[str]:
    before, after = _flat(saved), _flat(wanted)
    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return [f"{key} {before.get(key, 'none')} -> {after.get(key, 'none')}" for key in keys]


def _flat(settings: EvaluationSettings) -> Mapping[str, str]:
    return {"benchmark": settings.benchmark, "model": settings.model, **settings.sent}
