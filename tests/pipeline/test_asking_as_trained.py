"""A model that is asked as it was trained: what it is shown and told under each way of asking."""

from dataclasses import dataclass

import numpy as np
import pytest

from videostep.errors import ConfigError, MediaError, RequestError
from videostep.evaluate.answering.config import AnswerConfig
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.prediction import Condition
from videostep.pipeline.asking_as_trained import AsTrained, open_taught
from videostep.testing.clips import encode_video, shots
from videostep.video import TimeSpan


@dataclass(frozen=True, kw_only=True)
class Frames:
    key: str
    rgb: np.ndarray
    times_s: tuple[float, ...]


class Recorder:
    """Stands for the weights: remembers what it was asked."""

    name = "recorder"

    def __init__(self, reply="yes"):
        self.reply, self.watched, self.asked = reply, [], []

    def watch(self, path, span_s):
        self.watched.append((path, span_s))
        if "broken" in path:
            raise MediaError("no frames")
        return Frames(key="v", rgb=np.arange(4), times_s=(0.0, 1.0, 2.0, 3.0))

    def answer(self, frames, words, *, max_tokens):
        self.asked.append((frames, words, max_tokens))
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply

    def close(self):
        self.asked.append("closed")


def item(number=1, video="clip", **rest):
    return Item(id=f"q{number}", video=video, question="What passes?", answer="bus", kind="open", **rest)


def ask(model, condition, *items, known=None):
    as_trained = AsTrained(
        model=model,
        benchmark="qra",
        config=AnswerConfig(options="words"),
        find=lambda video: None if video == "missing" else video,
    )
    return list(as_trained.answer(condition, items or (item(),), known or {}))


def test_the_words_are_those_of_training():
    model = Recorder()
    (made,) = ask(model, Condition())
    frames, words, _ = model.asked[0]
    assert words == "What passes?\nAnswer in a few words."
    assert (made.reply, made.frames_s, made.model) == ("yes", (0.0, 1.0, 2.0, 3.0), "recorder")
    assert frames.times_s == made.frames_s
    ask(model, Condition("rationale-then-answer"))
    assert model.asked[1][1] == (
        "What passes?\nExplain step by step what leads to the answer, then give the answer."
    )


def test_a_scene_is_looked_at_once_for_all_its_questions():
    model = Recorder()
    ask(model, Condition(), item(1), item(2), item(3, span_s=TimeSpan(5.0, 9.0)))
    assert [span for _, span in model.watched] == [None, TimeSpan(5.0, 9.0)]


def test_times_are_those_of_the_video_also_of_a_part():
    (made,) = ask(Recorder(), Condition(), item(span_s=TimeSpan(5.0, 9.0)))
    assert made.frames_s == (5.0, 6.0, 7.0, 8.0)


def test_shuffled_frames_come_at_the_times_of_others_and_the_prediction_says_whose_they_are():
    model = Recorder()
    (made,) = ask(model, Condition(control="shuffled"))
    frames = model.asked[0][0]
    assert frames.times_s == (0.0, 1.0, 2.0, 3.0)
    assert made.frames_s != frames.times_s
    assert tuple(map(float, frames.rgb)) == made.frames_s
    assert frames.key != "v"


def test_one_frame_is_the_middle_one_at_its_own_time():
    model = Recorder()
    (made,) = ask(model, Condition(control="one-frame"))
    assert made.frames_s == model.asked[0][0].times_s == (2.0,)


def test_without_the_video_it_is_not_even_looked_for():
    model = Recorder()
    (made,) = ask(model, Condition(control="question"), item(video="missing"))
    assert (model.watched, model.asked[0][0], made.reply) == ([], None, "yes")


def test_a_caption_is_made_once_a_scene_and_stands_in_place_of_the_video():
    model = Recorder("A bus passes.")
    made = ask(model, Condition(control="caption"), item(1), item(2))
    assert [frames is None for frames, _, _ in model.asked] == [False, True, True]
    assert "A bus passes." in model.asked[1][1]
    assert {one.caption for one in made} == {"A bus passes."}


def test_errors_stay_with_their_question():
    made = ask(Recorder(), Condition(), item(1, "missing"), item(2, "broken"), item(3))
    assert [one.error for one in made] == ["video: the file of 'missing' is missing", "video: no frames", ""]
    (made,) = ask(Recorder(RequestError("too long")), Condition())
    assert (made.reply, made.error) == (None, "model: too long")


def test_what_is_known_stands_above_the_question():
    model = Recorder()
    ask(model, Condition(single_steps=True), known={"q1": ("There is a bus.",)})
    assert model.asked[0][1].index("There is a bus.") < model.asked[0][1].index("What passes?")


def test_only_local_weights_can_be_asked_so():
    with pytest.raises(ConfigError, match="cannot be asked as it was trained"):
        open_taught("openai:m@http://localhost:1/v1")


@pytest.mark.filterwarnings("default")
def test_a_trained_model_looks_at_videos_by_the_settings_of_its_training(tmp_path):
    torch = pytest.importorskip("torch", reason="needs videostep[train]")
    torch.set_num_threads(1)
    from videostep.testing.tiny_models import save_tiny

    folder = save_tiny("qwen2_5_vl", tmp_path / "weights")
    clip = encode_video(tmp_path / "clip.mp4", shots([32], width_px=64, height_px=48), fps=8)
    (folder / "train.toml").write_text("max_frames = 4\nframes_fps = 2.0\n")
    few = open_taught(f"transformers:{folder}")
    assert len(few.watch(clip, None).times_s) == 4
    (folder / "train.toml").rename(tmp_path / "other.toml")
    as_the_other = open_taught(f"transformers:{folder}", tmp_path / "other.toml")
    assert len(as_the_other.watch(clip, None).times_s) == 4
    usual = open_taught(f"transformers:{folder}")
    assert len(usual.watch(clip, None).times_s) == 8
    assert usual.name != few.name
