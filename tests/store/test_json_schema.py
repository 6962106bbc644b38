from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from videostep.graph import VideoGraph
from videostep.records import to_plain
from videostep.store.json_schema import SCHEMAS, encode_schema
from videostep.testing.graphs import street_graph


@pytest.mark.parametrize("file", SCHEMAS)
def test_the_schema_in_the_package_is_the_one_the_nouns_give(file: str) -> None:
    # on failure: python -m videostep.store.json_schema
    assert files("videostep").joinpath("schemas", file).read_bytes() == encode_schema(file)


@pytest.mark.parametrize("file", SCHEMAS)
def test_it_tells_what_the_fields_mean_and_hides_the_keeper_of_unknown_ones(file: str) -> None:
    parts = json.loads(encode_schema(file))["$defs"]
    properties = [part["properties"] for part in parts.values() if "properties" in part]
    assert not any("extra" in fields for fields in properties)
    assert any("description" in field for fields in properties for field in fields.values())


def test_it_names_every_field_that_is_written() -> None:
    schema = json.loads(encode_schema("stsg-1.schema.json"))

    def check(value: Any, shape: dict[str, Any]) -> None:
        shape = schema["$defs"][shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
        if isinstance(value, dict):
            assert set(shape["required"]) <= set(value) <= set(shape["properties"])
            for key, item in value.items():
                check(item, shape["properties"][key])
        elif isinstance(value, list):
            assert shape["type"] == "array"
            for item in value if shape.get("items") else []:
                check(item, shape["items"])

    check(to_plain(street_graph()), {"$ref": f"#/$defs/{VideoGraph.__name__}"})
