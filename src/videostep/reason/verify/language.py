"""The program language: text to checked calls and back (docs/program.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from json.encoder import encode_basestring
from typing import NamedTuple

from videostep.errors import ProgramSyntaxError

MAX_TEXT = 10_000
"""Longest program that is read, characters: far beyond any question, short enough to bound the work."""
MAX_DEPTH = 40
"""Deepest nesting of calls that is read; keeps every walk over a program far from Python's own limit."""
MAX_KNOWN = 20_000
"""Most calls that are kept for other programs, so that memory stays flat over any number of graphs."""


class Type(Enum):
    """What an expression is worth; the last five only ever stand as arguments."""

    THING = "Thing"
    THINGS = "Things"
    TEXT = "Text"
    BOOL = "Bool"
    NUMBER = "Number"
    SPAN = "Span"
    TIME = "TIME"
    STRING = "a string"
    INTEGER = "an integer"
    VALUE = "any value"
    ONE_OR_SOME = "Thing or Things"


ANSWER_TYPES = (Type.TEXT, Type.BOOL, Type.NUMBER, Type.SPAN)
"""Only these may be the value of a whole program."""


class Signature(NamedTuple):
    """What an operator takes and gives; `VALUE` as result means: what its last argument gives."""

    takes: tuple[Type, ...]
    gives: Type


_S, _T, _X, _W, _B, _P = Type.THINGS, Type.THING, Type.TEXT, Type.STRING, Type.BOOL, Type.SPAN
OPERATORS: dict[str, Signature] = {
    "things": Signature((), _S),
    "called": Signature((_S, _W), _S),
    "with": Signature((_S, _W, _W), _S),
    "subjects": Signature((_S, _W, Type.ONE_OR_SOME), _S),
    "objects": Signature((_S, _W, Type.ONE_OR_SOME), _S),
    "does": Signature((_S, _W), _S),
    "except": Signature((_S, _S), _S),
    "unique": Signature((_S,), _T),
    "nth": Signature((_S, _W, Type.INTEGER), _T),
    "longest": Signature((_S, _W), _T),
    "shortest": Signature((_S, _W), _T),
    "name": Signature((_T,), _X),
    "attribute": Signature((_T, _W), _X),
    "predicate": Signature((_T, _T), _X),
    "motion": Signature((_T,), _X),
    "event": Signature((), _X),
    "besides": Signature((_T, _W), _X),
    "change": Signature((_T, _W), _X),
    "turn": Signature((_T, _W, _W, Type.INTEGER), _X),
    "follow": Signature((_T, _W, Type.INTEGER), _X),
    "switch": Signature((_T, _W, _T, Type.INTEGER), _X),
    "shift": Signature((_T, _W, _T, Type.INTEGER), _X),
    "when": Signature((_T, _W), _P),
    "held": Signature((_T, _W, _T), _P),
    "exists": Signature((_S,), _B),
    "count": Signature((_S,), Type.NUMBER),
    "equal": Signature((_X, _W), _B),
    "same": Signature((_X, _X), _B),
    "choose": Signature((_X, _W, _W), _X),
    "order": Signature((_P, _P), _X),
    "longer": Signature((_P, _P), _B),
    "overlap": Signature((_P, _P), _B),
    "and": Signature((_B, _B), _B),
    "or": Signature((_B, _B), _B),
    "xor": Signature((_B, _B), _B),
    "not": Signature((_B,), _B),
    "at": Signature((Type.TIME, Type.VALUE), Type.VALUE),
    "always": Signature((), Type.TIME),
    "scene": Signature((Type.INTEGER,), Type.TIME),
    "before": Signature((_P,), Type.TIME),
    "after": Signature((_P,), Type.TIME),
    "while": Signature((_P,), Type.TIME),
    "between": Signature((_P, _P), Type.TIME),
}
RANKS = frozenset({"nth", "longest", "shortest"})
"""Operators that tell a thing from others by when, or how long, they do the same."""
SPANS = frozenset({"when", "held"})
"""Operators that give a piece of time."""
CHANGES = frozenset({"change", "turn", "switch", "shift", "follow"})
"""Operators that look at two facts, one after the other."""
TWO_FACTS = CHANGES | {"besides"}
"""Operators that find one fact beside another."""
LOGIC = frozenset({"and", "or", "xor", "not"})
FILTERS = frozenset({"with", "subjects", "objects", "does"})
"""Operators that narrow a set by what edges say."""
HOPS = RANKS | SPANS | TWO_FACTS | FILTERS | {"attribute", "predicate", "motion", "event"}
"""Operators that look up edges of the graph: each is one step of reasoning."""
_PAIRS = ("same", "order", "longer", "overlap", "and", "or", "xor")
_TWO_DIFFERENT = {"choose": slice(1, 3), **dict.fromkeys(_PAIRS, slice(0, 2))}
"""Arguments that must not be the same text: with equal ones the answer says nothing about the video."""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """An operator applied to arguments that fit it.

    One that is read again is the same object, so that what it is worth can be kept by it.
    """

    name: str
    args: tuple[Call | str | int, ...]
    type: Type
    text: str
    """Canonical print: `, ` between arguments and no other blanks."""
    hops: int
    """Operators in it that look up edges; a `when` or `held` that only fixes a time is not counted."""
    parts: tuple[Call, ...]
    """Arguments that are expressions, in order; TIMEs, too."""
    words: tuple[str, ...]
    """Arguments that are strings, in order."""
    time: str
    """Name of the outermost TIME in it that restricts what is asked; `none` without one."""
    describes: bool
    """Whether a description of one thing, or a time, stands in it."""

    def number(self, index: int) -> int:
        """The argument at `index`, which the signature says is an integer."""
        arg = self.args[index]
        assert isinstance(arg, int)
        return arg

    def walk(self) -> Iterator[Call]:
        """This call and every call inside it, outermost first."""
        yield self
        for arg in self.parts:
            yield from arg.walk()


