"""A call from its first attempt to its completion: what the server understands, pauses, the last straw."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace

from videostep.errors import ModelError, ReplyError, RequestError, UnavailableError
from videostep.models.openai.config import OpenAIConfig
from videostep.models.openai.faults import Refused, Transient, Unsent, simpler
from videostep.models.openai.line import Line
from videostep.models.openai.wire import Call, Completion, Dialect, decode_completion, encode_call
from videostep.models.protocol import Request
from videostep.models.spending import Meter

_MOST_NAMES_SHOWN = 8
_LONELY_IN_A_ROW = 2


_Kind = tuple[object, bool]


def _kind_of(request: Request) -> _Kind:
    return request.form, request.yes_no


class OneAtATime(Exception):
    """The server gives one sample a request."""


class Attempts:
    """Counts the attempts at a sample."""

    def __init__(self, left: int) -> None:
        self.left, self.made = left, 0
        self.last_error: ModelError = ReplyError("it was never asked for")

    def take(self) -> None:
        """One more; raises the last one's error if there is none left."""
        if not self.left:
            raise self.last_error
        self.left -= 1
        self.made += 1

    def again(self) -> Attempts:
        """A count of its own for each sample of a call that had this one."""
        copy = Attempts(self.left)
        copy.last_error = self.last_error
        return copy


class Sender:
    """Sends the calls of many requests at once; lives in one event loop."""

    def __init__(self, model: str, line: Line, config: OpenAIConfig, meter: Meter) -> None:
        self._model, self._line, self._config, self._meter = model, line, config, meter
        # By kind of request: what a server makes of one kind must not change how another one is asked, or
        # replies would depend on which of the two came first.
        self._dialects: dict[_Kind, Dialect] = {}
        self._lonely: Counter[_Kind] = Counter()
        self._explaining = asyncio.Lock()
        # Decides how long pauses are and nothing else.
        self._random = random.Random(0)

    def dialect_for(self, request: Request) -> Dialect:
        """What the server is believed to understand of requests of this kind."""
        return self._dialects.get(_kind_of(request), Dialect())

    def attempts(self) -> Attempts:
        """As many as a sample may take."""
        return Attempts(self._config.max_attempts)

    def gives_no_logprobs(self, request: Request) -> None:
        """The server leaves them out: they are not asked for again."""
        self._dialects[_kind_of(request)] = replace(self.dialect_for(request), logprobs=False)

    def gave_samples(self, request: Request, given: int) -> None:
        """So many samples came at once. One of several, twice in a row: the server takes no notice of `n`."""
        kind = _kind_of(request)
        self._lonely[kind] = self._lonely[kind] + 1 if given == 1 else 0
        if self._lonely[kind] >= _LONELY_IN_A_ROW:
            self._dialects[kind] = replace(self.dialect_for(request), n=False)

    async def completion(self, call: Call, attempts: Attempts) -> Completion:
        """Send a call until a completion comes back.

        Raises:
            OneAtATime: The call is for several samples, and the server cannot do that.
            ModelError: No attempts are left, or none can help.
        """
        while True:
            attempts.take()
            try:
                return await self._understood(call)
            except Transient as fault:
                attempts.last_error = fault.error
                if attempts.left:
                    await asyncio.sleep(self._pause_s(attempts, fault))

    async def _understood(self, call: Call) -> Completion:
        """Send a call; a server that does not understand it is asked more simply at once."""
        while True:
            dialect = self.dialect_for(call.request)
            if call.n > 1 and not dialect.n:
                raise OneAtATime
            try:
                return await self._sent(call, dialect)
            except Refused as refusal:
                simpler_one = simpler(dialect, call, refusal)
                if simpler_one is None:
                    raise RequestError(f"the server refuses the request: {refusal.message}") from refusal
                # Another call may have learned the same meanwhile, or more: what is unlearned stays so.
                if self.dialect_for(call.request) == dialect:
                    self._dialects[_kind_of(call.request)] = simpler_one

    async def _sent(self, call: Call, dialect: Dialect) -> Completion:
        stage = call.request.stage
        images = sum(1 for _ in call.request.images())
        self._meter.begin(stage, images=images)
        kind = (call.n, call.request.sampling.max_tokens, call.request.yes_no)
        try:
            body = await self._line.post(encode_call(call, self._model, dialect), kind=kind)
        except Unsent as unsent:
            self._meter.take_back(stage, images=images)
            await self._give_up(unsent.error)
        except UnavailableError as error:
            await self._give_up(error)
        try:
            completion = decode_completion(body)
        except ReplyError as error:
            raise Transient(error) from error
        self._meter.pay(stage, completion.tokens(call))
        return completion

    async def _give_up(self, error: UnavailableError) -> None:
        """Let all further requests fail as this one did; raises that error."""
        async with self._explaining:
            if not self._line.dead:
                self._line.dead = error
                self._line.dead = await self._explained(error)
        raise self._line.dead

    async def _explained(self, error: UnavailableError) -> UnavailableError:
        names = await self._line.model_names()
        if not names or self._model in names:
            return error
        known = ", ".join(repr(name[:80]) for name in sorted(names)[:_MOST_NAMES_SHOWN])
        return UnavailableError(
            f"the server has no model {self._model!r} ({error.message})", remedy=f"it has {known}"
        )

    def _pause_s(self, attempts: Attempts, fault: Transient) -> float:
        spread = self._random.uniform(0.5, 1.5)
        if fault.pause_s is not None:
            # The pace holds everything back for as long as the server asked; this only spreads the return.
            return min(fault.pause_s, self._config.backoff_s) * spread
        return min(self._config.backoff_s * 2.0 ** (attempts.made - 1) * spread, self._config.max_backoff_s)
