from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from videostep.errors import ConfigError, ReplyError
from videostep.models.forms import canonical, read_form, schema_of, schema_text

Word = Annotated[str, Meta(max_length=20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    label: Word
    kind: Literal["static", "dynamic"] = "static"
    box: Annotated[tuple[float, ...], Meta(max_length=4)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    things: Annotated[tuple[Thing, ...], Meta(max_length=3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessText:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessList:
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessInside:
    inner: Annotated[tuple[EndlessText, ...], Meta(max_length=3)]


SAID = Things(things=(Thing(label="car, red]", kind="dynamic"), Thing(label='a "quoted" {thing}')))
PLAIN = (
    '{"things":[{"label":"car, red]","kind":"dynamic","box":null},'
    '{"label":"a \\"quoted\\" {thing}","kind":"static","box":null}]}'
)


def test_a_schema_is_strict_and_bounded() -> None:
    schema = schema_of(Things)
    thing = schema["$defs"]["Thing"]
    assert schema["properties"]["things"]["maxItems"] == 3
    assert thing["required"] == ["label", "kind", "box"]
    assert schema["additionalProperties"] is thing["additionalProperties"] is False
    assert thing["properties"]["label"] == {"type": "string", "maxLength": 20}
    assert thing["properties"]["kind"] == {"enum": ["dynamic", "static"]}
    assert json.loads(schema_text(Things)) == schema


@pytest.mark.parametrize("form", [EndlessText, EndlessList, EndlessInside])
def test_a_form_without_bounds_is_refused(form: type) -> None:
    with pytest.raises(ConfigError, match="without max"):
        schema_of(form)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        json.dumps(json.loads(PLAIN), indent=2),
        f"```json\n{PLAIN}\n```",
        f"```\n{PLAIN}```",
        f"Here is what I see:\n\n{PLAIN}\n\nLet me know if you need more.",
        PLAIN.replace("}]}", "},],}"),
        PLAIN.replace('"box":null', '"box":null,"colour":"red"'),
        PLAIN.replace(":", ":\x0b\x1b"),
    ],
)
def test_what_loses_nothing_is_repaired(text: str) -> None:
    assert read_form(text, Things) == SAID
    assert canonical(text, Things) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I see a car.",
        PLAIN[:-1],
        PLAIN[:-2],
        PLAIN[: len(PLAIN) // 2],
        "[]",
        '{"things": "none"}',
        '{"things": [{"label": "x", "kind": "unknown"}]}',
        '{"things": [{"label": "%s"}]}' % ("x" * 21),
        '{"things": [{}, {}, {}, {}]}',
        '{"things": [{"label": 3}]}',
        "{" * 100_000,
        '{"things": [NaN]}',
    ],
)
def test_what_is_damaged_or_not_of_the_form_is_refused(text: str) -> None:
    with pytest.raises(ReplyError) as caught:
        read_form(text, Things)
    assert len(str(caught.value)) < 400


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    st.lists(
        st.builds(
            Thing,
            label=st.text(max_size=20),
            kind=st.sampled_from(["static", "dynamic"]),
            box=st.none() | st.lists(st.floats(0, 1), max_size=4).map(tuple),
        ),
        max_size=3,
    )
)
def test_what_was_written_is_read(things: list[Thing]) -> None:
    said = Things(things=tuple(things))
    text = canonical(json.dumps({"things": [
        {"label": thing.label, "kind": thing.kind, "box": thing.box} for thing in things
    ]}), Things)  # fmt: skip
    assert read_form(text, Things) == said
    assert read_form(f"So: {text} That is all.", Things) == said
    assert canonical(text, Things) == text


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(0, len(PLAIN) - 1))
def test_no_cut_is_taken_for_the_whole(end: int) -> None:
    with pytest.raises(ReplyError):
        read_form(PLAIN[:end], Things)
