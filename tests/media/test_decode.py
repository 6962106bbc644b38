import re
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
from av.stream import Disposition
from numpy.typing import NDArray

from videostep.errors import MediaError
from videostep.media import opening
from videostep.media.decode import open_video, video_id
from videostep.testing.clips import encode_video, shots

Pixels = NDArray[np.uint8]
QUADRANTS = {"red": (220, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 220), "white": (240, 240, 240)}


def times_of(path: Path) -> list[float]:
    with open_video(path) as reader:
        return [frame.time_s for frame in reader.frames()]


def quadrants(width_px: int = 96, height_px: int = 64) -> Pixels:
    """Red and green above blue and white."""
    red, green, blue, white = (np.array(colour, dtype=np.uint8) for colour in QUADRANTS.values())
    pixels = np.zeros((height_px, width_px, 3), dtype=np.uint8)
    half_y, half_x = height_px // 2, width_px // 2
    pixels[:half_y, :half_x], pixels[:half_y, half_x:] = red, green
    pixels[half_y:, :half_x], pixels[half_y:, half_x:] = blue, white
    return pixels


def corners(pixels: Pixels) -> list[str]:
    """Names of the colours in the corners, row by row."""
    height_px, width_px = pixels.shape[:2]
    spots = [
        pixels[y, x].astype(int)
        for y in (height_px // 4, height_px * 3 // 4)
        for x in (width_px // 4, width_px * 3 // 4)
    ]
    return [min(QUADRANTS, key=lambda name: np.abs(spot - QUADRANTS[name]).sum()) for spot in spots]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return encode_video(tmp_path / "Café Ride 1.mp4", shots([30]), options={"bf": "2"})


class TestTimes:
    def test_frames_come_in_display_order_in_spite_of_b_frames(self, clip: Path) -> None:
        assert times_of(clip) == [round(index * 0.04, 4) for index in range(30)]

    def test_variable_frame_rate_keeps_the_stamped_times(self, tmp_path: Path) -> None:
        stamps_ms = [0, 30, 45, 300, 310, 1200]
        path = encode_video(
            tmp_path / "vfr.mkv", shots([6]), pts=stamps_ms, time_base=Fraction(1, 1000), options={"bf": "0"}
        )
        assert times_of(path) == [0.0, 0.03, 0.045, 0.3, 0.31, 1.2]

    def test_a_stream_that_starts_late_starts_at_zero(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "late.ts", shots([10]), pts=range(100, 110))
        assert times_of(path)[:3] == [0.0, 0.04, 0.08]

    def test_a_raw_stream_without_stamps_gets_times_from_its_rate(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "raw.h264", shots([12]), options={"bf": "0"})
        assert times_of(path) == [round(index * 0.04, 4) for index in range(12)]

    def test_avi_with_b_frames_keeps_nearly_all_frames(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "b.avi", shots([60]), options={"bf": "3"})
        found = times_of(path)
        assert len(found) >= 54
        assert found[-1] == pytest.approx(59 * 0.04, abs=0.081)

    @pytest.mark.parametrize(
        ("name", "codec", "pixel_format"),
        [
            ("a.mkv", "ffv1", "yuv444p"),
            ("a.webm", "libvpx-vp9", "yuv420p"),
            ("a.avi", "mpeg4", "yuv420p"),
            ("a.mov", "mjpeg", "yuvj422p"),
            ("a.gif", "gif", "rgb8"),
            ("a.mkv", "libx264", "yuv420p10le"),
            ("a.mkv", "ffv1", "gray"),
        ],
    )
    def test_any_container_and_codec(self, tmp_path: Path, name: str, codec: str, pixel_format: str) -> None:
        path = encode_video(tmp_path / name, shots([8]), codec=codec, pixel_format=pixel_format)
        with open_video(path) as reader:
            frames = list(reader.frames())
        assert [frame.time_s for frame in frames] == [round(index * 0.04, 4) for index in range(8)]
        assert frames[0].picture().rgb.shape == (96, 160, 3)


class TestVideo:
    def test_it_is_named_by_stem_and_content(self, clip: Path) -> None:
        with open_video(clip) as reader:
            video = reader.video
        assert video.id == f"cafe-ride-1-{video.sha256[:8]}"
        assert video.path == clip.as_posix()
        assert len(video.sha256) == 64
        assert (video.width_px, video.height_px, video.fps) == (160, 96, 25.0)

    def test_a_stem_without_letters_still_names_a_video(self) -> None:
        assert video_id(Path("видео.mp4"), "0123456789abcdef") == "video-01234567"

    def test_duration_and_rate_are_those_of_the_decoded_frames(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "a.mp4", shots([30]), fps=30)
        with open_video(path) as reader:
            assert sum(1 for _ in reader.frames()) == 30
            final = reader.final_video()
        assert (final.duration_s, final.fps) == (1.0, 30.0)
        assert reader.warnings == []

    def test_a_single_frame_is_a_video(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "one.mp4", shots([1]))
        with open_video(path) as reader:
            assert [frame.time_s for frame in reader.frames()] == [0.0]
            assert reader.final_video().duration_s == 0.04

    def test_a_colon_in_the_name_is_no_protocol(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "a.mp4", shots([3])).rename(tmp_path / "http:a.mp4")
        assert len(times_of(path)) == 3


class TestPictures:
    def test_a_picture_shows_the_frame(self, tmp_path: Path) -> None:
        (source,) = shots([1], width_px=64, height_px=48)
        path = encode_video(tmp_path / "a.mkv", [source], codec="ffv1", pixel_format="bgr0")
        with open_video(path) as reader:
            picture = next(reader.frames()).picture()
        assert picture.time_s == 0.0
        assert np.array_equal(picture.rgb, source)

    @pytest.mark.parametrize(
        ("rotation_deg", "expected"),
        [
            (90, ["green", "white", "red", "blue"]),
            (-90, ["blue", "red", "white", "green"]),
            (180, ["white", "blue", "green", "red"]),
        ],
    )
    def test_a_noted_rotation_is_applied_to_every_picture(
        self, tmp_path: Path, rotation_deg: int, expected: list[str]
    ) -> None:
        path = encode_video(tmp_path / "a.mp4", [quadrants()] * 2, rotation_deg=rotation_deg)
        with open_video(path) as reader:
            frame = next(reader.frames())
            size = (64, 96) if abs(rotation_deg) == 90 else (96, 64)
            assert (reader.video.width_px, reader.video.height_px) == size
        assert corners(frame.picture().rgb) == expected
        assert frame.picture().rgb.shape == (size[1], size[0], 3)
        small_bgr = frame.small(40, 20)
        assert small_bgr.shape == (20, 40, 3)
        assert corners(small_bgr[:, :, ::-1]) == expected

    def test_wide_pixels_give_a_wide_picture(self, tmp_path: Path) -> None:
        path = encode_video(
            tmp_path / "a.mkv", shots([2], width_px=72, height_px=58), sample_aspect=Fraction(16, 11)
        )
        with open_video(path) as reader:
            assert (reader.video.width_px, reader.video.height_px) == (105, 58)
            assert next(reader.frames()).picture().rgb.shape == (58, 105, 3)

    @pytest.mark.parametrize(
        ("width_px", "height_px", "shape"), [(4, 4, (4, 4, 3)), (7680, 4320, (540, 960, 3))]
    )
    def test_tiny_and_huge_frames(
        self, tmp_path: Path, width_px: int, height_px: int, shape: tuple[int, int, int]
    ) -> None:
        path = encode_video(
            tmp_path / "a.mkv", [np.full((height_px, width_px, 3), 90, np.uint8)] * 2, codec="mjpeg",
            pixel_format="yuvj420p",
        )  # fmt: skip
        with open_video(path) as reader:
            frame = next(reader.frames())
            assert (reader.video.width_px, reader.video.height_px) == (width_px, height_px)
        assert frame.small(128, 72).shape == (72, 128, 3)
        assert frame.picture().rgb.shape == shape

    def test_shrinking_a_frame_does_not_change_its_picture(self, tmp_path: Path) -> None:
        path = encode_video(tmp_path / "a.mp4", shots([2], width_px=1600, height_px=900))
        with open_video(path) as reader:
            before = next(reader.frames()).picture().rgb
        with open_video(path) as reader:
            shrunk = next(reader.frames())
            shrunk.shrink()
            assert np.array_equal(shrunk.picture().rgb, before)


class TestBadInput:
    def test_each_trouble_names_the_file_and_a_remedy(self, tmp_path: Path, clip: Path) -> None:
        for path, words in trouble_files(tmp_path, clip):
            with pytest.raises(MediaError) as caught:
                open_video(path)
            assert re.search(words, caught.value.message)
            assert str(path) in caught.value.message
            assert caught.value.remedy
            assert "\n" not in str(caught.value)

    def test_a_file_that_may_not_be_read(self, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*args: object, **kwargs: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(MediaError, match="may not be read"):
            open_video(clip)

    def test_a_cut_off_file_gives_what_is_there_and_a_warning(self, tmp_path: Path) -> None:
        whole = encode_video(
            tmp_path / "whole.mp4", shots([100, 100]), options={"movflags": "+faststart", "g": "25"}
        )
        data = faststart(whole).read_bytes()
        path = tmp_path / "cut.mp4"
        path.write_bytes(data[: len(data) * 6 // 10])
        with open_video(path) as reader:
            n_frames = sum(1 for _ in reader.frames())
            final = reader.final_video()
        assert 50 < n_frames < 190
        assert final.duration_s < 7.6
        assert any(warning.startswith("decoding stopped at") for warning in reader.warnings)
        assert "of 8.0 s" in reader.warnings[-1]

    def test_damage_in_the_middle_costs_only_its_own_frames(self, tmp_path: Path) -> None:
        whole = encode_video(tmp_path / "whole.mp4", shots([200]), options={"g": "10", "bf": "0"})
        data = bytearray(whole.read_bytes())
        middle = len(data) // 2
        noise = np.random.default_rng(0).integers(0, 256, len(data) // 10).astype(np.uint8)
        data[middle : middle + len(noise)] = noise.tobytes()
        path = tmp_path / "damaged.mp4"
        path.write_bytes(data)
        with open_video(path) as reader:
            found = [frame.time_s for frame in reader.frames()]
        assert found[0] == 0.0
        assert found[-1] == pytest.approx(7.96)
        assert len(found) < 200
        assert any("could not be decoded" in warning for warning in reader.warnings)


def faststart(path: Path) -> Path:
    """The same file with its index in front, as web videos have it."""
    moved = path.with_name("faststart.mp4")
    with av.open(str(path)) as source, av.open(str(moved), "w", options={"movflags": "+faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return moved


def trouble_files(folder: Path, clip: Path) -> Iterator[tuple[Path, str]]:
    yield folder / "missing.mp4", "does not exist"
    yield folder, "is a folder"
    empty = folder / "empty.mp4"
    empty.touch()
    yield empty, "is empty"
    text = folder / "text.mp4"
    text.write_text("these are words, not pictures\n" * 100)
    yield text, "cannot be opened"
    playlist = folder / "playlist.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile '{clip}'\n")
    yield playlist, "cannot be opened"
    headless = folder / "headless.mp4"
    headless.write_bytes(clip.read_bytes()[:-1500])
    yield headless, "cannot be opened"
    song = folder / "song.wav"
    with wave.open(str(song), "wb") as audio:
        audio.setparams((1, 2, 8000, 0, "NONE", ""))
        audio.writeframes(b"\0\0" * 8000)
    yield song, "has no video stream, only audio$"
    yield song_with_cover(folder / "cover.mp4"), "has no video stream, only audio and a cover picture$"
    frameless = folder / "frameless.y4m"
    frameless.write_text("YUV4MPEG2 W16 H16 F25:1 Ip A1:1 C420\n")
    yield frameless, "has no frame that can be decoded"


def song_with_cover(path: Path) -> Path:
    """Sound and one attached picture, as music shops sell it."""
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=44100)
        cover = container.add_stream("mjpeg")
        cover.width, cover.height, cover.pix_fmt = 96, 64, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(quadrants(), format="rgb24")
        picture.pts = 0
        container.mux(cover.encode(picture))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate, silence.pts = 44100, 0
        container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    return path


def test_the_decoder_uses_as_many_threads_as_the_picture_allows(clip: Path) -> None:
    with open_video(clip) as reader:
        next(reader.frames())
        assert reader._stream.codec_context.thread_count == 8


@pytest.mark.parametrize(
    ("width_px", "height_px", "threads"),
    [(4, 4, 8), (854, 480, 8), (1920, 1080, 8), (3840, 2160, 4), (7680, 4320, 2)],
)
def test_large_pictures_are_decoded_by_fewer_threads(width_px: int, height_px: int, threads: int) -> None:
    assert opening._threads(SimpleNamespace(width=width_px, height=height_px)) == threads
