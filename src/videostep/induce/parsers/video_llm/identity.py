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

Likely = Callable[[Sighting, Sighting], bool]
"""Whether two objects look enough alike to be worth a question."""


class Identity:
    """Asks about the objects of one video and remembers the answers."""

    def __init__(
        self, asker: Asker, config: VideoLlmConfig, images: Mapping[str, Image], likely: Likely
    ) -> None:
        """`images`: of the keyframes that were looked at, by id."""
        self._asker, self._config, self._images, self._likely = asker, config, images, likely
        self._ballot = Ballot(config.samples, config.min_presence)
        self._known: dict[tuple[str, str], float] = {}

    def expect(self, pairs: Sequence[Pair]) -> None:
        """Ask about those of the pairs that may be one thing, in as few requests as may be."""
        asked = [pair for pair in map(_in_time, pairs) if self._is_worth_asking(*pair)]
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
        return (
            first.object.clip != second.object.clip
            and not _contradict(first, second)
            and self._likely(first, second)
            and all(shown_in(one, self._images) for one in (first, second))
        )

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


def _contradict(first: Sighting, second: Sighting) -> bool:
    """Whether they have properties in common and are alike in none: not worth a question."""
    values, others = _values(first), _values(second)
    shared = values.keys() & others.keys()
    return bool(shared) and not any(values[name] & others[name] for name in sorted(shared))


def _values(sighting: Sighting) -> dict[str, set[str]]:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in sighting.attributes:
        values[name].add(value)
    return values
