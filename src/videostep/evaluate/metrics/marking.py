"""From a reply to its mark, by the protocol that was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from videostep.errors import InputError
from videostep.evaluate.benchmarks.benchmark import Scoring
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.counting import mark_count
from videostep.evaluate.metrics.exact import mark_exact
from videostep.evaluate.metrics.mark import NO_REPLY, Mark
from videostep.evaluate.metrics.options import read_option


def is_scored(item: Item, scoring: Scoring) -> bool:
    """Whether a protocol fits a question: options are chosen, words compared, and a judge reads anything."""
    if item.is_hidden:
        return False
    if scoring == "judge":
        return True
    if item.choices is not None or item.kind == "count":
        return scoring == ("count" if item.choices is None else "choice")
    return scoring in ("exact", "wups") and item.kind != "text"


def mark_reply(item: Item, reply: str | None) -> Mark:
    """The mark of a reply: by its option or its number where that is asked for, else by exact match.

    Args:
        item: The question.
        reply: What the model said; None: nothing, or an error.
    """
    if item.kind == "count":
        return mark_count(item, reply)
    if reply is None or not reply.strip():
        return NO_REPLY
    if item.choices is None:
        return mark_exact(item, reply)
    place = read_option(reply, item.choices)
    if place is None:
        return Mark(right=False, fault="unparsed")
    # By its words, not by its place: some benchmarks have the right option twice.
    return Mark(right=item.choices[place] == item.answer, read=item.choices[place])


def mark_replies(
    items: Iterable[Item], replies: Mapping[str, str], scoring: Scoring
) -> Iterator[tuple[Item, Mark]]:
    """The questions that a protocol scores, each with the mark of its reply; a missing reply is wrong.

    Args:
        items: Of the benchmark; one is in memory at a time.
        replies: Question id to what the model said.
        scoring: `exact`, `choice` or `count`; a judge's marks come from `judge`, WordNet's from `wups`.

    Raises:
        InputError: A reply is for none of the questions: the replies are another benchmark's.
    """
    n_met = 0
    for item in items:
        n_met += item.id in replies
        if is_scored(item, scoring):
            yield item, mark_reply(item, replies.get(item.id))
    if n_met < len(replies):
        raise InputError(
            f"{len(replies) - n_met} of {len(replies)} replies answer no question of the benchmark",
            remedy="give the replies to this benchmark, and all of its questions",
        )
