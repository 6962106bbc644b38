import threading

import pytest

from videostep.errors import ConfigError
from videostep.evaluate.answering import spread
from videostep.evaluate.answering.spread import SpreadModel, open_spread, specs_of
from videostep.models.config import ModelsConfig
from videostep.models.protocol import Message, Request, ask_all
from videostep.models.scripted import ScriptedModel, words_of
from videostep.testing.fake_server import FakeServer


def requests(count):
    return (Request(messages=(Message(role="user", parts=(f"say {n}",)),)) for n in range(count))


def test_every_request_is_answered_once_by_whoever_has_room():
    answered, both = [], threading.Barrier(2, timeout=10)

    def model(name):
        def answer(request, seed):
            if len(answered) < 2:
                answered.append(name)
                both.wait()
            return words_of(request).removeprefix("say ")

        return ScriptedModel(answer, name="same")

    spread = SpreadModel([model("first"), model("second")])
    assert [outcome.texts[0] for outcome in ask_all(spread, requests(40))] == [str(n) for n in range(40)]
    assert sorted(answered[:2]) == ["first", "second"]
    assert spread.name == "same"


def test_a_defect_in_one_reaches_the_caller():
    def broken(request, seed):
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError, match="a defect"):
        ask_all(SpreadModel([ScriptedModel(broken), ScriptedModel(broken)]), requests(5))


def test_an_abandoned_iterator_stops_its_threads():
    before = threading.active_count()
    outcomes = SpreadModel([ScriptedModel(lambda request, seed: "yes")] * 2).ask(requests(1000))
    next(outcomes)
    outcomes.close()
    for thread in threading.enumerate():
        if "_work" in thread.name:
            thread.join(10)
    assert threading.active_count() <= before + 2


@pytest.mark.parametrize(
    ("spec", "specs"),
    [
        ("openai:a/b@http://one/v1", ("openai:a/b@http://one/v1",)),
        (
            "openai:a/b@http://one/v1,https://two/v1",
            ("openai:a/b@http://one/v1", "openai:a/b@https://two/v1"),
        ),
        ("scripted:a,http.jsonl", ("scripted:a,http.jsonl",)),
        ("openai:gpt", ("openai:gpt",)),
    ],
)
def test_urls_are_told_apart(spec, specs):
    assert specs_of(spec) == specs


def test_two_servers_share_one_cache_and_one_name(tmp_path):
    def answer(request, seed):
        return "pong"

    with FakeServer(answer) as one, FakeServer(answer) as two:
        model = open_spread(f"openai:fake@{one.url},{two.url}", ModelsConfig(), tmp_path / "requests.sqlite")
        try:
            assert {outcome.texts for outcome in ask_all(model, requests(30))} == {("pong",)}
            assert {outcome.texts for outcome in ask_all(model, requests(30))} == {("pong",)}
            assert model.name == "openai:fake"
        finally:
            model.close()
        assert one.counts.requests + two.counts.requests == 30


def test_a_server_that_cannot_be_opened_leaves_none_of_the_others_open(tmp_path, monkeypatch):
    opened, closed = [], []

    def open_first_only(spec, config, meter):
        if opened:
            raise ConfigError(f"{spec} cannot be opened")
        opened.append(spec)
        model = ScriptedModel(words_of)
        monkeypatch.setattr(model, "close", lambda: closed.append(spec))
        return model

    monkeypatch.setattr(spread, "open_model", open_first_only)
    with pytest.raises(ConfigError):
        open_spread("openai:m@http://a/v1,http://b/v1", ModelsConfig(), tmp_path / "requests.sqlite")
    assert closed == opened == ["openai:m@http://a/v1"]