KnownCalls = dict[str, Call]
"""Calls by canonical print. Only calls that were read with the same ones are the same object."""

_shared: list[KnownCalls] = [{}]


def known_calls() -> KnownCalls:
    """What was read of any graph: programs are made of the same few thousand descriptions.

    New ones once they are many; who holds the old ones goes on with them.
    """
    if len(_shared[0]) > MAX_KNOWN:
        _shared[0] = {}
    return _shared[0]


def parse(text: str, known: KnownCalls | None = None) -> Call:
    """Read and type-check a program.

    Args:
        text: The program.
        known: Calls that were read before: they are taken, and new ones added. None: of any graph.

    Raises:
        ProgramSyntaxError: Naming what is wrong.
    """
    if len(text) > MAX_TEXT:
        raise ProgramSyntaxError(f"a program of {len(text)} characters is longer than {MAX_TEXT}")
    if known is None:
        known = known_calls()
    program = known.get(text) or _joined(text, known) or _read(text, known)
    if program.type not in ANSWER_TYPES:
        raise ProgramSyntaxError(
            f"a program must give an answer, but {program.name} gives {program.type.value}"
        )
    return program


def check_types(program: str) -> None:
    """Raise ProgramSyntaxError unless `program` parses and every argument fits its operator."""
    parse(program)


def canonical(program: str) -> str:
    """The one way to print `program`; raise ProgramSyntaxError if it is none."""
    return parse(program).text


def count_steps(program: str) -> int:
    """How many edges of the graph `program` follows, at least 1; raise ProgramSyntaxError."""
    return steps_of(parse(program))


def steps_of(program: Call) -> int:
    """As `count_steps`, of a program that was read."""
    return max(1, program.hops)


def inside_at(call: Call) -> Call:
    """`call` without the `at`s around it."""
    while call.name == "at":
        call = call.parts[1]
    return call


