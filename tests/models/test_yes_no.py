from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.models.openai.wire import Choice
from videostep.models.yes_no import complaint_of, p_yes_of_texts, p_yes_of_tokens, said_yes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yes", True),
        ("Yes.", True),
        (" **Yes**, there is a car.", True),
        ("True", True),
        ("no", False),
        ("NO!", False),
        ("No, there is not", False),
        ("", None),
        ("nothing of that kind", None),
        ("yesterday it was", None),
        ("I see no car", None),
        ("maybe", None),
    ],
)
def test_a_text_says_yes_or_no_by_its_first_word(text: str, said: bool | None) -> None:
    assert said_yes(text) is said
    assert bool(complaint_of(text)) is (said is None)


def log(**probabilities: float) -> list[tuple[str, float]]:
    return [(token.replace("_", " "), math.log(p)) for token, p in probabilities.items()]


@pytest.mark.parametrize(
    ("alternatives", "p_yes"),
    [
        (log(Yes=0.6, No=0.2, I=0.2), 0.75),
        (log(Yes=0.3, _yes=0.3, no=0.2, maybe=0.1), 0.75),
        (log(No=1.0), 0.0),
        (log(The=0.9, Yes=0.1), 1.0),
        (log(The=0.9, Hm=0.1), None),
        ([], None),
        ([("Yes", math.nan), ("No", -0.1)], 0.0),
        ([("Yes", 3.0)], 1.0),
    ],
)
def test_the_probability_is_the_share_of_yes(
    alternatives: list[tuple[str, float]], p_yes: float | None
) -> None:
    assert p_yes_of_tokens(alternatives) == p_yes


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(["yes", "No", "x"]), st.floats(-20, 0)), max_size=8))
def test_a_probability_is_one(alternatives: list[tuple[str, float]]) -> None:
    p_yes = p_yes_of_tokens(alternatives)
    assert p_yes is None or 0 <= p_yes <= 1


def test_texts_vote() -> None:
    assert p_yes_of_texts(["yes", "No.", "Yes!", "hm"]) == pytest.approx(2 / 3)
    assert p_yes_of_texts(["hm"]) is None


def choice(text: str, *places: tuple[str, list[tuple[str, float]]]) -> Choice:
    content = [
        {
            "token": token,
            "top_logprobs": [{"token": other, "logprob": log_p} for other, log_p in alternatives],
        }
        for token, alternatives in places
    ]
    plain = {"message": {"content": text}, "logprobs": {"content": content}}
    return msgspec.convert(plain, Choice)


@pytest.mark.parametrize(
    ("said", "p_yes"),
    [
        (choice("No.", ("No", log(No=0.3, Yes=0.1, The=0.6))), 0.25),
        (choice("**Yes**", ("**", log(no=0.01)), ("Yes", log(Yes=0.9, No=0.1))), 0.9),
        (choice("Yes", ("Y", log(Y=0.9, N=0.1)), ("es", log(es=1.0))), 1.0),
        (choice("There is no car", ("There", log(There=0.9)), ("is", []), ("no", log(no=0.9))), None),
        (choice("I", ("I", log(I=0.9, yes=0.1))), None),
    ],
)
def test_the_place_that_counts_is_where_the_word_was_said(said: Choice, p_yes: float | None) -> None:
    assert said.p_yes() == p_yes
