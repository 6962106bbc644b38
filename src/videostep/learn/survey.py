"""Before a training: how many tokens it has, which samples are too long, which videos cannot be opened.

Videos are opened but not decoded: frames of their number and size, made up, have as many tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from videostep.errors import InputError, MediaError
from videostep.frames.looking import check_content
from videostep.frames.reading import Eyes, read_frames
from videostep.frames.video_frames import VideoFrames
from videostep.learn.lessons import Lesson
from videostep.learn.plan import Group
from videostep.learn.sharing.features import MediaInputs
from videostep.learn.sharing.packing import make_pack
from videostep.learn.video_rows import VideoRows
from videostep.media.decode import open_video
from videostep.video import TimeSpan, Video

_SHOWN = 3


@dataclass(slots=True, kw_only=True)
class Survey:
    """One epoch in numbers."""

    samples: int = 0
    rows: int = 0
    tokens: int = 0
    """With every shared beginning once."""
    row_tokens: int = 0
    """Of the rows one by one."""
    target_tokens: int = 0
    """That are learnt."""
    longest_row: int = 0
    largest_group: int = 0
    """Tokens of the largest group of samples that share their frames, shared ones once."""
    pixels_per_token: float = 0.0
    """Most numbers that the vision tower takes for a token of a group, shared ones once."""
    too_long: dict[str, int] = field(default_factory=dict)
    """Sample to the tokens of its longest row, where those are more than a row may have."""
    unreadable: dict[str, MediaError] = field(default_factory=dict)
    """Videos that cannot be opened."""

    @property
    def saved(self) -> float:
        """Share of the rows' tokens that sharing saves, 0..1."""
        return 1 - self.tokens / self.row_tokens if self.row_tokens else 0.0


def survey(
    rows: VideoRows, lessons: Sequence[Lesson], groups: Iterable[Group], *, most_tokens: int
) -> Survey:
    """Count the rows of groups.

    Args:
        rows: Makes them; from `blank_frames` if nothing is to be decoded.
        lessons: What the groups are of.
        groups: Of one epoch.
        most_tokens: Of a row.
    """
    found = Survey()
    for group in groups:
        video = lessons[group.samples[0]].first.video
        if video in found.unreadable:
            continue
        try:
            made = rows.rows_of(group)
        except MediaError as error:
            found.unreadable[video] = error
            continue
        owners = [place for place in group.samples for _ in lessons[place].examples]
        for row, place in zip(made.rows, owners, strict=True):
            found.row_tokens += len(row)
            found.target_tokens += len(row.targets)
            found.longest_row = max(found.longest_row, len(row))
            if len(row) > most_tokens:
                name = lessons[place].first.sample_id
                found.too_long[name] = max(found.too_long.get(name, 0), len(row))
        shared = len(make_pack(made.rows))
        found.samples, found.rows = found.samples + len(group.samples), found.rows + len(made.rows)
        found.tokens, found.largest_group = found.tokens + shared, max(found.largest_group, shared)
        found.pixels_per_token = max(found.pixels_per_token, _count_pixels(made.media.values()) / shared)
    return found


def _count_pixels(media: Iterable[MediaInputs]) -> int:
    pixels = (inputs[name] for inputs in media for name in inputs if name.startswith("pixel_values"))
    return sum(each.numel() for each in pixels)


def refuse_unreadable(found: Survey) -> None:
    """Raise InputError if not one video could be opened."""
    if found.samples:
        return
    first = next(iter(found.unreadable.values()))
    raise InputError(
        f"not one of {len(found.unreadable)} videos can be read: {first.message}",
        remedy="mend that, or name the folder where they lie now with --videos",
    )


def refuse_too_long(found: Survey, *, most_tokens: int, context: int) -> None:
    """Raise InputError naming samples that do not fit, and what to do about it."""
    if not found.too_long:
        return
    longest = sorted(found.too_long.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{name} ({tokens} tokens)" for name, tokens in longest[:_SHOWN])
    more = f" and {len(longest) - _SHOWN} more" if len(longest) > _SHOWN else ""
    limit = "the model's context" if most_tokens == context else "pack_tokens"
    raise InputError(
        f"{len(longest)} of {found.samples} samples do not fit into {limit} of {most_tokens} tokens: "
        f"{named}{more}",
        remedy="take fewer or smaller frames (--max-frames, --max-pixels)"
        + ("" if most_tokens == context else ", or raise pack_tokens")
        + ", or leave them out with --skip-long",
    )


def blank_frames(
    path: str | Path, eyes: Eyes, *, span_s: TimeSpan | None = None, sha256: str | None = None
) -> VideoFrames:
    """Black and white frames, as many and as large as `read_frames` would give, without decoding the video.

    Each differs from the one before, since some families leave out what does not change. A video that does
    not say how long it is has to be decoded.

    Raises:
        MediaError: The video cannot be opened, or is not the one of `sha256`.
    """
    with open_video(path) as reader:
        video = reader.video
    check_content(video, sha256)
    if not video.duration_s:
        return read_frames(path, eyes, span_s=span_s)
    whole = TimeSpan(0.0, video.duration_s)
    return _blank(video, eyes, whole if span_s is None else (whole.overlap(span_s) or span_s))


def _blank(video: Video, eyes: Eyes, span_s: TimeSpan) -> VideoFrames:
    n_frames = eyes.sampling.n_frames(span_s.duration_s, video.fps)
    fitted = eyes.fit(np.zeros((video.height_px, video.width_px, 3), dtype=np.uint8), n_frames)
    shades = np.arange(n_frames, dtype=np.uint8)[:, None, None, None] % 2 * 255
    times_s = eyes.sampling.times_s(n_frames, span_s.duration_s, 1 / video.fps)
    return VideoFrames(
        key=f"{video.sha256} {span_s}",
        rgb=np.broadcast_to(shades, (n_frames, *fitted.shape)),
        times_s=times_s,
        duration_s=span_s.duration_s,
        fps=video.fps,
    )
