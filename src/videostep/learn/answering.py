"""Answers of a model that is shown each video as training shows it: by its own video input, at true times."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from videostep.errors import RequestError
from videostep.families.family import Family
from videostep.families.told import IntArray
from videostep.frames.reading import read_frames
from videostep.frames.video_frames import VideoFrames
from videostep.learn.config import TrainConfig
from videostep.learn.loading import base_of, context_of, family_of, load_model
from videostep.video import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A conversation up to the reply."""

    tokens: IntArray
    positions: IntArray
    """(axes, n)."""
    media: dict[str, Any]
    end: int
    """The token that ends a turn."""


class TaughtModel:
    """`ID_OR_PATH[+ADAPTER]` of a family that videostep trains; one question at a time, greedily."""

    def __init__(self, model: str, config: TrainConfig | None = None) -> None:
        """Load the weights.

        Args:
            model: As `videostep train --model` takes it, or with `transformers:` before it.
            config: Of its training: which frames it looks at, and how large; None: the family's own limits.

        Raises:
            ConfigError: There is no such model or adapter, or it cannot be shown a video.
        """
        config = config or TrainConfig()
        base = base_of(model)
        self._family: Family = family_of(base, config)
        self._most_tokens = context_of(base)
        has_bf16 = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
        weights = load_model(base, config, bf16=has_bf16)
        if base.adapter is not None:
            from peft import PeftModel

            weights = PeftModel.from_pretrained(weights, base.adapter)
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = weights.to(device).eval()
        self._device = device
        look = hashlib.sha256(self._family.look.encode()).hexdigest()
        self.name = f"transformers:{base.name} as trained, look {look[:8]}"
        """Changes with whatever decides its answers."""

    def close(self) -> None:
        """Let go of the weights."""
        self._model = None

    def watch(self, path: Path, span_s: TimeSpan | None) -> VideoFrames:
        """The frames that it looks at; raises MediaError."""
        return read_frames(path, self._family, span_s=span_s)

    def answer(self, frames: VideoFrames | None, words: str, *, max_tokens: int) -> str:
        """What it says to these words about a video, or without one.

        Raises:
            ConfigError: The words hold tokens that stand for pictures.
            RequestError: Video and words do not fit into its context, or the reply does not end in time.
        """
        asked = self._asked(frames, words)
        if len(asked.tokens) + max_tokens > self._most_tokens:
            raise RequestError(
                f"the question takes {len(asked.tokens)} tokens and its reply {max_tokens}, the model "
                f"{self._most_tokens}",
                remedy="show fewer frames, or smaller ones",
            )
        with torch.inference_mode():
            said = self._say(asked, max_tokens)
        return str(self._family.dialogue.tokenizer.decode(said, skip_special_tokens=True)).strip()

    def _asked(self, frames: VideoFrames | None, words: str) -> _Asked:
        dialogue = self._family.dialogue
        end = dialogue.reply(words, "")[-1]
        if frames is None:
            tokens = np.array(dialogue.words_alone(words), dtype=np.int64)
            return _Asked(tokens=tokens, positions=np.arange(len(tokens))[None], media={}, end=end)
        told, inputs = self._family.asked(frames, words)
        media = {name: value.to(self._device) for name, value in inputs.items()}
        return _Asked(tokens=told.tokens, positions=told.axes, media=media, end=end)

    def _say(self, asked: _Asked, max_tokens: int) -> list[int]:
        """The likeliest next token, again and again, until the turn ends."""
        said: list[int] = []
        cache = None
        tokens, positions, media = asked.tokens, asked.positions, asked.media
        for _ in range(max_tokens):
            output = self._model(
                input_ids=torch.from_numpy(tokens[None]).to(self._device),
                position_ids=self._axes(positions),
                past_key_values=cache,
                use_cache=True,
                **media,
            )
            token, cache = int(output.logits[0, -1].argmax()), output.past_key_values
            if token == asked.end:
                return said
            said.append(token)
            tokens, media = np.array([token]), {}
            positions = np.full((len(positions), 1), positions.max() + 1)
        raise RequestError(f"the reply does not end within {max_tokens} tokens", remedy="allow more tokens")

    def _axes(self, positions: IntArray) -> torch.Tensor:
        """(axes, 1, n); a model with one axis wants it without a dimension of its own."""
        axes = torch.from_numpy(positions[:, None]).to(self._device)
        return axes[0] if len(axes) == 1 else axes
