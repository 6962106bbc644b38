"""File names as text: every file of a run is UTF-8, and a name need not be."""

from __future__ import annotations


def name_in_utf8(name: str) -> str:
    r"""`name` with each byte that is not UTF-8 written as `\xff`; every other name stays as it is."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
