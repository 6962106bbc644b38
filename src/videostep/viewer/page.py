"""One self-contained page: markup, style and scripts of this package around blocks of data.

The page needs no network and no other file, and says so: its content security policy forbids every
address, and names the hashes of the one style and the one script that may act. Data stands in
`application/json` elements, which never run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any, NamedTuple

_SCRIPTS = (
    "dom.js",
    "scene.js",
    "state.js",
    "overview.js",
    "controls.js",
    "picture.js",
    "timeline.js",
    "graph_layout.js",
    "graph.js",
    "samples.js",
    "main.js",
)
"""One module when joined in this order; each names things that later ones use."""

_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&"}


class Block(NamedTuple):
    """A piece of the page's data: `value`, a JSON value, in the element `id`."""

    id: str
    value: Any


def render_page(blocks: Iterable[Block]) -> Iterator[bytes]:
    """The page around its data, piece by piece; same blocks, same bytes."""
    style = _asset("page.css")
    script = "\n".join(_asset(name) for name in _SCRIPTS)
    parts = {"policy": _policy(style, script), "style": style, "script": script}
    before, after = _asset("page.html").split("{{data}}")
    # Data comes between the halves, so that data that looks like a placeholder stays data.
    for half, data in ((before, blocks), (after, ())):
        yield re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], half).encode()
        for number, block in enumerate(data):
            yield f"{chr(10) if number else ''}{_data_block(block)}".encode()


def _data_block(block: Block) -> str:
    return f'<script type="application/json" id="{block.id}">{escape_json(block.value)}</script>'


def escape_json(value: Any) -> str:
    """JSON that cannot end or open an element, whatever its strings hold; pure ASCII."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).translate(_UNSAFE)


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            # `file:` lets a page on disk show the keyframes beside it, 'self' one that is served.
            "img-src data: file: 'self'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return (resources.files("videostep.viewer") / "assets" / name).read_text(encoding="utf-8")
