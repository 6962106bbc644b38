"""Words become the tokens that a model would get and give; unknown families; rows that are too long."""

import dataclasses
import json
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
transformers = pytest.importorskip("transformers", reason="needs videostep[train]")
torch.set_num_threads(1)

from tokenizers import Tokenizer, decoders, models  # noqa: E402
from tokenizers.pre_tokenizers import ByteLevel  # noqa: E402
from tokenizers.processors import TemplateProcessing  # noqa: E402

from videostep import plugins  # noqa: E402
from videostep.errors import ConfigError, MediaError  # noqa: E402
from videostep.families import registry  # noqa: E402
from videostep.families.checkpoint import read_checkpoint  # noqa: E402
from videostep.families.dialogue import Dialogue  # noqa: E402
from videostep.families.limits import Limits  # noqa: E402
from videostep.families.registry import open_family  # noqa: E402
from videostep.families.watched import Watched  # noqa: E402
from videostep.frames.reading import read_frames  # noqa: E402
from videostep.learn.lengths import check_lengths  # noqa: E402
from videostep.learn.sharing.rows import Row, Target  # noqa: E402
from videostep.learn.video_rows import rows_of  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")
TEMPLATE = (
    "BOS{% for turn in messages %}{{ turn['role'] | upper }}:GAP{% for part in turn['content'] %}"
    "{% if part['type'] == 'video' %}<video>\n{% else %}{{ part['text'] }}{% endif %}{% endfor %}{{ '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}ASSISTANT:{% endif %}"
)
SEEN = Watched(layout="One: <video>, two: <video>", runs=(3, 2), inputs={})


def dialogue(*, merges: tuple[str, ...] = (), begins: str = "", gap: str = " ") -> Dialogue:
    """A token a byte, but for the merges."""
    alphabet = sorted(ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate([*alphabet, *merges, "<s>"])}
    model = models.BPE(vocab=vocabulary, merges=[(merge[0], merge[1]) for merge in merges])
    tokens = Tokenizer(model)
    tokens.pre_tokenizer, tokens.decoder = (
        ByteLevel(add_prefix_space=False, use_regex=False),
        decoders.ByteLevel(),
    )
    tokens.post_processor = TemplateProcessing(single="<s> $A", special_tokens=[("<s>", vocabulary["<s>"])])
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokens, bos_token="<s>", eos_token="</s>", extra_special_tokens=["<video>"]
    )
    template = TEMPLATE.replace("BOS", begins).replace("GAP", gap)
    return Dialogue(tokenizer=tokenizer, template=template, markers=("<video>",), placeholder="<video>")


def test_a_reply_begins_behind_what_the_template_puts_there():
    words = dialogue()
    tokens, n_prompt = words.tokens("Who?", "a bus", SEEN)
    video = "<video>"
    assert words.tokenizer.decode(tokens[:n_prompt]) == (
        f"<s>USER: One: {video * 3}, two: {video * 2}\nWho?\nASSISTANT:"
    )
    assert words.tokenizer.decode(tokens[n_prompt:]) == " a bus</s>"


def test_tokens_never_reach_over_the_end_of_the_prompt():
    # As one text, ":a" would be a single token; a model that is asked gets ":" and then says "a".
    words = dialogue(merges=(":a",), gap="")
    tokens, n_prompt = words.tokens("Who?", "a bus", SEEN)
    assert words.tokenizer.decode(tokens[n_prompt:]) == "a bus</s>"
    assert words.tokenizer.decode(tokens[:n_prompt]).endswith("ASSISTANT:")
    assert words.reply("Who?", "a bus") == tokens[n_prompt:].tolist()


@pytest.mark.parametrize("begins", ["", "<s>"])
def test_the_first_token_is_there_once(begins):
    words = dialogue(begins=begins)
    tokens, _ = words.tokens("Who?", "a bus", SEEN)
    assert (tokens == words.tokenizer.bos_token_id).sum() == 1


