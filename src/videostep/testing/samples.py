"""Right samples about the street of `street_graph`, told by hand, and wrong ones made of them."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from typing import Any

from videostep.sample import (
    AnswerKind,
    ReasoningStep,
    Sample,
    SampleProvenance,
    SampleType,
    Structure,
    Template,
    Temporal,
    VideoRef,
)
from videostep.testing.graphs import street_graph
from videostep.video import TimeSpan

STREET = street_graph()
SHA256 = "5" * 64
"""Of the graph file that the samples are said to be made from."""
CONFIDENCE = {
    element.id: element.confidence
    for part in (STREET.objects, STREET.attributes, STREET.relations, STREET.motions, STREET.references)
    for element in part
} | {clip.event.id: clip.event.confidence for clip in STREET.clips}

BUS = 'unique(called(things(), "bus"))'
IN_BLACK = 'unique(with(called(things(), "person"), "top colour", "black"))'
BACKPACK = f'unique(objects(things(), "carrying", {IN_BLACK}))'
DRIVES = f'when({BUS}, "drives to the right")'
SITTER = 'at(scene(2), unique(does(called(things(), "person"), "sits down")))'


def step(program: str, answer: str, evidence: str, *spans_s: tuple[float, float], text: str) -> ReasoningStep:
    """A step; `evidence` is ids with blanks between them."""
    return ReasoningStep(
        sub_question="Which one?",
        sub_answer=answer,
        text=text,
        program=program,
        evidence=tuple(evidence.split()),
        spans_s=tuple(TimeSpan(*span) for span in spans_s),
    )


def sample(
    question: str, kind: tuple[Structure, Temporal, AnswerKind], *steps: ReasoningStep, **more: Any
) -> Sample:
    """A sample around its steps; what is not given follows from them, worked out anew."""
    program, answer = steps[-1].program, steps[-1].sub_answer
    structure, temporal, answer_kind = kind
    rationale = " ".join([*(s.text for s in steps), f"So the answer is {answer}."])
    video = VideoRef(id=STREET.video.id, path=STREET.video.path, sha256=STREET.video.sha256)
    spans = [span for s in steps for span in s.spans_s]
    return Sample(
        **{
            "format": "videostep.qra/1",
            "id": id_of(video.id, program, question),
            "video": video,
            "span_s": TimeSpan(min(s.start_s for s in spans), max(s.end_s for s in spans)),
            "question": question,
            "answer": answer,
            "rationale": rationale,
            "n_steps": len(steps),
            "steps": steps,
            "program": program,
            "type": SampleType(structure=structure, semantics="attribute", temporal=temporal),
            "answer_kind": answer_kind,
            "outer_candidates": 1,
            "confidence": confidence(steps),
            "template": Template(question=question, rationale=rationale),
            "refined_by": None,
            "checks": {},
            "provenance": SampleProvenance(graph_sha256=SHA256, generator="test", version="1", seed=0),
            **more,
        }
    )


def id_of(video: str, program: str, question: str) -> str:
    """The id that a sample must have."""
    return hashlib.sha256(f"{video}\n{program}\n{question}".encode()).hexdigest()[:16]


def confidence(steps: tuple[ReasoningStep, ...]) -> float:
    """The confidence that a sample of these steps must have."""
    return round(math.prod(CONFIDENCE[id_] for id_ in {id_ for s in steps for id_ in s.evidence}), 4)


WEARS = step(
    f"name({IN_BLACK})",
    "person",
    "c1-person-3 c1-person-3.top-colour.black",
    (5.0, 10.0),
    text="One person wears a black top.",
)
CARRIES = step(
    f"name({BACKPACK})",
    "backpack",
    "c1-person-3.carrying.c1-backpack-1 c1-person-3 c1-backpack-1",
    (5.0, 10.0),
    text="That person is carrying a backpack.",
)
IS_GREEN = step(
    f'attribute({BACKPACK}, "colour")',
    "green",
    "c1-backpack-1.colour.green",
    (5.0, 10.0),
    text="The backpack is green.",
)
COLOUR = sample(
    "What colour is the thing that the person in the black top is carrying?",
    ("query", "none", "open"),
    WEARS,
    CARRIES,
    IS_GREEN,
    outer_candidates=9,
)
AFTER = sample(
    "After the bus drives off, what does the person in the black top do?",
    ("query", "after", "open"),
    step(
        f"at(after({DRIVES}), name({IN_BLACK}))",
        "person",
        "c1-person-3.top-colour.black",
        (6.0, 10.0),
        text="One person wears a black top.",
    ),
    step(
        f"at(after({DRIVES}), motion({IN_BLACK}))",
        "walks to the right",
        "c1-person-3.walks-to-the-right.1 c1-bus-1.drives-to-the-right.1",
        (6.5, 9.5),
        text="After the bus drives off, that person walks to the right.",
    ),
    span_s=TimeSpan(4.0, 10.0),
    outer_candidates=4,
)
IDENTITY = sample(
    "In the first scene, what does the person do who sits down in the second one?",
    ("query", "scene", "open"),
    step(
        f"at(scene(1), name({SITTER}))",
        "person",
        "c2-person-2.sits-down.1 c2-person-2",
        (14.0, 15.0),
        text="In the second scene, one person sits down.",
    ),
    step(
        f"at(scene(1), motion({SITTER}))",
        "walks to the left",
        "c1-person-1.walks-to-the-left.1 c1-person-1.same-as.c2-person-2",
        (6.2, 9.0),
        text="In the first scene, that person walks to the left.",
    ),
    span_s=TimeSpan(6.2, 15.0),
    outer_candidates=2,
)
CHOICE = sample(
    "Is the bus red or white?",
    ("choose", "none", "choice"),
    step(
        f'choose(attribute({BUS}, "colour"), "red", "white")',
        "white",
        "c1-bus-1.colour.white",
        (0.0, 6.0),
        text="The bus is white.",
    ),
    choices=("red", "white"),
    distractor_kinds=("value of another thing", "answer"),
)
ORDER = sample(
    "Does the bus drive off before or after the dog appears?",
    ("order", "none", "choice"),
    step(DRIVES, "4.0 s to 6.0 s", "c1-bus-1.drives-to-the-right.1", (4.0, 6.0), text="The bus drives off."),
    step(
        f'order({DRIVES}, when(unique(called(things(), "dog")), "enters"))',
        "before",
        "c1-bus-1.drives-to-the-right.1 c3-dog-1.enters.1",
        (4.0, 6.0),
        (20.0, 20.5),
        text="The dog appears later.",
    ),
    choices=("before", "after"),
)
NO = sample(
    "Is the bus red?",
    ("verify", "none", "binary"),
    step(
        f'equal(attribute({BUS}, "colour"), "red")',
        "no",
        "c1-bus-1.colour.white c1-bus-1",
        (0.0, 6.0),
        text="The bus is white, not red.",
    ),
)
COUNT = sample(
    "In the second scene, how many people are there?",
    ("count", "scene", "open"),
    step(
        'at(scene(2), count(called(things(), "person")))',
        "three",
        "c2-person-1 c2-person-2 c2-person-3",
        (10.0, 18.0),
        text="Three people are seen.",
    ),
    outer_candidates=3,
)
ABSENT = sample(
    "In the first scene, is there a dog?",
    ("verify", "scene", "binary"),
    step(
        'at(scene(1), exists(called(things(), "dog")))',
        "no",
        "",
        (0.0, 10.0),
        text="Only people, a bus, a car and a backpack are seen.",
    ),
    outer_candidates=0,
)
SOMEONE = sample(
    "In the second scene, does a person next to the bench sit down?",
    ("verify", "scene", "binary"),
    step(
        'at(scene(2), exists(does(called(things(), "person"), "sits down")))',
        "yes",
        "c2-person-2.sits-down.1",
        (14.0, 15.0),
        text="One person sits down.",
    ),
)
STREET_SAMPLES = {
    "colour": COLOUR,
    "after": AFTER,
    "identity": IDENTITY,
    "choice": CHOICE,
    "order": ORDER,
    "no": NO,
    "count": COUNT,
    "absent": ABSENT,
    "someone": SOMEONE,
}
"""One right sample of each kind, by name."""


def changed(good: Sample, **changes: Any) -> Sample:
    """A sample with other fields and the id that belongs to them."""
    bad = dataclasses.replace(good, **changes)
    if "id" in changes:
        return bad
    return dataclasses.replace(bad, id=id_of(bad.video.id, bad.program, bad.question))


def with_step(good: Sample, number: int, **changes: Any) -> Sample:
    """A sample with another step; its confidence still follows from the evidence."""
    steps = list(good.steps)
    steps[number - 1] = dataclasses.replace(steps[number - 1], **changes)
    known = all(id_ in CONFIDENCE for s in steps for id_ in s.evidence)
    sure = confidence(tuple(steps)) if known else good.confidence
    return changed(good, steps=tuple(steps), confidence=sure)
