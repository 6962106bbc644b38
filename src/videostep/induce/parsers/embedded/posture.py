"""Posture: how a person holds the body, from the joints."""

from __future__ import annotations

import numpy as np

from videostep.induce.parsers.embedded.pose import ANKLES, HIPS, KNEES, SHOULDERS, Pose

UPRIGHT = "upright"
UNCLEAR = ""
STRAIGHT_THIGH = 0.55
"""A thigh that reaches this far down, in torso lengths, is not bent forward: sitting gives under 0.3."""
STRAIGHT_SHIN = 0.5


def posture_of(pose: Pose) -> str:
    """`upright` when shoulders, hips, knees and ankles are one well below the other, else unclear."""
    if not pose.has(*SHOULDERS, *HIPS, *KNEES, *ANKLES):
        return UNCLEAR
    torso, thigh, shin = np.diff([pose.middle(pair)[1] for pair in (SHOULDERS, HIPS, KNEES, ANKLES)])
    straight = torso > 0 and thigh > STRAIGHT_THIGH * torso and shin > STRAIGHT_SHIN * torso
    return UPRIGHT if straight else UNCLEAR
