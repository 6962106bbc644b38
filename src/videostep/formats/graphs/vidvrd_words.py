"""The closed vocabularies of ImageNet-VidVRD and VidOR as English, and back.

Sources: the annotation files of the two data sets (132 and 50 predicates, 35 and 80 categories). VidVRD's
compounds are taken apart, so that its table holds some that never occur. Each table is one to one: what was
imported can be exported under its old name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

_VERBS: Final = {
    "creep": "creeping",
    "fly": "flying",
    "jump": "jumping",
    "lie": "lying",
    "move": "moving",
    "run": "running",
    "sit": "sitting",
    "stand": "standing",
    "stop": "stopped",
    "swim": "swimming",
    "walk": "walking",
}
"""First half of VidVRD's compound predicates. What `stop`s beside something stands there: the moment of
stopping is not annotated."""
_PLACES: Final = {
    "above": "above",
    "away": "away from",
    "behind": "behind",
    "beneath": "below",
    "front": "in front of",
    "inside": "inside",
    "left": "to the left of",
    "next_to": "next to",
    "past": "past",
    "right": "to the right of",
    "toward": "towards",
    "with": "with",
}
"""Second half; `left` and `right` are the viewer's."""
_WAYS: Final = frozenset({"away", "past", "toward"})
"""Places that say where something goes, so that alone they need a verb."""

