import os

import pytest

from videostep.store.names import name_in_utf8


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"street.mp4", "street.mp4"),
        ("\u00fc \U0001f600\n".encode(), "\u00fc \U0001f600\n"),
        (b"m\xfcll", "m\\xfcll"),
    ],
)
def test_only_what_is_not_utf8_is_escaped(name, text):
    assert name_in_utf8(os.fsdecode(name)) == text
