"""Questions with their videos: each video is decoded once for all that is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from videostep.errors import BudgetError, MediaError, ModelError, ServerError
from videostep.evaluate.answering.asking import Posed, caption_request
from videostep.evaluate.answering.frames import FrameConfig, Shot, show_spans
from videostep.evaluate.benchmarks.item import Item
from videostep.frames.looking import Span
from videostep.models.protocol import Outcome, Request, VideoModel

FindVideo = Callable[[str], Path | None]
"""From a video as the benchmark names it to its file; None where there is none."""


def pose_unseen(items: Iterable[Item]) -> Iterator[Posed]:
    """The questions without anything of their videos."""
    return (Posed(item=item) for item in items)


def pose(items: Iterable[Item], find: FindVideo, config: FrameConfig) -> Iterator[Posed]:
    """The questions with the frames of their spans.

    Args:
        items: Those of one video in a row.
        find: Finds the files.
        config: How many frames, and how large.
    """
    for video, asked in groupby(items, key=lambda item: item.video):
        of_video = list(asked)
        shown = _show(video, find(video), {item.span_s for item in of_video}, config)
        for item in of_video:
            shots = shown[item.span_s]
            yield Posed(item=item, fault=shots) if isinstance(shots, str) else Posed(item=item, shots=shots)


def _show(
    video: str, path: Path | None, spans: Iterable[Span], config: FrameConfig
) -> dict[Span, tuple[Shot, ...] | str]:
    spans = list(spans)
    if path is None:
        return dict.fromkeys(spans, f"video: the file of {video!r} is missing")
    try:
        return show_spans(path, spans, config)
    except MediaError as error:
        return dict.fromkeys(spans, f"video: {error}")


def pose_captioned(
    items: Iterable[Item], find: FindVideo, config: FrameConfig, model: VideoModel
) -> Iterator[Posed]:
    """The questions with what the model itself says about their frames, in place of the frames.

    Raises:
        ServerError: The model cannot be reached.
        BudgetError: The budget is spent.
    """
    asked = list(items)
    scenes = {_scene(item): item for item in asked}
    told = describe_scenes(pose(scenes.values(), find, config), model)
    for item in asked:
        caption, fault = told[_scene(item)]
        yield Posed(item=item, caption=caption, fault=fault)


def describe_scenes(posed: Iterable[Posed], model: VideoModel) -> dict[tuple[str, Span], tuple[str, str]]:
    """Video and span to (caption, "") or ("", why there is none)."""
    told: dict[tuple[str, Span], tuple[str, str]] = {}
    asked: list[tuple[str, Span]] = []

    def requests() -> Iterator[Request]:
        for one in posed:
            if one.fault:
                told[_scene(one.item)] = ("", one.fault)
            else:
                asked.append(_scene(one.item))
                yield caption_request(one.shots)

    for number, outcome in model.ask(requests()):
        told[asked[number]] = _caption(outcome)
    return told


def _scene(item: Item) -> tuple[str, Span]:
    return item.video, item.span_s


def _caption(outcome: Outcome) -> tuple[str, str]:
    if isinstance(outcome, ServerError | BudgetError):
        raise outcome
    if isinstance(outcome, ModelError):
        return "", f"caption: {outcome}"
    return outcome.texts[0], ""