def test_a_thinking_model_is_asked_without_thinking(tiny_folder: Callable[[str], Path]):
    template = (
        "{% for turn in messages %}{{ turn['role'] }}:"
        "{% if turn['role'] == 'assistant' %}<think></think>{% endif %}"
        "{% for part in turn['content'] %}{% if part['type'] == 'video' %}<video>{% else %}{{ part['text'] }}"
        "{% endif %}{% endfor %};{% endfor %}{% if add_generation_prompt %}assistant:"
        "{% if enable_thinking %}<think>{% else %}<think></think>{% endif %}{% endif %}"
    )
    words = dataclasses.replace(dialogue(), template=template)
    tokens, n_prompt = words.tokens("Who?", "a bus", SEEN)
    assert words.tokenizer.decode(tokens[:n_prompt]).endswith("assistant:<think></think>")
    assert words.tokenizer.decode(tokens[n_prompt:]) == "a bus</s>"


def test_a_turn_ends_as_the_template_ends_it():
    # Llama 3: the tokenizer's own last token ends texts, another one ends turns.
    words = dialogue()
    words.tokenizer.add_tokens(["<|eot|>"], special_tokens=True)
    last = "{% endfor %}{% if add_generation_prompt %}"
    template = words.template.replace(last, "<|eot|>" + last)
    assert template != words.template
    tokens, n_prompt = dataclasses.replace(words, template=template).tokens("Who?", "a bus", SEEN)
    assert words.tokenizer.decode(tokens[n_prompt:]) == " a bus<|eot|>"


def test_a_model_that_cannot_end_a_turn_is_refused():
    words = dialogue()
    words.tokenizer.eos_token = None
    with pytest.raises(ConfigError, match="no token that ends a turn"):
        words.reply("Who?", "a bus")


def test_a_tokenizer_without_the_placeholder_is_refused():
    with pytest.raises(ConfigError, match=r"no token <\|video_pad\|>"):
        dataclasses.replace(dialogue(), placeholder="<|video_pad|>").check()


def test_an_instruction_with_a_placeholder_in_it_is_refused():
    with pytest.raises(ConfigError, match="hold <video>, which stands for pictures"):
        dataclasses.replace(dialogue(), markers=("Look:",), template="Look:" + TEMPLATE).tokens(
            "?", "!", SEEN
        )


ASKED = {
    "qwen2_5_vl": (
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n<|vision_start|>"
        "VIDEO<|vision_end|>Who?<|im_end|>\n<|im_start|>assistant\n"
    ),
    "llava_onevision": "<|im_start|>user VIDEO\n\nWho?<|im_end|><|im_start|>assistant\n",
    "llava_next_video": "USER: VIDEO\nWho? ASSISTANT:",
    "internvl": "<|im_start|>user\nVIDEO\nWho?<|im_end|>\n<|im_start|>assistant\n",
    "smolvlm": "<|im_start|>User: VIDEOWho?<end_of_utterance>\nAssistant:",
}


def test_the_template_of_the_processor_goes_before_that_of_the_language_model(tmp_path, tiny_folder):
    own = (tiny_folder("llava_onevision") / "chat_template.jinja").read_text()
    for file in tiny_folder("llava_onevision").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "chat_template.jinja").write_text("{{ messages[0]['role'] + ': ' + messages[0]['content'] }}")
    with pytest.raises(ConfigError, match="takes no videos"):
        open_family(str(tmp_path))
    (tmp_path / "chat_template.json").write_text(json.dumps({"chat_template": own}))
    assert open_family(str(tmp_path)).dialogue.template == own


@pytest.mark.parametrize("family", ASKED)
def test_a_checkpoint_without_a_template_is_asked_as_its_family_is(tmp_path, tiny_folder, family):
    for file in tiny_folder(family).iterdir():
        if "chat_template" not in file.name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    words = open_family(str(tmp_path)).dialogue
    assert words.prompt("Who?").replace(words.markers[0], "VIDEO") == ASKED[family]


