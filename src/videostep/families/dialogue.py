"""From words to tokens: the chat template of a model, a video in its place, a reply to learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jinja2 import TemplateError

from videostep.errors import ConfigError
from videostep.families.told import IntArray
from videostep.families.watched import Watched

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

        A tokenizer may join the prompt's end with the reply's beginning; then the two are kept apart, since a
        model that is asked gets the prompt alone.

        Args:
            words: What is said to the model, behind the video.
            reply: What it is to say.
            watched: The video.

        Raises:
            ConfigError: The template has no place for a video, or the words hold placeholders.
        """
        prompt = self.prompt(words)
        asked, said = self._ids(prompt.replace(self._marker(prompt), watched.layout), words, reply)
        n_prompt = len(asked) + sum(watched.runs) - len(watched.runs)
        return self._expanded([*asked, *said], watched.runs), n_prompt

    def reply(self, words: str, reply: str) -> list[int]:
        """The tokens of a reply to these words, with the one that ends a turn."""
        prompt = self._render([_asked(words)], add_generation_prompt=True)
        return self._ids(prompt, words, reply)[1]

    def words_alone(self, words: str) -> list[int]:
        """The tokens of a conversation without a video, up to the reply."""
        said = {"role": "user", "content": [{"type": "text", "text": words}]}
        return self._ids(self._render([said], add_generation_prompt=True), words, "")[0]

    def prompt(self, words: str) -> str:
        """The conversation up to the reply, with a marker in the video's place.

        Raises:
            ConfigError: The template has no place for a video.
        """
        prompt = self._render([_asked(words)], add_generation_prompt=True)
        self._marker(prompt)
        return prompt

    def check(self) -> None:
        """Raise ConfigError if the model cannot be asked about a video, or cannot answer."""
        number = self.tokenizer.convert_tokens_to_ids(self.placeholder)
        if number is None or number == self.tokenizer.unk_token_id:
            raise ConfigError(
                f"the model's tokenizer has no token {self.placeholder}, which stands for pictures",
                remedy="take a model that was trained on videos, with the tokenizer that it came with",
            )
        self.prompt("?")
        self.reply("?", "?")

    def _marker(self, prompt: str) -> str:
        for marker in self.markers:
            if prompt.count(marker) == 1:
                return marker
        raise ConfigError(
            f"the chat template of the model writes none of {', '.join(self.markers)} for a video",
            remedy="take a model that was trained on videos, with the template that it came with",
        )

    def _frame(self, words: str) -> tuple[str, int]:
        """What stands between prompt and reply, a space in some templates; and the token that ends a turn."""
        reply = {"role": "assistant", "content": [{"type": "text", "text": _REPLY}]}
        prompt = self._render([_asked(words)], add_generation_prompt=True)
        before, _, behind = self._render([_asked(words), reply]).rpartition(_REPLY)
        controls = self.tokenizer.added_tokens_decoder
        ends = (token for token in self._plain_ids(behind) if token in controls)
        end = next(ends, self.tokenizer.eos_token_id)
        if end is None:
            raise ConfigError(
                "the model's tokenizer and chat template know no token that ends a turn",
                remedy="set eos_token in tokenizer_config.json",
            )
        return (before.removeprefix(prompt) if before.startswith(prompt) else ""), int(end)

    def _render(self, conversation: list[dict[str, Any]], *, add_generation_prompt: bool = False) -> str:
        try:
            text = self.tokenizer.apply_chat_template(
                conversation,
                chat_template=self.template,
                tokenize=False,
                add_generation_prompt=add_generation_prompt,
                enable_thinking=False,
            )
        except (TemplateError, TypeError, ValueError) as error:
            raise ConfigError(
                f"the chat template of the model takes no videos: {error}",
                remedy="take a model that was trained on videos, with the template that it came with",
            ) from error
        return str(text)

    def _ids(self, prompt: str, words: str, reply: str) -> tuple[list[int], list[int]]:
        """Tokens of the prompt, and of the reply with its end."""
        gap, end = self._frame(words)
        # A template that writes the token of the beginning itself must not get another one.
        bos = self.tokenizer.bos_token
        first = {"add_special_tokens": bos is None or not prompt.startswith(bos)}
        asked = list(self.tokenizer(prompt, **first)["input_ids"])
        whole = list(self.tokenizer(f"{prompt}{gap}{reply}", **first)["input_ids"])
        if whole[: len(asked)] == asked:
            return asked, [*whole[len(asked) :], end]
        return asked, [*self._plain_ids(gap + reply), end]

    def _plain_ids(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _expanded(self, ids: Sequence[int], runs: Sequence[int]) -> IntArray:
        """Each placeholder as long as its run."""
        tokens = np.array(ids, dtype=np.int64)
        places = np.flatnonzero(tokens == self.tokenizer.convert_tokens_to_ids(self.placeholder))
        if len(places) != len(runs):
            raise ConfigError(
                f"the words that the model is asked with hold {self.placeholder}, which stands for pictures",
                remedy="leave it out of the instructions",
            )
        lengths = np.ones(len(tokens), dtype=np.int64)
        lengths[places] = runs
        return np.repeat(tokens, lengths)


def _asked(words: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "video"}, {"type": "text", "text": words}]}
