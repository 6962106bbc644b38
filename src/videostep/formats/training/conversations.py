"""LLaVA's conversations record, which LLaVA-NeXT, Qwen-VL's fine-tuning code and VILA read too."""

from __future__ import annotations

import json
from typing import Any

from videostep.formats.training.records import Record
from videostep.formats.training.target import Shipment, Target

VIDEO_TAG = "<video>"
"""Where the video's tokens go: exactly once in a record, in the question."""


def encode_conversation(record: Record) -> dict[str, Any]:
    """`{"id", "video", "conversations": [human, gpt]}`."""
    return {
        "id": record.id,
        "video": record.media.path,
        "conversations": [
            {"from": "human", "value": f"{VIDEO_TAG}\n{record.prompt}"},
            {"from": "gpt", "value": record.response},
        ],
    }


def _llava_next_yaml(shipment: Shipment) -> dict[str, str]:
    """One list of data files per split, for `--data_path`."""
    return {
        f"llava_next_{split}.yaml": "datasets:\n"
        f"  - json_path: {quoted(shipment.root / file)}\n"
        "    sampling_strategy: all\n"
        for split, file in shipment.files.items()
    }


def _vila_registry(shipment: Shipment) -> dict[str, str]:
    """A dataset registry, for the environment variable `VILA_DATASETS`."""
    entries = [
        f"videostep_{split}:\n"
        "  _target_: llava.data.LLaVADataset\n"
        f"  data_path: {quoted(shipment.root / file)}\n"
        f"  media_dir: {quoted(shipment.root)}\n"
        "  is_video: true\n"
        for split, file in shipment.files.items()
    ]
    return {"vila_datasets.yaml": "".join(entries)}


def quoted(value: object) -> str:
    """A YAML scalar of any text: JSON strings are YAML."""
    return json.dumps(str(value), ensure_ascii=False)


LLAVA = Target(
    name="llava",
    read_by="LLaVA-NeXT",
    encode=encode_conversation,
    layout="array",
    beside=_llava_next_yaml,
)
QWEN_VL = Target(
    name="qwen-vl", read_by="Qwen-VL's qwen-vl-finetune", encode=encode_conversation, layout="lines"
)
VILA = Target(name="vila", read_by="VILA", encode=encode_conversation, layout="array", beside=_vila_registry)
