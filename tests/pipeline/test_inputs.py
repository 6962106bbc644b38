import os

import pytest

from videostep.errors import InputError
from videostep.pipeline import inputs
from videostep.pipeline.inputs import find_videos
from videostep.pipeline.progress import Silent


@pytest.fixture
def folder(tmp_path):
    """Three different "videos": finding them looks at no picture."""
    for name in ("clip10.mp4", "clip2.mp4", "deep/clip1.MKV"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    (tmp_path / "notes.md").write_text("no video")
    return tmp_path


def names_of(found):
    return [video.path.rsplit("/", 1)[1] for video in found.videos]


def test_a_folder_gives_its_videos_in_natural_order(folder):
    assert names_of(find_videos([str(folder)])) == ["clip2.mp4", "clip10.mp4", "clip1.MKV"]


def test_hidden_files_of_a_folder_are_left_alone(folder):
    (folder / "._clip2.mp4").write_text("a resource fork")
    assert "._clip2.mp4" not in names_of(find_videos([str(folder)]))


def test_a_file_that_is_named_may_end_in_anything(folder):
    assert names_of(find_videos([str(folder / "notes.md")])) == ["notes.md"]


def test_a_glob_gives_what_matches(folder):
    assert names_of(find_videos([str(folder / "clip*.mp4")])) == ["clip2.mp4", "clip10.mp4"]


def test_a_name_with_brackets_is_a_file_if_there_is_one(folder):
    (folder / "clip[1].mp4").write_text("brackets")
    assert names_of(find_videos([str(folder / "clip[1].mp4")])) == ["clip[1].mp4"]


def test_a_list_names_videos_beside_itself(folder):
    (folder / "list.txt").write_text("# two of them\nclip10.mp4\n\ndeep/clip1.MKV\n")
    assert names_of(find_videos([str(folder / "list.txt")])) == ["clip10.mp4", "clip1.MKV"]


def test_names_keep_their_order_and_count_once(folder):
    names = [str(folder / "clip10.mp4"), str(folder), str(folder / "clip10.mp4")]
    assert names_of(find_videos(names)) == ["clip10.mp4", "clip2.mp4", "clip1.MKV"]


def test_equal_content_is_taken_once_and_reported(folder):
    (folder / "copy.mp4").write_text("clip2.mp4")
    found = find_videos([str(folder)])
    assert names_of(found) == ["clip2.mp4", "clip10.mp4", "clip1.MKV"]
    assert found.duplicates == ((str(folder / "copy.mp4"), str(folder / "clip2.mp4")),)


def test_an_id_is_the_slug_and_the_hash(folder):
    (video,) = find_videos([str(folder / "clip2.mp4")]).videos
    assert video.id == f"clip2-{video.sha256[:8]}"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone.mp4", "there is no file .*gone.mp4; check the path"),
        ("gone*.mp4", "nothing matches .*; check the pattern"),
        ("empty", "the folder .*empty holds no video; name files themselves"),
        ("empty.txt", "the list .*empty.txt names no video; write one path a line"),
    ],
)
def test_what_names_no_video_is_an_error_with_a_remedy(folder, name, message):
    (folder / "empty").mkdir()
    (folder / "empty.txt").write_text("# nothing\n")
    with pytest.raises(InputError, match=message):
        find_videos([str(folder / name)])


def test_one_wrong_name_does_not_spoil_the_others(folder):
    found = find_videos([str(folder / "gone.mp4"), str(folder / "clip2.mp4")])
    assert names_of(found) == ["clip2.mp4"]
    (entry,) = found.unusable
    assert (entry.path, entry.severity, entry.stage) == (str(folder / "gone.mp4"), "failed", "find")


def test_a_missing_file_of_a_list_is_an_entry_of_its_own(folder):
    (folder / "list.txt").write_text("clip2.mp4\ngone.mp4\n")
    found = find_videos([str(folder / "list.txt")])
    assert [entry.path for entry in found.unusable] == [str(folder / "gone.mp4")]


