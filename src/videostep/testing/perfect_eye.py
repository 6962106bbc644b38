"""The perfect eye: a Video-LLM that knows a graph and answers the parser's prompts by it, as noisily as told.

It tells the moment by the dial in the picture (see `dials`) and a listed object by its label and place. With
noise every reply errs for itself, element by element: leaves one out, gives a wrong attribute, makes one up,
says yes for no. The same question and seed get the same answer.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from videostep.graph import Box, Event, ObjectNode, VideoGraph
from videostep.induce.boxes import overlap
from videostep.induce.prompts import PROMPTS, load_prompt
from videostep.models.protocol import Request
from videostep.models.scripted import ScriptedModel, words_of
from videostep.testing.dials import read_dial
from videostep.testing.fake_wire import Asked
from videostep.video import TimeSpan

_MADE_UP = ("balloon", "box", "cat", "clock", "hat", "kite", "lamp", "plant", "sign", "tree", "umbrella")
_VALUES = ("beige", "golden", "orange", "pink", "purple", "striped", "turquoise", "violet", "wet", "wooden")
_PREDICATES = ("above", "behind", "facing", "hiding", "in front of", "pulling", "pushing", "touching")
_MOTIONS = ("climbs up", "falls down", "jumps", "spins", "swims", "turns around", "waves")
_SAME_PLACE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question, taken apart."""

    times_s: tuple[float, ...]
    """Of its pictures."""
    data: dict[str, Any]
    """Its lines of JSON, by name."""
    chance: random.Random


