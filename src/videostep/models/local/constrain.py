"""Constrained decoding: of a form only tokens that can still become its JSON are possible (xgrammar)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import xgrammar
from transformers import LogitsProcessor

from videostep.models.forms import schema_text


class Grammars:
    """Grammars of forms, in the tokens of one model."""

    def __init__(self, tokenizer: Any, n_logits: int, ends: list[int]) -> None:
        """Read the vocabulary.

        Args:
            tokenizer: The model's.
            n_logits: What the model scores: often more than there are tokens.
            ends: Tokens that end a reply.
        """
        info = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=n_logits, stop_token_ids=ends)
        self._compiler = xgrammar.GrammarCompiler(info)
        self._n_logits = n_logits

    def constraint(self, forms: Sequence[type[Any] | None]) -> HeldToForms:
        """What holds each row of a batch to its form; one generation long. None: free text."""
        return HeldToForms([self._matcher(form) for form in forms], self._n_logits)

    def _matcher(self, form: type[Any] | None) -> Any:
        if form is None:
            return None
        # No white space at will: a model without sense could go on with it until its tokens are used up.
        return xgrammar.GrammarMatcher(
            self._compiler.compile_json_schema(schema_text(form), any_whitespace=False)
        )


class HeldToForms(LogitsProcessor):  # type: ignore[misc]  # transformers is not typed
    """Makes tokens impossible that would break a row's form."""

    def __init__(self, matchers: Sequence[Any], n_logits: int) -> None:
        self._matchers = matchers
        self._mask = xgrammar.allocate_token_bitmask(len(matchers), n_logits)
        self._has_begun = False

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Scores, batch x vocabulary, -inf where a token does not fit."""
        if self._has_begun:
            self._accept(input_ids[:, -1].tolist())
        self._has_begun = True
        rows = [row for row, matcher in enumerate(self._matchers) if _is_open(matcher)]
        for row in rows:
            self._matchers[row].fill_next_token_bitmask(self._mask, row)
        held = scores.float().cpu()
        if rows:
            xgrammar.apply_token_bitmask_inplace(held, self._mask, indices=rows)
        return held.to(scores.device)

    def _accept(self, tokens: list[int]) -> None:
        for matcher, token in zip(self._matchers, tokens, strict=True):
            if _is_open(matcher):
                matcher.accept_token(token)


def _is_open(matcher: Any) -> bool:
    """Whether a row has a form and has not come to its end."""
    return matcher is not None and not matcher.is_terminated()
