"""What fits into a pack: less where rows share less, and one video where weights are sharded."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from videostep.learn.processes import weights_are_sharded
from videostep.learn.shares import PackLimits
from videostep.learn.sharing.level import Level
from videostep.learn.sharing.rows import Row, Target


def rows_of(media: str) -> list[Row]:
    """Two rows that share 8 of 10 tokens."""
    return [
        Row(
            tokens=[*range(8), 20 + last, 30],
            targets=(Target(position=8, token=30, task="answer"),),
            media=media,
        )
        for last in range(2)
    ]


@pytest.mark.parametrize(("level", "packs"), [(Level.TREE, 1), (Level.VISION, 2), (Level.ROWS, 2)])
def test_shared_tokens_count_once_only_where_rows_share_them(level: Level, packs: int) -> None:
    assert len(PackLimits(tokens=12, rows=8).packs(rows_of("a"), level)) == packs


def test_videos_are_kept_apart_where_they_must_be() -> None:
    rows = [*rows_of("a"), *rows_of("b")]
    assert len(PackLimits(tokens=100, rows=8).packs(rows, Level.TREE)) == 1
    assert len(PackLimits(tokens=100, rows=8, media=1).packs(rows, Level.TREE)) == 2


@pytest.mark.parametrize(("how", "sharded"), [("FSDP", True), ("DEEPSPEED", True), ("TP", False)])
def test_accelerate_says_whether_weights_are_sharded(
    monkeypatch: pytest.MonkeyPatch, how: str, sharded: bool
) -> None:
    for name in ("FSDP", "DEEPSPEED", "TP"):
        monkeypatch.delenv(f"ACCELERATE_USE_{name}", raising=False)
    monkeypatch.setenv(f"ACCELERATE_USE_{how}", "true")
    assert weights_are_sharded() is sharded