def test_a_file_that_may_not_be_read_says_so(folder, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(inputs, "sha256_of_file", refuse)
    with pytest.raises(InputError, match=r"clip2\.mp4 may not be read; allow it with chmod"):
        find_videos([str(folder / "clip2.mp4")])


def refusing(call, refused):
    """`call`, but for one path it is not allowed: root may read everything, whatever its mode."""

    def checked(path, *arguments, **options):
        if str(path) == str(refused):
            raise PermissionError(13, "Permission denied", str(path))
        return call(path, *arguments, **options)

    return checked


def test_a_folder_that_may_not_be_looked_into_is_an_entry(folder, monkeypatch):
    monkeypatch.setattr(inputs.os, "scandir", refusing(os.scandir, folder / "deep"))
    monkeypatch.setattr(inputs, "sha256_of_file", refusing(inputs.sha256_of_file, folder / "deep"))
    found = find_videos([str(folder)])
    assert names_of(found) == ["clip2.mp4", "clip10.mp4"]
    assert [entry.reason for entry in found.unusable] == [f"{folder / 'deep'} may not be read"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "the name of a video is empty; write . for the current folder"),
        ("a" * 300 + ".mp4", "cannot be read: File name too long; check the file"),
        ("pipe.mp4", "is a pipe or a device; save the video as a file first"),
        ("folders.txt", "deep is a folder; name the video files in it"),
        ("latin.txt", "the list .*latin.txt is not UTF-8 text; save it as UTF-8 text"),
        ("m\udcfcll.mp4", "there is no file m.*ll.mp4; check the path"),
    ],
)
def test_what_is_no_video_file_says_what_it_is(folder, monkeypatch, name, message):
    monkeypatch.chdir(folder)
    os.mkfifo("pipe.mp4")
    (folder / "folders.txt").write_text("deep\n")
    (folder / "latin.txt").write_bytes(b"m\xfcll.mp4\n")
    with pytest.raises(InputError, match=message):
        find_videos([name])


def test_a_name_that_is_not_utf8_is_written_with_escapes(folder):
    found = find_videos([str(folder), "m\udcfcll.mp4"])
    (entry,) = found.unusable
    assert entry.path == "m\\xfcll.mp4"
    assert "m\\xfcll.mp4" in entry.reason


def test_a_byte_order_mark_is_no_part_of_a_list(folder):
    (folder / "list.txt").write_bytes(b"\xef\xbb\xbf# two\r\n\r\nclip10.mp4\r\n  deep/clip1.MKV  \r\n")
    found = find_videos([str(folder / "list.txt")])
    assert names_of(found) == ["clip10.mp4", "clip1.MKV"]
    assert found.unusable == ()


def test_links_that_lead_in_circles_are_not_followed(folder):
    (folder / "deep" / "up").symlink_to("..")
    (folder / "self.mp4").symlink_to("self.mp4")
    assert names_of(find_videos([str(folder)])) == ["clip2.mp4", "clip10.mp4", "clip1.MKV"]


class Listener(Silent):
    def __init__(self):
        self.heard = []

    def begin(self, stage, total, unit):
        self.heard.append((stage, total, unit))

    def advance(self, stage, done, counts):
        self.heard.append(done)


@pytest.mark.parametrize(("much_bytes", "heard"), [(1, [("read", 3, "files"), 0, 1, 2, 3]), (1000, [])])
def test_reading_is_told_when_there_is_much_to_read(folder, monkeypatch, much_bytes, heard):
    monkeypatch.setattr(inputs, "MUCH_BYTES", much_bytes)
    listener = Listener()
    find_videos([str(folder)], listener)
    assert listener.heard == heard


def test_no_names_are_an_error():
    with pytest.raises(InputError, match="no video was named"):
        find_videos([])
