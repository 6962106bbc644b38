"""The models and rows on which sharing is measured: Qwen2.5-VL's family with random weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
import transformers

from videostep.learn.sharing import Row, Target

VIDEO_TOKENS, QUESTION_TOKENS, INSTRUCTION_TOKENS = 768, 20, 8
REPLY_TOKENS = {"answer": 12, "rationale": 92}
"""With the instruction: 20 and 100 tokens behind the question."""
GRID = (12, 16, 16)
"""Patches over time, height and width; four of them make a token."""
VIDEO_ID, START_ID, FIRST_TEXT_ID = 10, 11, 20
SHAPES = {
    "tiny": {"hidden": 96, "mlp": 192, "layers": 2, "heads": 4, "kv_heads": 2, "words": 256},
    "small": {"hidden": 384, "mlp": 1024, "layers": 4, "heads": 6, "kv_heads": 2, "words": 2048},
    "500m": {"hidden": 896, "mlp": 4864, "layers": 24, "heads": 14, "kv_heads": 2, "words": 151_936},
    "7b": {"hidden": 3584, "mlp": 18_944, "layers": 28, "heads": 28, "kv_heads": 4, "words": 152_064},
}
"""Decoders: two small ones, the first to try the benchmark itself, and those of Qwen2.5's 0.5B and 7B."""
CHECKPOINTED = frozenset({"7b"})
"""Shapes whose layers are computed again in the backward pass, as videostep does on a GPU."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A model and where it runs."""

    model: Any
    media: dict[str, dict[str, torch.Tensor]]
    rounds: int
    parameters: int
    """Of the decoder without its embedding: what a token is multiplied with."""
    is_checkpointed: bool

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device


def make_bench(name: str, *, device: str, dtype: torch.dtype, rounds: int) -> Bench:
    shape = SHAPES[name]
    torch.manual_seed(0)
    config = transformers.Qwen2_5_VLConfig(
        text_config={
            "hidden_size": shape["hidden"], "intermediate_size": shape["mlp"],
            "num_hidden_layers": shape["layers"], "num_attention_heads": shape["heads"],
            "num_key_value_heads": shape["kv_heads"], "vocab_size": shape["words"],
            "bos_token_id": 1, "eos_token_id": 2,
            "rope_parameters": {
                "rope_type": "default", "rope_theta": 1e6, "mrope_section": mrope_section(shape),
            },
        },
        vision_config={
            "depth": 2, "hidden_size": 128, "intermediate_size": 256, "num_heads": 4,
            "out_hidden_size": shape["hidden"], "fullatt_block_indexes": [1],
        },
        video_token_id=VIDEO_ID, vision_start_token_id=START_ID, image_token_id=12, vision_end_token_id=13,
    )  # fmt: skip
    torch.set_default_dtype(dtype)  # made in their precision: twice their size would not fit everywhere
    with torch.device(device):
        model = transformers.Qwen2_5_VLForConditionalGeneration(config)
    torch.set_default_dtype(torch.float32)
    if name in CHECKPOINTED:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    patches = torch.randn(GRID[0] * GRID[1] * GRID[2], 3 * 2 * 14 * 14, device=device, dtype=dtype)
    grid = torch.tensor([GRID], device=device)
    layers = model.model.language_model.layers
    return Bench(
        model=model,
        media={"video": {"pixel_values_videos": patches, "video_grid_thw": grid}},
        rounds=rounds,
        parameters=sum(parameter.numel() for parameter in layers.parameters()),
        is_checkpointed=name in CHECKPOINTED,
    )


def mrope_section(shape: dict[str, int]) -> list[int]:
    pairs = shape["hidden"] // shape["heads"] // 2
    return [pairs - 2 * (pairs * 3 // 8), pairs * 3 // 8, pairs * 3 // 8]


def make_rows(bench: Bench, questions: int) -> list[Row]:
    """Two rows a question, of random words."""
    noise = torch.Generator().manual_seed(questions)

    def text(length: int) -> list[int]:
        words = bench.model.config.text_config.vocab_size
        return torch.randint(FIRST_TEXT_ID, words, (length,), generator=noise).tolist()

    instructions = {task: text(INSTRUCTION_TOKENS) for task in REPLY_TOKENS}
    rows = []
    for _ in range(questions):
        question = text(QUESTION_TOKENS)
        for task, length in REPLY_TOKENS.items():
            reply = text(length)
            tokens = [START_ID, *[VIDEO_ID] * VIDEO_TOKENS, *question, *instructions[task], *reply]
            first = len(tokens) - length - 1
            targets = [Target(position=first + at, token=token, task=task) for at, token in enumerate(reply)]
            rows.append(row_of(bench, tokens, targets))
    return rows


def row_of(bench: Bench, tokens: list[int], targets: Sequence[Target]) -> Row:
    ids = torch.tensor([tokens])
    kinds = (ids == VIDEO_ID).int() * 2
    positions, _ = bench.model.model.get_rope_index(ids, kinds, video_grid_thw=torch.tensor([GRID]))
    return Row(tokens=tokens, targets=tuple(targets), media="video", positions=positions[:, 0].numpy())