class PerfectEye:
    """Answers by a graph."""

    def __init__(self, truth: VideoGraph, *, noise: float = 0.0) -> None:
        """`noise`: share of the elements of each reply that are wrong, 0..1."""
        self._truth, self._noise = truth, noise
        self._objects = {node.id: node for node in truth.objects}
        self._times_s = {frame.id: frame.time_s for clip in truth.clips for frame in clip.keyframes}
        self._answers: dict[str, Callable[[_Asked], Any]] = {
            "narrative": self._narrative,
            "objects": self._named_objects,
            "attributes": self._attributes,
            "relations": self._relations,
            "presence": self._verdicts,
            "motions": self._motions,
            "motion_presence": self._verdicts,
            "event": self._event,
            "identity": self._identity,
        }

    def model(self) -> ScriptedModel:
        """As a VideoModel."""
        return ScriptedModel(self.answer_request, name=f"scripted:perfect-eye:{self._noise}")

    def answer_request(self, request: Request, seed: int) -> str:
        """What it says to a request."""
        return self._answer(words_of(request), [image.data for image in request.images()], seed)

    def answer_asked(self, asked: Asked, seed: int) -> str:
        """What it says to a fake server's request."""
        return self._answer(asked.words, asked.images, seed)

    def _answer(self, words: str, images: Sequence[bytes], seed: int) -> str:
        prompt = next(name for name in PROMPTS if load_prompt(name).task in words)
        digest = hashlib.sha256(b"\0".join([words.encode(), str(seed).encode(), *images])).digest()
        asked = _Asked(
            times_s=tuple(map(read_dial, images)), data=_data_of(words), chance=random.Random(digest)
        )
        said = self._answers[prompt](asked)
        return said if isinstance(said, str) else json.dumps(said)

    # --- what is true -------------------------------------------------------------------------

    def _seen(self, time_s: float) -> list[ObjectNode]:
        return [node for node in self._truth.objects if _holds(node.spans_s, time_s)]

    def _box(self, node: ObjectNode, time_s: float) -> Box | None:
        """Of the keyframe nearest to that time."""
        if not node.boxes:
            return None
        return min(node.boxes, key=lambda box: abs(self._times_s[box.keyframe] - time_s)).xyxy

    def _listed(self, asked: _Asked, time_s: float) -> dict[int, str]:
        """Number to id of those listed objects that are there."""
        things = asked.data["objects"]
        return {thing["number"]: id_ for thing in things if (id_ := self._find(thing, time_s))}

    def _find(self, thing: dict[str, Any], time_s: float) -> str | None:
        """The object with that label and place, or with that label and those looks."""
        nodes = [node for node in self._seen(time_s) if node.label == thing["label"]]
        place = thing.get("place")
        if place is None:
            looks = _looks_of(thing)
            fit = (node for node in nodes if looks <= set(self._looks(node.id, time_s)))
            return next((node.id for node in fit), None)
        box = Box(*(place[edge] / 1000 for edge in ("left", "top", "right", "bottom")))
        for node in nodes:
            own = self._box(node, time_s)
            if own and overlap(own, box) >= _SAME_PLACE:
                return node.id
        return None

    def _looks(self, id_: str, time_s: float) -> list[tuple[str, str]]:
        said = self._truth.attributes
        return [(a.name, a.value) for a in said if a.object == id_ and _holds(a.spans_s, time_s)]

    def _moves(self, asked: _Asked) -> list[tuple[str, str]]:
        """(id, predicate) of what goes on for half of the time between two pictures or more."""
        between = TimeSpan(*asked.times_s)
        return [
            (edge.object, edge.predicate)
            for edge in self._truth.motions
            if (common := edge.span_s.overlap(between)) and common.duration_s >= between.duration_s / 2
        ]

    def _facts(self, asked: _Asked) -> set[str]:
        """Every true statement about the listed objects, in the words of the presence check."""
        listed = self._listed(asked, asked.times_s[0])
        called = {id_: f"object {n} ({self._objects[id_].label})" for n, id_ in listed.items()}
        facts = {f"{name} is in the picture" for name in called.values()}
        for id_, name in called.items():
            facts |= {
                f"the {what} of {name} is {value}" for what, value in self._looks(id_, asked.times_s[0])
            }
        facts |= {
            f"{called[edge.subject]} is {edge.predicate} {called[edge.object]}"
            for edge in self._truth.relations
            if {edge.subject, edge.object} <= called.keys() and _holds(edge.spans_s, asked.times_s[0])
        }
        if len(asked.times_s) == 2:
            facts |= {f"{called[id_]} {what}" for id_, what in self._moves(asked) if id_ in called}
        return facts

    # --- what it says -------------------------------------------------------------------------

    def _errs(self, asked: _Asked) -> bool:
        return asked.chance.random() < self._noise

    def _narrative(self, asked: _Asked) -> str:
        seen = [f"There is a {node.label}." for node in self._seen(asked.times_s[0]) if not self._errs(asked)]
        return " ".join(seen) or "Nothing that can be named is seen."

    def _named_objects(self, asked: _Asked) -> dict[str, Any]:
        named: list[dict[str, Any]] = []
        for node in self._seen(asked.times_s[0]):
            if not self._errs(asked):
                place = _place(self._box(node, asked.times_s[0]))
                named.append({"label": node.label, "kind": node.kind, "place": place})
            if self._errs(asked):
                left, top = asked.chance.randrange(800), asked.chance.randrange(800)
                made_up = Box(left / 1000, top / 1000, (left + 150) / 1000, (top + 150) / 1000)
                label = asked.chance.choice(_MADE_UP)
                named.append({"label": label, "kind": "static", "place": _place(made_up)})
        return {"objects": named}

    def _attributes(self, asked: _Asked) -> dict[str, Any]:
        said = [
            {
                "number": number,
                "name": name,
                "value": asked.chance.choice(_VALUES) if self._errs(asked) else value,
            }
            for number, id_ in self._listed(asked, asked.times_s[0]).items()
            for name, value in self._looks(id_, asked.times_s[0])
        ]
        return {"attributes": said}

    def _relations(self, asked: _Asked) -> dict[str, Any]:
        numbers = {id_: number for number, id_ in self._listed(asked, asked.times_s[0]).items()}
        said: list[dict[str, Any]] = []
        for edge in self._truth.relations:
            is_seen = {edge.subject, edge.object} <= numbers.keys()
            if not is_seen or not _holds(edge.spans_s, asked.times_s[0]):
                continue
            ends = {"subject": numbers[edge.subject], "object": numbers[edge.object]}
            if not self._errs(asked):
                said.append({**ends, "predicate": edge.predicate})
            if self._errs(asked):
                said.append({**ends, "predicate": asked.chance.choice(_PREDICATES)})
        return {"relations": said}

    def _motions(self, asked: _Asked) -> dict[str, Any]:
        numbers = {id_: number for number, id_ in self._listed(asked, asked.times_s[0]).items()}
        said = [
            {
                "number": numbers[id_],
                "predicate": asked.chance.choice(_MOTIONS) if self._errs(asked) else what,
            }
            for id_, what in self._moves(asked)
            if id_ in numbers
        ]
        return {"motions": said}

    def _verdicts(self, asked: _Asked) -> dict[str, Any]:
        facts = self._facts(asked)
        return {
            "verdicts": [
                {"number": said["number"], "present": (said["statement"] in facts) != self._errs(asked)}
                for said in asked.data["statements"]
            ]
        }

    def _event(self, asked: _Asked) -> dict[str, Any]:
        """Objects of a clip are listed without a place: known by their looks at any time of it."""
        event = self._event_at(asked.times_s[0])
        listed = {
            (number, id_) for time_s in asked.times_s for number, id_ in self._listed(asked, time_s).items()
        }
        taking_part = {number for number, id_ in listed if id_ in event.participants}
        return {"description": event.description, "participants": sorted(taking_part)}

    def _event_at(self, time_s: float) -> Event:
        return max((clip.event for clip in self._truth.clips), key=lambda event: event.span_s.holds(time_s))

    def _identity(self, asked: _Asked) -> dict[str, Any]:
        """With noise a pair is denied, or one is affirmed that is none: the two are swapped."""
        things = {
            thing["number"]: self._find(thing, asked.times_s[thing["picture"] - 1])
            for thing in asked.data["objects"]
        }
        said = [
            {"number": pair["number"], "same": self._is_one(things, pair["objects"]) != self._errs(asked)}
            for pair in asked.data["pairs"]
        ]
        return {"pairs": said}

    def _is_one(self, things: dict[int, str | None], pair: Sequence[int]) -> bool:
        ends = {things[number] for number in pair}
        return None not in ends and (
            len(ends) == 1 or any(ends == set(edge.objects) for edge in self._truth.references)
        )


def _holds(spans: Sequence[TimeSpan], time_s: float) -> bool:
    return any(span.holds(time_s) for span in spans)


def _place(box: Box | None) -> dict[str, int] | None:
    if box is None:
        return None
    return dict(zip(("left", "top", "right", "bottom"), (round(edge * 1000) for edge in box), strict=True))


def _looks_of(thing: dict[str, Any]) -> set[tuple[str, str]]:
    looks = thing.get("looks", {})
    if isinstance(looks, dict):
        return set(looks.items())
    return {(name, value) for name, _, value in (said.partition(": ") for said in looks)}


def _data_of(words: str) -> dict[str, Any]:
    """The lines of JSON below a prompt."""
    data: dict[str, Any] = {}
    for line in words.splitlines():
        name, colon, text = line.partition(": ")
        if colon and name in ("narrative", "objects", "statements", "pairs"):
            data[name] = json.loads(text)
    return data
