import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ProgramError, ProgramSyntaxError
from videostep.reason.verify import canonical, check_types, count_steps, execute
from videostep.reason.verify.language import (
    MAX_DEPTH,
    MAX_KNOWN,
    MAX_TEXT,
    OPERATORS,
    Call,
    Type,
    known_calls,
    parse,
)
from videostep.testing.graphs import street_graph

STREET = street_graph()
BUS = 'unique(called(things(), "bus"))'


def colour_of(thing: str) -> str:
    return f'attribute({thing}, "colour")'


class TestReading:
    def test_blanks_between_tokens_do_not_matter(self):
        spaced = ' attribute (\n unique( called(things( ) ,"bus") )\t, "colour" ) '
        assert canonical(spaced) == 'attribute(unique(called(things(), "bus")), "colour")'

    def test_strings_are_json_strings(self):
        program = r'name(unique(called(things(), "caf\u00e9 \"b\" \\ \n")))'
        assert canonical(program) == r'name(unique(called(things(), "café \"b\" \\ \n")))'

    @pytest.mark.parametrize("word", ["red)", "(red", "a, b", "r\\u00e9d", "\\\\", "été"])
    def test_marks_in_strings_are_words(self, word):
        program = f'name(unique(with(called(things(), "{word}"), "colour", "{word}")))'
        filter_ = parse(program, {}).parts[0].parts[0]
        assert filter_.words[1] == json.loads(f'"{word}"') == filter_.parts[0].words[0]

    def test_integers_may_be_negative(self):
        assert canonical("at(scene( -01 ), event())") == "at(scene(-1), event())"

    @pytest.mark.parametrize(
        ("program", "says"),
        [
            ("", "closed"),
            ("event", "unexpected 'event'"),
            ("event(", "closed"),
            ("event())", r"unexpected '\)'"),
            ("event() event()", "unexpected 'event'"),
            ("event(), event()", "unexpected ','"),
            ("name(,)", "unexpected ','"),
            (f"equal(name({BUS}),)", r"unexpected '\)'"),
            ('equal(name("a" "b"))', "unexpected"),
            ('"bus"', "one call"),
            ("7", "one call"),
            ("EVENT()", "unexpected 'EVENT'"),
            ("event[]", "unexpected"),
            ('called(things(), "bus)', "unexpected '\"'"),
            ("called(things(), 'bus')", "unexpected"),
            ('called(things(), "a\nb")', "unexpected"),
            (r'called(things(), "\x41")', "not a JSON string"),
            (r'called(things(), "\ud800")', "not valid Unicode"),
            ("at(scene(12345678901), event())", "nine"),
        ],
    )
    def test_other_texts_are_refused_by_name(self, program, says):
        with pytest.raises(ProgramSyntaxError, match=says):
            check_types(program)

    def test_endless_nesting_is_refused_before_python_gives_up(self):
        with pytest.raises(ProgramSyntaxError, match="deeper"):
            check_types("at(always(), " * 500 + "event()" + ")" * 500)
        fits = MAX_DEPTH - 1
        assert check_types("at(always(), " * fits + "event()" + ")" * fits) is None

    def test_endless_text_is_refused(self):
        with pytest.raises(ProgramSyntaxError, match="longer"):
            check_types(" " * MAX_TEXT + "event()")


