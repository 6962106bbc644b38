"""Weights and processor of a Video-LLM, with or without a LoRA adapter, loaded without surprises."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import transformers
from transformers.models.auto.processing_auto import PROCESSOR_MAPPING_NAMES

from videostep.errors import MissingExtraError, ServerError
from videostep.models.local.config import TransformersConfig
from videostep.models.local.target import TransformersTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A model that is ready to be asked."""

    model: Any
    processor: Any


def load(target: TransformersTarget, config: TransformersConfig) -> Loaded:
    """Load weights and processor.

    Raises:
        ServerError: They are not there, are no Video-LLM's, or need code that may not be run.
        MissingExtraError: The adapter needs peft.
    """
    trust = {"trust_remote_code": config.trust_remote_code}
    try:
        model = transformers.AutoModelForImageTextToText.from_pretrained(
            target.weights, dtype=config.dtype, device_map=config.device_map, **_attn(config), **trust
        )
        if target.adapter:
            model = _with_adapter(model, target.adapter)
        processor = load_processor(
            target.weights, model.config.model_type, trust_remote_code=config.trust_remote_code
        )
    except (OSError, ValueError, ImportError) as error:
        raise ServerError(
            f"the model {target.weights!r} cannot be loaded: {_first_line(error)}", remedy=_remedy(error)
        ) from error
    processor.tokenizer.padding_side = "left"
    return Loaded(model=model.eval(), processor=processor)


def _attn(config: TransformersConfig) -> dict[str, str]:
    return {"attn_implementation": config.attn} if config.attn else {}


def _with_adapter(model: Any, adapter: str) -> Any:
    try:
        from peft import PeftModel
    except ImportError as error:
        raise MissingExtraError(
            "a LoRA adapter needs peft", remedy="pip install 'videostep[train]'"
        ) from error
    return PeftModel.from_pretrained(model, adapter)


def load_processor(weights: str, model_type: str, *, trust_remote_code: bool = False) -> Any:
    """A model's processor, for pictures only.

    Every video processor needs torchvision, which has no build beside a CPU torch; frames are pictures to us.
    """
    trust = {"trust_remote_code": trust_remote_code}
    kind = getattr(transformers, PROCESSOR_MAPPING_NAMES.get(model_type) or "", None)
    if kind is None or "video_processor" not in kind.get_attributes():
        return transformers.AutoProcessor.from_pretrained(weights, **trust)
    saved, _ = kind.get_processor_dict(weights)
    own = inspect.signature(kind.__init__).parameters.keys() - {
        "image_processor",
        "tokenizer",
        "video_processor",
    }
    return _for_pictures(kind)(
        transformers.AutoImageProcessor.from_pretrained(weights, **trust),
        transformers.AutoTokenizer.from_pretrained(weights, **trust),
        **{name: value for name, value in saved.items() if name in own},
    )


def _for_pictures(kind: type[Any]) -> type[Any]:
    """The processor class without its video part: it looks for the parts that its signature names."""

    class ForPictures(kind):  # type: ignore[misc]
        def __init__(self, image_processor: Any, tokenizer: Any, **settings: Any) -> None:
            super().__init__(
                image_processor=image_processor, tokenizer=tokenizer, video_processor=None, **settings
            )
            # SmolVLM's chat template asks it for these two, whether there is a video or not.
            self.video_processor = SimpleNamespace(num_frames=None, fps=None)

    return ForPictures


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:300]


def _remedy(error: Exception) -> str:
    if "trust_remote_code" in str(error):
        return "it brings code of its own: set trust_remote_code if you trust who wrote it"
    return "give the folder or the Hugging Face id of a model that reads pictures and text"
