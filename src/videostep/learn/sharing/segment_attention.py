"""Attention by segments: FlashAttention's variable-length kernel where it is installed, else a run at a time.

Registered with transformers under a name of its own. A pack's `ends` come as the attention mask, as a tensor
of four dimensions that transformers hands on to the layers untouched, so that gradient checkpointing, which
runs a layer again with what it was given, finds them there.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from torch.utils.weak import WeakTensorKeyDictionary
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from videostep.learn.sharing.segments import Segments, segments_of
from videostep.learn.sharing.wrapping import device_of, pretrained

NAME = "token_trie_segments"
"""What the attention is called in a model's config."""

_plans: Any = WeakTensorKeyDictionary()


def use_segments(model: nn.Module) -> None:
    """Have the language model of a model of transformers attend by segments, not its vision tower."""
    AttentionInterface.register(NAME, segment_attention)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    pretrained(model).set_attn_implementation({"text_config": NAME})


def segments_are_fast(model: nn.Module) -> bool:
    """Whether a kernel for segments is at hand where the model lies."""
    return device_of(model).type == "cuda" and importlib.util.find_spec("flash_attn") is not None


def uses_segments(model: nn.Module) -> bool:
    """Whether `use_segments` was called for this model, or the one that it wraps."""
    configs = (getattr(module, "config", None) for module in model.modules())
    return any(getattr(config, "_attn_implementation", None) == NAME for config in configs)


def as_mask(ends: Tensor) -> Tensor:
    """`ends` of a pack in the shape in which transformers takes a mask for a finished one."""
    return ends[None, None, None]


def segment_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Attention of one layer, in the form in which transformers calls it; (1, n, heads, width) comes out.

    Args:
        module: The layer.
        query: (rows, heads, n, width).
        key: (rows, key heads, n, width).
        value: (rows, key heads, n, width).
        attention_mask: `as_mask` of a pack, or any mask for ordinary rows.
        dropout: Share of weights that is dropped.
        scaling: Factor on the scores.
        kwargs: What else transformers hands to an attention.
    """
    if attention_mask is None or attention_mask.dtype != torch.int64:
        mask = attention_mask
        made: tuple[Tensor, None] = sdpa_attention_forward(
            module, query, key, value, mask, dropout=dropout, scaling=scaling, **kwargs
        )
        return made
    plan = _plan(attention_mask)
    is_half = query.dtype in (torch.float16, torch.bfloat16)
    if is_half and query.is_cuda and importlib.util.find_spec("flash_attn") is not None:
        return _flash(query, key, value, plan, dropout=dropout, scaling=scaling), None
    return _run_by_run(query, key, value, plan, dropout=dropout, scaling=scaling), None


def _plan(mask: Tensor) -> Segments:
    """Made once for a pack, not in every layer."""
    if mask not in _plans:
        _plans[mask] = segments_of(mask[0, 0, 0].cpu().numpy())
    plan: Segments = _plans[mask]
    return plan


def _run_by_run(query: Tensor, key: Tensor, value: Tensor, plan: Segments, **options: Any) -> Tensor:
    places = torch.from_numpy(plan.keys).to(key.device)
    outputs = []
    for number in range(len(plan.starts) - 1):
        run = slice(*plan.starts[number : number + 2].tolist())
        way = places[slice(*plan.key_starts[number : number + 2].tolist())]
        outputs.append(_causal(query[:, :, run], key[:, :, way], value[:, :, way], **options))
    return torch.cat(outputs, dim=2).transpose(1, 2).contiguous()


def _causal(query: Tensor, key: Tensor, value: Tensor, *, dropout: float, scaling: float | None) -> Tensor:
    queries, keys = query.shape[2], key.shape[2]
    causal = torch.ones(queries, keys, dtype=torch.bool, device=query.device).tril(keys - queries)
    return scaled_dot_product_attention(
        query,
        key,
        value,
        attn_mask=None if queries == keys else causal,
        is_causal=queries == keys,
        dropout_p=dropout,
        scale=scaling,
        enable_gqa=True,
    )


def _flash(
    query: Tensor, key: Tensor, value: Tensor, plan: Segments, *, dropout: float, scaling: float | None
) -> Tensor:
    from flash_attn import flash_attn_varlen_func  # type: ignore[import-not-found]

    places, starts, key_starts = (
        torch.from_numpy(numbers).to(query.device) for numbers in (plan.keys, plan.starts, plan.key_starts)
    )
    made: Tensor = flash_attn_varlen_func(
        query[0].transpose(0, 1),
        key[0].transpose(0, 1)[places],
        value[0].transpose(0, 1)[places],
        cu_seqlens_q=starts.int(),
        cu_seqlens_k=key_starts.int(),
        max_seqlen_q=plan.longest_run,
        max_seqlen_k=plan.longest_way,
        dropout_p=dropout,
        softmax_scale=scaling,
        causal=True,
    )
    return made[None]