class TestTypes:
    @pytest.mark.parametrize(
        ("program", "says"),
        [
            ("things()", "gives Things"),
            (BUS, "gives Thing"),
            (f"at(always(), {BUS})", "gives Thing"),
            ("always()", "gives TIME"),
            ("sum(things())", "no operator 'sum'"),
            ("name()", "takes 1 arguments, not 0"),
            (f"name({BUS}, {BUS})", "takes 1 arguments, not 2"),
            ("name(things())", "argument 1 of name is Things, not Thing"),
            ('unique("bus")', "argument 1 of unique is a string, not Things"),
            (f"attribute({BUS}, 3)", "argument 2 of attribute is an integer, not a string"),
            (f"attribute({BUS}, name({BUS}))", "argument 2 of attribute is Text, not a string"),
            ('equal("white", "white")', "argument 1 of equal is a string, not Text"),
            ('at(scene("1"), event())', "argument 1 of scene is a string, not an integer"),
            ("at(1, event())", "argument 1 of at is an integer, not TIME"),
            ('at(always(), "white")', "argument 2 of at is a string, not any value"),
            ("at(always(), always())", "argument 2 of at is TIME, not any value"),
            ("at(before(event()), event())", "argument 1 of before is Text, not Span"),
        ],
    )
    def test_arguments_must_fit_their_operator(self, program, says):
        with pytest.raises(ProgramSyntaxError, match=says):
            check_types(program)

    @pytest.mark.parametrize(
        "program",
        [
            f'choose({colour_of(BUS)}, "red", "red")',
            f"same({colour_of(BUS)}, {colour_of(BUS)})",
            f'order(when({BUS}, "stops"), when({BUS},  "stops"))',
        ],
    )
    def test_questions_whose_answer_says_nothing_are_refused(self, program):
        with pytest.raises(ProgramSyntaxError, match="twice"):
            check_types(program)

    def test_at_may_stand_around_any_expression(self):
        check_types(f"at(scene(1), {colour_of(BUS)})")
        check_types(colour_of(f"at(scene(1), {BUS})"))
        check_types(colour_of('unique(at(scene(1), called(at(scene(2), things()), "bus")))'))
        check_types(f'at(before(at(scene(1), when({BUS}, "stops"))), event())')


class TestSteps:
    def test_the_papers_examples_have_two_and_three_steps(self):
        held = 'unique(objects(called(things(), "bottle"), "holding", unique(called(things(), "man"))))'
        assert count_steps(colour_of(held)) == 2
        red = 'unique(with(things(), "colour", "red"))'
        person = f'unique(subjects(called(things(), "person"), "carrying", {red}))'
        sits = 'when(unique(called(things(), "woman")), "sits down")'
        assert count_steps(f"at(before({sits}), motion({person}))") == 3

    def test_a_question_without_an_edge_is_one_step(self):
        assert count_steps(f"name({BUS})") == 1
        assert count_steps(f"exists({BUS[7:-1]})") == 1

    def test_a_time_is_free_but_not_the_description_in_it(self):
        dressed = 'unique(with(called(things(), "person"), "top colour", "red"))'
        for time in ("before", "after", "while"):
            assert count_steps(f'at({time}(when({BUS}, "stops")), motion({BUS}))') == 1
            assert count_steps(f'at({time}(at(scene(1), when({BUS}, "stops"))), motion({BUS}))') == 1
            assert count_steps(f'at({time}(when({dressed}, "stops")), motion({BUS}))') == 2
        assert count_steps(f'when({dressed}, "stops")') == 2

    def test_every_looking_operator_counts_wherever_it_stands(self):
        assert count_steps("event()") == 1
        assert count_steps(f"same({colour_of(BUS)}, {colour_of(BUS.replace('bus', 'car'))})") == 2
        assert count_steps(f'order(when({BUS}, "stops"), when({BUS}, "starts"))') == 2
        assert count_steps(f"predicate({BUS}, {BUS})") == 1
        assert count_steps('count(does(with(things(), "colour", "red"), "stops"))') == 2


WORDS = st.sampled_from(
    ["bus", "person", "colour", "top colour", "red", "next to", "riding", "stops", "été", '"']
)


SIMPLEST = {
    Type.THINGS: "things()",
    Type.THING: BUS,
    Type.TEXT: "event()",
    Type.SPAN: f'when({BUS}, "drives to the right")',
    Type.TIME: "always()",
}


