import random

import numpy as np
import pytest

from videostep.reason.controls import sheet as sheets
from videostep.reason.controls import word_table
from videostep.reason.controls.guess import guess_answers
from videostep.reason.controls.sheet import KINDS, SheetWriter, grams_of, sheet_of


@pytest.fixture(scope="module")
def samples(ask):
    rng = random.Random(0)
    closed = [
        ask(f"v{video}", f"Is it {rng.choice('abcdef')} {number}?", rng.choice(("yes", "no")))
        for video in range(12)
        for number in range(4)
    ]
    choices = [ask(f"v{video}", "Which is it?", "red", "blue", "red", "white") for video in range(12)]
    opened = [ask(f"v{video}", f"What is it {video}?", rng.choice(("car", "bus"))) for video in range(12)]
    return [*closed, *choices, *opened]


def test_a_row_says_what_the_sample_does(samples):
    sheet = sheet_of(samples)
    for row, sample in enumerate(samples):
        assert sheet.ids[row].decode() == sample.id
        assert sheet.video_names[sheet.videos[row]] == sample.video.id
        assert KINDS[sheet.kinds[row]] == sample.answer_kind
        assert sheet.answer_names[sheet.answers[row]] == sample.answer
        offered = sheet.offered.of(np.array([row]))
        expected = sample.choices or (("yes", "no") if sample.answer_kind == "binary" else ())
        assert tuple(sheet.answer_names[code] for code in offered) == expected
        assert len(sheet.words.of(np.array([row]))) == len(set(grams_of(sample.question)))


def test_lists_of_several_rows_stand_one_after_the_other(samples):
    words = sheet_of(samples).words
    rows = np.array([5, 0, 60, 5])
    parts = [words.of(np.array([row])) for row in rows]
    assert words.of(rows).tolist() == np.concatenate(parts).tolist()
    assert words.sizes(rows).tolist() == [len(part) for part in parts]


def test_words_of_kinds_that_nobody_guesses_are_not_kept(samples):
    writer = SheetWriter(words_of=("choice",))
    writer.add(samples)
    sheet = writer.sheet()
    sizes = sheet.words.sizes(np.arange(len(samples)))
    assert (sizes > 0).tolist() == [sample.answer_kind == "choice" for sample in samples]


def test_ids_that_are_packed_piece_by_piece_keep_their_order(samples, monkeypatch):
    whole = sheet_of(samples).ids.tolist()
    monkeypatch.setattr(sheets, "_IDS_AT_A_TIME", 7)
    assert sheet_of(samples).ids.tolist() == whole


def test_questions_are_guessed_alike_however_many_at_a_time(samples, monkeypatch):
    for kind in KINDS:
        group = [sample for sample in samples if sample.answer_kind == kind]
        whole = guess_answers(group)
        with monkeypatch.context() as patch:
            patch.setattr(word_table, "ROWS_AT_A_TIME", 5)
            assert guess_answers(group) == whole


def test_a_data_set_without_samples_has_an_empty_sheet():
    sheet = sheet_of([])
    assert len(sheet.ids) == 0
    assert sheet.words.of(np.arange(0)).tolist() == []
