"""What is known of a video's rows before it is decoded is what they are then."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
tiny = pytest.importorskip("videostep.testing.tiny_models", reason="needs videostep[train]")
torch.set_num_threads(1)

from videostep.learn.families.limits import Limits  # noqa: E402
from videostep.learn.families.registry import open_family  # noqa: E402
from videostep.learn.frames.reading import read_frames  # noqa: E402
from videostep.learn.survey import blank_frames  # noqa: E402
from videostep.testing.clips import encode_video, shots  # noqa: E402
from videostep.video import TimeSpan  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")


@pytest.mark.parametrize("span_s", [None, TimeSpan(0.5, 1.5), TimeSpan(1.0, 9.0)])
@pytest.mark.parametrize("family", tiny.VIDEO_FAMILIES)
def test_rows_are_as_long_as_was_known_before_decoding(tiny_folder, clip, pair, family, span_s):
    limits = Limits() if family == "video_llava" else Limits(most_frames=6, most_px=56 * 84)
    ours = open_family(str(tiny_folder(family)), limits=limits)
    known, _ = ours.rows(blank_frames(clip, ours, span_s=span_s), pair)
    read, _ = ours.rows(read_frames(clip, ours, span_s=span_s), pair)
    assert [len(row) for row in known] == [len(row) for row in read]


def test_a_stream_that_does_not_say_its_length_is_measured(tmp_path: Path, tiny_folder):
    ours = open_family(str(tiny_folder("qwen2_5_vl")), limits=Limits(most_px=56 * 84))
    stream = encode_video(tmp_path / "raw.h264", shots([25, 25]), fps=25)
    assert blank_frames(stream, ours).duration_s == pytest.approx(2.0, abs=0.1)
