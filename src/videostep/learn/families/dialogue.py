"""From words to tokens: the chat template of a model, a video in its place, a reply to learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from videostep.errors import ConfigError
from videostep.learn.families.watched import Watched
from videostep.learn.sharing.rows import IntArray

_REPLY = "REPLY"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dialogue:
    """Writes the conversations of one model."""

    tokenizer: Any
    template: str
    """The chat template, in Jinja."""
    markers: tuple[str, ...]
    """What the template may write for a video: the first that it does write makes room for the layout."""
    placeholder: str
    """The token that stands for a piece of a picture."""

    def tokens(self, words: str, reply: str, watched: Watched) -> tuple[IntArray, int]:
        """The tokens of a conversation, and how many of them come before the reply.

        The reply ends with the token that ends a turn. A tokenizer may join the prompt's end with the reply's
        beginning; then the two are kept apart, since a model that is asked gets the prompt alone.

        Args:
            words: What is said to the model, behind the video.
            reply: What it is to say.
            watched: The video.
        """
        prompt = self.prompt(words)
        gap = self._gap(words, prompt)
        asked, said = self._ids(prompt.replace(self._marker(prompt), watched.layout), gap + reply)
        n_prompt = len(asked) + sum(watched.runs) - len(watched.runs)
        return self._expanded([*asked, *said], watched.runs), n_prompt

    def reply(self, words: str, reply: str) -> list[int]:
        """The tokens of a reply to these words, with the one that ends a turn."""
        prompt = self._render([_asked(words)], add_generation_prompt=True)
        return self._ids(prompt, self._gap(words, prompt) + reply)[1]

    def prompt(self, words: str) -> str:
        """The conversation up to the reply, with a marker in the video's place.

        Raises:
            ConfigError: The template has no place for a video.
        """
        prompt = self._render([_asked(words)], add_generation_prompt=True)
        self._marker(prompt)
        return prompt

    def _marker(self, prompt: str) -> str:
        for marker in self.markers:
            if prompt.count(marker) == 1:
                return marker
        raise ConfigError(
            f"the chat template of the model writes none of {', '.join(self.markers)} for a video",
            remedy="take a model that was trained on videos, with the template that it came with",
        )

    def _gap(self, words: str, prompt: str) -> str:
        """What stands between prompt and reply: a space in some templates."""
        reply = {"role": "assistant", "content": [{"type": "text", "text": _REPLY}]}
        whole = self._render([_asked(words), reply])
        gap, found, _ = whole.removeprefix(prompt).partition(_REPLY)
        return gap if found and whole.startswith(prompt) else ""

    def _render(self, conversation: list[dict[str, Any]], *, add_generation_prompt: bool = False) -> str:
        text = self.tokenizer.apply_chat_template(
            conversation,
            chat_template=self.template,
            tokenize=False,
            add_generation_prompt=add_generation_prompt,
            enable_thinking=False,
        )
        return str(text)

    def _ids(self, prompt: str, reply: str) -> tuple[list[int], list[int]]:
        # A template that writes the token of the beginning itself must not get another one.
        bos = self.tokenizer.bos_token
        first = {"add_special_tokens": bos is None or not prompt.startswith(bos)}
        asked = list(self.tokenizer(prompt, **first)["input_ids"])
        whole = list(self.tokenizer(prompt + reply, **first)["input_ids"])
        if whole[: len(asked)] == asked:
            said = whole[len(asked) :]
        else:
            said = list(self.tokenizer(reply, add_special_tokens=False)["input_ids"])
        return asked, [*said, self.tokenizer.eos_token_id]

    def _expanded(self, ids: Sequence[int], runs: Sequence[int]) -> IntArray:
        """Each placeholder as long as its run."""
        tokens = np.array(ids, dtype=np.int64)
        places = np.flatnonzero(tokens == self.tokenizer.convert_tokens_to_ids(self.placeholder))
        assert len(places) == len(runs)  # words have no brackets, so that none of them is a placeholder
        lengths = np.ones(len(tokens), dtype=np.int64)
        lengths[places] = runs
        return np.repeat(tokens, lengths)


def _asked(words: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "video"}, {"type": "text", "text": words}]}
