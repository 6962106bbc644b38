"""A model that is asked as it was trained sees, and says, what training would have it say."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
torch.set_num_threads(1)

from videostep.errors import RequestError  # noqa: E402
from videostep.learn.answering import TaughtModel  # noqa: E402
from videostep.learn.config import TrainConfig  # noqa: E402
from videostep.learn.sharing.forward import forward  # noqa: E402
from videostep.learn.sharing.packing import pack  # noqa: E402
from videostep.learn.sharing.rows import Row, Target  # noqa: E402
from videostep.learn.video_rows import rows_of  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")
FAMILIES = ("qwen2_5_vl", "qwen3_vl", "llava_onevision", "smolvlm")
MOST = 6


@pytest.fixture(scope="module", params=FAMILIES)
def taught(request, tiny_folder):
    model = TaughtModel(str(tiny_folder(request.param)), TrainConfig(max_frames=4))
    torch.manual_seed(0)
    for parameter in model._model.parameters():
        if parameter.dim() > 1:  # random weights as they come say one token for ever
            parameter.data.normal_(0, 0.2)
    return model


def tokens_said(model, asked):
    """What the model says, whether or not its turn ends."""
    said = []
    kept = model._model.forward

    def listen(*arguments, **options):
        output = kept(*arguments, **options)
        said.append(int(output.logits[0, -1].argmax()))
        return output

    model._model.forward = listen
    try:
        model._say(asked, MOST)
    except RequestError:
        pass
    finally:
        model._model.forward = kept
    return said


def test_each_token_is_the_one_that_training_finds_likeliest(taught, clip):
    frames = taught.watch(clip, None)
    with torch.inference_mode():
        asked = taught._asked(frames, "What passes?\nSay.")
        said = tokens_said(taught, asked)
        family = taught._family
        watched = family.watch(frames)
        tokens = np.concatenate([asked.tokens, said])
        start = len(asked.tokens)
        targets = tuple(
            Target(position=start + place - 1, token=token, task="answer") for place, token in enumerate(said)
        )
        row = Row(tokens=tokens, targets=targets, media="v", positions=family.positions(tokens, watched))
        (alone,) = pack([row], most_tokens=10_000, most_rows=1)
        logits = forward(taught._model, alone, {"v": watched.inputs}, level="rows")
    assert len(set(said)) > 1
    assert logits.argmax(-1).tolist() == said


def test_the_prompt_is_the_one_of_training(taught, clip, pair):
    frames = taught.watch(clip, None)
    (row, _), _ = rows_of(taught._family, frames, pair)
    asked = taught._asked(frames, pair[0].prompt)
    assert asked.tokens.tolist() == list(row.tokens[: len(asked.tokens)])
    assert row.targets[0].position == len(asked.tokens) - 1


def test_without_a_video_there_is_no_placeholder(taught):
    asked = taught._asked(None, "What passes?")
    assert asked.media == {}
    placeholder = taught._family.dialogue.tokenizer.convert_tokens_to_ids(taught._family.dialogue.placeholder)
    assert placeholder not in asked.tokens.tolist()


def test_a_reply_that_does_not_end_is_no_reply(taught):
    never_ending = replace(taught._asked(None, "What passes?"), end=-1)
    with torch.inference_mode(), pytest.raises(RequestError, match="does not end within 3 tokens"):
        taught._say(never_ending, 3)


def test_what_does_not_fit_is_refused(taught):
    with pytest.raises(RequestError, match="the model"):
        taught.answer(None, "What passes?", max_tokens=10_000_000)
