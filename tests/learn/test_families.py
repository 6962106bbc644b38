"""Every family, on tiny random weights: rows, a forward pass, gradients, learning."""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
transformers = pytest.importorskip("transformers", reason="needs videostep[train]")
torch.set_num_threads(1)

from videostep.errors import ConfigError  # noqa: E402
from videostep.families.limits import Limits  # noqa: E402
from videostep.families.registry import open_family  # noqa: E402
from videostep.frames.reading import read_frames  # noqa: E402
from videostep.frames.video_frames import VideoFrames  # noqa: E402
from videostep.learn.sharing.rows import Row  # noqa: E402
from videostep.learn.video_rows import rows_of  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # torch and transformers deprecate things of each other
tiny = pytest.importorskip("videostep.testing.tiny_models")


def small(family: str) -> Limits:
    """Few and small frames; Video-LLaVA takes eight of its size, come what may."""
    return Limits() if family == "video_llava" else Limits(most_frames=4, most_px=56 * 84)


@dataclass(frozen=True)
class Case:
    family: Any
    model: Any
    frames: VideoFrames
    rows: list[Row]
    inputs: dict[str, Any]

    def forward(self, row: Row) -> Any:
        """Logits of a row that is alone, (n, vocabulary)."""
        positions = row.positions
        if positions is None:
            positions = np.arange(len(row.tokens))[None]
            at = torch.from_numpy(positions)
        else:
            at = torch.from_numpy(positions)[:, None]
        ids = torch.from_numpy(row.tokens)[None]
        return self.model(input_ids=ids, position_ids=at, use_cache=False, **self.inputs).logits[0]

    def loss(self, row: Row) -> Any:
        chances = self.forward(row).log_softmax(-1)
        return -torch.stack([chances[target.position, target.token] for target in row.targets]).mean()


@pytest.fixture(scope="module", params=tiny.VIDEO_FAMILIES)
def case(request, clip, pair, tiny_folder) -> Case:
    folder = tiny_folder(request.param)
    family = open_family(str(folder), limits=small(request.param))
    frames = read_frames(clip, family)
    rows, inputs = rows_of(family, frames, pair)
    model = transformers.AutoModelForImageTextToText.from_pretrained(folder, attn_implementation="sdpa")
    return Case(family=family, model=model, frames=frames, rows=rows, inputs=inputs)


def test_both_rows_begin_with_the_same_video_and_question(case):
    answer, rationale = (row.tokens.tolist() for row in case.rows)
    n_video = int(np.isin(answer, _placeholder(case)).sum())
    shared = next(k for k, (one, other) in enumerate(zip(answer, rationale, strict=False)) if one != other)
    text = case.family.dialogue.tokenizer.decode(answer[:shared])
    assert n_video > 0
    assert text.endswith("What passes?\n")
    assert case.rows[0].media == case.rows[1].media == case.frames.key


def test_what_is_learned_is_the_reply_and_the_end_of_the_turn(case, pair):
    tokenizer = case.family.dialogue.tokenizer
    for row, example in zip(case.rows, pair, strict=True):
        words = [target.token for target in row.targets]
        ends = {"smolvlm": "<end_of_utterance>"}
        assert tokenizer.decode(words[-1]) == ends.get(case.model.config.model_type, "<|im_end|>")
        assert tokenizer.decode(words[:-1]).strip() == example.text
        assert [target.position for target in row.targets] == list(
            range(len(row.tokens) - len(words) - 1, len(row.tokens) - 1)
        )
        assert {target.task for target in row.targets} == {example.task}


def test_there_are_as_many_placeholders_as_features(case):
    with torch.no_grad():
        assert torch.isfinite(case.forward(case.rows[0])).all()
    torn = Row(tokens=case.rows[0].tokens[_first_placeholder(case) + 1 :], targets=())
    with pytest.raises(ValueError, match="do not match"):
        case.forward(torn)


def test_the_video_is_seen(case, clip, pair):
    other = VideoFrames(
        key="other", rgb=255 - case.frames.rgb, times_s=case.frames.times_s,
        duration_s=case.frames.duration_s, fps=case.frames.fps,
    )  # fmt: skip
    rows, inputs = rows_of(case.family, other, pair)
    assert rows[0].tokens.tolist() == case.rows[0].tokens.tolist()
    with torch.no_grad():
        seen = case.forward(case.rows[0])[-1]
        unlike = Case(case.family, case.model, other, rows, inputs).forward(rows[0])[-1]
    assert (seen - unlike).abs().max() > 1e-4


def test_a_model_learns_from_the_rows(case):
    model = case.model
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = sum(case.loss(row) for row in case.rows)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]
    towers = [name for name in before if "vis" in name or "tower" in name]
    assert any((dict(model.named_parameters())[name] - before[name]).abs().max() > 0 for name in towers)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.copy_(before[name])


def test_a_model_without_eyes_is_refused(tmp_path, tiny_folder):
    transformers.BertConfig(hidden_size=8, num_attention_heads=2).save_pretrained(tmp_path)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_folder("qwen2_5_vl"))
    tokenizer.save_pretrained(tmp_path)
    with pytest.raises(ConfigError, match="'bert' read no pictures"):
        open_family(str(tmp_path))


def test_a_model_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        open_family(str(tmp_path))


def test_a_template_without_a_place_for_a_video_is_refused(tmp_path, tiny_folder):
    source = tiny_folder("qwen2_5_vl")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    (tmp_path / "chat_template.jinja").write_text("{{ messages[0]['content'][1]['text'] }}")
    with pytest.raises(ConfigError, match="writes none of"):
        open_family(str(tmp_path))


def _placeholder(case: Case) -> int:
    dialogue = case.family.dialogue
    return int(dialogue.tokenizer.convert_tokens_to_ids(dialogue.placeholder))


def _first_placeholder(case: Case) -> int:
    return case.rows[0].tokens.tolist().index(_placeholder(case))


@pytest.mark.parametrize("case", ["qwen2_5_vl", "smolvlm"], indirect=True)
def test_what_was_learned_is_said_when_the_model_is_asked(case, pair):
    """One family with positions of its own, and one with a gap before the reply."""
    model, family = copy.deepcopy(case.model), case.family
    learner = Case(family, model, case.frames, case.rows, case.inputs)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(70):
        optimizer.zero_grad()
        sum(learner.loss(row) for row in case.rows).backward()
        optimizer.step()
    watched = family.watch(case.frames)
    for row, example in zip(case.rows, pair, strict=True):
        asked = family.asked(case.frames, example.prompt)[0].tokens
        n_prompt, end = len(asked), row.targets[-1].token
        while len(asked) < n_prompt + 40:
            so_far = Row(tokens=asked, targets=(), positions=family.positions(asked, watched))
            with torch.no_grad():
                asked = np.append(asked, int(learner.forward(so_far)[-1].argmax()))
            if asked[-1] == end:
                break
        assert family.dialogue.tokenizer.decode(asked[n_prompt:-1]).strip() == example.text
