import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from videostep.errors import ConfigError
from videostep.induce.keyframes import (
    Candidate,
    Chosen,
    KeyframeChooser,
    KeyframeConfig,
    Representative,
    choose,
    measure,
)
from videostep.media.picture import Picture
from videostep.testing.clips import texture

Pixels = NDArray[np.uint8]
CONFIG = KeyframeConfig()


class StillFrame:
    """A frame whose picture is given."""

    def __init__(self, time_s: float, rgb: Pixels) -> None:
        self.time_s = time_s
        self.rgb = rgb

    def picture(self) -> Picture:
        return Picture(self.time_s, self.rgb)


def candidate(time_s: float, rgb: Pixels, before: Pixels | None = None) -> Candidate:
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])
    last = bgr if before is None else np.ascontiguousarray(before[:, :, ::-1])
    return measure(StillFrame(time_s, rgb), bgr, last)  # type: ignore[arg-type]


def picture(seed: int) -> Pixels:
    return texture(seed, width_px=128, height_px=72)


def blurred(rgb: Pixels) -> Pixels:
    small = Image.fromarray(rgb).resize((8, 5), Image.Resampling.BOX)
    return np.asarray(small.resize((128, 72), Image.Resampling.BICUBIC))


def run(
    candidates: Iterable[Candidate], end_s: float, config: KeyframeConfig = CONFIG, start_s: float = 0.0
) -> list[float]:
    return [item.time_s for item in run_chosen(candidates, end_s, config, start_s)]


def run_chosen(
    candidates: Iterable[Candidate], end_s: float, config: KeyframeConfig, start_s: float
) -> list[Chosen]:
    chooser = KeyframeChooser(config=config, start_s=start_s)
    chosen = [item for one in candidates for item in chooser.see(one)]
    return chosen + chooser.finish(end_s)


def grid(n: int, start_s: float = 0.0) -> Iterator[float]:
    return (round(start_s + index * 0.2, 4) for index in range(n))


