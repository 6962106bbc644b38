"""TRL: conversational rows, its chat template function, and a batch of SFTTrainer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import torch
from check import check_batch, responses
from datasets import load_dataset
from stand_in import StandInProcessor, stand_in
from transformers import LlamaConfig, LlamaForCausalLM
from trl import SFTConfig, SFTTrainer
from trl.data_utils import apply_chat_template, is_conversational


def main(export: Path) -> None:
    """Rows, their text, and a batch of the trainer."""
    rows = load_dataset("json", data_files=str(export / "train.jsonl"))["train"]
    replies = responses(export)
    assert len(rows) == len(replies)
    processor = stand_in()
    texts = [apply_chat_template(row, processor) for row in rows if is_conversational(row)]
    assert len(texts) == len(rows)
    print(f"trl            {len(rows)} rows: {texts[0]}")
    trainer = SFTTrainer(
        model=LlamaForCausalLM(tiny_llama(len(processor.tokenizer))),
        args=SFTConfig(
            output_dir=str(export.parent / "trl-output"),
            per_device_train_batch_size=4,
            remove_unused_columns=False,
            dataset_kwargs={"skip_prepare_dataset": True},
            report_to=[],
            use_cpu=True,
            bf16=False,
        ),
        train_dataset=rows,
        processing_class=processor,
        data_collator=lambda batch: collate(batch, processor),
    )
    check_batch("trl", next(iter(trainer.get_train_dataloader())), processor.tokenizer, replies)


def collate(batch: list[dict[str, Any]], processor: StandInProcessor) -> dict[str, torch.Tensor]:
    """The collator that docs/export.md asks for: the loss is on the completion."""
    options = {"tokenize": True, "return_dict": True}
    whole = processor.apply_chat_template([row["prompt"] + row["completion"] for row in batch], **options)
    labels = whole["input_ids"].masked_fill(whole["attention_mask"] == 0, -100)
    for row, label in zip(batch, labels, strict=True):
        prompt = processor.apply_chat_template([row["prompt"]], add_generation_prompt=True, **options)
        label[: prompt["input_ids"].shape[1]] = -100
    return {**whole, "labels": labels}


def tiny_llama(vocabulary: int) -> LlamaConfig:
    """A model that the trainer can hold; it is not run."""
    return LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        num_key_value_heads=1,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
