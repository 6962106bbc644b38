"""Vision features once per video, laid out for every row that needs them ("level 1")."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

MediaInputs = Mapping[str, Tensor]
"""The inputs that a model's processor makes of one video's pictures or frames, for a row that is alone."""

METHODS = ("get_image_features", "get_video_features")


def feature_owner(model: nn.Module) -> nn.Module | None:
    """The innermost module that turns pixels into features (the outer ones pass the call on), or None."""
    owners = [
        module
        for module in model.modules()
        if any(callable(getattr(type(module), name, None)) for name in METHODS)
    ]
    return owners[-1] if owners else None


@contextlib.contextmanager
def laid_out(model: nn.Module, media: Sequence[MediaInputs], order: Sequence[int]) -> Iterator[None]:
    """During a forward pass of `model`, have features made of each of `media` once and laid out by `order`.

    The call stays inside the model's own forward, where FSDP has gathered the weights of the vision tower.

    Args:
        model: Any model whose inner module calls `get_image_features` or `get_video_features`.
        media: The distinct pictures or videos.
        order: For each place in the batch or pack, which of `media` stands there.
    """
    owner = feature_owner(model)
    names = [name for name in METHODS if owner is not None and hasattr(owner, name)]
    originals = {name: getattr(owner, name) for name in names}
    busy: list[str] = []  # get_video_features of some families calls get_image_features
    for name, original in originals.items():
        setattr(owner, name, functools.partial(_features, original, media, order, busy))
    try:
        yield
    finally:
        for name in names:
            delattr(owner, name)


def joined(media: Sequence[MediaInputs]) -> dict[str, Tensor] | None:
    """The inputs of several videos as those of a batch, as processors join them; None where sizes differ."""
    if len({tuple((name, each[name].shape[1:]) for name in sorted(each)) for each in media}) != 1:
        return None
    return {name: torch.cat([each[name] for each in media]) for name in media[0]}


def trigger(media: Sequence[MediaInputs], order: Sequence[int], taken: set[str]) -> dict[str, Tensor]:
    """Inputs for the model's own forward: of every kind one, so that it asks for features, `laid_out` by us.

    Args:
        media: The distinct pictures or videos.
        order: For each place in the batch or pack, which of `media` stands there.
        taken: Names of the inputs that the feature methods take. Others, such as VideoLLaMA3's
            `video_compression_mask`, are joined along their first axis.
    """
    inputs: dict[str, Tensor] = {}
    for name in sorted({name for each in media for name in each}):
        found = [media[number][name] for number in order if name in media[number]]
        inputs[name] = found[0] if name in taken else torch.cat(found)
    return inputs


def taken_inputs(model: nn.Module) -> set[str]:
    """Names of the parameters of the model's feature methods."""
    owner = feature_owner(model)
    methods = [getattr(owner, name) for name in METHODS if owner is not None and hasattr(owner, name)]
    return {parameter for method in methods for parameter in inspect.signature(method).parameters}


def _features(
    original: Callable[..., Any],
    media: Sequence[MediaInputs],
    order: Sequence[int],
    busy: list[str],
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Stands in for a feature method: calls it for each of `media` that has the kind it was called for."""
    if busy:
        return original(*args, **kwargs)
    parameters = list(inspect.signature(original).parameters)
    named = dict(zip(parameters, args, strict=False)) | kwargs
    pixels = parameters[0]
    busy.append(pixels)
    try:
        made = {
            number: original(**named | _own(each, named))
            for number, each in enumerate(media)
            if pixels in each and number in order
        }
    finally:
        busy.pop()
    return _joined([made[number] for number in order if number in made])


def _own(media: MediaInputs, named: Mapping[str, Any]) -> dict[str, Tensor]:
    # as the trigger's arrived: DDP, FSDP and autocast move and cast a forward's inputs
    return {name: media[name].to(like) for name, like in named.items() if name in media}


def _joined(outputs: Sequence[Any]) -> Any:
    """The outputs of the feature method one after the other, as one output."""
    pooled = _one_after_the_other([output.pooler_output for output in outputs])
    first = outputs[0]
    if (deepstack := getattr(first, "deepstack_features", None)) is not None:
        layers = zip(*(output.deepstack_features for output in outputs), strict=True)
        deepstack = [_one_after_the_other(layer) for layer in layers]
        first.deepstack_features = deepstack
    first.pooler_output = pooled
    return first


def _one_after_the_other(features: Sequence[Any]) -> Any:
    if not isinstance(features[0], Tensor):
        return [item for each in features for item in each]
    if len({each.shape[1:] for each in features}) == 1:
        return torch.cat(list(features))
    return torch.cat([each.flatten(0, 1) for each in features])[None]
