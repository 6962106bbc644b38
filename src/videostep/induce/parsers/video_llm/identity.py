"""Whether objects of different clips are one thing: all pairs of a clip together, in both orders.

Source: STEP section 3.1, cross-clip bridging: both keyframes with labels and attributes go to the model. Here
crops of the boxes go with them, and a pair counts only if it is found again when it is asked the other way
round: models favour what stands first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from videostep.induce.parse import Sighting
from videostep.induce.parsers.video_llm.ask import Asker
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.forms import SamePairs
from videostep.induce.parsers.video_llm.lineup import Lineup, Pair, shown_in
from videostep.induce.parsers.video_llm.vote import Ballot
from videostep.models.protocol import Image

Looks = Callable[[Sighting, Sighting], float | None]
"""How likely two objects are one by their looks alone, 0..1; None: their looks are not known."""
_UNKNOWN = 0.5


class Identity:
    """Asks about the objects of one video and remembers the answers."""

    def __init__(
        self, asker: Asker, config: VideoLlmConfig, images: Mapping[str, Image], looks: Looks
    ) -> None:
        """`images`: of the keyframes that were looked at, by id."""
        self._asker, self._config, self._images, self._looks = asker, config, images, looks
        self._ballot = Ballot(config.samples, config.min_presence)
        self._known: dict[tuple[str, str], float] = {}

    def expect(self, pairs: Sequence[Pair]) -> None:
        """Ask about those of the pairs that may be one thing, in as few requests as may be."""
        ordered = [_in_time(pair) for pair in pairs]
        self._known |= {_key(*pair): 0.0 for pair in ordered}
        asked = self._likeliest([pair for pair in ordered if self._is_worth_asking(*pair)])
        lineups = [Lineup(batch, self._images, self._config) for batch in self._batches(asked)]
        questions = [question for lineup in lineups for question in (lineup.forward(), lineup.backward())]
        replies = iter(self._asker.forms("identity", SamePairs, questions))
        for lineup in lineups:
            there, back = _votes(next(replies)), _votes(next(replies))
            for number, pair in enumerate(lineup.pairs, start=1):
                self._known[_key(*pair)] = self._agreed(there[number], back[number])

    def same_thing(self, first: Sighting, second: Sighting) -> float:
        """Share of the replies that say yes; two objects of one clip are two things, as was said before."""
        first, second = _in_time((first, second))
        if first.object.clip == second.object.clip:
            return float(first.object.id == second.object.id)
        if _key(first, second) not in self._known:
            self.expect([(first, second)])
        return self._known.get(_key(first, second), 0.0)

    def _is_worth_asking(self, first: Sighting, second: Sighting) -> bool:
        looks = self._looks(first, second)
        return (
            first.object.clip != second.object.clip
            and agreement(first, second) > 0
            and (looks is None or looks >= self._config.min_likeness)
            and all(shown_in(one, self._images) for one in (first, second))
        )

    def _likeliest(self, pairs: Sequence[Pair]) -> list[Pair]:
        """For each later object so many pairs as are allowed, those that look most alike.

        Where more look equally alike than may be asked about, none of these is: nobody could tell them apart.
        """
        by_later: defaultdict[str, list[tuple[float, Pair]]] = defaultdict(list)
        for pair in pairs:
            looks = self._looks(*pair)
            alike = agreement(*pair) + (_UNKNOWN if looks is None else looks)
            by_later[pair[1].object.id].append((alike, pair))
        most = self._config.identity_candidates
        chosen: list[Pair] = []
        for candidates in by_later.values():
            ranked = sorted((alike for alike, _ in candidates), reverse=True)
            least = ranked[most] if len(ranked) > most else -1.0
            chosen += [pair for alike, pair in candidates if alike > least]
        return chosen

    def _batches(self, pairs: Sequence[Pair]) -> Iterator[tuple[Pair, ...]]:
        """Pairs that go into one question: of few clips, and few enough to be judged carefully."""
        by_later: defaultdict[str, list[Pair]] = defaultdict(list)
        for pair in sorted(pairs, key=lambda pair: tuple(map(_time, pair))):
            by_later[pair[1].object.clip].append(pair)
        for group in by_later.values():
            batch: list[Pair] = []
            for pair in group:
                clips = {one.object.clip for one, _ in (*batch, pair)}
                if len(clips) > self._config.identity_clips or len(batch) >= self._config.checks_per_request:
                    yield tuple(batch)
                    batch = []
                batch.append(pair)
            yield tuple(batch)

    def _agreed(self, there: int, back: int) -> float:
        """The share of yes in both orders together; where one order denies it, that order's share."""
        if self._ballot.passes(there) and self._ballot.passes(back):
            return self._ballot.share((there + back) / 2)
        return self._ballot.share(min(there, back))


def _votes(replies: Sequence[SamePairs]) -> Counter[int]:
    """How many replies take each pair for one thing; one that says both yes and no says nothing."""
    votes: Counter[int] = Counter()
    for reply in replies:
        yes = {pair.number for pair in reply.pairs if pair.same}
        votes.update(sorted(yes - {pair.number for pair in reply.pairs if not pair.same}))
    return votes


def _time(sighting: Sighting) -> tuple[object, ...]:
    return (sighting.object.spans_s, sighting.object.id)


def _in_time(pair: Pair) -> Pair:
    first, second = sorted(pair, key=_time)
    return first, second


def _key(first: Sighting, second: Sighting) -> tuple[str, str]:
    return first.object.id, second.object.id


def agreement(first: Sighting, second: Sighting) -> float:
    """Share of the properties that both are known to have in which they agree; a half if there are none."""
    values, others = _values(first), _values(second)
    shared = sorted(values.keys() & others.keys())
    if not shared:
        return _UNKNOWN
    return sum(bool(values[name] & others[name]) for name in shared) / len(shared)


def _values(sighting: Sighting) -> dict[str, set[str]]:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in sighting.attributes:
        values[name].add(value)
    return values
