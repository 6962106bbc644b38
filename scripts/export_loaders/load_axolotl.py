"""Axolotl: the config that the export began, its dataset preparation, and a batch of its collator."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml
from axolotl.processing_strategies import get_processing_strategy
from axolotl.utils.chat_templates import get_chat_template
from axolotl.utils.collators.mm_chat import MultiModalChatDataCollator
from axolotl.utils.config import validate_config
from axolotl.utils.data.sft import prepare_datasets
from axolotl.utils.dict import DictDefault
from check import check_batch, responses
from stand_in import stand_in


def main(export: Path) -> None:
    """The configured dataset and a batch."""
    processor = stand_in()
    rows, *_ = prepare_datasets(config_of(export), processor.tokenizer, processor)
    replies = responses(export)
    assert len(rows) == len(replies)
    strategy = get_processing_strategy(processor, get_chat_template("qwen2_vl"), "qwen2_vl")
    collate = MultiModalChatDataCollator(processor.tokenizer, strategy)
    check_batch("axolotl", collate([rows[number] for number in range(4)]), processor.tokenizer, replies)


def config_of(export: Path) -> DictDefault:
    """What the export wrote, in a config that is as short as Axolotl admits."""
    rest = {
        "base_model": "none",
        "chat_template": "qwen2_vl",
        "learning_rate": 1e-5,
        "num_epochs": 1,
        "micro_batch_size": 1,
        "gradient_accumulation_steps": 1,
        "dataset_prepared_path": str(export.parent / "axolotl-prepared"),
        "dataset_num_proc": 1,
    }
    written = yaml.safe_load((export / "axolotl.yaml").read_text())
    return validate_config(DictDefault({**written, **rest})) | {"batch_size": 1}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
