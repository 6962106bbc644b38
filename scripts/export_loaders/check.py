"""What every batch must hold, whoever made it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

IGNORED = -100
"""Label of a token that is not learned."""


def responses(export: Path) -> list[str]:
    """The replies in the export's train file."""
    rows = [json.loads(line) for line in (export / "train.jsonl").read_text().splitlines()]
    return [reply_of(row) for row in rows]


def reply_of(row: dict[str, Any]) -> str:
    """What the model is to say, of messages or of prompt and completion."""
    content = (row.get("completion") or row["messages"])[-1]["content"]
    return content if isinstance(content, str) else content[0]["text"]


def check_batch(name: str, batch: Any, tokenizer: Any, replies: list[str]) -> None:
    """Text, pictures and labels are there, and what is learned are the replies alone."""
    ids, labels, pixels = batch["input_ids"], batch["labels"], batch["pixel_values_videos"]
    assert pixels.std() > 0, "no picture"
    for row, label in zip(ids, labels, strict=True):
        learned = tokenizer.decode(row[label != IGNORED], skip_special_tokens=True).strip()
        assert learned in replies, f"learned is {learned!r}"
    text = tokenizer.decode(ids[0][batch["attention_mask"][0] == 1])
    print(f"{name:<14} ids {tuple(ids.shape)}, pictures {tuple(pixels.shape)}: {text!r}")
