"""Posture: how a person holds the body, from the joints."""

from __future__ import annotations

import numpy as np

from videostep.induce.parsers.embedded.pose import ANKLES, HIPS, KNEES, SHOULDERS, Pose

UPRIGHT = "upright"
SEATED = "seated"
UNCLEAR = ""


def posture_of(pose: Pose) -> str:
    """`upright` (torso, thighs and shins one below the other), `seated` (thighs level) or unclear."""
    if not pose.has(*SHOULDERS, *HIPS, *KNEES, *ANKLES):
        return UNCLEAR
    heights = [pose.middle(pair)[1] for pair in (SHOULDERS, HIPS, KNEES, ANKLES)]
    torso, thigh, shin = np.diff(heights)
    if torso <= 0:
        return UNCLEAR
    if thigh > 0.55 * torso and shin > 0.5 * torso:
        return UPRIGHT
    return SEATED if thigh < 0.3 * torso and shin > 0.4 * torso else UNCLEAR
