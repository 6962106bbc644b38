"""Settings from a file and from flags; flags win."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from videostep.cli.model_flags import ModelFlags
from videostep.errors import ConfigError
from videostep.models import is_model_spec
from videostep.pipeline.config import RunConfig
from videostep.pipeline.config_file import read_config


def gather_config(
    file: Path | None,
    *,
    model: str | None = None,
    grounding: str | None = None,
    workers: int | None = None,
    seed: int | None = None,
    flags: ModelFlags | None = None,
) -> RunConfig:
    """The config file, or the defaults, with what the flags say over it; raises ConfigError."""
    config = read_config(file) if file is not None else RunConfig()
    if model is not None:
        config = replace(config, model=model)
    if grounding is not None:
        config = replace(config, video_llm=replace(config.video_llm, grounding=grounding))
        if not is_model_spec(config.model):
            raise ConfigError(
                f"--grounding goes with a Video-LLM, not with {config.model!r}",
                remedy="give --model BACKEND:TARGET, or leave it out",
            )
    if seed is not None:
        config = replace(config, seed=seed)
    if workers is not None:
        config = replace(config, execution=replace(config.execution, workers=workers))
    if flags is not None:
        config = replace(config, models=flags.over(config.models))
    return config
