"""How many reasoning steps each of STAR's question templates takes.

STAR's files do not say. The templates were read in its generation code (github.com/csbobby/STAR_Benchmark,
code/generation_tools) and in its questions. The count is ours, by one rule: one step for each relation or
action that has to be found in the video, and one more where the answer does not lie in what is shown
(Prediction shows a quarter of the action, Feasibility asks for what could be done). STEP counted by hand too
and does not give its table, so its shares (24.57 / 56.04 / 19.39 %) need not be ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class StepCount:
    """The steps of a template."""

    n_steps: int
    template: str
    """How its questions read; V verb, O object, R relation."""
    reason: str
    """What has to be found, one after the other."""


STEPS: Final = {
    "Interaction_T1": StepCount(1, "Which object was V by the person?", "the action V tells its object"),
    "Interaction_T2": StepCount(1, "What did the person do with the O?", "the action with O tells its verb"),
    "Interaction_T3": StepCount(
        2, "What did the person do while they were R the O?", "when R O holds; the action then"
    ),
    "Interaction_T4": StepCount(
        3,
        "What did the person do while they were R the O and R2 the O2?",
        "when R O holds; when R2 O2 holds; the action in both",
    ),
    "Sequence_T1": StepCount(
        2, "Which object did the person V after they V2 the O2?", "when V2 O2 ends; the object of V after it"
    ),
    "Sequence_T2": StepCount(
        2,
        "Which object did the person V before they V2 the O2?",
        "when V2 O2 begins; the object of V before it",
    ),
    "Sequence_T3": StepCount(
        2, "What happened after the person V the O?", "when V O ends; the action after it"
    ),
    "Sequence_T4": StepCount(
        2, "What happened before the person V the O?", "when V O begins; the action before it"
    ),
    "Sequence_T5": StepCount(
        2, "What did the person do to the O after V2 the O2?", "when V2 O2 ends; the action with O after it"
    ),
    "Sequence_T6": StepCount(
        2,
        "What did the person do to the O before V2 the O2?",
        "when V2 O2 begins; the action with O before it",
    ),
    "Prediction_T1": StepCount(
        2, "What will the person do next?", "the action that has begun; what it will become"
    ),
    "Prediction_T2": StepCount(
        2, "What will the person do next with the O?", "how O is being handled; what it will become"
    ),
    "Prediction_T3": StepCount(
        2, "Which object would the person V next?", "what the person turns to; whether it will be V"
    ),
    "Prediction_T4": StepCount(
        3,
        "Which object would the person V next after they V2 the O2?",
        "when V2 O2 ends; what the person then turns to; whether it will be V",
    ),
    "Feasibility_T1": StepCount(
        2,
        "Which other object is possible to be V by the person?",
        "the objects at hand; which of them can be V",
    ),
    "Feasibility_T2": StepCount(
        2, "What else is the person able to do with the O?", "how O is handled; what else it allows"
    ),
    "Feasibility_T3": StepCount(
        3,
        "Which object is possible to be V when the person is R the O?",
        "when R O holds; the objects at hand then; which of them can be V",
    ),
    "Feasibility_T4": StepCount(
        3,
        "What is the person able to do when they are R the O?",
        "when R O holds; the objects at hand then; what they allow",
    ),
    "Feasibility_T5": StepCount(
        3,
        "Which object is the person able to V after V2 the O2?",
        "when V2 O2 ends; the objects at hand after it; which of them can be V",
    ),
    "Feasibility_T6": StepCount(
        3,
        "What is the person able to do after V the O?",
        "when V O ends; the objects at hand after it; what they allow",
    ),
}
"""Template, as question ids begin, to its steps."""
