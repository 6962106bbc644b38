"""Single frames, decoded without those around them, are those of a whole decoding, to the pixel."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from videostep.media import picking, screening
from videostep.media.decode import VideoReader, open_video
from videostep.media.screening import Screening
from videostep.testing.clips import encode_video, shots

SIDE_PX = (96, 64)
LENGTHS = (70, 55)
X264 = {
    "as usual": "",
    "long groups": "scenecut=0:keyint=1000",
    "short groups": "keyint=12:scenecut=0",
    "open groups": "open-gop=1:keyint=20:scenecut=0",
    "pyramid of 8": "bframes=8:b-adapt=0:b-pyramid=normal:keyint=40",
    "16 in a row": "bframes=16:b-adapt=0:b-pyramid=none",
    "every frame a key frame": "keyint=1",
    "no B-frames": "bframes=0:keyint=30",
    "intra refresh": "intra-refresh=1:keyint=30",
}
MOMENTS_S = (0.0, 0.03, 0.04, 0.7, 0.71, 1.5, 2.2, 2.201, 2.76, 3.9, 4.0, 4.6, 4.97, 4.999, 5.0, 6.0)

Seen = tuple[list[tuple[float, float]], list[np.ndarray], float | None]


def screen(path: Path, moments_s: Sequence[float] = MOMENTS_S) -> Seen:
    """Moments with the times of what is on the screen then, the pixels, and the length."""
    with open_video(path) as reader:
        screening = Screening(reader)
        shown = list(screening.show(moments_s, to_the_end=True))
    pixels = [frame.rgb(*SIDE_PX) for _, frame in shown]
    return [(moment_s, frame.time_s) for moment_s, frame in shown], pixels, screening.length_s


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Seen]:
    """The same with every frame decoded."""

    def read(path: Path, moments_s: Sequence[float] = MOMENTS_S) -> Seen:
        with monkeypatch.context() as patch:
            patch.setattr(VideoReader, "index", lambda reader: None)
            return screen(path, moments_s)

    return read


@pytest.fixture
def picked_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it does not pay."""
    monkeypatch.setattr(screening, "MOST_SHARE", 1.0)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The stamps of what was decoded when frames were picked."""
    stamps: list[int] = []
    decode = picking._decode

    def spy(*arguments: object) -> object:
        for frame in decode(*arguments):  # type: ignore[arg-type]
            stamps.append(frame.pts)
            yield frame

    monkeypatch.setattr(picking, "_decode", spy)
    return stamps


def assert_same(found: Seen, true: Seen) -> None:
    assert found[0] == true[0]
    assert found[2] == true[2]
    for mine, theirs in zip(found[1], true[1], strict=True):
        assert np.array_equal(mine, theirs)


def encode(path: Path, params: str = "", **more: object) -> Path:
    options = {"x264-params": params} if params else {}
    return encode_video(path, shots(LENGTHS), options=options, **more)  # type: ignore[arg-type]


def hide(path: Path, n_frames: int) -> Path:
    """The same packets behind an edit list that begins later, as in files that were cut without encoding."""
    out = path.with_stem("hidden")
    options = {"avoid_negative_ts": "disabled"}
    with av.open(str(path)) as source, av.open(str(out), "w", options=options) as container:
        pictures = source.streams.video[0]
        stream = container.add_stream_from_template(pictures)
        frame = int(1 / 25 / pictures.time_base)
        for packet in source.demux(pictures):
            if packet.size:
                packet.pts, packet.dts = packet.pts - n_frames * frame, packet.dts - n_frames * frame
                packet.stream = stream
                container.mux(packet)
    return out


@pytest.mark.usefixtures("picked_always")
class TestPicked:
    @pytest.mark.parametrize("params", X264.values(), ids=X264)
    def test_frames_are_those_of_a_whole_decoding(self, tmp_path, whole, decoded, params):
        path = encode(tmp_path / "clip.mp4", params)
        assert_same(screen(path), whole(path))
        assert len(decoded) < sum(LENGTHS)

    @pytest.mark.parametrize("name", ["clip.mkv", "clip.ts", "clip.mov", "clip.flv"])
    @pytest.mark.parametrize("params", ["keyint=25", "open-gop=1:keyint=20:scenecut=0"])
    def test_containers(self, tmp_path, whole, decoded, name, params):
        path = encode(tmp_path / name, params)
        assert_same(screen(path), whole(path))
        assert decoded

    @pytest.mark.parametrize(
        ("codec", "options"),
        [
            ("libx265", {"x265-params": "log-level=error:keyint=20:bframes=4:open-gop=1"}),
            ("libvpx-vp9", {"g": "20", "cpu-used": "8", "deadline": "realtime", "lag-in-frames": "8"}),
            ("libsvtav1", {"g": "20", "preset": "12", "svtav1-params": "progress=0"}),
        ],
    )
    def test_codecs(self, tmp_path, whole, decoded, codec, options):
        path = encode_video(tmp_path / "clip.mkv", shots(LENGTHS), codec=codec, options=options)
        assert_same(screen(path), whole(path))
        assert decoded

    def test_frame_rates_that_vary(self, tmp_path, whole, decoded):
        stamps = [n * 3 + (n % 3) + 40 * (n > 50) for n in range(sum(LENGTHS))]
        path = encode(tmp_path / "clip.mkv", "keyint=25", pts=stamps, time_base=Fraction(1, 100))
        assert_same(screen(path), whole(path))
        assert decoded

    @pytest.mark.parametrize("name", ["clip.ts", "clip.mkv", "clip.mp4"])
    def test_clocks_that_begin_below_zero_or_late(self, tmp_path, whole, decoded, name):
        for offset in (-30, 100):
            stamps = range(offset, offset + sum(LENGTHS))
            path = encode(tmp_path / f"{offset} {name}", "keyint=25", pts=stamps)
            assert_same(screen(path), whole(path))
        assert decoded

    @pytest.mark.parametrize("n_hidden", [3, 25])
    def test_an_edit_list_that_hides_the_beginning(self, tmp_path, whole, decoded, n_hidden):
        path = hide(encode(tmp_path / "clip.mp4", "keyint=20"), n_hidden)
        true = whole(path)
        assert true[2] == (sum(LENGTHS) - n_hidden) / 25
        assert_same(screen(path), true)
        assert decoded

    def test_a_picture_that_was_recorded_lying(self, tmp_path, whole, decoded):
        path = encode(tmp_path / "clip.mp4", "keyint=25", rotation_deg=90)
        assert_same(screen(path), whole(path))
        assert decoded

    def test_few_frames_cost_few(self, tmp_path, decoded):
        path = encode(tmp_path / "clip.mp4", "keyint=25:scenecut=0:bframes=3:b-adapt=0")
        screen(path, [0.5, 4.5])
        # At most what lies between a key frame and the wanted one, without those that nothing is built from.
        assert 2 <= len(decoded) <= 20

    def test_the_length_alone_costs_nothing(self, tmp_path, whole, decoded):
        path = encode(tmp_path / "clip.mp4")
        assert screen(path, [])[2] == whole(path, [])[2] == sum(LENGTHS) / 25
        assert decoded == []


class TestDecodedWhole:
    def test_where_nearly_all_would_have_to_be(self, tmp_path, whole, decoded):
        path = encode(tmp_path / "clip.mp4", "scenecut=0:keyint=1000")
        assert_same(screen(path, [4.9]), whole(path, [4.9]))
        assert decoded == []
        screen(path, [1.0])
        assert decoded

    def test_without_true_stamps(self, tmp_path, decoded):
        path = encode_video(tmp_path / "clip.avi", shots(LENGTHS), codec="mpeg4")
        shown, _, length_s = screen(path)
        assert [time_s for _, time_s in shown[:4]] == [0.0, 0.0, 0.04, 0.68]
        assert length_s == pytest.approx(5.0)
        assert decoded == []

    def test_where_pictures_are_made_of_two_fields(self, tmp_path, whole, decoded):
        options = {"x264-params": "interlaced=1:tff=1:keyint=25"}
        path = encode_video(tmp_path / "clip.mp4", shots(LENGTHS), options=options)
        assert_same(screen(path), whole(path))
        assert decoded == []

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
    def test_behind_damage(self, tmp_path, whole, share):
        """What a decoder puts in place of damage is a matter of chance; nothing else may change by it."""
        path = encode(tmp_path / "clip.ts", "keyint=40")
        clean = whole(path)
        data = bytearray(path.read_bytes())
        at = int(len(data) * share)
        data[at : at + 400] = bytes(400)
        path.write_bytes(data)
        true, found = whole(path), screen(path)
        assert (found[0], found[2]) == (true[0], true[2])
        assert true[0] == clean[0]
        sound = [n for n, pixels in enumerate(true[1]) if np.array_equal(pixels, clean[1][n])]
        assert 0 < len(sound) < len(MOMENTS_S)
        assert all(np.array_equal(found[1][n], clean[1][n]) for n in sound)

    @pytest.mark.parametrize("share", [0.3, 0.8])
    def test_where_the_file_ends_early(self, tmp_path, whole, share):
        path = encode(tmp_path / "clip.ts", "keyint=40")
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        assert_same(screen(path), whole(path))

    def test_joined_recordings(self, tmp_path, whole):
        path = encode(tmp_path / "clip.ts", "keyint=40")
        path.write_bytes(path.read_bytes() * 2)
        moments_s = [0.5, 3.0, 5.5, 7.0, 9.5]
        assert_same(screen(path, moments_s), whole(path, moments_s))

    def test_where_a_frame_that_was_promised_does_not_come(self, tmp_path, whole, monkeypatch):
        path = encode(tmp_path / "clip.mp4", "keyint=25")
        true = whole(path)
        pick = screening.pick_frames
        monkeypatch.setattr(screening, "pick_frames", lambda *given: islice(pick(*given), 3))
        assert_same(screen(path), true)


def test_a_frame_that_begins_a_rounding_later_is_on_the_screen(tmp_path):
    path = encode(tmp_path / "clip.mp4")
    shown, _, _ = screen(path, [0.03994, 0.03996, 0.04, 0.04004])
    assert [time_s for _, time_s in shown] == [0.0, 0.04, 0.04, 0.04]
