"""How much device memory a training takes, estimated before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from videostep.learn.adapters import count_trainable, prepare_weights
from videostep.learn.config import TrainConfig

_FP32, _BF16 = 4, 2
_GIB = 2**30
_OPTIMIZER_BYTES = 8
"""AdamW keeps two single-precision numbers for each weight that learns."""
_LAYER_NUMBERS = 14
"""Numbers that a decoder layer keeps a token for its backward pass, in units of the hidden size, besides
those of its feed-forward part: norms, queries, keys, values, attention's output, residuals."""
_FEED_FORWARD_NUMBERS = 4
"""The same for the feed-forward part, in units of its own width: gate, up, their product, activation."""
_COLOURS = 3
_USUAL_WIDENING = 4
"""The feed-forward part's width in units of the hidden size, where a config does not say it."""
_LOGIT_NUMBERS = 4
"""Single-precision copies of the logits: themselves, the softmax, and their gradients."""
_REST_SHARE = 0.15
"""On top, for the device's own context, buffers and fragmented memory: a rule of thumb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryEstimate:
    """Bytes on one device, without dividing anything over devices."""

    weights: int
    learning: int
    """Gradients and the optimizer's state."""
    activations: int
    """What the language model keeps of the largest pack for the backward pass."""
    vision: int
    """What the vision tower keeps of it; nothing if it does not learn."""
    logits: int
    trainable: int
    """Weights that learn, a count."""
    parameters: int
    """All weights, a count."""

    @property
    def total_gib(self) -> float:
        """All together, with a margin."""
        parts = self.weights + self.learning + self.activations + self.vision + self.logits
        return parts * (1 + _REST_SHARE) / _GIB


def estimate_memory(
    skeleton: Any,
    config: TrainConfig,
    *,
    pack_tokens: int,
    pack_targets: int,
    pack_pixels: int,
    bf16: bool,
    checkpointing: bool,
) -> MemoryEstimate:
    """Estimate from shapes alone.

    Args:
        skeleton: The model on the meta device; it gets its adapter here.
        config: Says what learns.
        pack_tokens: Tokens of the largest pack.
        pack_targets: Tokens of that pack that are learnt: only they have logits.
        pack_pixels: Numbers of its videos that go into the vision tower.
        bf16: Whether arithmetic is in bfloat16.
        checkpointing: Whether layers are computed again in the backward pass.
    """
    text = skeleton.config.get_text_config()
    model = prepare_weights(skeleton, config)
    trainable, parameters = count_trainable(model)
    width = _BF16 if bf16 else _FP32
    decoder = _Tower(text.hidden_size, _wide(text), text.num_hidden_layers)
    frozen_width = width if not config.full else _FP32
    return MemoryEstimate(
        weights=_FP32 * trainable + frozen_width * (parameters - trainable),
        learning=(_FP32 + _OPTIMIZER_BYTES) * trainable,
        activations=width * decoder.kept_numbers(pack_tokens, checkpointing=checkpointing),
        vision=width * _vision_numbers(skeleton.config, pack_pixels, checkpointing) if config.vision else 0,
        logits=_LOGIT_NUMBERS * _FP32 * text.vocab_size * pack_targets,
        trainable=trainable,
        parameters=parameters,
    )


@dataclass(frozen=True, slots=True)
class _Tower:
    """Layers of attention and a feed-forward part."""

    hidden: int
    feed_forward: int
    layers: int

    def kept_numbers(self, tokens: int, *, checkpointing: bool) -> int:
        """Numbers that are kept for the backward pass; with checkpointing, one layer's at a time."""
        layer = (_LAYER_NUMBERS * self.hidden + _FEED_FORWARD_NUMBERS * self.feed_forward) * tokens
        return self.hidden * tokens * self.layers + layer if checkpointing else layer * self.layers


def _vision_numbers(config: Any, pixels: int, checkpointing: bool) -> int:
    """Numbers that the vision tower keeps; its settings have other names in other families."""
    vision = getattr(config, "vision_config", None)
    if vision is None:
        return 0
    side = vision.patch_size if isinstance(vision.patch_size, int) else vision.patch_size[0]
    numbers_a_patch = _COLOURS * side**2 * getattr(vision, "temporal_patch_size", 1)
    hidden = getattr(vision, "embed_dim", None) or vision.hidden_size
    tower = _Tower(
        hidden,
        getattr(vision, "intermediate_size", None) or _USUAL_WIDENING * hidden,
        getattr(vision, "depth", None) or vision.num_hidden_layers,
    )
    return tower.kept_numbers(-(-pixels // numbers_a_patch), checkpointing=checkpointing)


def _wide(text: Any) -> int:
    """Width of the feed-forward part that one token goes through."""
    experts = getattr(text, "num_experts_per_tok", None)
    return int(text.moe_intermediate_size * experts if experts else text.intermediate_size)
