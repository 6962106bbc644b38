"""Programs in plain words, for the reasons of a verdict."""

from __future__ import annotations

from videostep.reason.verify.language import Call, Type

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def number_word(number: int) -> str:
    """`three` up to twelve, then digits."""
    return _SMALL[number] if number < len(_SMALL) else str(number)


def ordinal(k: int) -> str:
    """`first`, `2nd`; `last`, `2nd from the end`."""
    if abs(k) == 1:
        return "first" if k == 1 else "last"
    number = abs(k)
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}" if k >= 0 else f"{number}{ending} from the end"


def things_fit(number: int) -> str:
    """`one thing fits`, `two things fit`."""
    return "one thing fits" if number == 1 else f"{number_word(number)} things fit"


def describe(call: Call) -> str:
    """A set or a thing as a noun phrase: `person with top colour black`."""
    match call.name:
        case "unique":
            return describe(call.parts[0])
        case "nth":
            return f"{ordinal(call.number(2))} {describe(call.parts[0])} that {call.words[0]}"
        case "longest" | "shortest":
            return f"{describe(call.parts[0])} that {call.words[0]} {call.name}"
        case "at":
            return f"{describe(call.parts[1])} {_time(call.parts[0])}"
        case "called":
            inner = describe(call.parts[0])
            return call.words[0] if inner == "thing" else f"{inner} called {call.words[0]}"
        case "with":
            return f"{describe(call.parts[0])} with {call.words[0]} {call.words[1]}"
        case "does":
            return f"{describe(call.parts[0])} that {call.words[0]}"
        case "except":
            return f"{describe(call.parts[0])} that is no {describe(call.parts[1])}"
        case "subjects":
            return f"{describe(call.parts[0])} {call.words[0]} {_end(call.parts[1])}"
        case "objects":
            return f"{describe(call.parts[0])} that {_end(call.parts[1])} is {call.words[0]}"
        case _:
            return "thing"


def _end(call: Call) -> str:
    """`the bus` for one thing, `a bus` for any of a set."""
    return f"{'the' if call.type is Type.THING else 'a'} {describe(call)}"


def _time(call: Call) -> str:
    if call.name == "always":
        return "at any time"
    if call.name == "scene":
        return f"in scene {call.number(0)}"
    return f"{call.name} {'two things happen' if call.name == 'between' else 'something happens'}"


def asked_for(call: Call) -> str:
    """What a question operator looks for, in words."""
    if call.name == "event":
        return "event of one scene"
    if call.name == "predicate":
        return f"relation between the {describe(call.parts[0])} and the {describe(call.parts[1])}"
    what = call.words[0] if call.name == "attribute" else "motion"
    return f"{what} of the {describe(call.parts[0])}"
