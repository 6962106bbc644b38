"""Shares with what they would be for other videos of the same kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from videostep.reason.controls.table import Interval, Rate

N_DRAWS = 500
"""Times that videos are drawn anew for an interval."""
DIGITS = 4
"""That shares are rounded to, so that no last digit depends on how numbers were added up."""
_TAILS = (0.025, 0.975)


class Bootstrap:
    """Draws the videos of a data set with replacement, once for all its rates."""

    def __init__(self, videos: Sequence[str]) -> None:
        """`videos`: the video of each question of the data set."""
        names = sorted(set(videos))
        self._place = {video: number for number, video in enumerate(names)}
        drawn = np.random.default_rng(0).integers(len(names), size=(N_DRAWS, len(names)))
        self._counts = np.stack([np.bincount(draw, minlength=len(names)) for draw in drawn]).astype(float)

    def rate(self, videos: Sequence[str], marks: Sequence[float]) -> Rate:
        """The mean of `marks`, one for each question, whose videos are `videos`; at least one."""
        places = np.array([self._place[video] for video in videos])
        present = np.unique(places)
        n_videos = self._counts.shape[1]
        sums = np.bincount(places, weights=marks, minlength=n_videos)[present]
        sizes = np.bincount(places, minlength=n_videos)[present]
        value = round(float(sums.sum() / sizes.sum()), DIGITS)
        if len(present) < 2:
            return Rate(value=value, interval=None)
        drawn = self._counts[:, present]
        totals = drawn @ sizes
        # A draw may have none of the few videos that ask such questions.
        means = (drawn @ sums)[totals > 0] / totals[totals > 0]
        low, high = np.quantile(means, _TAILS)
        # No draw of videos that are all right has a wrong one: Clopper and Pearson 1934, a video for a trial.
        least = _TAILS[0] ** (1 / len(present))
        low, high = (least if value == 1.0 else low), (1 - least if value == 0.0 else high)
        return Rate(value=value, interval=Interval(round(float(low), DIGITS), round(float(high), DIGITS)))
