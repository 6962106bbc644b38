"""Tiny models of many families, and rows about two videos for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from videostep.learn.sharing import Row, Target  # noqa: E402

VOCABULARY = 96
PICTURE, VIDEO, START = 90, 91, 92
TEXT = {
    "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "vocab_size": VOCABULARY, "max_position_embeddings": 512,
}  # fmt: skip
TOWER = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2}
ROPE = {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0}
IDS = {"image_token_id": PICTURE, "video_token_id": VIDEO, "vision_start_token_id": START}
CLIP = {"model_type": "clip_vision_model", "image_size": 28, "patch_size": 14, "projection_dim": 16}
FAMILIES = (
    "qwen2_5_vl", "qwen3_vl", "llava_onevision", "smolvlm", "internvl", "video_llama_3", "llava_next_video",
    "video_llava",
)  # fmt: skip
PATCH = {"qwen2_5_vl": 14, "qwen3_vl": 16, "qwen3_5": 16}


@dataclass
class Case:
    model: Any
    rows: list[Row]
    media: dict[str, dict[str, Any]]


def qwen2_5_vl() -> Any:
    vision = {
        "depth": 2, "hidden_size": 16, "intermediate_size": 24, "num_heads": 2, "out_hidden_size": 32,
        "fullatt_block_indexes": [1], "window_size": 56,
    }  # fmt: skip
    config = transformers.Qwen2_5_VLConfig(
        text_config=TEXT | {"rope_parameters": ROPE}, vision_config=vision, **IDS
    )
    return transformers.Qwen2_5_VLForConditionalGeneration(config)


def qwen3_vl() -> Any:
    vision = {
        "depth": 2, "hidden_size": 16, "intermediate_size": 24, "num_heads": 2, "out_hidden_size": 32,
        "num_position_embeddings": 16, "deepstack_visual_indexes": [0],
    }  # fmt: skip
    config = transformers.Qwen3VLConfig(
        text_config=TEXT | {"head_dim": 8, "rope_parameters": ROPE}, vision_config=vision, **IDS
    )
    return transformers.Qwen3VLForConditionalGeneration(config)


def llava_onevision() -> Any:
    config = transformers.LlavaOnevisionConfig(
        text_config=TEXT | {"model_type": "qwen2"},
        vision_config=TOWER | {"image_size": 56, "patch_size": 14, "vision_use_head": False},
        image_token_index=PICTURE,
        video_token_index=VIDEO,
    )
    return transformers.LlavaOnevisionForConditionalGeneration(config)


def smolvlm() -> Any:
    config = transformers.SmolVLMConfig(
        text_config=TEXT | {"model_type": "llama"},
        vision_config=TOWER | {"model_type": "smolvlm_vision", "image_size": 32, "patch_size": 8},
        image_token_id=PICTURE,
        scale_factor=2,
    )
    return transformers.SmolVLMForConditionalGeneration(config)


def internvl() -> Any:
    config = transformers.InternVLConfig(
        text_config=TEXT | {"model_type": "qwen2"},
        vision_config=TOWER | {"image_size": [56, 56], "patch_size": [14, 14]},
        image_token_id=PICTURE,
        image_seq_length=4,
    )
    return transformers.InternVLForConditionalGeneration(config)


def video_llama_3() -> Any:
    config = transformers.VideoLlama3Config(
        text_config=TEXT | {"model_type": "qwen2"},
        vision_config=TOWER | {"patch_size": 14},
        image_token_id=PICTURE,
        video_token_id=VIDEO,
    )
    return transformers.VideoLlama3ForConditionalGeneration(config)


def llava_next_video() -> Any:
    config = transformers.LlavaNextVideoConfig(
        text_config=TEXT | {"model_type": "llama"},
        vision_config=TOWER | CLIP | {"image_size": 56},
        image_token_index=PICTURE,
        video_token_index=VIDEO,
    )
    return transformers.LlavaNextVideoForConditionalGeneration(config)


def video_llava() -> Any:
    config = transformers.VideoLlavaConfig(
        text_config=TEXT | {"model_type": "llama"},
        vision_config=TOWER | CLIP,
        image_token_index=PICTURE,
        video_token_index=VIDEO,
    )
    return transformers.VideoLlavaForConditionalGeneration(config)


def qwen3_5() -> Any:
    """A hybrid: its first layer carries a state from token to token, which no mask stops."""
    linear = {"linear_num_key_heads": 2, "linear_num_value_heads": 2}
    widths = {"linear_key_head_dim": 8, "linear_value_head_dim": 8, "head_dim": 16}
    kinds = {"layer_types": ["linear_attention", "full_attention"]}
    vision = {
        "depth": 2, "hidden_size": 16, "intermediate_size": 24, "num_heads": 2, "out_hidden_size": 32,
        "num_position_embeddings": 16,
    }  # fmt: skip
    text = TEXT | linear | widths | kinds | {"rope_parameters": ROPE | {"partial_rotary_factor": 0.5}}
    config = transformers.Qwen3_5Config(text_config=text, vision_config=vision, **IDS)
    return transformers.Qwen3_5ForConditionalGeneration(config)


def gemma3() -> Any:
    """Its pictures' tokens look at each other both ways."""
    config = transformers.Gemma3Config(
        text_config=TEXT | {"head_dim": 8, "layer_types": ["full_attention"] * 2},
        vision_config=TOWER | {"image_size": 28, "patch_size": 14, "vision_use_head": False},
        image_token_id=PICTURE,
        mm_tokens_per_image=4,
    )
    return transformers.Gemma3ForConditionalGeneration(config)


