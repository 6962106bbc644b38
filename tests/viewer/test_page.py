"""The page keeps data and markup apart, and says what it may load."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.viewer.page import Block, escape_json, render_page


def page_of(*blocks):
    return b"".join(render_page(blocks)).decode()


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--",
    "]]>",
    "&lt;",
    "{{script}}",
    "\u2028",
    "\ud800",
    'a"b\\',
]
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text())


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.recursive(TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8))
def test_escaped_json_holds_no_markup_and_says_the_same(value):
    escaped = escape_json(value)
    assert not set("<>&") & set(escaped)
    assert escaped.isascii()
    assert json.loads(escaped) == value


def test_data_that_looks_like_a_placeholder_stays_data():
    page = page_of(Block("run", "{{style}}"))
    assert '<script type="application/json" id="run">"{{style}}"</script>' in page


def test_hostile_data_adds_no_element():
    plain, hostile = (page_of(Block("run", value)) for value in ("", HOSTILE))
    assert hostile.count("<script") == plain.count("<script")
    assert hostile.count("<!--") == plain.count("<!--")


def test_the_policy_names_the_style_and_the_script_that_stand_in_the_page():
    page = page_of()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    for kind, pattern in (
        ("style", r"<style>(.*?)</style>"),
        ("script", r'<script type="module">(.*?)</script>'),
    ):
        inside = re.search(pattern, page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_the_page_names_no_address_on_a_network():
    addresses = set(re.findall(r"https?://[^\s\"'`)]+", page_of()))
    assert addresses == {"http://www.w3.org/2000/svg"}, (
        "only the name of the SVG language, which is not fetched"
    )


def test_no_script_builds_markup_from_text():
    page = page_of()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", page
    )
