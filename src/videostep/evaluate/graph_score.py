"""How right one graph is, measured by another that is taken for the truth (docs/score.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from videostep.evaluate.config import ScoreConfig
from videostep.evaluate.identity_score import tally_identity, tally_references
from videostep.evaluate.matching import MATCHERS, Matcher, Method
from videostep.evaluate.scene import KINDS, Kind, Scene, join_things, scene_of
from videostep.evaluate.statement_score import tally_statements
from videostep.evaluate.tally import IdentityTally, Plain, Tally, rounded
from videostep.evaluate.unit_match import Candidate, find_candidates, match_units, tally_units
from videostep.graph import VideoGraph

ELEMENTS: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind != "events")
"""What STSG accuracy counts. Events are left out: their sentences are not compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one way of matching gives, of one video or of many: scores of several add up."""

    words: Mapping[Kind, Mapping[str, Tally]] = field(default_factory=dict)
    """Counts by kind and word: label, attribute name or predicate."""
    identity: IdentityTally = field(default_factory=IdentityTally)

    def __add__(self, other: Score) -> Score:
        words = {
            kind: _added(self.words.get(kind, {}), other.words.get(kind, {}))
            for kind in KINDS
            if kind in self.words or kind in other.words
        }
        return Score(words=words, identity=self.identity + other.identity)

    def total(self, *kinds: Kind) -> Tally:
        """Counts of these kinds together."""
        tallies = (tally for kind in kinds for _, tally in sorted(self.words.get(kind, {}).items()))
        return sum(tallies, Tally())

    @property
    def stsg_accuracy(self) -> float | None:
        """Share of the predicted elements that are right; None: nothing was predicted."""
        return self.total(*ELEMENTS).precision

    def plain_totals(self) -> Plain:
        """For result files: all but the single words."""
        return {
            "stsg_accuracy": rounded(self.stsg_accuracy),
            "elements": self.total(*ELEMENTS).plain(),
            **{kind: self.total(kind).plain() for kind in KINDS},
            "identity": self.identity.plain(),
        }

    def plain_words(self) -> Plain:
        """For result files: each word of the kinds that have words, in alphabetical order."""
        return {
            kind: {word: tally.plain() for word, tally in sorted(words.items())}
            for kind, words in self.words.items()
            if set(words) - {""}
        }


def _added(first: Mapping[str, Tally], second: Mapping[str, Tally]) -> dict[str, Tally]:
    return {word: first.get(word, Tally()) + second.get(word, Tally()) for word in {**first, **second}}


def score_graph(
    predicted: VideoGraph,
    true: VideoGraph,
    config: ScoreConfig | None = None,
    *,
    min_confidence: float = 0.0,
    methods: Iterable[Method] = tuple(MATCHERS),
) -> dict[Method, Score]:
    """Score a graph against the truth, by one or several methods of matching.

    Args:
        predicted: A valid graph.
        true: A valid graph of the same video.
        config: What counts as right.
        min_confidence: Predicted elements that are less sure are left out; of the truth all count.
        methods: How units are matched; all ways by default.
    """
    config = config or ScoreConfig()
    objects = scene_of(predicted, config.synonyms, min_confidence=min_confidence)
    truth = scene_of(true, config.synonyms)
    pairs = tuple(find_candidates(objects, truth, min_box_iou=config.min_box_iou))
    here, there, candidates = objects, truth, pairs
    if config.unit == "thing":
        here, there = join_things(objects), join_things(truth)
        candidates = tuple(find_candidates(here, there, min_box_iou=config.min_box_iou))
    return {
        method: Score(
            words=_words(here, there, candidates, config, MATCHERS[method]),
            identity=tally_identity(objects, truth, pairs, matcher=MATCHERS[method]),
        )
        for method in methods
    }


def _words(
    predicted: Scene, true: Scene, candidates: tuple[Candidate, ...], config: ScoreConfig, matcher: Matcher
) -> dict[Kind, dict[str, Tally]]:
    match = match_units(predicted, true, candidates, min_time_iou=config.min_time_iou, matcher=matcher)
    return {
        "objects": tally_units(predicted, true, candidates, match),
        "references": {"": tally_references(predicted, true, match)},
        **tally_statements(
            predicted.statements, true.statements, match, min_time_iou=config.min_time_iou, matcher=matcher
        ),
    }
