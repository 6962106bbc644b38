"""Pixels are those of the models' video processors, where torchvision, which they need, is installed."""

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
transformers = pytest.importorskip("transformers", reason="needs videostep[train]")
pytest.importorskip("torchvision", reason="video processors need it")
torch.set_num_threads(1)

from videostep.families.family import Family  # noqa: E402
from videostep.families.registry import open_family  # noqa: E402
from videostep.frames.video_frames import VideoFrames  # noqa: E402
from videostep.testing.clips import shots  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")
N_FRAMES = 8
SQUARE, CROPPED = {"height": 56, "width": 56}, {"shortest_edge": 56}
MOST_DIFFERENT = 2.5
"""Steps of 255 by which a pixel may differ: Pillow and torchvision round at other places."""


def seen(family: Family, full: np.ndarray) -> dict[str, Any]:
    rgb = np.stack([family.fit(frame, N_FRAMES) for frame in full])
    times_s = tuple(0.5 * number for number in range(N_FRAMES))
    frames = VideoFrames(key="k", rgb=rgb, times_s=times_s, duration_s=4.0, fps=2.0)
    return family.watch(frames).inputs


@pytest.mark.parametrize(
    ("family", "processor", "settings"),
    [
        ("qwen2_5_vl", "Qwen2VLVideoProcessor", {"cap_pixels_per_frame": False}),
        (
            "qwen3_vl", "Qwen3VLVideoProcessor",
            {"cap_pixels_per_frame": False, "size": {"shortest_edge": 1024, "longest_edge": 8192 * 2 * 1024}},
        ),
        (
            "video_llama_3", "VideoLlama3VideoProcessor",
            {"size": {"shortest_edge": 128 * 28 * 28, "longest_edge": N_FRAMES * 28 * 28 * 768}},
        ),
        ("llava_onevision", "LlavaOnevisionVideoProcessor", {"size": SQUARE}),
        ("llava_next_video", "LlavaNextVideoVideoProcessor", {"size": CROPPED, "crop_size": SQUARE}),
        ("video_llava", "VideoLlavaVideoProcessor", {"size": CROPPED, "crop_size": SQUARE}),
        ("internvl", "InternVLVideoProcessor", {"size": SQUARE}),
        (
            "smolvlm", "SmolVLMVideoProcessor",
            {"size": {"longest_edge": 64}, "max_image_size": {"longest_edge": 64}},
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size_px", [(320, 180), (180, 320), (640, 480)])
def test_pixels_of_a_video_are_the_processors(tiny_folder, family, processor, settings, size_px):
    ours = open_family(str(tiny_folder(family)))
    looks = getattr(ours, "patches", None) or ours.pictures
    own = getattr(transformers, processor)(
        **settings, do_sample_frames=False, image_mean=list(looks.mean), image_std=list(looks.std)
    )
    full = np.stack(list(shots([3, 5], width_px=size_px[0], height_px=size_px[1])))
    theirs = own(videos=[torch.from_numpy(full).permute(0, 3, 1, 2)], return_tensors="pt")
    inputs = seen(ours, full)
    for name in inputs.keys() & {"video_grid_thw", "video_merge_sizes", "video_compression_mask"}:
        assert torch.equal(inputs[name], theirs[name]), name
    name = "pixel_values_videos" if "pixel_values_videos" in theirs else "pixel_values"
    expected = theirs[name].float()
    given = next(inputs[key] for key in ("pixel_values_videos", "pixel_values") if key in inputs)
    apart = (given.reshape(expected.shape) - expected).abs() * 255 * min(looks.std)
    assert float(apart.max()) <= MOST_DIFFERENT
    assert float(apart.mean()) < 0.2
