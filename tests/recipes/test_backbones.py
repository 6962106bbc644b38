"""The routes to VideoChat2 and VILA, against stand-ins with the interfaces of their trainers and models."""

import importlib
import json
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
torch.set_num_threads(1)

from videostep.formats.training.conversations import VILA  # noqa: E402
from videostep.formats.training.records import Media, records_of  # noqa: E402
from videostep.formats.training.videochat2 import VIDEOCHAT2  # noqa: E402
from videostep.instruction import Instructions  # noqa: E402
from videostep.models import open_model  # noqa: E402
from videostep.models.protocol import Image, Message, Reply, Request, Sampling, ask_all  # noqa: E402
from videostep.testing.samples import STREET_SAMPLES  # noqa: E402
from videostep.video import TimeSpan  # noqa: E402

BACKBONES = Path(__file__).parents[2] / "recipes" / "backbones"
SAY = Instructions()
WORDS = 300
"""Of the stand-ins' vocabulary: a token a byte, and some."""


@pytest.fixture(autouse=True)
def recipes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder as Python sees it when one of its scripts is run."""
    monkeypatch.syspath_prepend(str(BACKBONES))
    yield
    for path in BACKBONES.glob("*.py"):
        sys.modules.pop(path.stem, None)


def recipe(name: str) -> Any:
    return importlib.import_module(name)


class LanguageModel(torch.nn.Module):
    """Embeddings in, logits and the usual mean over all tokens out."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.words = torch.nn.Embedding(WORDS, 8)
        self.head = torch.nn.Linear(8, WORDS)

    def forward(self, inputs_embeds: Any, labels: Any = None, **_: Any) -> Any:
        logits = self.head(inputs_embeds.cumsum(1))
        loss = None
        if labels is not None:
            loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
        return SimpleNamespace(logits=logits, loss=loss)

    def get_input_embeddings(self) -> Any:
        return self.words


def batch(*rows: tuple[list[int], list[int]]) -> tuple[Any, Any]:
    """Tokens and labels of (prompt, reply) pairs, padded."""
    longest = max(len(prompt) + len(reply) for prompt, reply in rows)
    tokens, labels = torch.zeros(len(rows), longest, dtype=torch.long), torch.full((len(rows), longest), -100)
    for number, (prompt, reply) in enumerate(rows):
        tokens[number, : len(prompt) + len(reply)] = torch.tensor(prompt + reply)
        labels[number, len(prompt) : len(prompt) + len(reply)] = torch.tensor(reply)
    return tokens, labels


ANSWER, LONG, SHORT = ([1, 2], [3]), ([1, 2], [4, 5, 6, 7, 8]), ([9], [10, 11])


def by_hand(model: Any, rows: list[tuple[list[int], list[int]]]) -> Any:
    """Mean loss over the reply tokens of these rows, each alone."""
    losses = []
    for prompt, reply in rows:
        logits = model(model.words(torch.tensor([prompt + reply]))).logits[0]
        places = torch.arange(len(prompt), len(prompt) + len(reply)) - 1
        losses.append(
            torch.nn.functional.cross_entropy(logits[places], torch.tensor(reply), reduction="none")
        )
    return torch.cat(losses).mean()


def test_the_joint_loss_is_the_mean_of_answers_and_lambda_times_that_of_rationales():
    joint, model = recipe("joint_loss"), LanguageModel()
    tokens, labels = batch(ANSWER, LONG, SHORT)
    with joint.learning_jointly(model, 0.5, torch.tensor([False, True, True])):
        loss = model(model.words(tokens), labels=labels).loss
    expected = by_hand(model, [ANSWER]) + 0.5 * by_hand(model, [LONG, SHORT])
    assert torch.allclose(loss, expected, atol=1e-6)
    usual = model(model.words(tokens), labels=labels).loss  # outside, nothing has changed
    assert torch.allclose(usual, by_hand(model, [ANSWER, LONG, SHORT]), atol=1e-6)
    assert abs(float((usual - loss).detach())) > 0.1


