"""Tiny Video-LLMs with random weights, one of each family: real classes, real processors, no download."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models
from tokenizers.pre_tokenizers import ByteLevel

_TEXT = {
    "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": 4096,
}  # fmt: skip
_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}IMAGE{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _tokenizer(*special: str) -> Any:
    """A token a byte, which needs no file."""
    alphabet = {character: number for number, character in enumerate(sorted(ByteLevel.alphabet()))}
    bytes_ = Tokenizer(models.BPE(vocab=alphabet, merges=[]))
    bytes_.pre_tokenizer, bytes_.decoder = ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=bytes_,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=["<|im_start|>", *special],
    )


def _qwen2_5_vl(folder: Path) -> Any:
    tokenizer = _tokenizer("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
    number = tokenizer.convert_tokens_to_ids
    rope = {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0}
    config = transformers.Qwen2_5_VLConfig(
        text_config={**_TEXT, "vocab_size": len(tokenizer), "rope_parameters": rope},
        vision_config={
            "depth": 2, "hidden_size": 32, "intermediate_size": 64, "num_heads": 4, "out_hidden_size": 32,
            "fullatt_block_indexes": [1], "window_size": 56,
        },
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
    )  # fmt: skip
    _save_words(folder, tokenizer, "<|vision_start|><|image_pad|><|vision_end|>")
    transformers.Qwen2VLImageProcessorPil(min_pixels=28 * 28, max_pixels=28 * 28 * 16).save_pretrained(folder)
    return transformers.Qwen2_5_VLForConditionalGeneration(config)


def _save_words(folder: Path, tokenizer: Any, image: str) -> None:
    tokenizer.chat_template = _TEMPLATE.replace("IMAGE", image)
    tokenizer.save_pretrained(folder)


_MAKERS: dict[str, Callable[[Path], Any]] = {"qwen2_5_vl": _qwen2_5_vl}
FAMILIES = tuple(_MAKERS)


def save_tiny(family: str, folder: Path) -> Path:
    """Save a tiny model of a family of `FAMILIES`, with its processor; the same weights every time."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    _MAKERS[family](folder).save_pretrained(folder)
    return folder
