"""LLaMA-Factory: its dataset registry, its template and pictures of Qwen2-VL, and a batch of its collator."""

from __future__ import annotations

import importlib.machinery
import sys
import types
from pathlib import Path

# Sound needs torchaudio, which torch for CPUs lacks; exports have no sound, but the import is there.
torchaudio = types.ModuleType("torchaudio")
torchaudio.__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)
sys.modules["torchaudio"] = torchaudio

from check import check_batch, responses  # noqa: E402
from llamafactory.data import (  # noqa: E402
    SFTDataCollatorWith4DAttentionMask,
    get_dataset,
    get_template_and_fix_tokenizer,
)
from llamafactory.hparams import DataArguments, ModelArguments  # noqa: E402
from stand_in import stand_in  # noqa: E402
from transformers import Seq2SeqTrainingArguments  # noqa: E402


def main(export: Path) -> None:
    """The registered dataset, tokenized, and a batch."""
    processor = stand_in()
    tokenizer = processor.tokenizer
    data = DataArguments(
        dataset="videostep_train",
        dataset_dir=str(export),
        media_dir=str(export),
        template="qwen2_vl",
        cutoff_len=2048,
    )
    training = Seq2SeqTrainingArguments(output_dir=str(export.parent / "llama-factory-output"), use_cpu=True)
    model = ModelArguments(model_name_or_path="none")
    template = get_template_and_fix_tokenizer(tokenizer, data)
    module = get_dataset(
        template, model, data, training, stage="sft", tokenizer=tokenizer, processor=processor
    )
    rows, replies = module["train_dataset"], responses(export)
    assert len(rows) == len(replies)
    collate = SFTDataCollatorWith4DAttentionMask(template=template, processor=processor, tokenizer=tokenizer)
    check_batch("llama-factory", collate([rows[number] for number in range(4)]), tokenizer, replies)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
