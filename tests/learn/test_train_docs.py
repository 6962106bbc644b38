"""docs/training.md names every setting and every guard, with its default."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from videostep.learn.config import AdapterConfig, HeldOutConfig, ObjectiveConfig, TrainConfig
from videostep.pipeline.guards import GuardConfig

PAGE = (Path(__file__).parents[2] / "docs" / "training.md").read_text()


@pytest.mark.parametrize("config", [TrainConfig, AdapterConfig, HeldOutConfig, ObjectiveConfig, GuardConfig])
def test_every_setting_is_documented(config):
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("|") or "`warmup`" in line)
    nested = {"adapter": "[adapter]", "held_out": "[held_out]", "objective": "[objective]"}
    missing = [each.name for each in fields(config) if f"`{nested.get(each.name, each.name)}`" not in rows]
    assert missing == []


def test_the_defaults_of_guards_are_the_documented_ones():
    for each in fields(GuardConfig):
        assert f"| `{each.name}` | {each.default} |" in PAGE
