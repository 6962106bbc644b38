"""A rewriter that looks its words up: for tests, examples, and words that were written elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from videostep.errors import RewriterError
from videostep.reason.refinement.protocol import Wording


class ScriptedRewriter:
    """Rewrites by a table, or by a function of one text.

    Args:
        script: Text to other words; a text that a table does not hold stays.
        name: Of what it writes.
    """

    def __init__(
        self, script: Mapping[str, str] | Callable[[Wording], str], *, name: str = "scripted"
    ) -> None:
        self._script = script
        self.name = name

    def rewrite(self, wordings: Sequence[Wording]) -> Sequence[str]:
        """Each wording as the script has it."""
        if callable(self._script):
            return [self._script(wording) for wording in wordings]
        return [self._script.get(wording.text, wording.text) for wording in wordings]


def open_scripted(file: str) -> ScriptedRewriter:
    """The rewriter of a JSON file `{"words of a template": "other words", ...}`; raises RewriterError."""
    remedy = "give scripted:FILE.json, a JSON object from a template's words to other words"
    if not file:
        raise RewriterError("the scripted rewriter has no file", remedy=remedy)
    try:
        data = Path(file).read_bytes()
        table = msgspec.json.decode(data, type=dict[str, str])
    except OSError as error:
        raise RewriterError(f"{file} cannot be read: {error.strerror}", remedy=remedy) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RewriterError(f"{file} is no table of words: {error}", remedy=remedy) from error
    # The words decide what comes out, not where they lie.
    return ScriptedRewriter(table, name=f"scripted/{hashlib.sha256(data).hexdigest()[:12]}")
