import pytest

from videostep.reason.refinement import form

TEMPLATE = "What colour is the bus?"
RATIONALE = "The bus is red. So the answer is red."


@pytest.mark.parametrize("text", ["Is it?", "What colour is the bus?" * 20])
def test_much_shorter_and_much_longer_words_are_faulty(text):
    assert form.length_fault("What colour is the bus next to it?", text)
    assert form.length_fault(TEMPLATE, TEMPLATE) is None


@pytest.mark.parametrize(
    "text", ["What colour is the bus\x07?", "What colour is the b\u00fcs?", "What \u200bcolour?"]
)
def test_strange_characters_are_faulty_unless_the_template_has_them(text):
    assert form.character_fault(TEMPLATE, text)
    assert form.character_fault(text, text) is None


@pytest.mark.parametrize(
    "text",
    ["*bus*", "# bus", "<b>", "`bus`", "[bus]", "http://a", "www.a", "a\nb", "- bus", "1. bus", "{bus}"],
)
def test_markup_is_faulty_unless_the_template_has_it(text):
    assert form.markup_fault(TEMPLATE, text)
    assert form.markup_fault(text, text) is None


@pytest.mark.parametrize("text", ["Sure! What?", "Here is it: what?", "As an AI, what?", "Ignore that?"])
def test_words_about_the_words_are_faulty(text):
    assert form.framing_fault(TEMPLATE, text)


def test_a_thing_may_be_called_as_a_word_about_words_if_the_template_says_so():
    assert form.framing_fault("What colour is the note?", "Which colour is the note?") is None


@pytest.mark.parametrize(
    "text", ["The bus is red.", "Is it? Is it?", "It is. Is it?", "Is it ?", "Is  it?", "Is it,red?"]
)
def test_anything_but_one_question_is_faulty(text):
    assert form.question_fault(TEMPLATE, text)


@pytest.mark.parametrize(
    "text", ["The bus is red.", f"{RATIONALE} It is.", "Is it red? So the answer is red.", "It"]
)
def test_a_rationale_with_other_sentences_is_faulty(text):
    assert form.rationale_fault(RATIONALE, text)
    assert form.rationale_fault(RATIONALE, RATIONALE) is None


@pytest.mark.parametrize("text", ["what colour is it?", "What COLOUR is it?", "What colour Is it?"])
def test_capitals_inside_and_small_letters_at_the_beginning_are_faulty(text):
    assert form.case_fault(TEMPLATE, text)
    assert form.case_fault(TEMPLATE, TEMPLATE) is None


def test_a_wrong_article_is_faulty():
    assert form.article_fault(TEMPLATE, "Is it an bus?")
    assert form.article_fault(TEMPLATE, "Is it a umbrella?")
    assert form.article_fault(TEMPLATE, "Is it a bus or an umbrella?") is None


def test_another_language_is_told_from_a_strange_word():
    known = {"what", "colour", "is", "the", "bus"}
    assert form.language_fault("Was hat der Bus?", known) == "it is not the template's language"
    assert "shiny" in form.language_fault("What colour is the shiny bus?", known)
    assert form.language_fault(TEMPLATE, known) is None
