from __future__ import annotations

import pytest

from videostep.errors import ConfigError
from videostep.induce.parsers.video_llm.config import SAME_WORDS, VideoLlmConfig


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("samples", 0),
        ("event_pictures", 0),
        ("temperature", 2.1),
        ("min_agreement", -0.1),
        ("min_presence", 1.1),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(setting, value):
    with pytest.raises(ConfigError, match=f"video_llm.{setting} is {value}"):
        VideoLlmConfig(**{setting: value})


def test_no_word_stands_for_another_that_stands_for_it():
    others = [other for all_others in SAME_WORDS.values() for other in all_others]
    assert len(others) == len(set(others))
    assert not set(others) & SAME_WORDS.keys()
