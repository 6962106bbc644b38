"""Tiny Video-LLMs with random weights, one of each family: real classes, real processors, no download."""

from __future__ import annotations

import json
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
_SIGLIP = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}IMAGE{% elif part['type'] == 'video' %}VIDEO"
    "{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


_QWEN_IMAGE = "<|vision_start|><|image_pad|><|vision_end|>"
_QWEN_VIDEO = "<|vision_start|><|video_pad|><|vision_end|>"


def _tokenizer(*special: str, **names: str) -> Any:
    """A token a byte, which needs no file."""
    alphabet = {character: number for number, character in enumerate(sorted(ByteLevel.alphabet()))}
    bytes_ = Tokenizer(models.BPE(vocab=alphabet, merges=[]))
    bytes_.pre_tokenizer, bytes_.decoder = ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=bytes_,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        extra_special_tokens={"turn_token": "<|im_start|>", **names} if names else ["<|im_start|>", *special],
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
    _save_words(folder, tokenizer, _QWEN_IMAGE, _QWEN_VIDEO)
    transformers.Qwen2VLImageProcessorPil(min_pixels=28 * 28, max_pixels=28 * 28 * 16).save_pretrained(folder)
    return transformers.Qwen2_5_VLForConditionalGeneration(config)


def _qwen3_vl(folder: Path) -> Any:
    tokenizer = _tokenizer("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
    number = tokenizer.convert_tokens_to_ids
    rope = {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0}
    config = transformers.Qwen3VLConfig(
        text_config={**_TEXT, "head_dim": 8, "vocab_size": len(tokenizer), "rope_parameters": rope},
        vision_config={
            "depth": 2, "hidden_size": 32, "intermediate_size": 64, "num_heads": 4, "out_hidden_size": 32,
            "num_position_embeddings": 64, "deepstack_visual_indexes": [0],
        },
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
    )  # fmt: skip
    _save_words(folder, tokenizer, _QWEN_IMAGE, _QWEN_VIDEO)
    transformers.Qwen2VLImageProcessorPil(
        patch_size=16, min_pixels=32 * 32, max_pixels=32 * 32 * 16
    ).save_pretrained(folder)
    return transformers.Qwen3VLForConditionalGeneration(config)


def _qwen3_5(folder: Path) -> Any:
    tokenizer = _tokenizer("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
    number = tokenizer.convert_tokens_to_ids
    rope = {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0}
    linear = {"linear_num_key_heads": 2, "linear_num_value_heads": 2, "linear_key_head_dim": 8}
    config = transformers.Qwen3_5Config(
        text_config={
            **_TEXT, **linear, "linear_value_head_dim": 8, "head_dim": 8, "vocab_size": len(tokenizer),
            "rope_parameters": {**rope, "partial_rotary_factor": 1.0},
            "layer_types": ["linear_attention", "full_attention"],
        },
        vision_config={
            "depth": 2, "hidden_size": 32, "intermediate_size": 64, "num_heads": 4, "out_hidden_size": 32,
            "num_position_embeddings": 64,
        },
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
    )  # fmt: skip
    _save_words(folder, tokenizer, _QWEN_IMAGE, _QWEN_VIDEO)
    return transformers.Qwen3_5ForConditionalGeneration(config)


def _video_llama_3(folder: Path) -> Any:
    tokenizer = _tokenizer("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
    number = tokenizer.convert_tokens_to_ids
    config = transformers.VideoLlama3Config(
        text_config={**_TEXT, "model_type": "qwen2", "vocab_size": len(tokenizer)},
        vision_config={**_SIGLIP, "model_type": "video_llama_3_vision", "patch_size": 14},
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
    )
    _save_words(folder, tokenizer, _QWEN_IMAGE, _QWEN_VIDEO)
    return transformers.VideoLlama3ForConditionalGeneration(config)


def _llava_next_video(folder: Path) -> Any:
    return _vicuna(
        folder, transformers.LlavaNextVideoConfig, transformers.LlavaNextVideoForConditionalGeneration
    )


def _video_llava(folder: Path) -> Any:
    return _vicuna(folder, transformers.VideoLlavaConfig, transformers.VideoLlavaForConditionalGeneration)


def _vicuna(folder: Path, config_class: Any, model_class: Any) -> Any:
    tokenizer = _tokenizer("<image>", "<video>")
    number = tokenizer.convert_tokens_to_ids
    config = config_class(
        text_config={**_TEXT, "model_type": "llama", "vocab_size": len(tokenizer)},
        vision_config={**_SIGLIP, "model_type": "clip_vision_model", "image_size": 56, "patch_size": 14},
        image_token_index=number("<image>"),
        video_token_index=number("<video>"),
    )
    _save_words(folder, tokenizer, "<image>", "<video>")
    return model_class(config)


def _llava_onevision(folder: Path) -> Any:
    tokenizer = _tokenizer("<image>", "<video>")
    number = tokenizer.convert_tokens_to_ids
    config = transformers.LlavaOnevisionConfig(
        text_config={**_TEXT, "model_type": "qwen2", "vocab_size": len(tokenizer)},
        vision_config={**_SIGLIP, "image_size": 56, "patch_size": 14, "vision_use_head": False},
        image_token_index=number("<image>"),
        video_token_index=number("<video>"),
        image_grid_pinpoints=[[56, 56], [56, 112]],
    )
    _save_words(
        folder, tokenizer, "<image>", "<video>", num_image_tokens=16, vision_feature_select_strategy="full"
    )
    transformers.LlavaOnevisionImageProcessorPil(
        size={"height": 56, "width": 56}, image_grid_pinpoints=[[56, 56], [56, 112]]
    ).save_pretrained(folder)
    return transformers.LlavaOnevisionForConditionalGeneration(config)


def _smolvlm(folder: Path) -> Any:
    tokenizer = _tokenizer("<image>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>")
    config = transformers.SmolVLMConfig(
        text_config={**_TEXT, "model_type": "llama", "vocab_size": len(tokenizer)},
        vision_config={**_SIGLIP, "model_type": "smolvlm_vision", "image_size": 64, "patch_size": 16},
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        scale_factor=2,
    )
    _save_words(folder, tokenizer, "<image>", "<video>", image_seq_len=4)
    transformers.SmolVLMImageProcessorPil(
        do_image_splitting=False, size={"longest_edge": 64}, max_image_size={"longest_edge": 64}
    ).save_pretrained(folder)
    return transformers.SmolVLMForConditionalGeneration(config)


def _internvl(folder: Path) -> Any:
    tokenizer = _tokenizer(
        start_image_token="<img>",
        end_image_token="</img>",
        context_image_token="<IMG_CONTEXT>",
        video_token="<video>",
    )
    config = transformers.InternVLConfig(
        text_config={**_TEXT, "model_type": "qwen2", "vocab_size": len(tokenizer)},
        vision_config={**_SIGLIP, "image_size": [56, 56], "patch_size": [14, 14]},
        image_token_id=tokenizer.convert_tokens_to_ids("<IMG_CONTEXT>"),
        image_seq_length=4,
    )
    _save_words(folder, tokenizer, "<IMG_CONTEXT>", "<video>", image_seq_length=4)
    transformers.GotOcr2ImageProcessorPil(
        size={"height": 56, "width": 56}, crop_to_patches=False
    ).save_pretrained(folder)
    return transformers.InternVLForConditionalGeneration(config)


def _save_words(folder: Path, tokenizer: Any, image: str, video: str, **processor: Any) -> None:
    tokenizer.chat_template = _TEMPLATE.replace("IMAGE", image).replace("VIDEO", video)
    tokenizer.save_pretrained(folder)
    (folder / "processor_config.json").write_text(json.dumps(processor))


_MAKERS: dict[str, Callable[[Path], Any]] = {
    "qwen2_5_vl": _qwen2_5_vl,
    "qwen3_vl": _qwen3_vl,
    "llava_onevision": _llava_onevision,
    "smolvlm": _smolvlm,
    "internvl": _internvl,
}
FAMILIES = tuple(_MAKERS)
"""Those whose processor reads pictures without torchvision."""
_MAKERS |= {
    "qwen3_5": _qwen3_5,
    "video_llama_3": _video_llama_3,
    "llava_next_video": _llava_next_video,
    "video_llava": _video_llava,
}
VIDEO_FAMILIES = tuple(_MAKERS)
"""Those and the ones without a saved processor, for rows that are made without one."""


def save_tiny(family: str, folder: Path) -> Path:
    """Save a tiny model of a family of `VIDEO_FAMILIES`; the same weights every time."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    _MAKERS[family](folder).save_pretrained(folder)
    return folder
