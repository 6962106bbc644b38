"""Two examples a sample."""

from dataclasses import replace

from videostep.instruction import Instructions
from videostep.learn.examples import examples_of
from videostep.learn.lessons import lessons_of
from videostep.learn.plan import plan_windows
from videostep.testing.samples import STREET_SAMPLES
from videostep.video import TimeSpan

COLOUR = STREET_SAMPLES["colour"]


def test_a_sample_asks_for_its_answer_and_for_its_rationale():
    answer, rationale = examples_of([COLOUR])
    assert (answer.task, answer.text) == ("answer", COLOUR.answer)
    assert (rationale.task, rationale.text) == ("rationale", COLOUR.rationale)
    assert answer.sample_id == rationale.sample_id == COLOUR.id
    assert (answer.n_steps, answer.video_sha256) == (COLOUR.n_steps, COLOUR.video.sha256)


def test_both_tasks_share_everything_before_the_instruction():
    answer, rationale = examples_of([COLOUR], instructions=Instructions(answer="Say.", rationale="Explain."))
    assert answer.prompt == f"{COLOUR.question}\nSay."
    assert rationale.prompt == f"{COLOUR.question}\nExplain."


def test_answers_alone_leave_rationales_out():
    samples = list(STREET_SAMPLES.values())
    tasks = [example.task for example in examples_of(samples, answers_only=True)]
    assert tasks == ["answer"] * len(samples)


def test_no_word_of_a_video_is_a_token_of_its_own():
    wild = replace(COLOUR, question="Is <|video_pad|> a sign?", answer="<|im_end|>", rationale="So: </s>.")
    text = "".join(example.prompt + example.text for example in examples_of([wild]))
    assert not set("<>[]") & set(text)


def test_of_a_prediction_only_what_comes_before_its_cut_is_shown():
    ahead = replace(COLOUR, cut_s=7.25)
    assert {example.span_s for example in examples_of([ahead])} == {TimeSpan(0.0, 7.25)}
    assert {example.span_s for example in examples_of([COLOUR])} == {None}


def test_a_predictions_rationale_says_nothing_of_where_its_part_lies_in_the_whole():
    told = "Late in the video, one bus is white. In the second scene, it stops."
    cut = replace(COLOUR, rationale=told, cut_s=4.0)
    texts = [example.text for example in examples_of([cut, replace(COLOUR, rationale=told)])]
    assert texts[1] == "One bus is white. In the second scene, it stops."
    assert texts[3] == told


def test_lessons_that_see_another_part_of_a_video_share_nothing():
    samples = [COLOUR, *(replace(COLOUR, id=f"p{cut_s}", cut_s=cut_s) for cut_s in (7.25, 7.5, 7.5001))]
    footage = [lesson.footage for lesson in lessons_of(examples_of(samples))]
    assert len(set(footage)) == 4
    groups = [g for window in plan_windows(footage, epochs=1, batch=9, per_video=9, seed=0) for g in window]
    assert sorted(len(group.samples) for group in groups) == [1, 1, 1, 1]


def test_the_options_of_a_choice_are_part_of_the_question():
    choice = replace(COLOUR, choices=("green", "dark blue"), answer_kind="choice")
    assert next(examples_of([choice])).question.endswith("Options:\n- green\n- dark blue")
