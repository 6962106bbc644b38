"""Rows that do not fit into a model: nothing is cut off, since that would cut a video or a reply in two."""

from __future__ import annotations

from collections.abc import Sequence

from videostep.errors import MediaError
from videostep.learn.examples import Example
from videostep.learn.sharing.rows import Row

_MOST_NAMED = 3


def check_lengths(rows: Sequence[Row], examples: Sequence[Example], *, most_tokens: int) -> None:
    """Refuse rows that are too long.

    Args:
        rows: Of one video.
        examples: What each row was made of.
        most_tokens: The model's context.

    Raises:
        MediaError: Some are too long; names samples and says what to lower.
    """
    long = {
        example.sample_id: len(row)
        for row, example in sorted(zip(rows, examples, strict=True), key=lambda pair: len(pair[0]))
        if len(row) > most_tokens
    }
    if not long:
        return
    named = ", ".join(f"{name} ({n_tokens:,} tokens)" for name, n_tokens in list(long.items())[-_MOST_NAMED:])
    n_samples = len({example.sample_id for example in examples})
    before = min(row.targets[0].position for row in rows if row.targets)
    raise MediaError(
        f"{len(long)} of {n_samples} questions about {examples[0].video} do not fit into {most_tokens:,} "
        f"tokens: {named}; {before:,} stand before the reply, most of them the video's",
        remedy="take fewer or smaller frames (max_frames, max_pixels), or leave these questions out",
    )