_STRINGS = r'(?:, "[ !#-\'*-\[\]-~]+")*'
"""Further arguments without escapes, brackets or letters beyond ASCII: most of them."""
_FILTER = rf"[a-z]+\(things\(\){_STRINGS}\)"
_FILTER_OF_IT = rf"[a-z]+\({_FILTER}{_STRINGS}\)"
_TOKEN = re.compile(
    rf"""[a-z]+\({_FILTER_OF_IT}{_STRINGS}\)|{_FILTER_OF_IT}|{_FILTER}|things\(\)|[a-z]+[ \t\r\n]*\("""
    r"""|"(?:[^"\\\x00-\x1f]|\\.)*"|-?[0-9]+|[,)]|[^ \t\r\n(),"]+|["(]"""
)
"""A description, `unique(called(things(), "bus"))`, as a whole: most programs are made of few of them.
Else `scene(`, a string, an integer, a mark; the last two are what fits nowhere.
"""
_PLAIN_STRING = re.compile(r'"([^"]*)"')
_NAME = re.compile(r"[a-z]+")
_INTEGER = re.compile(r"-?[0-9]+")
_NO_ARGUMENT = frozenset({"(", ")", ",", '"'})


def _read(text: str, known: KnownCalls) -> Call:
    """The one call that `text` is; its parts are gathered on a stack of open calls."""
    stack: list[tuple[str, list[Call | str | int], list[str]]] = []
    args: list[Call | str | int] = []
    printed: list[str] = []
    may_begin, may_end = True, False
    for token in _TOKEN.findall(text):
        if token == ")" and (may_end or not args) and stack:
            name, outer, outer_printed = stack.pop()
            call = _call(name, args, printed, known)
            outer.append(call)
            outer_printed.append(call.text)
            args, printed = outer, outer_printed
            may_begin, may_end = False, True
        elif token == "," and may_end and stack:
            may_begin, may_end = True, False
        elif not may_begin or token in _NO_ARGUMENT:
            found = _NAME.match(token)
            raise ProgramSyntaxError(f"unexpected {found[0] if found else token!r}")
        elif token[-1] == "(":
            stack.append((token[:-1].rstrip(), args, printed))
            args, printed, may_end = [], [], False
            _check_depth(len(stack))
        else:
            args.append(_argument(token, len(stack), known))
            printed.append(_printed(args[-1]))
            may_begin, may_end = False, True
    if stack or len(args) != 1 or not isinstance(args[0], Call):
        raise ProgramSyntaxError("a program is one call with all its parentheses closed")
    return args[0]


def _argument(token: str, depth: int, known: KnownCalls) -> Call | str | int:
    """What one token is worth that is an argument by itself."""
    if token[0] == '"':
        return _unquoted(token)
    if token[-1] != ")":
        return _number(token)
    _check_depth(depth + token.count("("))
    return known.get(token) or _plain_call(token, known)


def _plain_call(token: str, known: KnownCalls) -> Call:
    """`things()`, or a call of it with plain strings, or one of that, and so on."""
    if token == "things()":
        return _call("things", [], [], known)
    name, _, rest = token.partition("(")
    end = rest.rindex(")", 0, -1) + 1
    inner, words = rest[:end], _PLAIN_STRING.findall(rest, end)
    call = known.get(inner) or _plain_call(inner, known)
    return _call(name, [call, *words], [inner, *(f'"{word}"' for word in words)], known)


def _joined(text: str, known: KnownCalls) -> Call | None:
    """The call that `text` is, where its one argument was read before, and the times of `at`s around it.

    Most steps ask for the name of a thing that the question describes: they need not be read again.
    """
    if text.count("(") > MAX_DEPTH:
        return None
    if text.startswith("at("):
        end = text.find("), ")
        while end > 0 and text[3 : end + 1] not in known:
            end = text.find("), ", end + 1)
        rest, time = text[end + 3 : -1], text[3 : end + 1]
        inner = known.get(rest) or _joined(rest, known) if end > 0 else None
        return None if inner is None else _call("at", [known[time], inner], [time, inner.text], known)
    name, _, argument = text[:-1].partition("(")
    if argument in known and name in OPERATORS and text.endswith("))"):
        return _call(name, [known[argument]], [argument], known)
    return None


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ProgramSyntaxError(f"a program is nested deeper than {MAX_DEPTH} calls")


