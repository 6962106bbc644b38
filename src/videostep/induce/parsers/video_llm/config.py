"""Settings of the Video-LLM parser: how often it asks, and what it believes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from videostep.errors import ConfigError
from videostep.models.images import ImageConfig

SAME_WORDS: Mapping[str, tuple[str, ...]] = {
    "aeroplane": ("airplane", "plane"),
    "bicycle": ("bike",),
    "car": ("automobile",),
    "colour": ("color",),
    "grey": ("gray",),
    "motorcycle": ("motorbike",),
    "next to": ("beside", "alongside"),
    "sofa": ("couch",),
    "television": ("tv",),
    "trousers": ("pants",),
}
"""Words that models use for one another; none is narrower than the one that stands for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoLlmConfig:
    """How a Video-LLM is asked and when it is believed."""

    grounding: str = ""
    """Scene parser whose boxes and tracks are put under the Video-LLM's words, such as `embedded`; "": none,
    places are the Video-LLM's own. Paper: none."""
    single_prompt: bool = False
    """Ask for a keyframe's whole scene graph in one request and believe it; needs `samples = 1`,
    `check_presence = false` and no grounding. Paper: false; true is its ablation "without semantics
    parsing (one JSON prompt)"."""
    samples: int = 5
    """Replies to each question, 1 or more; 1 switches voting off. Paper: n, not given."""
    temperature: float = 0.7
    """Of the replies, 0 to 2. Paper: not given."""
    min_agreement: float = 0.4
    """Share of the replies that must name a node or edge, 0..1: below two of five it may be chance.
    Paper: a threshold, not given."""
    check_presence: bool = True
    """Ask for each node and edge that is left whether it is present (STEP's dual verification, ii)."""
    min_presence: float = 0.4
    """Share of the replies to that which must say yes, 0..1; fewer is a "no". Paper: every "no" goes. With
    a fifth of all that is said wrong, 0.4 keeps 98 % of what is true and 0.5 keeps 91 %; either way, less
    than 1 % of what is kept is wrong."""
    checks_per_request: int = 60
    """Statements judged in one request at most: longer lists are judged carelessly."""
    max_tokens: int = 2048
    """Of each reply."""
    identity_clips: int = 8
    """Earlier clips shown in one question about who is who, at most: a keyframe of each is a picture."""
    identity_candidates: int = 8
    """Objects of earlier clips that one object is compared with, at most: those that agree with it in most
    properties, and in looks where a grounding parser knows them."""
    min_likeness: float = 0.05
    """How sure the grounding parser must be by looks alone that two objects are one, 0..1, for the question
    to be asked; two of which it does not know the looks are asked about."""
    crop_px: int = 224
    """Longer side of the crops in that question, pixels; 0: none. 64 tokens each for Qwen2.5-VL.
    Paper: the keyframes alone."""
    event_pictures: int = 4
    """Keyframes shown for the event of a clip, at most."""
    film: bool = False
    """Send a film of the clip (MP4, as `video_url`) with the question about its event, instead of keyframes:
    for servers and models that take videos, vLLM with Qwen2.5-VL for one."""
    film_pictures: int = 64
    """Pictures of a film at most, evenly spread; a short clip has five a second."""
    same_words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(SAME_WORDS))
    """Words to others that mean the same and are replaced by it. Paper: not given."""
    image: ImageConfig = field(default_factory=ImageConfig)
    """How pictures are sent."""

    def __post_init__(self) -> None:
        for name in (
            "samples",
            "checks_per_request",
            "max_tokens",
            "event_pictures",
            "film_pictures",
            "identity_clips",
        ):
            if getattr(self, name) < 1:
                raise ConfigError(f"video_llm.{name} is {getattr(self, name)}", remedy="give 1 or more")
        if self.single_prompt and (self.samples > 1 or self.check_presence or self.grounding):
            raise ConfigError(
                "video_llm.single_prompt takes one reply as it stands",
                remedy="set samples = 1 and check_presence = false, and leave grounding out",
            )
        if self.crop_px < 0:
            raise ConfigError(f"video_llm.crop_px is {self.crop_px}", remedy="give 0 or more pixels")
        for name, most in (
            ("temperature", 2),
            ("min_agreement", 1),
            ("min_presence", 1),
            ("min_likeness", 1),
        ):
            if not 0 <= getattr(self, name) <= most:
                raise ConfigError(f"video_llm.{name} is {getattr(self, name)}", remedy=f"give 0 to {most}")
