"""From our settings to those of `transformers.Trainer`."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import torch
from transformers import TrainingArguments
from transformers.integrations.integration_utils import INTEGRATION_TO_CALLBACK

from videostep.errors import ConfigError
from videostep.learn.config import TrainConfig


def training_arguments(
    config: TrainConfig,
    folder: Path,
    *,
    steps: int,
    bf16: bool,
    report_to: tuple[str, ...] = (),
    loaders: int = 0,
) -> TrainingArguments:
    """The Trainer's arguments.

    Args:
        config: Our settings.
        folder: Where checkpoints go.
        steps: Optimizer steps in all.
        bf16: Whether to calculate in bfloat16.
        report_to: `tensorboard`, `wandb` ...
        loaders: Processes that decode videos ahead; 0: the training one does.
    """
    return TrainingArguments(
        output_dir=str(folder),
        # An epoch of the Trainer is the whole training: the plan has our epochs in it.
        num_train_epochs=1,
        per_device_train_batch_size=1,
        gradient_accumulation_steps=1,
        learning_rate=config.peak_learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=round(config.warmup * steps),
        weight_decay=config.weight_decay,
        max_grad_norm=config.max_grad_norm,
        # Else torchrun's processes on a CPU would look for a GPU each, and not find one another.
        use_cpu=not torch.accelerator.is_available(),
        bf16=bf16,
        activation_checkpointing=saves_memory(config),
        activation_checkpointing_kwargs={"use_reentrant": False},
        # Checkpoints and looks at held-out videos are ordered by `Pace`, which knows our epochs.
        save_strategy="no",
        eval_strategy="no",
        save_total_limit=2,
        logging_steps=1,
        logging_nan_inf_filter=False,
        disable_tqdm=True,
        report_to=list(report_to),
        seed=config.seed,
        dataloader_num_workers=loaders,
        dataloader_pin_memory=False,
        remove_unused_columns=False,
        label_names=["labels"],
        prediction_loss_only=True,
    )


def saves_memory(config: TrainConfig) -> bool:
    """Whether activations are computed twice instead of being kept."""
    if config.gradient_checkpointing is not None:
        return config.gradient_checkpointing
    return bool(torch.cuda.is_available())


def check_reporters(names: Sequence[str]) -> None:
    """Raise ConfigError for a reporter that transformers does not know, or whose package is not installed."""
    for name in names:
        if name not in INTEGRATION_TO_CALLBACK:
            near = get_close_matches(name, INTEGRATION_TO_CALLBACK, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(INTEGRATION_TO_CALLBACK)}"
            raise ConfigError(f"nothing is called {name!r} that losses could be reported to", remedy=hint)
        try:
            INTEGRATION_TO_CALLBACK[name]()
        except RuntimeError as error:
            raise ConfigError(
                f"losses cannot be reported to {name}: {error}", remedy=f"pip install {name}"
            ) from error
