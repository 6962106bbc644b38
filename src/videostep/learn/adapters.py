"""Which weights learn: a LoRA adapter through peft, or all of them; the vision tower only if asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model

from videostep.errors import ConfigError
from videostep.learn.config import TrainConfig


def prepare_weights(model: Any, config: TrainConfig, *, start_from: Path | None = None) -> Any:
    """The model with what is to learn set free and all else frozen; wrapped by peft for an adapter.

    Args:
        model: As transformers loads it.
        config: Says what is to learn.
        start_from: An adapter to go on with, or to be merged where all weights learn; None: a new one, which
            changes nothing before the first step.

    Raises:
        ConfigError: The model has no layer of the names that were given.
    """
    if config.full:
        whole = model if start_from is None else merge(PeftModel.from_pretrained(model, start_from))
        _free_all(whole, vision=config.vision)
        return whole
    if start_from is not None:
        return PeftModel.from_pretrained(model, start_from, is_trainable=True)
    return get_peft_model(model, _lora(model, config))


def _free_all(model: Any, *, vision: bool) -> None:
    kept = () if vision else tuple(parameter for _, parameter in vision_parameters(model))
    model.requires_grad_(True)
    for parameter in kept:
        parameter.requires_grad_(False)


def vision_parameters(model: Any) -> list[tuple[str, torch.nn.Parameter]]:
    """The weights of the vision tower and its projector: all that are not the language model's."""
    spoken = {id(parameter) for parameter in _language_parameters(model)}
    return [(name, parameter) for name, parameter in model.named_parameters() if id(parameter) not in spoken]


def _language_parameters(model: Any) -> list[torch.nn.Parameter]:
    head = model.get_output_embeddings()
    own = list(model.get_decoder().parameters())
    return own + (list(head.parameters()) if head is not None else [])


def _lora(model: Any, config: TrainConfig) -> LoraConfig:
    names = [name for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)]
    chosen = [name for name in names if _is_target(name, _name_of_decoder(model), model, config)]
    language = [name for name in chosen if name.startswith(_name_of_decoder(model) + ".")]
    if not language:
        ends = sorted({name.rpartition(".")[2] for name in names if name.startswith(_name_of_decoder(model))})
        raise ConfigError(
            f"the language model has none of the layers {', '.join(config.adapter.targets)}",
            remedy=f"set adapter.targets to some of: {', '.join(ends)}",
        )
    return LoraConfig(
        r=config.adapter.rank,
        lora_alpha=config.adapter.alpha,
        lora_dropout=config.adapter.dropout,
        # One pattern instead of hundreds of names: it stands in the adapter's own file.
        target_modules=_pattern(chosen),
        task_type=None,
    )


def _is_target(name: str, decoder: str, model: Any, config: TrainConfig) -> bool:
    if name.startswith(decoder + "."):
        return name.rpartition(".")[2] in config.adapter.targets
    return config.vision and model.get_submodule(name) is not model.get_output_embeddings()


def _pattern(names: list[str]) -> str:
    """A regular expression for exactly these names, layer numbers put together."""
    shapes = sorted({re.sub(r"\\\.\d+(?=\\\.)", r"\\.\\d+", re.escape(name)) for name in names})
    return "|".join(shapes)


def _name_of_decoder(model: Any) -> str:
    decoder = model.get_decoder()
    return str(next(name for name, module in model.named_modules() if module is decoder))


def count_trainable(model: torch.nn.Module) -> tuple[int, int]:
    """How many weights learn, and how many there are."""
    sizes = [(parameter.numel(), parameter.requires_grad) for parameter in model.parameters()]
    return sum(size for size, learns in sizes if learns), sum(size for size, _ in sizes)


def merge(model: Any) -> Any:
    """The model with its adapter added into its weights, as a plain transformers model; in place."""
    return model.merge_and_unload() if isinstance(model, PeftModel) else model
