"""Any other model that reads pictures: frames go as pictures behind their times, by its own processor."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

from videostep.errors import ConfigError
from videostep.families.checkpoint import Checkpoint
from videostep.families.dialogue import Dialogue
from videostep.families.family import Family, MediaInputs
from videostep.families.limits import Limits
from videostep.families.processor import load_processor
from videostep.families.told import Told
from videostep.families.watched import Watched
from videostep.families.weightless import weightless
from videostep.frames.pixels import resize
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

SAMPLING = FrameSampling(fps=1.0, least_frames=1, most_frames=16)
MOST_PX = 448 * 448
"""Of a frame before the processor sees it: more would be cut into tiles by some."""
_TEXT_INPUTS = {"input_ids", "attention_mask", "mm_token_type_ids"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Generic(Family):
    """A model of no known family."""

    processor: Any
    config: Any
    most_px: int

    @property
    def look(self) -> str:
        """Sampling and size."""
        return f"{self.sampling} {self.most_px} {type(self.processor).__name__}"

    def fit(self, rgb: NDArray[np.uint8], n_frames: int) -> NDArray[np.uint8]:
        """No more pixels than allowed, of the same shape; the processor does the rest."""
        height_px, width_px = rgb.shape[:2]
        shrink = min(1.0, (self.most_px / (width_px * height_px)) ** 0.5)
        return resize(rgb, max(1, round(width_px * shrink)), max(1, round(height_px * shrink)))

    def check(self) -> None:
        """Put two grey frames into words; raises ConfigError if the processor cannot."""
        grey = np.full((2, 56, 56, 3), 128, dtype=np.uint8)
        frames = VideoFrames(key="", rgb=grey, times_s=(0.0, 1.0), duration_s=2.0, fps=1.0)
        try:
            inputs = self._inputs(frames, "?")
        except (TypeError, ValueError, KeyError, RuntimeError, ImportError) as error:
            reason = str(error).strip().partition("\n")[0][:200]
            raise ConfigError(
                f"the processor of {self.config.model_type!r} cannot take frames as pictures: {reason}",
                remedy="take a model of a known family, or write one: docs/families.md",
            ) from error
        if "token_type_ids" in inputs:
            raise ConfigError(
                f"models of type {self.config.model_type!r} tell pictures from words by token types, which "
                "rows do not have",
                remedy="take a model of a known family, or write one: docs/families.md",
            )

    def watch(self, frames: VideoFrames) -> Watched:
        """Only the inputs: the text is the processor's affair."""
        return Watched(layout="", runs=(), inputs=_media(self._inputs(frames, "?")))

    def told(
        self, frames: VideoFrames, words_and_replies: Iterable[tuple[str, str]]
    ) -> tuple[list[Told], MediaInputs]:
        """The processor sees the frames once for each conversation."""
        told: list[Told] = []
        media: MediaInputs = {}
        for words, reply in words_and_replies:
            inputs = self._inputs(frames, words)
            media = media or _media(inputs)
            told.append(self._told_by(inputs, self.dialogue.reply(words, reply)))
        return told, media

    def asked(self, frames: VideoFrames, words: str) -> tuple[Told, MediaInputs]:
        """As the processor writes it."""
        inputs = self._inputs(frames, words)
        return self._told_by(inputs, []), _media(inputs)

    def _told_by(self, inputs: dict[str, Any], reply: list[int]) -> Told:
        asked = inputs["input_ids"][0].tolist()
        tokens = np.array(asked + reply, dtype=np.int64)
        return Told(tokens=tokens, n_prompt=len(asked), positions=self._positions(inputs, len(reply)))

    def _inputs(self, frames: VideoFrames, words: str) -> dict[str, Any]:
        pictures = [
            part
            for rgb, time_s in zip(frames.rgb, frames.times_s, strict=True)
            for part in (
                {"type": "text", "text": f"{time_s:.1f} s:"},
                {"type": "image", "image": Image.fromarray(rgb)},
            )
        ]
        asked = [{"role": "user", "content": [*pictures, {"type": "text", "text": words}]}]
        return dict(
            self.processor.apply_chat_template(
                asked, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
            )
        )

    def _positions(self, inputs: dict[str, Any], n_reply: int) -> NDArray[np.int64] | None:
        """By the model's own `get_rope_index`, if it has one; a reply counts on."""
        model = weightless(self.config)
        if not hasattr(model, "get_rope_index"):
            return None
        known = inspect.signature(model.get_rope_index).parameters
        positions, _ = model.get_rope_index(**{name: inputs[name] for name in inputs if name in known})
        asked = np.asarray(positions[:, 0].numpy())
        reply = asked.max() + 1 + np.arange(n_reply)
        return np.concatenate([asked, np.broadcast_to(reply, (len(asked), n_reply))], axis=1)


def _media(inputs: dict[str, Any]) -> MediaInputs:
    return {name: value for name, value in inputs.items() if name not in _TEXT_INPUTS}


def open_generic(checkpoint: Checkpoint, limits: Limits) -> Generic:
    """The family for one checkpoint; raises ConfigError if it reads no pictures."""
    model_type = checkpoint.config.model_type
    if model_type not in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES:
        raise ConfigError(
            f"models of type {model_type!r} read no pictures", remedy="take a Video-LLM: docs/families.md"
        )
    processor = load_processor(checkpoint.name, model_type, trust_remote_code=checkpoint.trust_remote_code)
    return Generic(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer,
            template=checkpoint.template or processor.chat_template or "",
            markers=(),
            placeholder="",
        ),
        sampling=limits.of(SAMPLING),
        processor=processor,
        config=checkpoint.config,
        most_px=min(MOST_PX, limits.most_px or MOST_PX),
        note=f"models of type {model_type!r} are no family that is known here: frames go as pictures, each "
        "behind its time, through the model's own processor",
    )
