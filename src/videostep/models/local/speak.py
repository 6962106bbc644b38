"""From requests to tensors and back, by the model's own chat template and processor."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image as PillowImage

from videostep.errors import RequestError
from videostep.models.forms import form_in_words
from videostep.models.local.load import Loaded
from videostep.models.local.prompt import Conversation
from videostep.models.protocol import Image, Message, Request


class Speaker:
    """Knows the words of one model."""

    def __init__(self, loaded: Loaded) -> None:
        self._processor, self._device = loaded.processor, loaded.model.device
        self._tokenizer = loaded.processor.tokenizer
        special = {token.content for token in self._tokenizer.added_tokens_decoder.values()}
        # Processors look for these in the text, whether they are tokens or not.
        special |= {str(getattr(loaded.processor, name, "") or "") for name in ("image_token", "video_token")}
        self._special = sorted(special - {""}, key=lambda token: (-len(token), token))

    def conversation(self, request: Request) -> Conversation:
        """A request as the chat template takes it; raises RequestError if a picture is none."""
        turns = [self._turn(message) for message in request.messages]
        if request.form:
            turns[-1]["content"].append({"type": "text", "text": self.plain(form_in_words(request.form))})
        return turns

    def _turn(self, message: Message) -> dict[str, Any]:
        return {"role": message.role, "content": [self._part(part) for part in message.parts]}

    def _part(self, part: str | Image) -> dict[str, Any]:
        if isinstance(part, str):
            return {"type": "text", "text": self.plain(part)}
        if part.is_film:
            raise RequestError(
                "weights on this machine are shown pictures, not films", remedy="set video_llm.film to false"
            )
        try:
            with PillowImage.open(io.BytesIO(part.data)) as picture:
                return {"type": "image", "image": picture.convert("RGB")}
        except (OSError, ValueError, PillowImage.DecompressionBombError) as error:
            raise RequestError(f"a picture of the request cannot be read: {error}") from error

    def plain(self, text: str) -> str:
        """Text in which nothing is a special token: what was read in a video must not end a turn."""
        for token in self._special:
            text = text.replace(token, f"{token[0]} {token[1:]}")
        return text

    def encode(self, conversations: Sequence[Conversation]) -> Any:
        """A padded batch of prompts, on the model's device."""
        batch = self._processor.apply_chat_template(
            list(conversations),
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            processor_kwargs={"padding": True},
        )
        return batch.to(self._device)

    def decode(self, tokens: Any) -> str:
        """The words of a reply."""
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True))

    def token(self, number: int) -> str:
        """One token as text."""
        return str(self._tokenizer.decode([number]))

    @property
    def pad(self) -> int:
        """The token that fills up."""
        pad = self._tokenizer.pad_token_id
        return int(self._tokenizer.eos_token_id if pad is None else pad)
