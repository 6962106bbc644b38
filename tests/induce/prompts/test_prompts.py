"""Every instruction is a file with version, purpose and an example that is a valid answer."""

from __future__ import annotations

import json

import pytest

from videostep.errors import ConfigError
from videostep.induce.parsers.video_llm import forms
from videostep.induce.prompts import PROMPTS, load_prompt, prompts_sha256
from videostep.models.forms import read_form

FORMS = {
    "objects": forms.NamedObjects,
    "attributes": forms.NamedAttributes,
    "relations": forms.NamedRelations,
    "presence": forms.Verdicts,
    "motions": forms.NamedMotions,
    "motion_presence": forms.Verdicts,
    "event": forms.NamedEvent,
    "identity": forms.SamePairs,
    "scene": forms.NamedScene,
}


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_says_what_it_is_for_and_which_version_it_is(name):
    prompt = load_prompt(name)
    assert prompt.version >= 1
    assert prompt.purpose.endswith((".", "?"))
    assert prompt.task.startswith("Task: ")


def test_no_two_prompts_begin_alike():
    assert len({load_prompt(name).task for name in PROMPTS}) == len(PROMPTS)


@pytest.mark.parametrize("name", FORMS)
def test_the_example_is_a_valid_answer(name):
    assert read_form(load_prompt(name).example, FORMS[name])


def test_data_stands_below_the_instruction_one_json_line_each():
    text = load_prompt("relations").text(objects=[{"label": "a\nb {x}"}])
    assert text.startswith(load_prompt("relations").instruction)
    assert json.loads(text.splitlines()[-1].removeprefix("objects: ")) == [{"label": "a\nb {x}"}]


def test_an_unknown_prompt_is_told_the_known_ones():
    with pytest.raises(ConfigError, match="known: narrative, objects"):
        load_prompt("poem")


def test_the_digest_of_all_prompts_is_one_text():
    assert len(prompts_sha256()) == 64
