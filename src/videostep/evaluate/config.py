"""What counts as right."""

from __future__ import annotations

from dataclasses import dataclass, field

from videostep.errors import ConfigError
from videostep.evaluate.scene import UnitKind
from videostep.evaluate.words import Synonyms


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreConfig:
    """Settings of the scores (docs/score.md); the paper gives none."""

    min_time_iou: float = 0.5
    """Of the spans of two units, or of two statements, 0..1. Source: VidVRD's threshold for vIoU."""
    min_box_iou: float = 0.5
    """Mean over the times at which both units have a box, 0..1. Source: as above."""
    unit: UnitKind = "object"
    """`object`: one thing in one clip, as the graph file has it. `thing`: objects that references join
    are one, so that it makes no difference where the clips are cut."""
    synonyms: Synonyms = field(default_factory=Synonyms)

    def __post_init__(self) -> None:
        """Raise ConfigError for a threshold outside 0..1."""
        for name in ("min_time_iou", "min_box_iou"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ConfigError(f"{name} is {value}", remedy="give a number from 0 to 1")
