"""What others do with the same rows: the Trainer of transformers, and TRL's where it is installed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from typing import Any

import torch
import transformers

from benchmarks.sharing_model import Bench
from videostep.learn.sharing import Row


def learn_by_trainer(bench: Bench, rows: list[Row], make: Callable[..., Any]) -> float:
    """One step of a trainer of rows, one row at a time, that is not to change the weights."""
    clock_s = time.process_time if bench.device.type == "cpu" else time.perf_counter
    began_s = clock_s()
    with tempfile.TemporaryDirectory() as folder:
        trainer = make(
            bench.model,
            lambda batch: inputs_of(bench, rows[batch[0]["number"]]),
            len(rows),
            output_dir=folder, per_device_train_batch_size=1, gradient_accumulation_steps=len(rows),
            max_steps=1, learning_rate=0.0, optim="sgd", max_grad_norm=0.0, report_to=[], save_strategy="no",
            disable_tqdm=True, remove_unused_columns=False, use_cpu=bench.device.type == "cpu",
            logging_strategy="no", label_names=["labels"],
        )  # fmt: skip
        started_s = clock_s()
        trainer.train()
    return started_s - began_s


def plain_trainer(model: Any, collator: Any, rows: int, **arguments: Any) -> Any:
    return transformers.Trainer(
        model=model,
        args=transformers.TrainingArguments(**arguments),
        train_dataset=[{"number": number} for number in range(rows)],
        data_collator=collator,
    )


def trl_trainer(model: Any, collator: Any, rows: int, **arguments: Any) -> Any:
    from datasets import Dataset
    from tokenizers import Tokenizer, models
    from trl import SFTConfig, SFTTrainer

    words = Tokenizer(models.WordLevel({"<end>": 0}, unk_token="<end>"))
    settings = {
        "dataset_kwargs": {"skip_prepare_dataset": True},
        "gradient_checkpointing": False,
        "bf16": False,
    }
    return SFTTrainer(
        model=model,
        args=SFTConfig(**arguments, **settings),
        train_dataset=Dataset.from_dict({"number": list(range(rows))}),
        data_collator=collator,
        processing_class=transformers.PreTrainedTokenizerFast(tokenizer_object=words, eos_token="<end>"),
    )


def inputs_of(bench: Bench, row: Row) -> dict[str, torch.Tensor]:
    labels = torch.full((1, len(row)), -100)
    for target in row.targets:
        labels[0, target.position + 1] = target.token
    inputs = {
        "input_ids": torch.from_numpy(row.tokens)[None],
        "attention_mask": torch.ones(1, len(row), dtype=torch.long),
        "position_ids": torch.from_numpy(row.axes)[:, None],
        "labels": labels,
    }
    return inputs | {name: value.cpu() for name, value in bench.media[row.media].items()}
