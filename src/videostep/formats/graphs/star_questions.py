"""STAR's questions, gathered by video: its situations are spread over them, the same frame in many."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from videostep.errors import InputError
from videostep.formats.graphs.frames import MOST_FRAMES
from videostep.formats.graphs.imported import Account
from videostep.formats.graphs.plain import fields, name, number
from videostep.store.json_stream import read_array

LONGEST_S: Final = 86_400.0
"""A question's part of the video that ends after a day is a slip."""


@dataclass(slots=True)
class Situations:
    """All that the questions say of one video. Frames wait encoded: a hundred thousand fit into memory."""

    n_questions: int = 0
    frames: dict[int, bytes] = field(default_factory=dict)
    """Frame number, counted from 1, to its situation as JSON."""
    last_s: float = 0.0
    """The latest end of a question's part of the video."""
    account: Account = field(default_factory=Account)


def situations_by_video(path: Path) -> dict[str, Situations]:
    """All videos of one question file, or of the files `STAR_*.json` of a folder, as they first come.

    Questions without a video come under the empty name.

    Raises:
        FormatError: A file is no JSON array, or cut off.
        InputError: There is no such file.
    """
    videos: dict[str, Situations] = {}
    for file in _question_files(path):
        for raw in read_array(file):
            question = fields(raw)
            _gather(question, videos.setdefault(name(question.get("video_id")) or "", Situations()))
    return videos


def _question_files(path: Path) -> list[Path]:
    files = sorted(path.glob("STAR_*.json")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{path} holds no STAR_*.json", remedy="name STAR_train.json, or its folder")
    return files


def _gather(question: dict[str, Any], video: Situations) -> None:
    video.n_questions += 1
    video.account.settle_repeats(question)
    end_s = number(question.get("end")) or 0.0
    video.last_s = max(video.last_s, end_s if end_s <= LONGEST_S else 0.0)
    for key, situation in fields(question.get("situations")).items():
        frame, data = _frame_number(key), _encoded(situation)
        if frame is None or data is None:
            video.account.find("frames")
            video.account.lose("frames", "without a number" if frame is None else "no situation")
        elif video.frames.setdefault(frame, data) != data:
            video.account.find("frames")
            video.account.lose("frames", "told otherwise before")


def _encoded(situation: Any) -> bytes | None:
    """As JSON; None for what is no object, or nests deeper than an encoder goes."""
    try:
        return msgspec.json.encode(situation) if isinstance(situation, dict) else None
    except RecursionError:
        return None


def _frame_number(key: str) -> int | None:
    """`000162` is 162; frames are counted from 1."""
    is_number = key.isascii() and key.isdigit() and len(key) <= 9
    return int(key) if is_number and 0 < int(key) <= MOST_FRAMES else None
