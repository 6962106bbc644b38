"""What is left when a training is done: weights that others can load, without a pickle among them."""

from __future__ import annotations

import shutil
from pathlib import Path

import transformers
from peft import PeftModel
from transformers.utils import cached_file

from videostep.learn.loading import Base

_WORDS = (
    "chat_template.jinja",
    "chat_template.json",
    "generation_config.json",
    "preprocessor_config.json",
    "processor_config.json",
    "video_preprocessor_config.json",
)
"""Small files of a model beside its weights and its tokenizer."""


def save_words(base: Base, folder: Path) -> None:
    """Put the base model's tokenizer, templates and picture settings beside trained weights."""
    transformers.AutoTokenizer.from_pretrained(base.weights).save_pretrained(folder)
    for name in _WORDS:
        found = cached_file(
            base.weights,
            name,
            _raise_exceptions_for_missing_entries=False,
            _raise_exceptions_for_gated_repo=False,
            _raise_exceptions_for_connection_errors=False,
        )
        if found is not None:
            shutil.copyfile(found, folder / name)


def let_others_read(folder: Path, like: Path) -> None:
    """Give weights the rights of another file: safetensors lets their owner alone read them."""
    for path in folder.rglob("*.safetensors"):
        shutil.copymode(like, path)


def save_merged(base: Base, adapter: Path, folder: Path) -> None:
    """The whole model with the adapter added into its weights, in the precision of its checkpoint."""
    model = transformers.AutoModelForImageTextToText.from_pretrained(base.weights, dtype="auto")
    merged = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    merged.save_pretrained(folder)
    save_words(base, folder)
