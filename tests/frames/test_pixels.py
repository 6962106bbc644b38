"""Pixels as the models' own processors make them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import MediaError
from videostep.frames.pixels import (
    CLIP_MEAN,
    CLIP_STD,
    centre_crop,
    normalise,
    patchify,
    resize,
    shortest_side,
    whole_patches,
)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(1, 64))
def test_sizes_are_whole_tokens_within_the_limits(width_px, height_px, most_tokens):
    if max(width_px, height_px) > 200 * min(width_px, height_px):
        with pytest.raises(MediaError, match="a stripe"):
            whole_patches(width_px, height_px, side_px=28, least_px=1, most_px=9999)
        return
    most_px = most_tokens * 28 * 28
    width, height = whole_patches(width_px, height_px, side_px=28, least_px=28 * 28, most_px=most_px)
    assert width % 28 == height % 28 == 0
    assert width * height <= max(most_px, 28 * max(width, height))


def test_a_crop_is_the_middle_and_the_shorter_side_fits():
    rgb = np.arange(6 * 10 * 3, dtype=np.uint8).reshape(6, 10, 3)
    assert np.array_equal(centre_crop(rgb, 4, 2), rgb[2:4, 3:7])
    assert shortest_side(1920, 1080, 224) == (398, 224)
    assert shortest_side(1080, 1920, 224) == (224, 398)


def test_patches_that_become_one_token_lie_beside_each_other():
    frames = np.arange(2 * 3 * 8 * 8, dtype=np.float32).reshape(2, 3, 8, 8)
    rows, grid = patchify(frames, patch_px=2, merge=2, span=2)
    assert grid == (1, 4, 4)
    token = rows.reshape(4, 4, 3, 2, 2, 2)[1]  # upper right: patches of columns 4 to 7
    assert np.array_equal(token[1, :, 0], frames[0, :, 0:2, 6:8])
    assert np.array_equal(token[2, :, 1], frames[1, :, 2:4, 4:6])


def test_pixels_are_those_of_the_models_own_processor():
    transformers = pytest.importorskip("transformers", reason="needs videostep[train]")
    own = transformers.Qwen2VLImageProcessorPil(size={"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 12})
    rgb = np.random.default_rng(0).integers(0, 255, (150, 222, 3), dtype=np.uint8)
    theirs = own(images=[rgb], return_tensors="np")
    size = whole_patches(222, 150, side_px=28, least_px=56 * 56, most_px=28 * 28 * 12)
    small = resize(rgb, *size)
    # A picture is a video of two equal frames to this model.
    rows, grid = patchify(
        normalise(np.stack([small, small]), CLIP_MEAN, CLIP_STD), patch_px=14, merge=2, span=2
    )
    assert list(grid) == theirs["image_grid_thw"][0].tolist()
    assert np.abs(rows - theirs["pixel_values"]).max() < 1e-5
