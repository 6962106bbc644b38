"""JSON Schemas of the two file formats, generated from the nouns that read and write them.

    python -m videostep.store.json_schema        writes them again into videostep/schemas/

They describe types only; the rules of meaning stand in docs/formats.md and are checked on reading.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from videostep.graph import GRAPH_FORMAT, VideoGraph
from videostep.sample import SAMPLE_FORMAT, Sample

FOLDER = Path(__file__).parents[1] / "schemas"
SCHEMAS: dict[str, tuple[str, type]] = {
    "stsg-1.schema.json": (GRAPH_FORMAT, VideoGraph),
    "qra-1.schema.json": (SAMPLE_FORMAT, Sample),
}
"""File to format and the noun of its root."""


def encode_schema(file: str) -> bytes:
    """The bytes of one schema file."""
    format_, kind = SCHEMAS[file]
    (schema,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    for name, part in parts.items():
        _describe(part, _fields_said(name))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": format_}
    return (json.dumps({**head, **schema, "$defs": parts}, indent=1, ensure_ascii=False) + "\n").encode()


def _describe(part: dict[str, Any], said: dict[str, str]) -> None:
    """Add the fields' docstrings; `extra` is no field of a file, it holds a file's unknown ones."""
    if "description" in part:  # of a docstring, Python from 3.13 on keeps no indentation
        part["description"] = inspect.cleandoc(part["description"])
    properties: dict[str, dict[str, Any]] = part.get("properties", {})
    properties.pop("extra", None)
    for field, text in said.items():
        if field in properties:
            properties[field]["description"] = text


def _fields_said(noun: str) -> dict[str, str]:
    """What stands under the fields of a noun, by field."""
    modules = [sys.modules[f"videostep.{name}"] for name in ("video", "graph", "sample")]
    kind = next(getattr(module, noun) for module in modules if hasattr(module, noun))
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    said: dict[str, str] = {}
    for field, text in pairwise(body.body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                said[name] = inspect.cleandoc(words)
    return said


if __name__ == "__main__":
    for name in SCHEMAS:
        (FOLDER / name).write_bytes(encode_schema(name))
