"""A model's own processor, without what needs torchvision."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import transformers
from transformers.models.auto.processing_auto import PROCESSOR_MAPPING_NAMES


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
