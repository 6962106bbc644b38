"""TransformersModel: a VideoModel whose weights are on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from videostep.errors import ModelError, ReplyError, UnavailableError
from videostep.models.local.config import TransformersConfig
from videostep.models.local.prompt import Conversation, Draw, Generated, Prompt
from videostep.models.local.target import check_target, parse_transformers_target
from videostep.models.protocol import Outcome, Reply, Request, Usage
from videostep.models.replies import accepted_text, reply_of
from videostep.models.spending import Meter

if TYPE_CHECKING:
    from videostep.models.local.generate import Generator

_MORE_HEAT = 0.3
_OTHER_SEEDS = 1_000_003
_YES_NO_TOKENS = 4
"""Of a reply that is yes or no: the first word is enough."""


class TransformersModel:
    """Asks weights in batches, in the order of the requests; they are loaded when they are first asked."""

    def __init__(
        self, target: str, *, config: TransformersConfig | None = None, meter: Meter | None = None
    ) -> None:
        """Take `ID_OR_PATH[+ADAPTER]`; raises UnavailableError if there is nothing at that path."""
        self._target, self._config = parse_transformers_target(target), config or TransformersConfig()
        check_target(self._target)
        self.meter = meter or Meter()
        self._generator: Generator | None = None
        self._failure: UnavailableError | None = None

    @cached_property
    def name(self) -> str:
        """`transformers:TARGET`, folders by their content, and what else decides: dtype, constraints."""
        how = ":xgrammar" if self._config.is_constrained else ""
        return f"transformers:{self._target.name}:{self._config.dtype}{how}"

    def load(self) -> Generator:
        """The weights, loaded if need be; raises UnavailableError if that cannot be done."""
        if self._failure:
            raise self._failure
        if self._generator is None:
            # Takes seconds to import: only when the weights are wanted.
            from videostep.models.local.generate import Generator
            from videostep.models.local.load import load

            try:
                self._generator = Generator(
                    load(self._target, self._config), constrained=self._config.is_constrained
                )
            except UnavailableError as error:
                self._failure = error
                raise
        return self._generator

    def ask(self, requests: Iterable[Request]) -> Iterator[tuple[int, Outcome]]:
        """Answer batch by batch."""
        batch: list[_Talk] = []
        for number, request in enumerate(requests):
            batch.append(_Talk(number=number, request=request))
            if sum(talk.request.sampling.n for talk in batch) >= self._config.batch_size:
                yield from self._answer(batch)
                batch = []
        yield from self._answer(batch)

    def close(self) -> None:
        """Let go of the weights."""
        self._generator = None

    def _answer(self, talks: Sequence[_Talk]) -> Iterator[tuple[int, Outcome]]:
        if not talks:
            return
        try:
            generator = self.load()
        except UnavailableError as error:
            yield from ((talk.number, error) for talk in talks)
            return
        for talk in talks:
            talk.begin(generator, self.meter)
        for attempt in range(self._config.max_attempts):
            wanted = [(talk, sample) for talk in talks for sample in talk.missing()]
            for _, group in groupby(wanted, key=lambda pair: pair[0].max_tokens):
                self._generate(generator, list(group), attempt)
        yield from ((talk.number, talk.outcome()) for talk in talks)

    def _generate(self, generator: Generator, wanted: Sequence[tuple[_Talk, int]], attempt: int) -> None:
        size = self._config.batch_size
        for start in range(0, len(wanted), size):
            part = wanted[start : start + size]
            prompts = [talk.prompt(sample, attempt) for talk, sample in part]
            for (talk, sample), generated in zip(part, generator.generate(prompts), strict=True):
                talk.judge(sample, generated, self.meter)


@dataclass(slots=True, kw_only=True)
class _Talk:
    """A request on its way to its outcome."""

    number: int
    request: Request
    conversation: Conversation | None = None
    failure: ModelError | None = None
    """What no further attempt can help."""
    accepted: dict[int, str] = field(default_factory=dict)
    refused: dict[int, ModelError] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    p_yes: float | None = None

    @property
    def max_tokens(self) -> int:
        """Of each text."""
        most = self.request.sampling.max_tokens
        return min(most, _YES_NO_TOKENS) if self.request.yes_no else most

    def begin(self, generator: Generator, meter: Meter) -> None:
        """Prepare the prompt, if the budget allows it."""
        try:
            meter.begin(self.request.stage, images=sum(1 for _ in self.request.images()))
            self.conversation = generator.speaker.conversation(self.request)
        except ModelError as error:
            self.failure = error

    def missing(self) -> list[int]:
        """Samples that are still wanted. Yes or no is told by probabilities: once is enough."""
        n = 1 if self.request.yes_no else self.request.sampling.n
        return [] if self.failure else [sample for sample in range(n) if sample not in self.accepted]

    def prompt(self, sample: int, attempt: int) -> Prompt:
        """What is asked for a sample; a second attempt is hotter, or the same would be said again."""
        assert self.conversation is not None
        sampling = self.request.sampling
        heat = 0.0 if self.request.yes_no else sampling.temperature
        draw = Draw(
            temperature=heat + attempt * _MORE_HEAT,
            top_p=sampling.top_p,
            seed=(sampling.seed + sample + attempt * _OTHER_SEEDS) % 2**63,
        )
        return Prompt(
            conversation=self.conversation,
            draw=draw,
            max_tokens=self.max_tokens,
            form=self.request.form,
        )

    def judge(self, sample: int, generated: Generated | ModelError, meter: Meter) -> None:
        """Take a text, or note what is wrong with it."""
        if isinstance(generated, ModelError):
            self.failure = generated
            return
        self.usage += generated.usage
        meter.pay(self.request.stage, generated.usage)
        try:
            self.accepted[sample] = accepted_text(self.request, generated.text, generated.reason)
            self.p_yes = generated.p_yes
        except ReplyError as error:
            self.refused[sample] = error

    def outcome(self) -> Outcome:
        """The reply, or why there is none."""
        if self.failure:
            return self.failure
        refused = {sample: error for sample, error in self.refused.items() if sample not in self.accepted}
        try:
            reply = reply_of(self.request, self.accepted, refused, self.usage)
        except ModelError as error:
            return error
        if not self.request.yes_no or self.p_yes is None:
            return reply
        text = "yes" if self.p_yes >= 0.5 else "no"
        return Reply(texts=(text,), p_yes=self.p_yes, usage=self.usage)
