import pytest

from videostep.errors import ConfigError
from videostep.evaluate.words import Synonyms, level, read_synonyms


@pytest.fixture
def words(tmp_path):
    def write(text: str):
        path = tmp_path / "words.toml"
        path.write_text(text)
        return path

    return write


def test_spelling_is_levelled():
    assert level("Next_to") == level(" next  to ") == "next to"


def test_words_without_synonyms_stand_for_themselves():
    assert Synonyms().label("Traffic_light") == "traffic light"


def test_synonyms_hold_for_their_kind_of_word_only(words):
    read = read_synonyms(words('[labels]\nperson = ["man", "Wo_man"]\n[predicates]\n"next to" = ["near"]\n'))
    assert [read.label(word) for word in ("man", "wo man", "person", "near")] == ["person"] * 3 + ["near"]
    assert read.predicate("near") == "next to"
    assert read.attribute("man", "near") == ("man", "near")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[label]\n", "no kind of word 'label'; did you mean 'labels'"),
        ("[xyz]\n", "known are labels, attributes, values, predicates"),
        ("[labels\n", "is not TOML"),
        ("labels = 3\n", r"\[labels\] is no table"),
        ('[labels]\nperson = "man"\n', "'person' is no list of words"),
        ("[labels]\nperson = [1]\n", "'person' is no list of words"),
        ('[labels]\nperson = ["man"]\nhuman = ["man"]\n', "'man' stands in two groups"),
        ('[labels]\nperson = ["man"]\nman = ["guy"]\n', "'man' stands in two groups"),
    ],
)
def test_a_wrong_file_is_refused(words, text, message):
    with pytest.raises(ConfigError, match=message):
        read_synonyms(words(text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read: No such file"):
        read_synonyms(tmp_path / "none.toml")
