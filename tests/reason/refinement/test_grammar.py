"""The grammar file is sound: every symbol is there, no symbol begins with itself, every line can be read."""

import pytest

from videostep.reason.refinement.grammar import Grammar, Rule, Slot, english
from videostep.reason.refinement.lexicon import lexicon_of
from videostep.reason.refinement.reading import Meaning, Reader
from videostep.reason.refinement.vocabulary import Vocabulary

EVERYTHING = Vocabulary(
    labels={"person": None, "dog": None},
    attributes={("colour", "red"): None, ("top colour", "red"): None, ("trouser colour", "grey"): None},
    relations={"riding": None, "behind": None},
    motions={"walks to the left": None},
    events={"a dog runs past": None},
    answer="two words",
)
LEXICON = {**lexicon_of(EVERYTHING), "answer.word": {("red",): (Meaning("answer", word="red"),)}}
OPTIONAL = {f"asked {number} {end}" for number in range(1, 8) for end in ("head", "tail")}
"""Only attributes with that many ways to be asked for have them."""


def test_every_symbol_that_a_line_names_has_phrases():
    known = english().rules.keys() | LEXICON.keys() | OPTIONAL
    for rules in english().rules.values():
        for rule in rules:
            assert {slot.symbol for slot in rule.slots} <= known, rule


def test_no_symbol_begins_with_itself():
    grammar = english()

    def first(symbol):
        for rule in grammar.rules.get(symbol, ()):
            if isinstance(rule.parts[0], Slot):
                yield rule.parts[0].symbol

    for symbol in grammar.rules:
        reached, todo = set(), [symbol]
        while todo:
            for begun in first(todo.pop()):
                assert begun != symbol, f"{symbol} begins with itself"
                if begun not in reached:
                    reached.add(begun)
                    todo.append(begun)


def test_every_symbol_is_used():
    used = {slot.symbol for rules in english().rules.values() for rule in rules for slot in rule.slots}
    assert english().rules.keys() - used == {"question", "sentence"}


def test_lines_without_a_meaning_have_one_slot_to_take_it_from():
    for rules in english().rules.values():
        for rule in rules:
            assert rule.meaning or len(rule.slots) == 1, rule


def test_lines_that_are_written_for_one_meaning_have_the_same_slots():
    for rules in english().rules.values():
        slots = {}
        for rule in rules:
            if rule.meaning:
                names = {slot.name for slot in rule.slots}
                assert slots.setdefault(rule.meaning, names) == names, rule


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("it is red", True),
        ("it is very red", True),
        ("it is, red", False),
        ("well, it is red", True),
        ("well it is red", True),
        ("it is blue", False),
    ],
)
def test_brackets_may_be_left_out_and_commas_stand_only_where_they_may(text, is_read):
    grammar = Grammar(
        (
            Rule("claim", "red", ("it", "is", "red"), is_written=True),
            Rule("claim", "red", ("it", "is", "very", "red"), is_written=True),
            Rule("claim", "red", ("well", ",", "it", "is", "red"), is_written=True),
        )
    )
    assert bool(Reader(grammar, {}).readings("claim", text)) == is_read