VIDVRD_PREDICATES: Final = MappingProxyType(
    {
        f"{verb}_{place}": f"{doing} {where}"
        for verb, doing in _VERBS.items()
        for place, where in _PLACES.items()
    }
    | {
        place: f"going {where}" if place in _WAYS else where
        for place, where in _PLACES.items()
        if place != "with"
    }
    | {
        "bite": "biting",
        "chase": "chasing",
        "drive": "driving",
        "fall_off": "falling off",
        "faster": "faster than",
        "feed": "feeding",
        "fight": "fighting with",
        "follow": "following",
        "hold": "holding",
        "kick": "kicking",
        "larger": "larger than",
        "play": "playing with",
        "pull": "pulling",
        "ride": "riding",
        "taller": "taller than",
        "touch": "touching",
        "watch": "watching",
    }
)
VIDOR_PREDICATES: Final = MappingProxyType(
    {
        "above": "above",
        "away": "going away from",
        "behind": "behind",
        "beneath": "below",
        "bite": "biting",
        "caress": "caressing",
        "carry": "carrying",
        "chase": "chasing",
        "clean": "cleaning",
        "close": "closing",
        "cut": "cutting",
        "drive": "driving",
        "feed": "feeding",
        "get_off": "getting off",
        "get_on": "getting on",
        "grab": "grabbing",
        "hit": "hitting",
        "hold": "holding",
        "hold_hand_of": "holding the hand of",
        "hug": "hugging",
        "in_front_of": "in front of",
        "inside": "inside",
        "kick": "kicking",
        "kiss": "kissing",
        "knock": "knocking on",
        "lean_on": "leaning on",
        "lick": "licking",
        "lift": "lifting",
        "next_to": "next to",
        "open": "opening",
        "pat": "patting",
        "play(instrument)": "playing",
        "point_to": "pointing to",
        "press": "pressing",
        "pull": "pulling",
        "push": "pushing",
        "release": "releasing",
        "ride": "riding",
        "shake_hand_with": "shaking hands with",
        "shout_at": "shouting at",
        "smell": "smelling",
        "speak_to": "speaking to",
        "squeeze": "squeezing",
        "throw": "throwing",
        "touch": "touching",
        "towards": "going towards",
        "use": "using",
        "watch": "watching",
        "wave": "waving",
        "wave_hand_to": "waving to",
    }
)
VIDOR_LABELS: Final = MappingProxyType(
    {
        "ball/sports_ball": "ball",
        "bus/truck": "bus or truck",
        "cattle/cow": "cow",
        "hamster/rat": "hamster or rat",
        "screen/monitor": "screen",
        "sheep/goat": "sheep or goat",
    }
)
"""Of VidOR's categories that name two things: both where they differ, else the plainer word."""
VIDVRD_CATEGORIES: Final = frozenset({
    "airplane", "antelope", "ball", "bear", "bicycle", "bird", "bus", "car", "cattle", "dog",
    "domestic_cat", "elephant", "fox", "frisbee", "giant_panda", "hamster", "horse", "lion",
    "lizard", "monkey", "motorcycle", "person", "rabbit", "red_panda", "sheep", "skateboard",
    "snake", "sofa", "squirrel", "tiger", "train", "turtle", "watercraft", "whale", "zebra",
})  # fmt: skip
VIDOR_CATEGORIES: Final = frozenset({
    "adult", "aircraft", "antelope", "baby", "baby_seat", "baby_walker", "backpack",
    "ball/sports_ball", "bat", "bear", "bench", "bicycle", "bird", "bottle", "bread", "bus/truck",
    "cake", "camel", "camera", "car", "cat", "cattle/cow", "cellphone", "chair", "chicken",
    "child", "crab", "crocodile", "cup", "dish", "dog", "duck", "electric_fan", "elephant",
    "faucet", "fish", "frisbee", "fruits", "guitar", "hamster/rat", "handbag", "horse",
    "kangaroo", "laptop", "leopard", "lion", "microwave", "motorcycle", "oven", "panda",
    "penguin", "piano", "pig", "rabbit", "racket", "refrigerator", "scooter", "screen/monitor",
    "sheep/goat", "sink", "skateboard", "ski", "snake", "snowboard", "sofa", "squirrel",
    "stingray", "stool", "stop_sign", "suitcase", "surfboard", "table", "tiger", "toilet", "toy",
    "traffic_light", "train", "turtle", "vegetables", "watercraft",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms of a data set to English and back; words outside the tables change only their blanks."""

    predicates: MappingProxyType[str, str]
    categories: frozenset[str]
    labels: MappingProxyType[str, str]
    """Of the categories whose words change more than their blanks."""
    step_frames: int = 0
    """Relations begin and end on multiples of so many frames; 0: on any."""
    _terms: dict[str, str] = field(init=False)
    _categories: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_terms", {words: term for term, words in self.predicates.items()})
        object.__setattr__(self, "_categories", {words: term for term, words in self.labels.items()})

    def knows_predicate(self, term: str) -> bool:
        """Whether `term` is one of the data set's predicates."""
        return term in self.predicates

    def knows_category(self, term: str) -> bool:
        """Whether `term` is one of the data set's categories."""
        return term in self.categories

    def predicate(self, term: str) -> str:
        """`walk_left` is `walking to the left of`."""
        return self.predicates.get(term) or _spaced(term)

    def label(self, category: str) -> str:
        """`giant_panda` is `giant panda`."""
        return self.labels.get(category) or _spaced(category)

    def term(self, predicate: str) -> str:
        """The predicate's term: `next to` is `next_to`, `in front of` is VidVRD's `front`."""
        return self._terms.get(predicate) or predicate.replace(" ", "_")

    def category(self, label: str) -> str:
        """The label's category."""
        return self._categories.get(label) or label.replace(" ", "_")


def _spaced(term: str) -> str:
    return " ".join(term.replace("_", " ").lower().split())


VIDVRD: Final = Vocabulary(VIDVRD_PREDICATES, VIDVRD_CATEGORIES, MappingProxyType({}), step_frames=15)
"""Its relations were annotated in segments of 30 frames that overlap by half.

Source: `segment_video` in `baseline/__init__.py` of the data set's own code, xdshang/VidVRD-helper.
"""
VIDOR: Final = Vocabulary(VIDOR_PREDICATES, VIDOR_CATEGORIES, VIDOR_LABELS)
