"""VILA behind an OpenAI-compatible URL, so that `videostep evaluate` and `run` can ask it.

    cd VILA
    python /PATH/TO/recipes/backbones/vila_serve.py CHECKPOINT
    videostep evaluate ... --model openai:vila@http://127.0.0.1:8000/v1

VILA has a server of its own (`serving/server.py`), which answers in the same way; this one listens on this
machine only and fetches no URLs. Neither passes sampling settings on: VILA's own hold.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from chat_server import Asked, Said, parser, serve


class Vila:
    """A loaded model that can be asked."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, asked: Asked) -> Said:
        """Frames go as pictures, in order, before the words."""
        text = self.model.generate_content([*asked.frames, asked.words]).strip()
        return Said(text=text, tokens=0, is_whole=True)


def main() -> None:
    """Load by VILA's own code and serve."""
    flags = parser("Serve VILA.")
    flags.add_argument("checkpoint")
    given = flags.parse_args()
    sys.path.insert(0, os.getcwd())
    import llava

    serve(Vila(llava.load(given.checkpoint)), "vila", given.host, given.port)


if __name__ == "__main__":
    main()
