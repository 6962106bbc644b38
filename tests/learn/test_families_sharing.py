"""Rows of every family share their video as far as the family allows, and say the same as alone."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
transformers = pytest.importorskip("transformers", reason="needs videostep[train]")
tiny = pytest.importorskip("videostep.testing.tiny_models")
torch.set_num_threads(1)

from videostep.families.limits import Limits  # noqa: E402
from videostep.families.registry import open_family  # noqa: E402
from videostep.frames.reading import read_frames  # noqa: E402
from videostep.learn.sharing import choose_level, forward, make_pack  # noqa: E402
from videostep.learn.video_rows import rows_of  # noqa: E402
from videostep.video import TimeSpan  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")
LEVELS = {"qwen3_5": "level1"}
"""Of families that may not share all; see docs/sharing.md."""


@pytest.mark.parametrize("family", tiny.VIDEO_FAMILIES)
def test_rows_of_two_videos_say_together_what_they_say_alone(tiny_folder, clip, pair, family):
    limits = Limits() if family == "video_llava" else Limits(most_frames=4, most_px=56 * 84)
    ours = open_family(str(tiny_folder(family)), limits=limits)
    other = [dataclasses.replace(example, question="Who?") for example in pair]
    rows, media = [], {}
    for part, examples in ((None, [*pair, *other]), (TimeSpan(1.0, 1.6), pair)):
        frames = read_frames(clip, ours, span_s=part)
        more, media[frames.key] = rows_of(ours, frames, examples)
        rows += more
    model = transformers.AutoModelForImageTextToText.from_pretrained(
        tiny_folder(family), attn_implementation="sdpa"
    ).eval()
    choice = choose_level(model, rows, media)
    assert choice.level == LEVELS.get(family, "tree"), choice.reason
    packed = make_pack(rows)
    with torch.no_grad():
        alone = torch.cat([forward(model, make_pack([row]), media, level="rows") for row in packed.rows])
        for level in ("level1", choice.level):
            together = forward(model, packed, media, level=level)
            assert np.abs(together.numpy() - alone.numpy()).max() < 2e-5, level


def test_a_single_row_is_no_reason_to_share_nothing(tiny_folder, clip, pair):
    ours = open_family(str(tiny_folder("qwen2_5_vl")), limits=Limits(most_frames=4, most_px=56 * 84))
    frames = read_frames(clip, ours)
    rows, inputs = rows_of(ours, frames, pair[:1])
    model = transformers.AutoModelForImageTextToText.from_pretrained(
        tiny_folder("qwen2_5_vl"), attn_implementation="sdpa"
    )
    assert choose_level(model, rows, {frames.key: inputs}).level == "tree"
