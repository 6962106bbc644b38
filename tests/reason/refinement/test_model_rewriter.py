"""A language model as rewriter: its words are taken as they are, its failures leave the template's."""

from __future__ import annotations

import pytest

from videostep.errors import BudgetError, RequestError, ServerError
from videostep.models.config import ModelsConfig
from videostep.models.protocol import Request
from videostep.models.scripted import ScriptedModel, words_of
from videostep.models.spending import Budget
from videostep.reason.refinement.model_rewriter import ModelRewriter, load_instruction
from videostep.reason.refinement.protocol import Wording, close_rewriter
from videostep.reason.refinement.rewriters import open_rewriter
from videostep.reason.refinement.vocabulary import Vocabulary
from videostep.testing.fake_server import FakeServer


def wording(text, part="question", keep=()):
    return Wording(part=part, text=text, keep=keep, known=Vocabulary())


def rewriter(answer):
    return ModelRewriter(ScriptedModel(answer), seed=3)


def test_each_part_has_its_own_instruction_and_the_words_stand_below_it():
    asked: list[Request] = []
    model = rewriter(lambda request, seed: asked.append(request) or "Other words?")
    assert model.rewrite([wording("What is red?", keep=("red",)), wording("It is.", "rationale")]) == [
        "Other words?",
        "Other words?",
    ]
    question, rationale = asked
    assert words_of(question).startswith("Task: say the question in other words.")
    assert words_of(rationale).startswith("Task: say the explanation in other words.")
    assert question.messages[-1].parts == ('words: "What is red?"\nkeep: ["red"]',)
    assert [message.role for message in question.messages[:3]] == ["user", "assistant", "user"]
    assert question.sampling.seed == 3


@pytest.mark.parametrize("part", ["question", "rationale"])
def test_examples_say_other_words(part):
    examples = load_instruction(part).examples
    assert len(examples) >= 2
    assert all(words != other for words, other in examples)


def test_quotation_marks_around_the_words_are_the_examples_fault():
    assert rewriter(lambda request, seed: '"Which one?"').rewrite([wording("What?")]) == ["Which one?"]


def test_a_request_that_fails_leaves_the_templates_words():
    def answer(request, seed):
        raise RequestError("too long")

    assert rewriter(answer).rewrite([wording("What?")]) == ["What?"]


@pytest.mark.parametrize("error", [ServerError("away"), BudgetError("spent")])
def test_what_fails_for_all_ends_the_refinement(error):
    def answer(request, seed):
        raise error

    with pytest.raises(type(error)):
        rewriter(answer).rewrite([wording("What?")])


def test_the_name_tells_model_instructions_and_seed():
    names = {ModelRewriter(ScriptedModel(str, name=name), seed=seed).name for name in "ab" for seed in (0, 1)}
    assert len(names) == 4
    assert "instructions/" in min(names)


def test_a_specification_opens_a_model_whose_replies_are_kept_and_paid_for(tmp_path):
    with FakeServer(lambda asked, seed: "Other words?") as server:
        for _ in range(2):
            opened = open_rewriter(f"openai:fake@{server.url}", cache=tmp_path / "requests.sqlite")
            assert opened.rewrite([wording("What?")]) == ["Other words?"]
            close_rewriter(opened)
        assert server.counts.requests == 1
        spent_already = ModelsConfig(budget=Budget(requests=1))
        opened = open_rewriter(
            f"openai:fake@{server.url}", models=spent_already, cache=tmp_path / "requests.sqlite"
        )
        with pytest.raises(BudgetError):
            opened.rewrite([wording("Who?")])
        close_rewriter(opened)