def test_processes_together_have_the_gradient_of_one(monkeypatch):
    joint = recipe("joint_loss")
    whole, halves = LanguageModel(), LanguageModel()
    tokens, labels = batch(ANSWER, LONG, SHORT)
    is_rationale = torch.tensor([False, True, True])
    joint.joint_loss(
        whole(whole.words(tokens)).logits, joint.tag_rationales(labels, is_rationale), 1.0
    ).backward()

    monkeypatch.setattr(joint.dist, "is_initialized", lambda: True)
    monkeypatch.setattr(joint.dist, "get_world_size", lambda: 2)
    monkeypatch.setattr(joint.dist, "all_reduce", lambda counts: counts.copy_(torch.tensor([1.0, 7.0])))
    for part in (slice(0, 2), slice(2, 3)):
        logits = halves(halves.words(tokens[part])).logits
        (joint.joint_loss(logits, joint.tag_rationales(labels[part], is_rationale[part]), 1.0) / 2).backward()
    for one, other in zip(whole.parameters(), halves.parameters(), strict=True):
        assert torch.allclose(one.grad, other.grad, atol=1e-6)


def test_a_pass_without_targets_has_a_gradient_of_zero():
    joint, model = recipe("joint_loss"), LanguageModel()
    tokens, _ = batch(ANSWER)
    joint.joint_loss(model(model.words(tokens)).logits, torch.full((1, 3), -100), 1.0).backward()
    assert all(float(weight.grad.abs().max()) == 0 for weight in model.parameters())


def written(folder: Path, target: Any, name: str) -> list[dict[str, Any]]:
    """Records of an export: an answer and a rationale each for two questions."""
    media = Media(path="media/clip.mp4", window_s=TimeSpan(0.0, 6.0))
    records = [
        target.encode(record)
        for kind in ("colour", "no")
        for record in records_of(STREET_SAMPLES[kind], split="train", media=media, instructions=SAY)
    ]
    (folder / name).write_text(json.dumps(records))
    return records


STAND_INS = {
    "dataset/__init__.py": "",
    "dataset/it_dataset_mistral.py": """
import json
class ITVidTrainDataset_mistral:
    def __init__(self, ann_file, transform, num_tries=3):
        path, self.root, kind = ann_file
        assert kind == "video"
        self.items, self.num_tries, self.transform = json.load(open(path)), num_tries, transform
    def conversation(self, number):
        item = self.items[number]
        (pair,) = item["QA"]
        assert item["end"] > item["start"] >= 0
        return f"{pair['i']} [INST] <Video></Video> [/INST] [INST] {pair['q']} [/INST] {pair['a']} </s>"
""",
    "models.py": """
import torch
class VideoChat2_it_mistral(torch.nn.Module):
    def __init__(self, mistral_model):
        super().__init__()
        self.mistral_model = mistral_model
    def forward(self, image, text_input, instruction):
        rows = [list(text.encode()) for text in text_input]
        longest = max(map(len, rows))
        tokens = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        labels = tokens.clone()
        for number, text in enumerate(text_input):
            labels[number, : text.rindex("[/INST]") + 8] = -100
            labels[number, len(rows[number]) :] = -100
        embeds = self.mistral_model.get_input_embeddings()(tokens)
        return dict(loss=self.mistral_model(inputs_embeds=embeds, labels=labels).loss)
""",
    "torchvision/__init__.py": "from torchvision import transforms",
    "torchvision/transforms.py": """
class Resize:
    def __init__(self, size, interpolation=None): self.name = f"Resize{size}{interpolation}"
class Lambda:
    def __init__(self, function): self.name = f"Lambda({function(3)})"
class RandomResizedCrop:
    def __init__(self, size, scale, interpolation): self.name = "crop"
class RandomHorizontalFlip:
    name = "flip"
""",
    "tasks/train_it.py": """
import json, sys
import torch
from torchvision import transforms
from models import *
from dataset.it_dataset_mistral import ITVidTrainDataset_mistral
class LanguageModel(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.words, self.head = torch.nn.Embedding(300, 8), torch.nn.Linear(8, 300)
    def get_input_embeddings(self): return self.words
    def forward(self, inputs_embeds, labels=None):
        logits = self.head(inputs_embeds)
        loss = None
        if labels is not None:
            loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
        return type("Out", (), dict(logits=logits, loss=loss))()
if __name__ == "__main__":
    transform = [
        transforms.RandomResizedCrop(224, scale=(0.5, 1.0), interpolation=3),
        transforms.RandomHorizontalFlip(),
    ]
    ann_file = [sys.argv[1] + "/train.json", sys.argv[1], "video"]
    data = ITVidTrainDataset_mistral(ann_file, transform, num_tries=3)
    model = VideoChat2_it_mistral(LanguageModel())
    texts = [data.conversation(number) for number in range(4)]
    of = lambda some: float(sum(model(None, some, "").values()).detach())
    json.dump(dict(
        tries=data.num_tries, transform=[step.name for step in transform], argv=sys.argv[1:],
        all=of(texts), answers=of(texts[::2]), rationales=of(texts[1::2]),
    ), sys.stdout)
""",
}  # fmt: skip


