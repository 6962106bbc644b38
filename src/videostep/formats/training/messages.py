"""Chat messages: ms-swift and LLaMA-Factory take them with tags, Axolotl and TRL with typed content."""

from __future__ import annotations

import json
from typing import Any

from videostep.formats.training.conversations import VIDEO_TAG, quoted
from videostep.formats.training.records import Record
from videostep.formats.training.target import Shipment, Target


def _tagged_messages(record: Record) -> list[dict[str, Any]]:
    return [
        {"role": "user", "content": f"{VIDEO_TAG}{record.prompt}"},
        {"role": "assistant", "content": record.response},
    ]


def encode_ms_swift(record: Record) -> dict[str, Any]:
    """`{"messages", "videos"}`; a weight other than 1 stands in the reply as `loss_scale`."""
    user, assistant = _tagged_messages(record)
    if record.weight != 1.0:
        assistant["loss_scale"] = record.weight
    return {"messages": [user, assistant], "videos": [record.media.path]}


def encode_llama_factory(record: Record) -> dict[str, Any]:
    """`{"messages", "videos"}`: as many videos as tags."""
    return {"messages": _tagged_messages(record), "videos": [record.media.path]}


def _typed_prompt(record: Record) -> dict[str, Any]:
    video = {"type": "video", "path": record.media.path}
    return {"role": "user", "content": [video, {"type": "text", "text": record.prompt}]}


def _typed_reply(record: Record) -> dict[str, Any]:
    return {"role": "assistant", "content": [{"type": "text", "text": record.response}]}


def encode_axolotl(record: Record) -> dict[str, Any]:
    """`{"messages"}` with typed content."""
    return {"messages": [_typed_prompt(record), _typed_reply(record)]}


def encode_trl(record: Record) -> dict[str, Any]:
    """`{"prompt", "completion"}` with typed content: the loss is on the completion alone."""
    return {"prompt": [_typed_prompt(record)], "completion": [_typed_reply(record)]}


def _dataset_info(shipment: Shipment) -> dict[str, str]:
    """LLaMA-Factory's description of the data files in `--dataset_dir`."""
    info = {
        f"videostep_{split}": {
            "file_name": file,
            "formatting": "sharegpt",
            "columns": {"messages": "messages", "videos": "videos"},
            "tags": {
                "role_tag": "role",
                "content_tag": "content",
                "user_tag": "user",
                "assistant_tag": "assistant",
            },
        }
        for split, file in shipment.files.items()
    }
    return {"dataset_info.json": json.dumps(info, indent=2) + "\n"}


def _axolotl_yaml(shipment: Shipment) -> dict[str, str]:
    """The part of a config that names the data and lets videos through; a split `val` is for evaluation."""
    lines = ["processor_type: AutoProcessor", "skip_prepare_dataset: true", "remove_unused_columns: false"]
    lines += ["sample_packing: false"]
    for key, split in (("datasets", "train"), ("test_datasets", "val")):
        if split in shipment.files:
            path = quoted(shipment.root / shipment.files[split])
            lines += [f"{key}:", f"  - path: {path}", "    ds_type: json", "    split: train"]
            lines += ["    type: chat_template"]
    return {"axolotl.yaml": "\n".join(lines) + "\n"}


MS_SWIFT = Target(
    name="ms-swift",
    read_by="ms-swift",
    encode=encode_ms_swift,
    layout="lines",
    absolute_media=True,
    weighted=True,
)
LLAMA_FACTORY = Target(
    name="llama-factory",
    read_by="LLaMA-Factory",
    encode=encode_llama_factory,
    layout="lines",
    beside=_dataset_info,
)
AXOLOTL = Target(
    name="axolotl",
    read_by="Axolotl",
    encode=encode_axolotl,
    layout="lines",
    absolute_media=True,
    beside=_axolotl_yaml,
)
TRL = Target(name="trl", read_by="TRL", encode=encode_trl, layout="lines", absolute_media=True)
