"""What can be known about a model without running it: why it must not share, or not so much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from videostep.learn.sharing.features import feature_owner
from videostep.learn.sharing.segment_attention import NAME as SEGMENTS
from videostep.learn.sharing.wrapping import forward_parameters, pretrained, wants_token_types

_LEAKY = {
    "sliding_attention": "some layers see a window of neighbours, and in a pack neighbours are other rows",
    "chunked_attention": "some layers see a chunk of neighbours, and in a pack neighbours are other rows",
    "linear_attention": "some layers carry a state on from token to token, whatever a mask says",
    "conv": "some layers mix neighbours, and in a pack neighbours are other rows",
}


def tree_refusal(model: nn.Module) -> str | None:
    """Why the rows of a pack must not be one sequence with a mask of our own; None if they may."""
    inner = pretrained(model)
    checks: tuple[Callable[[Any], str | None], ...] = (
        _attention_takes_no_mask,
        _layers_look_past_the_mask,
        _pictures_look_both_ways,
        _positions_cannot_be_given,
        _pictures_beside_the_rows,
    )
    return next((reason for check in checks if (reason := check(inner))), None)


def vision_refusal(model: nn.Module) -> str | None:
    """Why the features of a video cannot be made once and laid out for its rows; None if they can."""
    if feature_owner(model) is None:
        return "the model has no method that turns pictures into features, such as get_video_features"
    return None


def _attention_takes_no_mask(inner: Any) -> str | None:
    name = _text_config(inner)._attn_implementation
    if name in ("sdpa", SEGMENTS):
        return None
    why = (
        "adds masks of true and false to its scores"
        if name == "eager"
        else "takes no mask of four dimensions"
    )
    return f"its attention {name!r} {why}: load it with attn_implementation='sdpa'"


def _layers_look_past_the_mask(inner: Any) -> str | None:
    config = _text_config(inner)
    kinds = getattr(config, "layer_types", None)
    if kinds is None:
        return _LEAKY["sliding_attention"] if getattr(config, "sliding_window", None) else None
    others = sorted(set(kinds) - {"full_attention", "dense", "sparse"})
    if not others:
        return None
    return _LEAKY.get(
        others[0], f"some layers are of the kind {others[0]!r}, which is not known to obey a mask"
    )


def _pictures_look_both_ways(inner: Any) -> str | None:
    if wants_token_types(inner) or getattr(_text_config(inner), "use_bidirectional_attention", None):
        return "the tokens of a picture look at each other both ways, by a mask that the model makes itself"
    return None


def _positions_cannot_be_given(inner: Any) -> str | None:
    if "position_ids" in forward_parameters(inner):
        return None
    return "it takes no positions, and those of rows in a pack start again"


def _pictures_beside_the_rows(inner: Any) -> str | None:
    if getattr(_text_config(inner), "cross_attention_layers", None) or inner.config.is_encoder_decoder:
        return "pictures are looked at beside the row, by cross-attention, and are not tokens of it"
    return None


def _text_config(inner: Any) -> Any:
    return inner.config.get_text_config(decoder=True)
