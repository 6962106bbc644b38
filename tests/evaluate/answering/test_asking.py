import pytest

from videostep.errors import RequestError, ServerError
from videostep.evaluate.answering.asking import Examiner, Posed
from videostep.evaluate.answering.config import AnswerConfig
from videostep.evaluate.answering.frames import FrameConfig
from videostep.evaluate.answering.posing import pose, pose_captioned, pose_unseen
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.prediction import Condition
from videostep.models.scripted import ScriptedModel, words_of
from videostep.testing.clips import encode_video, shots
from videostep.video import TimeSpan


def item(number, video="clip", span_s=None):
    return Item(
        id=f"q{number}",
        video=video,
        question=f"Question {number}?",
        answer="yes",
        kind="binary",
        span_s=span_s,
    )


@pytest.fixture(scope="module")
def find(tmp_path_factory):
    folder = tmp_path_factory.mktemp("videos")
    encode_video(folder / "clip.mp4", shots([20], width_px=64, height_px=48), fps=10)
    (folder / "broken.mp4").write_bytes(b"nothing")
    return lambda video: path if (path := folder / f"{video}.mp4").exists() else None


def examiner(answer, condition=None):
    return Examiner(
        model=ScriptedModel(answer),
        benchmark="test",
        condition=condition or Condition(),
        config=AnswerConfig(),
    )


def count_images(request, seed):
    return f"{len(list(request.images()))} pictures"


def test_each_question_gets_its_own_reply_and_the_times_of_its_frames(find):
    items = [item(1), item(2, span_s=TimeSpan(1.0, 2.0))]
    asked = examiner(lambda request, seed: words_of(request).split("Question ")[1][0])
    first, second = asked.answer(pose(items, find, FrameConfig(frames=2)))
    assert (first.item.id, first.reply) == ("q1", "1")
    assert (second.item.id, second.reply) == ("q2", "2")
    assert first.frames_s == pytest.approx((0.5, 1.5), abs=0.11)
    assert second.frames_s == pytest.approx((1.2, 1.7), abs=0.11)


def test_what_cannot_be_asked_is_a_prediction_with_its_reason(find):
    items = [item(1, "missing"), item(2, "broken"), item(3)]
    made = {
        one.item.id: one for one in examiner(count_images).answer(pose(items, find, FrameConfig(frames=2)))
    }
    assert made["q1"].error == "video: the file of 'missing' is missing"
    assert "broken.mp4" in made["q2"].error
    assert (made["q3"].reply, made["q3"].error) == ("2 pictures", "")


def test_an_error_of_the_model_is_of_its_question_alone():
    def answer(request, seed):
        if "Question 1" in words_of(request):
            raise RequestError("too long", remedy="show fewer frames")
        return "yes"

    first, second = examiner(answer).answer(pose_unseen([item(1), item(2)]))
    assert (first.reply, first.error) == (None, "model: too long; show fewer frames")
    assert second.reply == "yes"


def test_a_server_that_is_not_there_ends_it_all():
    def answer(request, seed):
        raise ServerError("nobody answers")

    with pytest.raises(ServerError):
        list(examiner(answer).answer(pose_unseen([item(1)])))


@pytest.mark.parametrize(("control", "images"), [("none", 4), ("one-frame", 1), ("shuffled", 4)])
def test_controls_show_less(find, control, images):
    condition = Condition(control=control)
    (made,) = examiner(count_images, condition).answer(pose([item(1)], find, FrameConfig(frames=4)))
    assert made.reply == f"{images} pictures"
    assert made.control == control


def test_a_caption_is_made_once_a_scene_and_stands_in_place_of_frames(find):
    asked = []

    def answer(request, seed):
        asked.append(request)
        return "A bus." if list(request.images()) else words_of(request).splitlines()[1]

    condition = Condition(control="caption")
    one = examiner(answer, condition)
    posed = pose_captioned([item(1), item(2), item(3, "missing")], find, FrameConfig(frames=2), one.model)
    made = {prediction.item.id: prediction for prediction in one.answer(posed)}
    assert [len(list(request.images())) for request in asked] == [2, 0, 0]
    assert (made["q1"].caption, made["q1"].reply) == ("A bus.", "A bus.")
    assert "missing" in made["q3"].error


def test_the_seed_reaches_the_model():
    condition = Condition(seed=3)
    (made,) = examiner(lambda request, seed: str(seed), condition).answer([Posed(item=item(1))])
    assert (made.reply, made.seed) == ("3", 3)
