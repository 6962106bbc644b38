"""WUPS on a database of fifteen senses (`wordnet/`), worked out by hand.

Nouns: entity > animal > dog, cat; dog > rex (an instance); entity > thing > toy, knife; entity > toy.
Verbs: move > walk, run; walk > dog; and sit.
"""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import FormatError, InputError
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.wordnet import WordNet
from videostep.evaluate.metrics.wups import content_words, mark_wups, nearness, wups_protocol

FOLDER = Path(__file__).parent / "wordnet"
WORDNET = WordNet(FOLDER)
WORDS = ["entity", "animal", "dog", "cat", "toy", "rex", "move", "walk", "run", "sit", "big", "up", "zzz"]


def item(answer, type_="CW", *also_right):
    return Item(
        id="1", video="v", question="?", answer=answer, kind="open", type=type_, also_right=also_right
    )


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("dog", "dog", 1),
        ("zzz", "zzz", 1),
        ("dog", "zzz", 0),
        # Below: 2 x depth of what is above both, the top counting 1, by the two lengths to the top over it.
        ("dog", "cat", 2 * 2 / (3 + 3)),
        ("dog", "animal", 2 * 2 / (3 + 2)),
        ("hound", "dog", 2 * 3 / (3 + 3)),
        ("rex", "cat", 2 * 2 / (4 + 3)),
        # A toy is an entity in one step or in two: the length takes the shorter.
        ("dog", "toy", 2 * 1 / (3 + 2)),
        # Over words that are not both nouns stands one top more, as far as the longest way up.
        ("walk", "run", 2 * 1 / (3 + 3)),
        ("walk", "sit", 2 * 1 / (3 + 2)),
        ("cat", "walk", 2 * 1 / (4 + 3)),
        ("big", "large", 2 * 1 / (2 + 2)),
    ],
)
def test_nearness_of_words(one, other, near):
    assert WORDNET.nearness(one, other) == pytest.approx(near)
    assert WORDNET.nearness(other, one) == pytest.approx(near)


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("dogs", "dog"),
        ("knives", "knife"),
        ("ran", "run"),
        ("walking", "walk"),
        ("bigger", "big"),
        ("zzzs", "zzzs"),
    ],
)
def test_base_forms(word, form):
    assert WORDNET.base_form(word) == form


def test_a_word_that_is_a_noun_and_a_verb_is_first_a_noun():
    assert WORDNET.first_sense("dog").pos == "noun"
    assert WORDNET.base_forms("dogs", "verb") == ["dog"]


def test_what_is_said_are_base_forms_without_stop_words():
    assert content_words(WORDNET, "The dogs were running up, and DON'T sit.") == (
        "dog",
        "running",
        "up",
        "sit",
    )


@pytest.mark.parametrize(
    ("reply", "points"),
    [
        ("the dog walks", 1),
        ("walks, dog", 1),
        ("a cat walked", 2 / 3),
        ("cats ran", 2 / 3 * 1 / 3),
        # dog is near dog alone; of the answer, "walk" is nearest to dog: 2 x 1 / (4 + 3).
        ("dog", 2 / 7),
        ("zzz", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_a_reply_is_worth_the_product_of_its_nearest_words_the_smaller_of_both_ways(reply, points):
    mark = mark_wups(WORDNET, item("dog walks"), reply)
    assert (mark.right, mark.points) == (None, pytest.approx(points))


def test_the_better_of_two_answers_counts():
    assert mark_wups(WORDNET, item("sit", "CW", "the cat"), "dog").points == pytest.approx(2 / 3)


@pytest.mark.parametrize(("reply", "points"), [("two", 1), ("Two.", 1), ("three", 0), ("dog", 0)])
def test_counts_and_yes_or_no_are_right_or_wrong(reply, points):
    assert mark_wups(WORDNET, item("two", "DC"), reply).points == points


def test_what_is_missing_or_came_to_no_answer_is_told():
    assert [mark_wups(WORDNET, item("dog"), reply).fault for reply in (None, "  ", "")] == [
        "no reply", "no reply", "unparsed"
    ]  # fmt: skip


def test_the_release_of_wordnet_signs_the_numbers():
    assert wups_protocol(WORDNET) == "wups WordNet-9.9"


@settings(deadline=None, max_examples=100, derandomize=True)
@given(*[st.lists(st.sampled_from(WORDS), max_size=4)] * 2)
def test_nearness_lies_between_0_and_1_and_looks_both_ways(one, other):
    assert 0 <= nearness(WORDNET, one, other) == nearness(WORDNET, other, one) <= 1
    assert nearness(WORDNET, one, one) == float(bool(one))


def test_a_folder_without_wordnet_says_where_to_get_it(tmp_path):
    with pytest.raises(InputError, match=r"index.noun cannot be read.*wordnet-base"):
        WordNet(tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("index.noun", "dog n nonsense\n", "entry 1 is none of WordNet's"),
        ("data.noun", "x" * 900, "do not agree"),
    ],
)
def test_files_that_are_not_wordnets_are_named(tmp_path, file, text, words):
    folder = shutil.copytree(FOLDER, tmp_path / "wordnet")
    (folder / file).write_text(text)
    with pytest.raises(FormatError, match=words):
        WordNet(folder).nearness("dog", "cat")


def test_questions_of_nextqa_have_their_points():
    files = Path(__file__).parents[1] / "benchmarks" / "files" / "nextqa-open"
    items = {one.id: one for one in open_benchmark("nextqa-open").items(files)}
    # "noises" is no word of this database, so that it is near nothing and left out; its second answer counts.
    said = {"5000000001_0": "pick the toys up", "5000000002_1": "made noises", "5000000002_2": "No."}
    assert [mark_wups(WORDNET, items[id_], reply).points for id_, reply in said.items()] == [1.0, 1.0, 1.0]
    assert mark_wups(WORDNET, items["5000000002_1"], "sang").points == 0.0
