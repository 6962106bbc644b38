"""What is known of a video's rows before it is decoded is what they are then."""

import dataclasses
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs videostep[train]")
tiny = pytest.importorskip("videostep.testing.tiny_models", reason="needs videostep[train]")
torch.set_num_threads(1)

from videostep.families.limits import Limits  # noqa: E402
from videostep.families.registry import open_family  # noqa: E402
from videostep.frames.reading import read_frames  # noqa: E402
from videostep.learn.config import HeldOutConfig, TrainConfig  # noqa: E402
from videostep.learn.lessons import lessons_of  # noqa: E402
from videostep.learn.loading import base_of  # noqa: E402
from videostep.learn.preparation import prepare  # noqa: E402
from videostep.learn.survey import blank_frames  # noqa: E402
from videostep.learn.video_rows import rows_of  # noqa: E402
from videostep.testing.clips import encode_video, shots  # noqa: E402
from videostep.video import TimeSpan  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")


@pytest.mark.parametrize("span_s", [None, TimeSpan(0.5, 1.5), TimeSpan(1.0, 9.0)])
@pytest.mark.parametrize("family", tiny.VIDEO_FAMILIES)
def test_rows_are_as_long_as_was_known_before_decoding(tiny_folder, clip, pair, family, span_s):
    limits = Limits() if family == "video_llava" else Limits(most_frames=6, most_px=56 * 84)
    ours = open_family(str(tiny_folder(family)), limits=limits)
    known, _ = rows_of(ours, blank_frames(clip, ours, span_s=span_s), pair)
    read, _ = rows_of(ours, read_frames(clip, ours, span_s=span_s), pair)
    assert [len(row) for row in known] == [len(row) for row in read]


def test_a_stream_that_does_not_say_its_length_is_measured(tmp_path: Path, tiny_folder):
    ours = open_family(str(tiny_folder("qwen2_5_vl")), limits=Limits(most_px=56 * 84))
    stream = encode_video(tmp_path / "raw.h264", shots([25, 25]), fps=25)
    assert blank_frames(stream, ours).duration_s == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_held_out_can_be_seen(tmp_path: Path, tiny_folder, clip, pair, seed):
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    videos = [clip, *(tmp_path / f"{number}.mp4" for number in range(2)), tmp_path / "broken.mp4"]
    for copy in videos[1:3]:
        copy.write_bytes(clip.read_bytes())
    lessons = lessons_of(
        dataclasses.replace(example, video=str(video), sample_id=video.stem)
        for video in videos
        for example in pair
    )
    config = TrainConfig(seed=seed, max_frames=4, max_pixels=56 * 84, held_out=HeldOutConfig(share=0.6))
    prepared = prepare(base_of(str(tiny_folder("qwen2_5_vl"))), lessons, config)
    assert set(prepared.survey.unreadable) == {str(videos[3])}
    assert len(prepared.held_out_videos) == 2
    assert str(videos[3]) not in prepared.held_out_videos
