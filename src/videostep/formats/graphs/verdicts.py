"""What a reader raises inside itself; it turns each into a counted entry, so that neither leaves it."""

from __future__ import annotations


class LostError(Exception):
    """A statement cannot be carried; the argument says why, as `Account.lose` wants it."""


class UnusableError(Exception):
    """Nothing true can be said of a whole video; the argument says why, as `Refused.reason` wants it."""
