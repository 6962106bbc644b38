from videostep.formats.training.novel import SeenInTrain, concepts_of


def test_a_question_is_made_of_the_words_of_its_program_and_an_open_answer(about):
    assert concepts_of(about("colour")) == (
        *("black", "carrying", "colour", "green", "person", "top colour"),
    )
    assert concepts_of(about("no")) == ("bus", "colour", "red")
    assert "after" in concepts_of(about("after"))


def test_escaped_quotes_belong_to_a_word(about):
    sample = about("no", program=r'exists(called(things(), "the \"big\" bus, red"))')
    assert concepts_of(sample) == ('the "big" bus, red',)


def test_a_pair_is_novel_if_its_halves_were_seen_apart(about):
    seen = SeenInTrain()
    seen.add(about("no", program='equal(attribute(called(things(), "bus"), "colour"), "red")'))
    seen.add(about("no", program='equal(attribute(called(things(), "car"), "colour"), "blue")'))
    mixed = about("no", program='equal(attribute(called(things(), "car"), "colour"), "red")')
    assert seen.novel_pairs(mixed) == (("car", "red"),)


def test_what_was_seen_together_or_not_at_all_is_no_novel_pair(about):
    seen = SeenInTrain()
    seen.add(about("no"))
    assert seen.novel_pairs(about("no", number=2)) == ()
    assert seen.novel_pairs(about("no", program='exists(called(things(), "zebra"))')) == ()
    assert SeenInTrain().novel_pairs(about("colour")) == ()