class TestMeasures:
    def test_dark_uniform_and_blurred_pictures_are_told_apart(self) -> None:
        sharp = candidate(0.0, picture(1))
        dark = candidate(0.0, (picture(1) // 20).astype(np.uint8))
        flat = candidate(0.0, np.full((72, 128, 3), 128, np.uint8))
        soft = candidate(0.0, blurred(picture(1)))
        assert dark.brightness < CONFIG.min_brightness < sharp.brightness
        assert sharp.uniformity < CONFIG.max_uniformity < flat.uniformity
        assert soft.sharpness < CONFIG.min_sharpness * sharp.sharpness

    def test_motion_is_the_difference_to_the_frame_before(self) -> None:
        rgb = picture(1)
        assert candidate(0.0, rgb, before=rgb).motion == 0.0
        brighter = (rgb // 2 + 10).astype(np.uint8)
        assert candidate(0.0, brighter, before=(rgb // 2).astype(np.uint8)).motion == pytest.approx(10.0)

    def test_histogram_distance_is_small_within_a_scene_and_large_between(self) -> None:
        wide = texture(1, width_px=140, height_px=80)
        here, moved, elsewhere = (
            candidate(0.0, np.ascontiguousarray(rgb)).histogram
            for rgb in (wide[:72, :128], wide[8:, 12:], picture(2))
        )
        assert np.linalg.norm(here) == pytest.approx(1.0)
        assert np.linalg.norm(here - moved) < 0.5 * np.linalg.norm(here - elsewhere)
        assert np.linalg.norm(here - elsewhere) > CONFIG.change

    def test_the_place_of_a_colour_counts(self) -> None:
        left = np.full((72, 128, 3), 200, np.uint8)
        left[:, :40] = (200, 0, 0)
        first, mirrored = (candidate(0.0, rgb).histogram for rgb in (left, left[:, ::-1].copy()))
        assert np.linalg.norm(first - mirrored) > CONFIG.change


class TestChoice:
    def test_every_scene_of_a_clip_gets_a_keyframe(self) -> None:
        scenes = [seed for seed in (1, 2, 3) for _ in range(15)]
        times = list(grid(45))
        chosen = run((candidate(t, picture(seed)) for t, seed in zip(times, scenes, strict=True)), 9.0)
        assert {scenes[times.index(time_s)] for time_s in chosen} == {1, 2, 3}

    def test_a_still_shot_gets_keyframes_in_step_with_its_length(self) -> None:
        for length_s in (4, 12, 24, 60):
            n_keyframes = len(run((candidate(t, picture(1)) for t in grid(length_s * 5)), length_s))
            assert length_s / 6 <= n_keyframes <= max(2, length_s / 2)

    def test_the_stillest_picture_is_taken(self) -> None:
        rgb, other = picture(1), (picture(1) // 2).astype(np.uint8)
        candidates = (candidate(t, rgb, before=rgb if t == 0.4 else other) for t in grid(5))
        assert run(candidates, 1.0) == [0.4]

    def test_a_blurred_picture_gives_way_to_a_sharp_one(self) -> None:
        candidates = (candidate(t, picture(1) if t == 0.6 else blurred(picture(1))) for t in grid(5))
        assert run(candidates, 1.0) == [0.6]

    @pytest.mark.parametrize("poor", [np.uint8(4), np.uint8(128)], ids=["dark", "uniform"])
    def test_poor_pictures_are_no_keyframes(self, poor: np.uint8) -> None:
        flat = np.full((72, 128, 3), poor, np.uint8)
        chosen = run((candidate(t, flat if t < 4.0 else picture(1)) for t in grid(40)), 8.0)
        assert chosen
        assert min(chosen) >= 4.0

    def test_if_every_picture_is_poor_one_is_kept(self) -> None:
        flat = np.full((72, 128, 3), 3, np.uint8)
        assert len(run((candidate(t, flat) for t in grid(20)), 4.0)) == 1

    def test_pictures_beside_a_cut_are_left_out(self) -> None:
        rgb, moving = picture(1), (picture(1) // 2).astype(np.uint8)
        still_at_the_edges = [candidate(2.02, rgb, rgb)] + [candidate(t, rgb, moving) for t in grid(4, 2.2)]
        still_at_the_edges.append(candidate(2.95, rgb, rgb))
        (chosen,) = run(still_at_the_edges, 3.0, start_s=2.0)
        assert 2.1 <= chosen <= 2.9

    def test_a_clip_of_one_picture_keeps_it(self) -> None:
        assert run([candidate(5.0, picture(1))], 5.04, start_s=5.0) == [5.0]

    def test_the_jpeg_shows_the_chosen_picture(self) -> None:
        (chosen,) = run_chosen([candidate(0.2, picture(7))], 0.4, CONFIG, 0.0)
        shown = np.asarray(Image.open(io.BytesIO(chosen.encode()))).astype(int)
        assert np.abs(shown - picture(7)).mean() < 8


class TestMemory:
    def test_a_long_clip_hands_out_keyframes_while_it_runs(self) -> None:
        chooser = KeyframeChooser(config=CONFIG, start_s=0.0)
        base = candidate(0.0, picture(1))
        early = [item for t in grid(5 * 100) for item in chooser.see(_at(base, t))]
        assert early
        assert max(item.time_s for item in early) >= 60.0
        assert len(chooser._segment) <= CONFIG.segment_s / CONFIG.sub_shot_s + 1
        assert len(chooser._near) <= 2


def _at(base: Candidate, time_s: float) -> Candidate:
    frame = StillFrame(time_s, base.frame.picture().rgb)
    return Candidate(
        frame=frame,  # type: ignore[arg-type]
        brightness=base.brightness,
        uniformity=base.uniformity,
        sharpness=base.sharpness,
        motion=base.motion,
        histogram=base.histogram,
    )


@st.composite
def representatives(draw: st.DrawFn) -> list[Representative]:
    """Sub-shots of one segment with arbitrary histograms."""
    n = draw(st.integers(1, 30))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    scenes = random.random((draw(st.integers(1, 4)), 12))
    items = []
    for index in range(n):
        shares = scenes[random.integers(len(scenes))] + 0.02 * random.random(12)
        items.append(
            Representative(
                chosen=Chosen(time_s=round(index * 0.8, 4), encode=bytes),
                usable=bool(random.random() < 0.8),
                sharpness=float(random.random()),
                stillness=float(random.random()),
                histogram=np.sqrt(shares / shares.sum()),
                size=int(random.integers(1, 5)),
            )
        )
    return items


@settings(deadline=None, max_examples=80, derandomize=True)
@given(representatives())
def test_choice_is_ordered_bounded_and_repeatable(items: list[Representative]) -> None:
    chosen = [item.time_s for item in choose(items, CONFIG)]
    assert chosen == sorted(set(chosen))
    assert set(chosen) <= {item.chosen.time_s for item in items}
    assert 1 <= len(chosen) <= len(items) * 0.8 / CONFIG.spacing_s + 1
    assert chosen == [item.time_s for item in choose(items, CONFIG)]
    if any(item.usable for item in items):
        usable = {item.chosen.time_s for item in items if item.usable}
        assert usable & set(chosen)


def test_measuring_does_not_depend_on_where_the_frame_comes_from(tmp_path: Path) -> None:
    rgb = picture(4)
    Image.fromarray(rgb).save(tmp_path / "a.png")
    again = np.asarray(Image.open(tmp_path / "a.png"))
    assert np.array_equal(candidate(0.0, rgb).histogram, candidate(0.0, again).histogram)


@pytest.mark.parametrize("name", ["sub_shot_s", "change", "still_s", "spacing_s", "segment_s"])
def test_a_measure_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is 0"):
        KeyframeConfig(**{name: 0})


def test_a_transition_cannot_take_less_than_no_time() -> None:
    assert KeyframeConfig(transition_s=0).transition_s == 0
    with pytest.raises(ConfigError, match="transition_s is -1"):
        KeyframeConfig(transition_s=-1)
