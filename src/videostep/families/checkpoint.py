"""What a checkpoint says about itself without its weights: config, tokenizer, template, picture settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import transformers
from transformers.utils import cached_file

from videostep.errors import ConfigError

_NO_MODEL = "give the folder or the Hugging Face id of a model that reads pictures and text"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checkpoint:
    """The small files of a model."""

    name: str
    """Folder or Hugging Face id."""
    config: Any
    tokenizer: Any
    template: str | None
    """The chat template that it came with, in Jinja."""
    video: dict[str, Any]
    """Settings of its video processor; where it has none, of its image processor."""
    processor: dict[str, Any]
    """Settings of its processor."""
    trust_remote_code: bool
    """Whether code that it brings may be run."""


def read_checkpoint(name: str, *, trust_remote_code: bool = False) -> Checkpoint:
    """Read everything but the weights.

    Raises:
        ConfigError: There is no such model, or its files cannot be read.
    """
    try:
        config = transformers.AutoConfig.from_pretrained(name, trust_remote_code=trust_remote_code)
        tokenizer = transformers.AutoTokenizer.from_pretrained(name, trust_remote_code=trust_remote_code)
        processor = _json(name, "processor_config.json")
        video = processor.get("video_processor") or _json(name, "video_preprocessor_config.json")
        video = video or processor.get("image_processor") or _json(name, "preprocessor_config.json")
        # The processor's template knows of videos; the tokenizer's may be that of the language model alone.
        template = processor.get("chat_template") or _json(name, "chat_template.json").get("chat_template")
        template = _default(template or tokenizer.chat_template)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().partition("\n")[0][:300].rstrip(".")
        raise ConfigError(f"the model {name!r} cannot be read: {reason}", remedy=_NO_MODEL) from error
    return Checkpoint(
        name=name,
        config=config,
        tokenizer=tokenizer,
        template=template,
        video=video,
        processor=processor,
        trust_remote_code=trust_remote_code,
    )


def _default(template: str | dict[str, str] | None) -> str | None:
    return template.get("default") if isinstance(template, dict) else template


def _json(name: str, file: str) -> dict[str, Any]:
    """A JSON file of the model; empty where there is none."""
    path = cached_file(
        name,
        file,
        _raise_exceptions_for_missing_entries=False,
        _raise_exceptions_for_gated_repo=False,
        _raise_exceptions_for_connection_errors=False,
    )
    return {} if path is None else dict(json.loads(Path(path).read_text()))