@st.composite
def expressions(draw: st.DrawFn, wanted: Type, depth: int = 5) -> str:
    """A well-typed expression, nested at most `depth` calls deep."""
    if wanted is Type.STRING:
        return json.dumps(draw(WORDS), ensure_ascii=False)
    if wanted is Type.INTEGER:
        return str(draw(st.integers(-4, 4)))
    if depth == 0 and wanted in SIMPLEST:
        return SIMPLEST[wanted]
    fitting = [name for name, signature in OPERATORS.items() if signature.gives is wanted]
    name = draw(st.sampled_from(sorted(fitting) + ["at"] * (wanted is not Type.TIME)))
    takes = (Type.TIME, wanted) if name == "at" else OPERATORS[name].takes
    args = [draw(expressions(kind, max(0, depth - 1))) for kind in takes]
    return f"{name}({', '.join(args)})"


ANSWERS = st.sampled_from([Type.TEXT, Type.BOOL, Type.NUMBER, Type.SPAN]).flatmap(expressions)


class TestAnyText:
    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(st.text(alphabet='abcdenqstuvwhi(),"\\ 01-', max_size=60))
    def test_random_text_raises_nothing_but_program_errors(self, program):
        with pytest.raises(ProgramError):
            execute(program, STREET)

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(ANSWERS)
    def test_random_programs_answer_or_say_why_not(self, program):
        with contextlib.suppress(ProgramError):
            assert execute(program, STREET)

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(ANSWERS, st.sampled_from([" ", "\n", "\t "]))
    def test_canonical_print_is_read_back_as_itself(self, program, blank):
        with contextlib.suppress(ProgramSyntaxError):  # two equal arguments, drawn by chance
            assert canonical(program) == program
            assert canonical(program.replace(", ", f"{blank},{blank}")) == program


class TestWhatWasReadBefore:
    """Calls read before are taken for the same text only, and count for all that is checked."""

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(st.lists(ANSWERS, min_size=2, max_size=4))
    def test_reading_is_the_same_with_and_without_it(self, programs):
        known: dict[str, Call] = {}
        for program in (*programs, *(f"at(always(), {program})" for program in programs)):
            with contextlib.suppress(ProgramSyntaxError):
                call = parse(program, known)
                assert repr(call) == repr(parse(program, {}))
                assert call is parse(program, known)

    @pytest.mark.parametrize(
        "program", [" name({})", "name( {})", "name ({})", "name({} )", "at(scene(1),name({}))"]
    )
    def test_blanks_around_it_do_not_matter(self, program):
        known: dict[str, Call] = {}
        parse(f"at(scene(1), name({BUS}))", known)
        assert repr(parse(program.format(BUS), known)) == repr(parse(program.format(BUS), {}))

    def test_nesting_is_counted_through_it(self):
        known: dict[str, Call] = {}
        program = "event()"
        for _ in range(MAX_DEPTH - 1):
            program = f"at(always(), {program})"
            parse(program, known)
        with pytest.raises(ProgramSyntaxError, match="deeper"):
            parse(f"at(always(), {program})", known)
        filters = f"exists({'at(always(), ' * (MAX_DEPTH - 2)}things(){')' * (MAX_DEPTH - 2)})"
        check_types(filters)
        with pytest.raises(ProgramSyntaxError, match="deeper"):
            check_types(filters.replace("things()", 'called(things(), "bus")'))

    def test_many_are_forgotten_but_not_by_who_reads_with_them(self):
        held = known_calls()
        first = parse("at(scene(7), event())", held)
        for number in range(MAX_KNOWN + 1):
            parse(f"at(scene({number}), event())")
        assert len(known_calls()) <= MAX_KNOWN
        assert known_calls() is not held
        assert parse("at(scene(7), event())", held) is first
        assert repr(parse("at(scene(7), event())")) == repr(first)

    def test_what_fits_its_text_must_still_fit_its_operator(self):
        known: dict[str, Call] = {}
        parse(f"name({BUS})", known)
        for program in (f"exists({BUS})", f"no({BUS})", f"at({BUS}, name({BUS}))"):
            with pytest.raises(ProgramSyntaxError):
                parse(program, known)
