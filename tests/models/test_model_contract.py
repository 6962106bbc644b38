"""What every VideoModel promises, whichever backend answers: each test runs over all of them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import pytest
from msgspec import Meta

from videostep.errors import ModelError, ReplyError, RequestError
from videostep.models.forms import read_form
from videostep.models.openai.config import OpenAIConfig
from videostep.models.openai.model import OpenAIModel
from videostep.models.protocol import Image, Message, Reply, Request, Sampling, VideoModel, ask_all
from videostep.models.scripted import ScriptedModel, words_of
from videostep.testing.fake_server import FakeConfig, FakeServer
from videostep.testing.fake_wire import Asked

QUICK = OpenAIConfig(timeout_s=5.0, backoff_s=0.001, first_patience_s=0.1, patience_s=0.1)
SERVERS = {
    "openai, whole protocol": FakeConfig(),
    "openai, refuses the newer half": FakeConfig(
        refuses=frozenset({"n", "json_schema", "json_object", "logprobs", "max_tokens"})
    ),
    "openai, ignores what it does not know": FakeConfig(ignores=frozenset({"n", "logprobs"})),
    "openai, one slot": FakeConfig(slots=1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    things: Annotated[tuple[Annotated[str, Meta(max_length=20)], ...], Meta(max_length=5)]
    sure: bool = True


def answer(words: str, seed: int) -> str:
    """What the model behind every backend says."""
    question = words.partition("\n")[0]
    match question.split():
        case ["list", number]:
            return json.dumps({"things": [f"thing {number}"], "sure": True})
        case ["chat", *_]:
            return 'Sure! Here it is:\n```json\n{"things": ["a car",], "sure": false}\n```\nAnything else?'
        case ["list"]:
            return '{"things": "none"}'
        case ["is", truth]:
            return "Yes." if truth == "true" else "No, it is not."
        case ["nothing"]:
            return "  "
        case ["draw"]:
            return f"  drawn with {seed}\n"
    return f"you said {question}"


def scripted_answer(request: Request, seed: int) -> str:
    return answer(words_of(request), seed)


def served_answer(asked: Asked, seed: int) -> str:
    return answer(asked.words, seed)


@pytest.fixture(params=["scripted", *SERVERS])
def model(request: pytest.FixtureRequest) -> Iterator[VideoModel]:
    if request.param == "scripted":
        yield ScriptedModel(scripted_answer)
        return
    with FakeServer(served_answer, SERVERS[request.param]) as server:
        opened = OpenAIModel("fake", server.url, config=QUICK)
        yield opened
        opened.close()


def says(text: str, **asked: object) -> Request:
    parts = (text, Image(data=b"\xff\xd8 picture"))
    return Request(messages=(Message(role="user", parts=parts),), **asked)  # type: ignore[arg-type]


def reply_to(model: VideoModel, request: Request) -> Reply:
    (outcome,) = ask_all(model, [request])
    assert isinstance(outcome, Reply), outcome
    return outcome


def test_it_is_a_video_model(model: VideoModel) -> None:
    assert isinstance(model, VideoModel)
    assert model.name


def test_every_request_is_answered_once_under_its_number(model: VideoModel) -> None:
    outcomes = dict(model.ask(says(f"number {number}") for number in range(150)))
    assert sorted(outcomes) == list(range(150))
    assert all(outcome.texts == (f"you said number {number}",) for number, outcome in outcomes.items())


def test_nothing_asked_nothing_answered(model: VideoModel) -> None:
    assert ask_all(model, []) == ()


def test_it_can_be_asked_again(model: VideoModel) -> None:
    assert ask_all(model, [says("a"), says("b")]) == ask_all(model, [says("a"), says("b")])


def test_samples_are_drawn_with_seeds_that_count_up(model: VideoModel) -> None:
    reply = reply_to(model, says("draw", sampling=Sampling(n=3, temperature=0.7, seed=5)))
    assert reply.texts == ("drawn with 5", "drawn with 6", "drawn with 7")


def test_a_reply_of_a_form_is_plain_json_of_it(model: VideoModel) -> None:
    reply = reply_to(model, says("list 7", form=Seen))
    assert read_form(reply.texts[0], Seen) == Seen(things=("thing 7",))
    assert reply.texts[0] == '{"things":["thing 7"],"sure":true}'


def test_talk_around_json_is_taken_away(model: VideoModel) -> None:
    assert reply_to(model, says("chat", form=Seen)).texts == ('{"things":["a car"],"sure":false}',)


def test_a_reply_that_never_fits_is_an_error_of_that_request_alone(model: VideoModel) -> None:
    bad, empty, good = ask_all(model, [says("list", form=Seen), says("nothing"), says("list 1", form=Seen)])
    assert isinstance(bad, ReplyError)
    assert "no Seen" in str(bad)
    assert isinstance(empty, ReplyError)
    assert "empty" in str(empty)
    assert isinstance(good, Reply)


@pytest.mark.parametrize("truth", [True, False])
def test_yes_and_no_have_a_probability(model: VideoModel, truth: bool) -> None:
    asked = says(
        f"is {str(truth).lower()}", yes_no=True, sampling=Sampling(n=3, temperature=0.7, max_tokens=3)
    )
    p_yes = reply_to(model, asked).p_yes
    assert p_yes is not None
    assert 0 <= p_yes <= 1
    assert (p_yes > 0.5) is truth


def test_neither_yes_nor_no_is_an_error(model: VideoModel) -> None:
    (outcome,) = ask_all(model, [says("perhaps", yes_no=True)])
    assert isinstance(outcome, ReplyError)
    assert "neither yes nor no" in str(outcome)


def test_what_the_asker_refuses_is_no_reply(model: VideoModel) -> None:
    refusing, taking = ask_all(
        model, [says("a", accept=lambda text: "too short"), says("a", accept=lambda text: "")]
    )
    assert isinstance(refusing, ReplyError)
    assert "too short" in str(refusing)
    assert isinstance(taking, Reply)


def test_tokens_are_counted(model: VideoModel) -> None:
    usage = reply_to(model, says("a rather long question, so that it has some tokens")).usage
    assert usage.prompt_tokens > 0
    assert usage.completion_tokens > 0


def test_an_endless_stream_of_requests_is_read_as_it_is_answered(model: VideoModel) -> None:
    read = itertools.count()
    replies = model.ask(says(f"number {next(read)}") for _ in itertools.count())
    answered = list(itertools.islice(replies, 20))
    assert len(answered) == 20
    assert next(read) <= 20 + 2 * QUICK.max_concurrency
    replies.close()
    assert isinstance(reply_to(model, says("still there")), Reply)


def test_an_error_in_the_requests_reaches_the_asker(model: VideoModel) -> None:
    def requests() -> Iterator[Request]:
        yield says("a")
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        list(model.ask(requests()))
    assert isinstance(reply_to(model, says("still there")), Reply)


def test_closing_twice_does_nothing(model: VideoModel) -> None:
    name = model.name
    model.close()
    model.close()
    assert model.name == name


def test_a_scripted_model_may_refuse() -> None:
    def refuse(request: Request, seed: int) -> str:
        raise RequestError("too long")

    (outcome,) = ask_all(ScriptedModel(refuse), [says("a")])
    assert isinstance(outcome, ModelError)