def test_videochat2s_trainer_learns_jointly_from_an_export(tmp_path):
    for name, text in STAND_INS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    written(tmp_path, VIDEOCHAT2, "train.json")
    script = [sys.executable, str(BACKBONES / "videochat2_train.py"), "tasks/train_it.py", str(tmp_path)]
    done = subprocess.run(
        script, cwd=tmp_path, capture_output=True, text=True, env={"STEP_LAMBDA": "0.5"}, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    # One batch of both tasks: the mean of each, whatever their lengths.
    assert seen["all"] == pytest.approx(seen["answers"] + seen["rationales"], abs=1e-5)
    assert seen["transform"] == ["Resize(224, 224)3", "Lambda(3)"]
    assert (seen["tries"], seen["argv"]) == (1, [str(tmp_path)])


def test_videochat2s_own_config_gets_our_data(tmp_path, monkeypatch):
    own = tmp_path / "scripts" / "videochat_mistral" / "config_7b_stage3.py"
    own.parent.mkdir(parents=True)
    own.write_text("train_file, num_frames = 'theirs', 8\nmodel = dict(lora_r=16, mistral_model_path='?')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("STEP_DATA", "/data/step")
    monkeypatch.setenv("VIDEOCHAT2_WEIGHTS", "/weights")
    config = runpy.run_path(str(BACKBONES / "videochat2_config.py"))
    assert config["train_file"] == [["/data/step/train.json", "/data/step", "video"]]
    assert (config["num_frames"], config["model"]["lora_r"]) == (8, 16)
    assert config["model"]["videochat2_model_path"] == "/weights/videochat2_mistral_7b_stage2.pth"


class Collator:
    """As VILA's: pads, and reads a conversation in tokens of a byte."""

    tokenizer = SimpleNamespace(decode=lambda tokens: bytes(tokens).decode())

    def __call__(self, instances: list[dict[str, Any]]) -> dict[str, Any]:
        pairs = []
        for instance in instances:
            human, gpt = instance["conversations"]
            pairs.append((list(human["value"].encode()), list(gpt["value"].encode())))
        tokens, labels = batch(*pairs)
        tokens[:, 0] = -200  # a place for pictures
        return {"input_ids": tokens, "labels": labels}


class Vila(torch.nn.Module):
    """As VILA's model: conversations are packed into one row before the language model sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.llm = LanguageModel()

    def forward(self, input_ids: Any, labels: Any) -> Any:
        embeds = self.llm.words(input_ids.clamp(min=0))
        return self.llm(inputs_embeds=embeds.flatten(0, 1)[None], labels=labels.flatten()[None])


def test_vilas_trainer_learns_jointly_from_an_export(tmp_path):
    vila = recipe("vila_train")
    plain = Collator()(written(tmp_path, VILA, "train.json"))
    before = Vila()(**plain).loss

    class Marking(Collator):
        pass

    class Jointly(Vila):
        pass

    vila.mark_rationales(Marking, SAY.rationale)
    vila.learn_jointly(Jointly, 2.0)
    marked = Marking()(json.loads((tmp_path / "train.json").read_text()))
    loss = Jointly()(**marked).loss

    def mean_of(rows: slice) -> Any:
        labels = torch.full_like(plain["labels"], -100)
        labels[rows] = plain["labels"][rows]
        return Vila()(plain["input_ids"], labels).loss

    answers, rationales = mean_of(slice(0, None, 2)), mean_of(slice(1, None, 2))
    assert torch.allclose(loss, answers + 2 * rationales, atol=1e-5)
    assert not torch.allclose(loss, before, atol=0.1)


@pytest.fixture
def served():
    """`served(model)`: a backend of videostep that asks the model through the recipes' server."""
    servers = []

    def start(model: Any, name: str) -> Any:
        server = recipe("chat_server").make_server(model, name, "127.0.0.1", 0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return open_model(f"openai:{name}@http://127.0.0.1:{server.server_port}/v1")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def picture(shade: int) -> Image:
    import io

    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    PillowImage.new("RGB", (32, 24), (shade, 0, 0)).save(buffer, "PNG")
    return Image(data=buffer.getvalue(), media_type="image/png")


def asks(words: str, n_frames: int, **sampling: Any) -> Request:
    frames = tuple(picture(10 * number) for number in range(n_frames))
    return Request(
        messages=(Message(role="user", parts=(*frames, words)),),
        sampling=Sampling(**{"max_tokens": 8, **sampling}),
    )


class Speaking:
    """Generation and tokens as VideoChat2's model has them."""

    def __init__(self, says: str) -> None:
        self.said, self.seen = says, {}
        self.mistral_model, self.mistral_tokenizer = self, self
        self.words = torch.nn.Embedding(WORDS, 4)

    def parameters(self) -> Any:
        return iter([torch.zeros(1)])

    def get_input_embeddings(self) -> Any:
        return self.words

    def __call__(self, text: str, return_tensors: str, add_special_tokens: bool) -> Any:
        self.seen.setdefault("texts", []).append((text, add_special_tokens))
        return SimpleNamespace(input_ids=torch.tensor([list(text.encode())]))

    def encode_img(self, image: Any, instruction: str) -> Any:
        self.seen |= {"image": image, "instruction": instruction}
        return torch.zeros(1, 96, 4), False

    def generate(self, inputs_embeds: Any, max_new_tokens: int, **sampling: Any) -> Any:
        self.seen |= {"length": inputs_embeds.shape[1], "sampling": sampling}
        return torch.tensor([list(self.said.encode())[:max_new_tokens]])

    def decode(self, tokens: Any, skip_special_tokens: bool) -> str:
        return bytes(tokens.tolist()).decode()


def test_videochat2_answers_through_the_server(served):
    speaking = Speaking(" a bus")
    model = served(recipe("videochat2_serve").VideoChat2(speaking, n_frames=8, side_px=16), "videochat2")
    (reply,) = ask_all(model, [asks(f"What passes?\n{SAY.answer}", 12)])
    assert isinstance(reply, Reply)
    assert reply.texts == ("a bus",)
    before, behind = speaking.seen["texts"]
    assert before == (f"{SAY.answer} [INST] <Video>", True)
    assert behind == ("</Video> [/INST] [INST] What passes? [/INST]", False)
    assert speaking.seen["instruction"] == SAY.answer
    assert speaking.seen["image"].shape == (1, 8, 3, 16, 16)
    assert speaking.seen["length"] == len(before[0]) + 96 + len(behind[0])
    assert speaking.seen["sampling"] == {"do_sample": False}


def test_too_few_frames_and_cut_off_texts_are_told(served):
    model = served(recipe("videochat2_serve").VideoChat2(Speaking("x" * 50), n_frames=8, side_px=16), "v")
    few, cut = ask_all(model, [asks("Who?", 7), asks("Who?", 8)])
    assert "7 frames were sent, the model takes 8" in str(few)
    assert "cut off" in str(cut)


def test_vila_answers_through_the_server(served):
    seen = []

    def generate_content(prompt: list[Any]) -> str:
        seen.append(prompt)
        return "a bus\n"

    model = served(recipe("vila_serve").Vila(SimpleNamespace(generate_content=generate_content)), "vila")
    (reply,) = ask_all(model, [asks("Who?", 3)])
    assert isinstance(reply, Reply)
    assert reply.texts == ("a bus",)
    assert [type(part).__name__ for part in seen[0]] == ["Image", "Image", "Image", "str"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": [{"content": [{"type": "video_url"}]}]},
        {"messages": [{"content": [{"type": "image_url", "image_url": {"url": "http://x/y"}}]}]},
        {"messages": [{"content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,!"}}]}]},
        {"messages": [{"content": "Who?"}], "n": "many"},
    ],
)
def test_requests_that_cannot_be_read_are_refused(body):
    server = recipe("chat_server")
    with pytest.raises(server.BadRequest):
        server.read_request(body)
