from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.graph import Box
from videostep.induce.parsers.embedded.camera import STILL, Camera, chain, invert, zoom


def texture(seed: int = 3) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    return cv2.resize(noise, (640, 480), interpolation=cv2.INTER_CUBIC)


def view(scene: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """320 x 240 pixels of the scene, moved by `matrix` (pixels)."""
    return cv2.warpAffine(scene, matrix, (320, 240))


def step_between(first: np.ndarray, second: np.ndarray, *, aside: list[Box] | None = None):
    camera = Camera()
    camera.step(first)
    camera.set_aside(aside or [])
    return camera.step(second)


def at(x: float, y: float, scale: float = 1.0) -> np.ndarray:
    return np.array([[scale, 0, -x], [0, scale, -y]], float)


def test_a_pan_is_measured():
    step = step_between(view(texture(), at(100, 100)), view(texture(), at(112, 100)))
    assert step.known
    assert step.matrix[0, 2] == pytest.approx(-12 / 240, abs=0.003)
    assert step.matrix[1, 2] == pytest.approx(0, abs=0.003)


def test_a_zoom_is_measured():
    step = step_between(view(texture(), at(100, 100)), view(texture(), at(110, 105, scale=1.05)))
    assert zoom(step.matrix) == pytest.approx(1.05, abs=0.01)


def test_a_large_thing_set_aside_is_not_the_background():
    still, moved = view(texture(), at(100, 100)), view(texture(), at(100, 100))
    thing = view(texture(seed=9), at(0, 0))
    still[:, 60:260], moved[:, 80:280] = thing[:, 60:260], thing[:, 60:260]
    step = step_between(still, moved, aside=[Box(0.15, 0, 0.85, 1)])
    assert step.known
    assert np.abs(step.matrix[:, 2]).max() < 0.003


def test_without_texture_the_motion_is_not_known():
    flat = np.full((240, 320, 3), 90, np.uint8)
    assert not step_between(flat, flat).known


def test_another_scene_is_no_motion():
    assert not step_between(view(texture(1), at(0, 0)), view(texture(2), at(0, 0))).known


@pytest.mark.parametrize("shape", [(4, 4, 3), (3, 200, 3), (1, 1, 3)])
def test_tiny_pictures_do_no_harm(shape):
    picture = np.zeros(shape, np.uint8)
    assert not step_between(picture, picture).known


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.floats(0.5, 2), st.floats(-1, 1), st.floats(-1, 1))
def test_back_after_there_is_where_it_was(scale, x, y):
    there = np.array([[scale, 0.1, x], [-0.1, scale, y]])
    np.testing.assert_allclose(chain(there, invert(there)), STILL, atol=1e-9)
