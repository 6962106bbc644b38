"""The two networks of the embedded parser: opened on first use, once per process."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

from videostep.errors import ParserError


@functools.cache
def open_network(name: str) -> Any:
    """An onnxruntime session for `weights/NAME.onnx`, one thread.

    One thread: two processes with one thread each beat one process with two, and sums are taken in
    one order, so results are the same from run to run. No spinning: a waiting thread costs nothing.

    Raises:
        ParserError: the file is missing or onnxruntime cannot load it.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        weights = (files(__package__) / "weights" / f"{name}.onnx").read_bytes()
        return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ParserError(
            f"the network {name!r} cannot be opened: {error}", remedy="reinstall videostep"
        ) from error


@functools.cache
def class_names(name: str) -> dict[int, str]:
    """Class id to label, from the network's own metadata (`classes`: `1 person,2 bicycle,...`)."""
    listed = open_network(name).get_modelmeta().custom_metadata_map["classes"]
    pairs = (entry.split(" ", 1) for entry in listed.split(","))
    return {int(class_id): label for class_id, label in pairs}
