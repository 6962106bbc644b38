import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ConfigError
from videostep.instruction import (
    Instructions,
    make_instructions,
    neutral,
    question_with_options,
)

SPECIAL = [
    "<video>",
    "<image>",
    "</s>",
    "<|im_end|>",
    "<|vision_start|>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<start_of_turn>",
    "<vila/video>",
]


def test_a_sample_gives_its_answer_and_its_rationale_to_one_question(pair):
    answer, rationale = pair("colour")
    assert (answer.task, rationale.task) == ("answer", "rationale")
    assert answer.question == rationale.question
    assert answer.response == "green"
    assert rationale.response.endswith("So the answer is green.")
    assert answer.prompt.endswith("carrying?\nAnswer shortly.")
    assert rationale.prompt.endswith("carrying?\nExplain, then answer.")
    assert answer.id != rationale.id


def test_only_the_rationale_carries_the_weight(pair):
    assert [record.weight for record in pair("no", rationale_weight=0.25)] == [1.0, 0.25]


@pytest.mark.parametrize("token", SPECIAL)
def test_tokens_in_words_of_videos_and_models_become_words(about, pair, token):
    sample = about("colour", question=f"Is {token} a sign?", answer=f"{token}", rationale=f"So: {token}.")
    for record in pair(sample=sample):
        assert token not in record.prompt + record.response
    assert pair(sample=sample)[0].response.strip("()") == token.strip("<>[]")


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text())
def test_no_text_keeps_a_bracket_that_tags_are_made_of(text):
    safe = neutral(text)
    assert not set("<>[]") & set(safe)
    assert len(safe) == len(text)
    assert neutral(safe) == safe


def test_options_that_the_question_does_not_name_are_listed(about):
    sample = about("colour", choices=("green", "red", "dark blue"), answer_kind="choice")
    assert question_with_options(sample).endswith("carrying?\nOptions:\n- green\n- red\n- dark blue")


def test_options_that_the_question_names_are_not_repeated(about):
    assert question_with_options(about("choice")) == "Is the bus red or white?"
    # "red" is only a part of "bored".
    half = about("choice", question="Is the bored driver white?")
    assert "Options" in question_with_options(half)


@pytest.mark.parametrize(
    ("answer", "rationale", "reason"),
    [
        ("", "Explain.", "empty"),
        ("Look at <video> and answer.", "Explain.", "<video>"),
        ("Answer.", "Explain < IMAGE >.", "IMAGE"),
        ("Answer.", "Answer. ", "the same"),
    ],
)
def test_instructions_that_cannot_work_are_refused(answer, rationale, reason):
    with pytest.raises(ConfigError, match=re.escape(reason)):
        make_instructions(answer, rationale)


def test_instructions_not_given_are_the_usual_ones():
    assert make_instructions(None, None) == Instructions()
    assert make_instructions("In one word.", None).rationale == Instructions().rationale
