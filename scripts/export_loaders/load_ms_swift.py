"""ms-swift: its preprocessing, and a batch of its template of LLaVA-NeXT-Video, which decodes with PyAV."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import torch
from check import check_batch, responses
from stand_in import StandInProcessor, stand_in
from swift.dataset import load_dataset
from swift.template import Template, get_template


def main(export: Path) -> None:
    """Rows, a batch, and half the weight for rationales, with which the script exports for ms-swift."""
    rows, _ = load_dataset([str(export / "train.jsonl")], split_dataset_ratio=0.0, strict=True)
    replies = responses(export)
    assert len(rows) == len(replies)
    processor = stand_in()
    template = template_of(processor)
    batch = template.data_collator([template.encode(rows[number]) for number in range(4)])
    check_batch("ms-swift", batch, processor.tokenizer, replies)
    weights = set(batch["loss_scale"].flatten().tolist())
    assert weights == {0.0, 0.5, 1.0}, f"weights {weights}"


def template_of(processor: StandInProcessor) -> Template:
    """The template, as for a model with that processor; weights of replies count."""
    processor.model_info = SimpleNamespace(
        torch_dtype=torch.float32, max_model_len=4096, model_dir="none", task_type="causal_lm", config=None
    )
    processor.model_meta = SimpleNamespace(template="llava_next_video_hf", is_multimodal=True)
    template = get_template(processor, template_type="llava_next_video_hf", is_binary_loss_scale=False)
    template.set_mode("train")
    return template


if __name__ == "__main__":
    main(Path(sys.argv[1]))
