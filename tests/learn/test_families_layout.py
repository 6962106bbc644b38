"""Text and pixels are those of each model's own processor, where that can be asked without torchvision."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
transformers = pytest.importorskip("transformers", reason="needs videostep[train]")
torch.set_num_threads(1)

from transformers.video_utils import VideoMetadata  # noqa: E402

from videostep.families import registry  # noqa: E402
from videostep.families.checkpoint import Checkpoint  # noqa: E402
from videostep.families.dialogue import Dialogue  # noqa: E402
from videostep.families.family import Family  # noqa: E402
from videostep.families.limits import Limits  # noqa: E402
from videostep.families.pictures import Pictures  # noqa: E402
from videostep.families.registry import open_family  # noqa: E402
from videostep.families.watched import Watched  # noqa: E402
from videostep.frames.pixels import HALF  # noqa: E402
from videostep.frames.video_frames import VideoFrames  # noqa: E402
from videostep.learn.video_rows import rows_of  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")
FPS = 4.0
INDICES = [0, 5, 9, 14, 20, 26]
"""Of the frames that are looked at, in a video of 28 frames, 4 a second."""


@pytest.mark.parametrize(
    ("settings", "size_px"),
    [
        ({}, (336, 336)),
        ({"crop_size": {"height": 224, "width": 210}}, (210, 224)),
        ({"crop_size": 224}, (224, 224)),
        ({"size": {"shortest_edge": 224}}, (336, 336)),
    ],
)
def test_a_checkpoint_says_how_large_its_pictures_are(settings, size_px):
    preset = Pictures(width_px=336, height_px=336, mean=HALF, std=HALF, cropped=True)
    saved = preset.saved({**settings, "image_std": [0.2, 0.3, 0.4], "resample": 2})
    assert (saved.width_px, saved.height_px) == size_px
    assert (saved.mean, saved.std, int(saved.filter)) == (HALF, (0.2, 0.3, 0.4), 2)


def frames_for(family: Family, n_frames: int = 6, width_px: int = 150, height_px: int = 90) -> VideoFrames:
    full = np.random.default_rng(3).integers(0, 255, (n_frames, height_px, width_px, 3), dtype=np.uint8)
    full[2:4] = full[1]  # nothing moves for a while
    rgb = np.stack([family.fit(frame, n_frames) for frame in full])
    times_s = tuple(index / FPS for index in INDICES[:n_frames])
    return VideoFrames(key="k", rgb=rgb, times_s=times_s, duration_s=7.0, fps=FPS)


def expanded(watched: Watched, token: str) -> str:
    first, *rest = watched.layout.split(token)
    return first + "".join(token * n + text for n, text in zip(watched.runs, rest, strict=True))


def opened(tiny_folder: Any, family: str) -> Family:
    return open_family(str(tiny_folder(family)), limits=Limits(most_px=None))


def theirs(processor_class: str, inputs: dict[str, Any], **settings: Any) -> str:
    """What a processor of transformers writes for a video, made without the parts that need torchvision."""
    kind = getattr(transformers, processor_class)
    processor = kind.__new__(kind)
    for name, value in settings.items():
        setattr(processor, name, value)
    metadata = VideoMetadata(total_num_frames=28, fps=FPS, duration=7.0, frames_indices=list(INDICES))
    return str(kind.replace_video_token(processor, {**inputs, "video_metadata": [metadata]}, 0))


QWEN = {
    "video_token": "<|video_pad|>",
    "vision_start_token": "<|vision_start|>",
    "vision_end_token": "<|vision_end|>",
}
MERGE = {"video_processor": SimpleNamespace(merge_size=2, temporal_patch_size=2)}


@pytest.mark.parametrize(
    ("family", "processor", "settings"),
    [
        ("qwen2_5_vl", "Qwen2_5_VLProcessor", {**QWEN, **MERGE}),
        ("qwen3_vl", "Qwen3VLProcessor", {**QWEN, **MERGE}),
        ("qwen3_5", "Qwen3VLProcessor", {**QWEN, **MERGE}),
        ("llava_onevision", "LlavaOnevisionProcessor", {"video_token": "<video>", "num_image_tokens": 16}),
        ("llava_next_video", "LlavaNextVideoProcessor", {"video_token": "<video>", "patch_size": 14}),
        (
            "video_llava", "VideoLlavaProcessor",
            {"video_token": "<video>", "patch_size": 14, "num_additional_image_tokens": 1},
        ),
        (
            "internvl", "InternVLProcessor",
            {
                "start_image_token": "<img>", "end_image_token": "</img>", "image_token": "<IMG_CONTEXT>",
                "image_seq_length": 4,
            },
        ),
        (
            "smolvlm", "SmolVLMProcessor",
            {
                "fake_image_token": "<fake_token_around_image>", "global_image_token": "<global-img>",
                "image_token": "<image>", "image_seq_len": 4,
            },
        ),
        ("video_llama_3", "VideoLlama3Processor", {"video_token": "<|video_pad|>"}),
    ],
)  # fmt: skip
def test_the_text_for_a_video_is_the_processors(tiny_folder, family, processor, settings):
    ours = opened(tiny_folder, family)
    watched = ours.watch(frames_for(ours))
    inputs = dict(watched.inputs)
    if processor == "InternVLProcessor":
        inputs = {"pixel_values_videos": inputs["pixel_values"][None]}
    assert expanded(watched, ours.dialogue.placeholder) == theirs(processor, inputs, **settings)


SIGLIP_384 = {"model_type": "siglip_vision_model", "image_size": 384, "patch_size": 14}


@pytest.mark.parametrize(
    ("config", "settings", "n_frames", "n_tokens"),
    [
        (transformers.Qwen2_5_VLConfig(), {}, 20, 7200),
        (transformers.Qwen3VLConfig(), {}, 20, 7200),
        (transformers.Qwen3_5Config(), {}, 20, 7200),
        (transformers.VideoLlama3Config(), {}, 10, 7200),
        (transformers.LlavaOnevisionConfig(vision_config=SIGLIP_384), {}, 32, 6273),
        (transformers.InternVLConfig(), {}, 16, 4096),
        (transformers.LlavaNextVideoConfig(), {}, 16, 2304),
        (transformers.VideoLlavaConfig(), {}, 8, 2056),
        (
            transformers.SmolVLMConfig(scale_factor=3, vision_config={"image_size": 384, "patch_size": 14}),
            {"max_image_size": {"longest_edge": 384}}, 10, 810,
        ),
    ],
    ids=lambda value: getattr(value, "model_type", None),
)  # fmt: skip
def test_ten_seconds_of_720p_are_as_many_tokens_as_documented(
    monkeypatch, config, settings, n_frames, n_tokens
):
    vocabulary = SimpleNamespace(bos_token=None, eos_token_id=1)
    published = Checkpoint(
        name="published", config=config, tokenizer=vocabulary, template="", video=settings, processor={},
        trust_remote_code=False,
    )  # fmt: skip
    monkeypatch.setattr(registry, "read_checkpoint", lambda name, **_: published)
    monkeypatch.setattr(Dialogue, "check", lambda dialogue: None)
    ours = open_family("published")
    assert ours.sampling.n_frames(10.0, 25.0) == n_frames
    full = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    frame = ours.fit(full, n_frames)
    rgb = np.stack([np.roll(frame, number, axis=0) for number in range(n_frames)])
    times_s = ours.sampling.times_s(n_frames, 10.0, 0.04)
    frames = VideoFrames(key="k", rgb=rgb, times_s=times_s, duration_s=10.0, fps=25.0)
    assert sum(ours.watch(frames).runs) == n_tokens


def test_tokens_that_do_not_change_are_left_out(tiny_folder):
    ours = opened(tiny_folder, "video_llama_3")
    watched = ours.watch(frames_for(ours))
    whole = int(watched.inputs["video_grid_thw"][0, 1:].prod()) // 4
    assert watched.runs == (whole, whole, 1, 1, whole, whole)
    assert watched.inputs["video_compression_mask"].sum() == sum(watched.runs)


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl", "qwen3_5"])
def test_positions_are_those_that_the_model_gives_itself(tiny_folder, pair, family):
    ours = opened(tiny_folder, family)
    (row, _), inputs = rows_of(ours, frames_for(ours), pair)
    ids = torch.from_numpy(row.tokens)[None]
    model = transformers.AutoModelForImageTextToText.from_pretrained(tiny_folder(family))
    kinds = 2 * (ids == model.config.video_token_id).int()
    seconds = {"second_per_grid_ts": torch.tensor([2 * 7.0 / 6])} if family == "qwen2_5_vl" else {}
    with torch.no_grad():
        theirs = model(input_ids=ids, mm_token_type_ids=kinds, use_cache=False, **inputs, **seconds).logits
        at = torch.from_numpy(row.positions)[:, None]
        same = model(input_ids=ids, position_ids=at, use_cache=False, **inputs).logits
    assert torch.equal(theirs, same)


def test_a_slower_video_lies_further_apart_in_time(tiny_folder, pair):
    ours = opened(tiny_folder, "qwen2_5_vl")
    frames = frames_for(ours)
    slow = dataclasses.replace(frames, times_s=tuple(2 * s for s in frames.times_s), duration_s=14.0)
    (row, _), _ = rows_of(ours, frames, pair)
    (slower, _), _ = rows_of(ours, slow, pair)
    assert row.tokens.tolist() == slower.tokens.tolist()
    seen = row.tokens == ours.config.video_token_id
    spread, wider = (np.ptp(each.positions[0, seen]) for each in (row, slower))
    assert wider >= 2 * spread > 0


@pytest.mark.parametrize("family", ["qwen3_vl", "smolvlm", "video_llama_3"])
def test_times_in_words_are_the_frames_own(tiny_folder, family):
    ours = opened(tiny_folder, family)
    frames = frames_for(ours)
    late = dataclasses.replace(frames, times_s=tuple(60 + s for s in frames.times_s), duration_s=67.0)
    wanted = {"qwen3_vl": "<60.6 seconds>", "smolvlm": "Frame from 01:02:", "video_llama_3": "Time 61.2s:"}
    assert wanted[family] in ours.watch(late).layout


@pytest.mark.parametrize(
    ("family", "processor", "settings"),
    [
        ("llava_onevision", "SiglipImageProcessorPil", {"size": {"height": 56, "width": 56}, "resample": 3}),
        (
            "llava_next_video", "CLIPImageProcessorPil",
            {"size": {"shortest_edge": 56}, "crop_size": {"height": 56, "width": 56}},
        ),
        (
            "internvl", "GotOcr2ImageProcessorPil",
            {
                "size": {"height": 56, "width": 56}, "crop_to_patches": False,
            },
        ),
        (
            "smolvlm", "SmolVLMImageProcessorPil",
            {
                "do_image_splitting": False, "size": {"longest_edge": 64},
                "max_image_size": {"longest_edge": 64},
            },
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size_px", [(150, 90), (90, 150), (56, 56), (31, 40)])
def test_pixels_of_a_frame_are_the_processors(tiny_folder, family, processor, settings, size_px):
    ours = opened(tiny_folder, family)
    own = getattr(transformers, processor)(
        **settings, image_mean=list(ours.pictures.mean), image_std=list(ours.pictures.std)
    )
    rgb = np.random.default_rng(1).integers(0, 255, (size_px[1], size_px[0], 3), dtype=np.uint8)
    frame = ours.pictures.fit(rgb) if family != "smolvlm" else ours.fit(rgb, 1)
    video = VideoFrames(key="k", rgb=frame[None], times_s=(0.0,), duration_s=1.0, fps=1.0)
    expected = np.asarray(own(images=[rgb], return_tensors="np")["pixel_values"], dtype=np.float32)
    assert (
        np.abs(ours.pictures.pixels(video).numpy() - expected.reshape(1, 3, *expected.shape[-2:])).max()
        < 1e-5
    )
