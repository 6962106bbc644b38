"""A batch of prompts in, texts out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from transformers import GenerationConfig, LogitsProcessor, LogitsProcessorList

from videostep.errors import ModelError, RequestError
from videostep.models.local.draw import SeededDraws
from videostep.models.local.load import Loaded
from videostep.models.local.prompt import Generated, Prompt
from videostep.models.local.speak import Speaker
from videostep.models.protocol import Usage
from videostep.models.yes_no import p_yes_of_tokens, word_of

if TYPE_CHECKING:
    from videostep.models.local.constrain import Grammars

_TOP = 20


class Generator:
    """Generates texts with one model."""

    def __init__(self, loaded: Loaded, *, constrained: bool = False) -> None:
        """`constrained`: hold texts to their forms while they are generated; needs xgrammar."""
        self._model, self.speaker = loaded.model, Speaker(loaded)
        text = loaded.model.config.get_text_config()
        self._most_tokens = int(getattr(text, "max_position_embeddings", 0) or 2**31)
        by_default = loaded.model.generation_config.eos_token_id
        self._ends = _ends(by_default, loaded.processor.tokenizer.eos_token_id)
        self._grammars = self._read_grammars(loaded.processor.tokenizer, text) if constrained else None

    def _read_grammars(self, tokenizer: Any, text: Any) -> Grammars:
        from videostep.models.local.constrain import Grammars

        return Grammars(tokenizer, int(text.vocab_size), self._ends)

    def generate(self, prompts: Sequence[Prompt]) -> list[Generated | ModelError]:
        """A text, or what is wrong, for each prompt; all with the same `max_tokens`."""
        try:
            batch = self.speaker.encode([prompt.conversation for prompt in prompts])
            fits = [length + prompts[0].max_tokens <= self._most_tokens for length in _lengths(batch)]
            if all(fits):
                return list(self._generate(batch, prompts))
        except torch.OutOfMemoryError as error:
            return self._in_halves(prompts, error)
        return self._those_that_fit(prompts, fits)

    def _those_that_fit(self, prompts: Sequence[Prompt], fits: list[bool]) -> list[Generated | ModelError]:
        short = [prompt for prompt, fit in zip(prompts, fits, strict=True) if fit]
        done = iter(self.generate(short) if short else [])
        too_long = RequestError(
            f"prompt and reply are longer than the model's {self._most_tokens} tokens",
            remedy="send fewer or smaller pictures, or allow fewer tokens",
        )
        return [next(done) if fit else too_long for fit in fits]

    def _in_halves(self, prompts: Sequence[Prompt], error: Exception) -> list[Generated | ModelError]:
        torch.cuda.empty_cache()
        if len(prompts) == 1:
            refusal = RequestError(
                "memory is too short for the request", remedy="send smaller pictures, or load a smaller dtype"
            )
            refusal.__cause__ = error
            return [refusal]
        half = len(prompts) // 2
        return self.generate(prompts[:half]) + self.generate(prompts[half:])

    def _generate(self, batch: Any, prompts: Sequence[Prompt]) -> list[Generated]:
        # Of its own: what checkpoints bring (penalties, temperatures) would change what was asked for.
        settings = GenerationConfig(
            max_new_tokens=prompts[0].max_tokens,
            do_sample=False,
            eos_token_id=self._ends,
            pad_token_id=self.speaker.pad,
            output_logits=True,
            return_dict_in_generate=True,
        )
        processors: list[LogitsProcessor] = [SeededDraws([prompt.draw for prompt in prompts])]
        if self._grammars is not None and any(prompt.form for prompt in prompts):
            # First: what does not fit must not be drawn.
            processors.insert(0, self._grammars.constraint([prompt.form for prompt in prompts]))
        with torch.inference_mode():
            out = self._model.generate(
                **batch, generation_config=settings, logits_processor=LogitsProcessorList(processors)
            )
        replies = out.sequences[:, batch["input_ids"].shape[1] :]
        first = out.logits[0].float().log_softmax(-1).topk(_TOP, dim=-1)
        return [
            self._generated(tokens.tolist(), length, self._alternatives(values, places))
            for tokens, length, values, places in zip(
                replies, _lengths(batch), first.values, first.indices, strict=True
            )
        ]

    def _generated(self, tokens: list[int], asked: int, first: list[tuple[str, float]]) -> Generated:
        end = next((place for place, token in enumerate(tokens) if token in self._ends), None)
        said = tokens if end is None else tokens[:end]
        return Generated(
            text=self.speaker.decode(said),
            reason="length" if end is None else "stop",
            usage=Usage(prompt_tokens=asked, completion_tokens=len(said)),
            p_yes=p_yes_of_tokens(first) if word_of(self.speaker.token(tokens[0])) is not None else None,
        )

    def _alternatives(self, values: torch.Tensor, places: torch.Tensor) -> list[tuple[str, float]]:
        return [
            (self.speaker.token(place), value)
            for place, value in zip(places.tolist(), values.tolist(), strict=True)
        ]


def _lengths(batch: Any) -> list[int]:
    return [int(length) for length in batch["attention_mask"].sum(-1)]


def _ends(*tokens: int | list[int] | None) -> list[int]:
    """All tokens that end a reply, as lists and single ones."""
    found: set[int] = set()
    for token in tokens:
        found |= set(token) if isinstance(token, list) else {token} - {None}  # type: ignore[arg-type]
    return sorted(found)