def make_model(family: str) -> Any:
    """Random weights; the decoder's are large, so that what a token looks at matters for what comes out."""
    torch.manual_seed(0)
    model = globals()[family]()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 2 and ("language_model.layers" in name or "text_model.layers" in name):
                parameter.mul_(8)
    return model.train()


def make_media(family: str, frames: int, seed: int) -> tuple[list[int], dict[str, Any]]:
    """A video's placeholder tokens and its inputs."""
    noise = torch.Generator().manual_seed(seed)
    if patch := PATCH.get(family):
        grid = torch.tensor([[frames, 4, 4]])
        pixels = torch.randn(frames * 16, 3 * 2 * patch * patch, generator=noise)
        inputs = {"pixel_values_videos": pixels, "video_grid_thw": grid}
        # Qwen3-VL has a text, its time, before each frame
        frame = [VIDEO] * 4 if family == "qwen2_5_vl" else [81, *[VIDEO] * 4]
        return frame * frames, inputs
    if family == "video_llama_3":
        pixels = torch.randn(frames * 16, 3 * 14 * 14, generator=noise)
        grid, merged = torch.tensor([[frames, 4, 4]]), torch.tensor([2])
        kept = torch.arange(frames * 4) % 5 != seed  # its processor drops tokens that change little
        inputs = {"pixel_values_videos": pixels, "video_grid_thw": grid, "video_merge_sizes": merged}
        return [VIDEO] * int(kept.sum()), inputs | {"video_compression_mask": kept}
    if family == "llava_next_video":
        pixels = torch.randn(1, frames, 3, 56, 56, generator=noise)
        return [VIDEO] * frames * 4, {"pixel_values_videos": pixels}
    if family == "video_llava":
        pixels = torch.randn(1, frames, 3, 28, 28, generator=noise)
        return [VIDEO] * frames * 5, {"pixel_values_videos": pixels}
    if family == "gemma3":
        pixels = torch.randn(frames, 3, 28, 28, generator=noise)
        return [PICTURE] * frames * 4, {"pixel_values": pixels}
    if family == "internvl":
        pixels = torch.randn(frames, 3, 56, 56, generator=noise)
        return [PICTURE] * frames * 4, {"pixel_values": pixels}
    if family == "llava_onevision":
        pixels = torch.randn(1, frames, 3, 56, 56, generator=noise)
        return [VIDEO] * (frames * 4 + 1), {"pixel_values_videos": pixels}
    pixels = torch.randn(1, frames, 3, 32, 32, generator=noise)
    return [PICTURE] * frames * 4, {"pixel_values": pixels}


def positions_of(model: Any, tokens: list[int], media: dict[str, Any]) -> Any:
    """Three-axis positions as the model itself counts them for a single row."""
    inner = model.model
    if not hasattr(inner, "get_rope_index"):
        return None
    ids = torch.tensor([tokens])
    kinds = (ids == VIDEO).int() * 2
    times = {} if "Qwen3" in type(model).__name__ else {"second_per_grid_ts": torch.tensor([2.0])}
    grid = media["video_grid_thw"]
    return inner.get_rope_index(ids, kinds, video_grid_thw=grid, **times)[0][:, 0].numpy()


def text(seed: int, length: int) -> list[int]:
    return torch.randint(0, 88, (length,), generator=torch.Generator().manual_seed(seed)).tolist()


def make_rows(model: Any, key: str, prompt: list[int], media: dict[str, Any], questions: int) -> list[Row]:
    """Two rows a question; they share the video and the question, and part where the instruction begins."""
    rows = []
    for number in range(questions):
        question = text(10 + number, 5)
        for task, length in (("answer", 2 + number), ("rationale", 7 - number)):
            instruction, reply = text(len(task), 3), text(100 + number * 2 + len(task), length)
            tokens = [*prompt, *question, *instruction, *reply]
            start = len(tokens) - length
            targets = tuple(
                Target(position=start - 1 + place, token=token, task=task)
                for place, token in enumerate(reply)
            )
            positions = positions_of(model, tokens, media)
            rows.append(Row(tokens=tokens, targets=targets, media=key, positions=positions))
    return rows


def build(family: str) -> Case:
    model = make_model(family)
    rows: list[Row] = []
    media: dict[str, dict[str, Any]] = {}
    for number, (key, questions) in enumerate((("one", 3), ("two", 2))):
        placeholders, inputs = make_media(family, frames=2 + 2 * number, seed=number)
        rows += make_rows(model, key, [START, *placeholders, 80], inputs, questions)
        media[key] = inputs
    return Case(model=model, rows=rows, media=media)


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="module", params=FAMILIES)
def case(request) -> Case:
    return build(request.param)


@pytest.fixture(scope="module")
def hybrid_case() -> Case:
    return build("qwen3_5")


@pytest.fixture(scope="module")
def both_ways_case() -> Case:
    return build("gemma3")


@pytest.fixture(scope="session", name="make_case")
def make_case_fixture():
    return build
