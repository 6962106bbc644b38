"""One request from its first attempt to its reply: samples together or singly, bad ones again, yes and no."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from videostep.errors import ModelError, ReplyError
from videostep.models.forms import shown
from videostep.models.openai.send import Attempts, OneAtATime, Sender
from videostep.models.openai.wire import Call, Choice, wire_messages
from videostep.models.protocol import Reply, Request, Usage
from videostep.models.replies import accepted_text, reply_of


class Talk:
    """The state of one request."""

    def __init__(self, sender: Sender, request: Request) -> None:
        self._sender, self._request = sender, request
        self._call = Call(
            request=request,
            messages=wire_messages(request.messages),
            n=request.sampling.n,
            seed=request.sampling.seed,
        )
        self._accepted: dict[int, str] = {}
        self._refused: dict[int, ModelError] = {}
        self._usage = Usage()

    async def reply(self) -> Reply:
        """Ask until there is a good reply; raises ModelError."""
        attempts = self._sender.attempts()
        if self._request.yes_no and self._sender.dialect_for(self._request).logprobs:
            reply = await self._by_logprobs(attempts)
            if reply:
                return reply
        if self._call.n > 1 and self._sender.dialect_for(self._request).n:
            await self._together(attempts)
        await self._singly(attempts)
        return reply_of(self._request, self._accepted, self._refused, self._usage)

    async def _by_logprobs(self, attempts: Attempts) -> Reply | None:
        """Yes or no by the probabilities of the first word; None if the server gives none."""
        # Greedy, or a word that is hardly probable might be said instead.
        call = replace(self._call, n=1, greedy=True)
        while True:
            choice = (await self._choices(call, attempts))[0]
            if choice.text.strip() and not choice.has_logprobs:
                self._sender.gives_no_logprobs(self._request)
                return None
            p_yes = choice.p_yes()
            if p_yes is not None:
                text = "yes" if p_yes >= 0.5 else "no"
                return Reply(texts=(text,), p_yes=p_yes, usage=self._usage)
            attempts.last_error = ReplyError(
                f"the reply is neither yes nor no: it begins {shown(choice.text)}"
            )

    async def _together(self, attempts: Attempts) -> None:
        """All samples in one call; what is missing or bad in it is left for single calls."""
        try:
            choices = await self._choices(self._call, attempts)
        except OneAtATime:
            return
        self._sender.gave_samples(self._request, len(choices))
        for sample, choice in enumerate(choices[: self._call.n]):
            self._judge(sample, choice, attempts)

    async def _singly(self, spent: Attempts) -> None:
        missing = [sample for sample in range(self._call.n) if sample not in self._accepted]
        if len(missing) == 1:
            # The usual case needs no task of its own.
            return await self._sample(missing[0], spent.again())
        tasks = [self._sample(sample, spent.again()) for sample in missing]
        for error in await asyncio.gather(*tasks, return_exceptions=True):
            if error:
                raise error

    async def _sample(self, sample: int, attempts: Attempts) -> None:
        """Ask for one sample until it is good or the attempts are used up."""
        call = replace(self._call, n=1, seed=self._call.seed + sample)
        last_text = None
        while sample not in self._accepted:
            try:
                choice = (await self._choices(call, attempts))[0]
            except ReplyError as error:
                # The server did answer: this sample is missing. Other errors are of the request as a whole.
                self._refused.setdefault(sample, error)
                return
            self._judge(sample, choice, attempts)
            if choice.text == last_text:
                call = replace(call, insist=call.insist + 1)
            last_text = choice.text

    def _judge(self, sample: int, choice: Choice, attempts: Attempts) -> None:
        try:
            self._accepted[sample] = accepted_text(self._request, choice.text, choice.reason)
        except ReplyError as error:
            self._refused[sample] = attempts.last_error = error
        else:
            self._refused.pop(sample, None)

    async def _choices(self, call: Call, attempts: Attempts) -> list[Choice]:
        completion = await self._sender.completion(call, attempts)
        self._usage += completion.tokens(call)
        return sorted(completion.choices, key=lambda choice: choice.index)
