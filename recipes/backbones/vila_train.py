"""VILA trained with the joint objective, by its own trainer and in its own environment.

    cd VILA
    export VILA_DATASETS=OUT/vila_datasets.yaml
    torchrun ... /PATH/TO/recipes/backbones/vila_train.py llava/train/train_mem.py ...

No file of VILA is edited. Two things are replaced when it is loaded: its collator marks the labels of
rationales, and the loss is `joint_loss.py`, where VILA takes one mean over all tokens. Give
--gradient_accumulation_steps 1: each forward pass has its own means.
"""

from __future__ import annotations

import os
import runpy
import sys
from typing import Any

import torch
from joint_loss import learning_jointly, tag_rationales

WEIGHT = float(os.environ.get("STEP_LAMBDA", "1.0"))
"""Lambda; STEP, equation 3."""
RATIONALE_INSTRUCTION = os.environ.get(
    "STEP_RATIONALE_INSTRUCTION", "Explain step by step what leads to the answer, then give the answer."
)
"""What `videostep export` says before a rationale: by it a conversation is known for one."""


def mark_rationales(collator_class: Any, instruction: str) -> None:
    """Have the collator mark labels; VILA packs conversations later, and labels keep their marks."""
    own_call = collator_class.__call__

    def call(self: Any, instances: Any) -> Any:
        batch = own_call(self, instances)
        texts = [
            self.tokenizer.decode([int(token) for token in row if token >= 0]) for row in batch["input_ids"]
        ]
        is_rationale = torch.tensor([instruction in text for text in texts])
        return {**batch, "labels": tag_rationales(batch["labels"], is_rationale)}

    collator_class.__call__ = call


def learn_jointly(model_class: Any, weight: float) -> None:
    """Give LlavaLlamaModel, whose language model is `self.llm`, the joint objective."""
    own_forward = model_class.forward

    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        with learning_jointly(self.llm, weight):
            return own_forward(self, *args, **kwargs)

    model_class.forward = forward


def main() -> None:
    """Replace the two, then run VILA's own script with the arguments that follow it."""
    sys.path.insert(0, os.getcwd())
    from llava.data.collate import DataCollator
    from llava.model import LlavaLlamaModel

    mark_rationales(DataCollator, RATIONALE_INSTRUCTION)
    learn_jointly(LlavaLlamaModel, WEIGHT)
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
