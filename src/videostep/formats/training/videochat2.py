"""VideoChat2's instruction data: one question an item, with the part of the video to look at."""

from __future__ import annotations

from typing import Any

from videostep.formats.training.records import Record
from videostep.formats.training.target import Target


def encode_videochat2(record: Record) -> dict[str, Any]:
    """`{"video", "QA": [{"i", "q", "a"}], "start", "end"}`.

    Several questions of one item would be shuffled into one conversation and see each other's answers, and
    only the first one's instruction would be used; so there is one. `start` and `end` are left out where the
    file is the part itself.
    """
    item: dict[str, Any] = {
        "video": record.media.path,
        "QA": [{"i": record.instruction, "q": record.question, "a": record.response}],
    }
    if not record.media.is_cut:
        item |= {"start": record.media.window_s.start_s, "end": record.media.window_s.end_s}
    return item


VIDEOCHAT2 = Target(
    name="videochat2",
    read_by="VideoChat2 (Ask-Anything)",
    encode=encode_videochat2,
    layout="array",
    says_part=True,
    shows_part=True,
    # `RandomHorizontalFlip` in `create_dataset` of its `dataset/__init__.py`; no setting of its own.
    mirrors=True,
)
