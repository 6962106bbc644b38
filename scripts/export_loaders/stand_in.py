"""A tokenizer and a processor made by hand, so that a batch can be rendered without a model's files.

Torch for CPUs has no torchvision, which every video processor of transformers needs. So the pictures are
decoded by transformers with PyAV, shrunk to a handful of pixels, and each is one token.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import BatchFeature, PreTrainedTokenizerFast, ProcessorMixin
from transformers.video_utils import load_video

VIDEO_TOKEN = "<|video_pad|>"
FRAMES = 4
SIDE_PX = 28
"""Of a shrunk picture: two by two patches of 14 pixels."""
TEMPLATE = """{% for message in messages %}<|im_start|>{{ message['role'] }}
{% if message['content'] is string %}{{ message['content'] }}{% else -%}
{% for content in message['content'] -%}
{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}<|image_pad|>
{%- elif content['type'] == 'video' or 'video' in content %}<|vision_start|><|video_pad|><|vision_end|>
{%- elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""
"""Tells the parts of a message apart as Qwen2.5-VL's template does: by keys, not by the type alone."""


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte, and Qwen's special tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={char: n for n, char in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    marks = ["<|im_start|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", VIDEO_TOKEN, "<video>"]
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=marks,
        chat_template=TEMPLATE,
    )


def shrink(frames: Any) -> torch.Tensor:
    """Pictures as (frame, 3, SIDE_PX, SIDE_PX), 0..1; raises ValueError if nothing was decoded."""
    pixels = torch.from_numpy(np.stack([np.asarray(frame) for frame in frames])).float() / 255
    if pixels.ndim != 4 or pixels.std() == 0:
        raise ValueError(f"these are no pictures: {tuple(pixels.shape)}")
    return torch.nn.functional.interpolate(pixels.movedim(-1, 1), (SIDE_PX, SIDE_PX))


class StandInVideoProcessor:
    """Takes decoded videos; two by two patches a picture, merged into one token."""

    merge_size = 2
    temporal_patch_size = 1
    model_input_names = ("pixel_values_videos", "video_grid_thw")

    def __call__(self, videos: Any, **options: Any) -> BatchFeature:
        """Pixels of all pictures, and how many patches each video has."""
        shrunk = [shrink(frames) for frames in videos]
        grids = [[len(frames), 2, 2] for frames in shrunk]
        return BatchFeature({"pixel_values_videos": torch.cat(shrunk), "video_grid_thw": torch.tensor(grids)})


class StandInProcessor(ProcessorMixin):
    """What `AutoProcessor.from_pretrained` would give, as far as loaders ask."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        """The parts that loaders look for."""
        super().__init__(tokenizer=tokenizer, chat_template=TEMPLATE)
        self.video_processor = StandInVideoProcessor()
        self.image_processor = SimpleNamespace(merge_size=2, temporal_patch_size=1, patch_size=14)
        self.video_token = VIDEO_TOKEN
        self.video_token_id = tokenizer.convert_tokens_to_ids(VIDEO_TOKEN)

    def __call__(
        self, images: Any = None, text: Any = None, videos: Any = None, audio: Any = None, **options: Any
    ) -> BatchFeature:
        """Tokens with one for each picture, and the pictures."""
        assert images is None
        assert audio is None
        assert videos is not None, "the loader found no video"
        paths = [path for item in videos for path in (item if isinstance(item, list) else [item])]
        pictures = [load_video(path, num_frames=FRAMES, backend="pyav")[0] for path in paths]
        texts = [text] if isinstance(text, str) else text
        assert sum(item.count(VIDEO_TOKEN) for item in texts) == len(paths)
        texts = [item.replace(VIDEO_TOKEN, VIDEO_TOKEN * FRAMES) for item in texts]
        tokens = self.tokenizer(texts, padding=True, return_tensors="pt", add_special_tokens=False)
        return BatchFeature({**tokens, **self.video_processor(pictures)})


def stand_in() -> StandInProcessor:
    """The processor with its tokenizer."""
    return StandInProcessor(byte_tokenizer())