def _call(name: str, args: list[Call | str | int], printed: list[str], known: KnownCalls) -> Call:
    text = f"{name}({', '.join(printed)})"
    call = known.get(text)
    if call is None:
        call = known[text] = _checked(name, tuple(args), printed, text)
    return call


def _unquoted(string: str) -> str:
    if "\\" not in string:
        text = string[1:-1]
    else:
        try:
            text = json.loads(string)
        except ValueError:
            raise ProgramSyntaxError(f"{string} is not a JSON string") from None
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ProgramSyntaxError(f"{text!a} is not valid Unicode")
    return text


def _number(integer: str) -> int:
    if not _INTEGER.fullmatch(integer):
        raise ProgramSyntaxError(f"unexpected {integer!r}")
    if len(integer) > 9:
        raise ProgramSyntaxError(f"the integer {integer[:9]}... has more than nine characters")
    return int(integer)


def _checked(name: str, args: tuple[Call | str | int, ...], printed: list[str], text: str) -> Call:
    """A call whose arguments fit its operator; raise ProgramSyntaxError otherwise."""
    gives = _result(name, tuple(map(_type_of, args)))
    pair = printed[_TWO_DIFFERENT[name]] if name in _TWO_DIFFERENT else ()
    if pair and pair[0] == pair[1]:
        raise ProgramSyntaxError(f"{name} is given {pair[0]} twice")
    parts = tuple([arg for arg in args if isinstance(arg, Call)])
    words = tuple([arg for arg in args if isinstance(arg, str)])
    describes = gives is Type.THING or name == "at" or any([part.describes for part in parts])
    return Call(name, args, gives, text, _hops(name, parts), parts, words, _time(name, parts), describes)


def _result(name: str, given: tuple[Type, ...]) -> Type:
    """What an operator gives for arguments of these types; raise ProgramSyntaxError if it takes others."""
    signature = OPERATORS.get(name)
    if signature is None:
        raise ProgramSyntaxError(f"there is no operator {name!r}")
    if given != signature.takes:
        _check_arguments(name, given, signature.takes)
    return given[-1] if signature.gives is Type.VALUE else signature.gives


def _check_arguments(name: str, given: tuple[Type, ...], takes: tuple[Type, ...]) -> None:
    if len(given) != len(takes):
        raise ProgramSyntaxError(f"{name} takes {len(takes)} arguments, not {len(given)}")
    for index, (found, wanted) in enumerate(zip(given, takes, strict=True), start=1):
        if found is not wanted and not _stands_for(found, wanted):
            raise ProgramSyntaxError(f"argument {index} of {name} is {found.value}, not {wanted.value}")


def _hops(name: str, parts: tuple[Call, ...]) -> int:
    hops = int(name in HOPS)
    fixes_time = OPERATORS[name].gives is Type.TIME
    for part in parts:
        hops += part.hops - (fixes_time and inside_at(part).name in SPANS)
    return hops


def _time(name: str, parts: tuple[Call, ...]) -> str:
    if name == "at" and parts[0].name != "always":
        return parts[0].name
    return next((part.time for part in parts if part.time != "none"), "none")


def _type_of(arg: Call | str | int) -> Type:
    if isinstance(arg, Call):
        return arg.type
    return Type.STRING if isinstance(arg, str) else Type.INTEGER


def _stands_for(found: Type, wanted: Type) -> bool:
    """Whether an argument may be of type `found` where a signature names a choice of types."""
    some = (Type.THING, Type.THINGS)
    return wanted in (Type.VALUE, Type.ONE_OR_SOME) and (
        found in some or (wanted is Type.VALUE and found in ANSWER_TYPES)
    )


def _printed(arg: Call | str | int) -> str:
    if isinstance(arg, Call):
        return arg.text
    return encode_basestring(arg) if isinstance(arg, str) else str(arg)
