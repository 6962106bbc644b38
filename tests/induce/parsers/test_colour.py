from __future__ import annotations

import numpy as np
import pytest

from videostep.induce.parsers.embedded.colour import NAMES, dominant_colour


def patch(*rgb: int, count: int = 100) -> np.ndarray:
    return np.tile(np.array(rgb, np.uint8), (count, 1))


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((15, 14, 16), "black"),
        ((45, 42, 40), "black"),
        ((128, 128, 130), "grey"),
        ((240, 240, 238), "white"),
        ((200, 30, 35), "red"),
        ((235, 130, 30), "orange"),
        ((235, 220, 40), "yellow"),
        ((40, 150, 60), "green"),
        ((40, 80, 200), "blue"),
        ((120, 50, 180), "purple"),
        ((240, 150, 170), "pink"),
        ((110, 70, 40), "brown"),
        ((215, 195, 160), "beige"),
    ],
)
def test_plain_colours_have_their_names(rgb, name):
    assert dominant_colour(patch(*rgb)) == name


@pytest.mark.parametrize("rgb", [(25, 35, 70), (20, 55, 30), (80, 80, 84), (195, 195, 195)])
def test_navy_bottle_green_and_shades_between_two_names_have_none(rgb):
    assert dominant_colour(patch(*rgb)) == ""


def test_two_colours_side_by_side_are_no_colour():
    assert dominant_colour(np.concatenate([patch(200, 30, 35), patch(15, 14, 16)])) == ""


def test_a_colour_that_fills_most_is_the_colour():
    assert (
        dominant_colour(np.concatenate([patch(200, 30, 35, count=70), patch(240, 240, 240, count=30)]))
        == "red"
    )


def test_no_pixels_have_no_colour():
    assert dominant_colour(np.empty((0, 3), np.uint8)) == ""


def test_every_name_can_be_reached():
    grid = np.stack(np.meshgrid(*[np.arange(4, 256, 8, dtype=np.uint8)] * 3), axis=-1).reshape(-1, 1, 3)
    assert {dominant_colour(cell) for cell in grid} == set(NAMES)