def test_smolvlm_is_asked_as_its_processor_asks_about_videos(tiny_folder):
    from transformers.models.smolvlm.processing_smolvlm import DEFAULT_CHAT_TEMPLATE

    ours = open_family(str(tiny_folder("smolvlm"))).dialogue
    theirs = dataclasses.replace(ours, template=DEFAULT_CHAT_TEMPLATE)
    assert theirs.prompt("Who?") == ours.prompt("Who?")


@pytest.mark.parametrize("family", ["qwen2_5_vl", "llava_onevision", "smolvlm", "internvl"])
def test_a_model_of_another_family_gets_frames_as_pictures(monkeypatch, tiny_folder, clip, pair, family):
    monkeypatch.delitem(registry.FAMILIES, family)
    ours = open_family(str(tiny_folder(family)), limits=Limits(most_frames=3, most_px=56 * 56))
    assert "no family that is known here" in ours.note
    frames = read_frames(clip, ours)
    rows, inputs = rows_of(ours, frames, pair)
    model = transformers.AutoModelForImageTextToText.from_pretrained(tiny_folder(family))
    for row, example in zip(rows, pair, strict=True):
        text = ours.dialogue.tokenizer.decode(row.tokens)
        assert "0.0 s:" in text
        assert "1.0 s:" in text
        said = ours.dialogue.tokenizer.decode([target.token for target in row.targets])
        assert said.strip() == f"{example.text}<|im_end|>"
        asked, _ = ours.asked(frames, example.prompt)
        assert asked.tokens.tolist() == row.tokens[: asked.n_prompt].tolist()
        assert asked.axes.tolist() == row.axes[:, : asked.n_prompt].tolist()
        assert row.targets[0].position == asked.n_prompt - 1
        at = {} if row.positions is None else {"position_ids": torch.from_numpy(row.positions)[:, None]}
        with torch.no_grad():
            logits = model(input_ids=torch.from_numpy(row.tokens)[None], **at, **inputs).logits
        assert torch.isfinite(logits).all()


def test_another_package_can_bring_a_family(monkeypatch, tiny_folder, tmp_path):
    where = "videostep.families.qwen3_vl:open_qwen3_vl"
    point = EntryPoint(name="qwen9_vl", value=where, group=registry.ENTRY_POINT_GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point])
    monkeypatch.setattr(registry, "read_checkpoint", lambda name, **_: checkpoint)
    checkpoint = read_checkpoint(str(tiny_folder("qwen3_vl")))
    checkpoint.config.model_type = "qwen9_vl"
    assert type(open_family("somewhere")).__name__ == "Qwen3VL"
    broken = EntryPoint(name="qwen9_vl", value="nowhere:open", group=registry.ENTRY_POINT_GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [broken])
    with pytest.raises(ConfigError, match=r"'qwen9_vl' \(nowhere:open\) cannot be opened"):
        open_family("somewhere")


def test_a_model_that_reads_no_pictures_is_refused(tmp_path, tiny_folder):
    transformers.Qwen2Config(hidden_size=8).save_pretrained(tmp_path)
    source = tiny_folder("qwen2_5_vl")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    with pytest.raises(ConfigError, match="'qwen2' read no pictures"):
        open_family(str(tmp_path))


def test_a_model_whose_processor_takes_no_pictures_is_refused(tmp_path, tiny_folder):
    source = tiny_folder("internvl")
    for file in source.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "model_type": "aya_vision"}))
    with pytest.raises(ConfigError, match="aya_vision"):
        open_family(str(tmp_path))


def row(n_tokens: int) -> Row:
    return Row(tokens=np.zeros(n_tokens, np.int64), targets=(Target(position=40, token=1, task="answer"),))


def test_rows_that_do_not_fit_are_named_and_none_is_cut(pair):
    examples = [dataclasses.replace(pair[0], sample_id=name) for name in ("short", "long", "longer")]
    check_lengths([row(50), row(60)], examples[:2], most_tokens=60)
    with pytest.raises(MediaError, match="2 of 3 questions about clip") as error:
        check_lengths([row(50), row(61), row(70)], examples, most_tokens=60)
    assert "long (61 tokens), longer (70 tokens); 40 stand before the reply" in str(error.value)
    assert "max_frames" in error.value.remedy
