"""From texts to a reply: every backend accepts and refuses texts by the same rules."""

from __future__ import annotations

from collections.abc import Mapping

from videostep.errors import ModelError, ReplyError
from videostep.models.forms import canonical, shown
from videostep.models.protocol import FinishReason, Reply, Request, Usage
from videostep.models.yes_no import complaint_of, p_yes_of_texts


def accepted_text(request: Request, text: str, finish_reason: FinishReason) -> str:
    """The text as it goes into a reply: stripped, and of a form its canonical JSON.

    Raises:
        ReplyError: It is empty, cut off, not of the form, neither yes nor no, or the asker refuses it.
    """
    if request.yes_no:
        return _uncomplained(text.strip(), complaint_of(text))
    if finish_reason == "length":
        raise ReplyError(
            f"the reply was cut off after {request.sampling.max_tokens} tokens; it begins {shown(text)}",
            remedy="allow more tokens, or ask for less",
        )
    if finish_reason != "stop":
        raise ReplyError("the server withheld or broke off the reply")
    if not text.strip():
        raise ReplyError("the reply is empty")
    text = canonical(text, request.form) if request.form else text.strip()
    return _uncomplained(text, request.accept(text))


def _uncomplained(text: str, complaint: str) -> str:
    if complaint:
        raise ReplyError(f"{complaint}; the reply begins {shown(text)}")
    return text


def reply_of(
    request: Request, accepted: Mapping[int, str], refused: Mapping[int, ModelError], usage: Usage
) -> Reply:
    """The reply made of the accepted samples, by sample number; without any raises the first one's error."""
    if not accepted:
        raise refused[min(refused)]
    texts = tuple(accepted[sample] for sample in sorted(accepted))
    return Reply(
        texts=texts,
        missing=tuple(str(refused[sample]) for sample in sorted(refused)),
        p_yes=p_yes_of_texts(texts) if request.yes_no else None,
        usage=usage,
    )


def is_acceptable(request: Request, reply: Reply) -> bool:
    """Whether a reply that was kept would be taken today: the asker's check may have become stricter."""
    return request.yes_no or not any(map(request.accept, reply.texts))
