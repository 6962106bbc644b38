"""A training of made-up lessons, as a script that can be killed: `tiny_training.py OUT [SECONDS_A_STEP]`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from videostep.learn.config import AdapterConfig, HeldOutConfig, TrainConfig
from videostep.learn.plan import Group, plan_windows, steps_of_epoch
from videostep.learn.training import Curriculum, Ears, Trained, train
from videostep.learn.training_folder import TrainingFolder
from videostep.testing.tiny_rows import TinySource, tiny_footage, tiny_language_model

HELD_OUT = (Group(footage="held out", samples=(50, 51, 52)),)


def tiny_training(
    out: Path,
    *,
    model: Any = None,
    footage: Sequence[str] = (),
    ears: Ears | None = None,
    report_to: tuple[str, ...] = (),
    **settings: Any,
) -> Trained:
    """Train on 40 samples of 8 videos; dropout is on, so that the random numbers matter, too."""
    torch.set_num_threads(1)
    config = TrainConfig(
        **{
            "epochs": 3,
            "batch": 8,
            "per_video": 3,
            "learning_rate": 0.02,
            "save_every": 2,
            "adapter": AdapterConfig(dropout=0.1),
            "held_out": HeldOutConfig(patience=0),
            **settings,
        }
    )
    footage = footage or tiny_footage(40)
    curriculum = Curriculum(
        source=TinySource(),
        windows=plan_windows(footage, epochs=config.epochs, batch=8, per_video=3, seed=config.seed),
        steps_of_epoch=steps_of_epoch(len(footage), 8),
        held_out=HELD_OUT,
    )
    folder = TrainingFolder(out)
    return train(model or tiny_language_model(), curriculum, config, folder, report_to=report_to, ears=ears)


if __name__ == "__main__":
    wait_s = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    tiny_training(Path(sys.argv[1]), ears=Ears(progress=lambda progress: time.sleep(wait_s)))
