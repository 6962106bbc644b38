"""What is known of a training before its model is loaded: what is taught, held out, and left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from videostep.errors import InputError
from videostep.families.family import Family
from videostep.learn.arguments import saves_memory
from videostep.learn.config import TrainConfig
from videostep.learn.lessons import Lesson
from videostep.learn.loading import Base, context_of, family_of, skeleton_of
from videostep.learn.plan import Group, hold_out, plan_windows, steps_of_epoch
from videostep.learn.processes import decided_by_main
from videostep.learn.survey import Survey, blank_frames, refuse_too_long, refuse_unreadable, survey
from videostep.learn.training import Curriculum, is_bf16
from videostep.learn.video_rows import VideoRows
from videostep.learn.vram import MemoryEstimate, estimate_memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """A training that could start."""

    curriculum: Curriculum
    survey: Survey
    """Of all samples, the held-out ones too."""
    lessons: tuple[Lesson, ...]
    held_out_videos: frozenset[str]
    left_out: tuple[str, ...]
    """Samples that are too long."""
    note: str
    """What the family has to say to whoever trains the model; empty: nothing."""

    @property
    def trained_videos(self) -> int:
        """How many videos are trained on."""
        return len({lesson.video for lesson in self.lessons} - self.held_out_videos)


def prepare(
    base: Base, lessons: Sequence[Lesson], config: TrainConfig, *, skip_long: bool = False
) -> Preparation:
    """Look through the data, and put it in order; every process prepares the same.

    Args:
        base: The model.
        lessons: What there is to teach.
        config: How.
        skip_long: Leave out samples that do not fit, instead of refusing.

    Raises:
        ConfigError: The model cannot take videos.
        InputError: Samples do not fit, not one video can be opened, or nothing is left to train on.
    """
    family, context = family_of(base, config), context_of(base)
    most_tokens = min(context, config.pack_tokens)
    found = decided_by_main(lambda: _survey(family, lessons, config, most_tokens))
    refuse_unreadable(found)
    if not skip_long:
        refuse_too_long(found, most_tokens=most_tokens, context=context)
    kept = tuple(lesson for lesson in lessons if lesson.first.sample_id not in found.too_long)
    # Videos that cannot be opened stay among those that are taught: there each becomes an error entry.
    readable = [lesson.video for lesson in kept if lesson.first.video not in found.unreadable]
    held = _held_out(readable, config)
    if not any(lesson.video not in held for lesson in kept):
        raise InputError(
            f"nothing is left to train on: {len(found.too_long)} samples are too long, "
            f"{len(held)} videos are held out",
            remedy="take fewer or smaller frames, hold out less, or make more samples",
        )
    return Preparation(
        curriculum=_curriculum(family, kept, held, config, most_tokens),
        survey=found,
        lessons=kept,
        held_out_videos=held,
        left_out=tuple(sorted(found.too_long)),
        note=family.note,
    )


def _held_out(videos: Sequence[str], config: TrainConfig) -> frozenset[str]:
    if config.held_out.videos:
        return frozenset(config.held_out.videos) & frozenset(videos)
    return hold_out(videos, share=config.held_out.share, seed=config.seed)


def _survey(family: Family, lessons: Sequence[Lesson], config: TrainConfig, most_tokens: int) -> Survey:
    groups = _in_groups(lessons, range(len(lessons)), config)
    return survey(VideoRows(family, lessons, read=blank_frames), lessons, groups, most_tokens=most_tokens)


def _curriculum(
    family: Family, lessons: tuple[Lesson, ...], held: frozenset[str], config: TrainConfig, most_tokens: int
) -> Curriculum:
    taught = [place for place, lesson in enumerate(lessons) if lesson.video not in held]
    kept_back = [place for place, lesson in enumerate(lessons) if lesson.video in held]
    windows = plan_windows(
        [lessons[place].footage for place in taught],
        epochs=config.epochs,
        batch=config.batch,
        per_video=config.per_video,
        seed=config.seed,
    )
    return Curriculum(
        source=VideoRows(family, lessons, most_tokens=most_tokens),
        windows=tuple(tuple(group.renumbered(taught) for group in window) for window in windows),
        steps_of_epoch=steps_of_epoch(len(taught), config.batch),
        held_out=tuple(_in_groups(lessons, kept_back, config)),
    )


def _in_groups(lessons: Sequence[Lesson], places: Sequence[int], config: TrainConfig) -> list[Group]:
    windows = plan_windows(
        [lessons[place].footage for place in places],
        epochs=1,
        batch=max(1, len(places)),
        per_video=config.per_video,
        seed=config.seed,
    )
    return [group.renumbered(places) for window in windows for group in window]


def estimate(base: Base, prepared: Preparation, config: TrainConfig) -> MemoryEstimate:
    """The memory that the training would take on one device."""
    found = prepared.survey
    groups = -(-config.batch // config.per_video)
    pack_tokens = min(config.pack_tokens, groups * found.largest_group)
    return estimate_memory(
        skeleton_of(base),
        config,
        pack_tokens=pack_tokens,
        pack_targets=-(-pack_tokens * found.target_tokens // found.tokens),
        pack_pixels=round(pack_tokens * found.pixels_per_token),
        bf16=is_bf16(config),
        checkpointing=saves_memory(config),
    )
