"""The videos of an export: linked, copied, cut, or left to the user, each named after its id."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from videostep.errors import ConfigError, FormatError, InputError
from videostep.formats.training.cutting import cut_parts
from videostep.formats.training.records import Media
from videostep.sample import VideoRef
from videostep.store.atomic import refusal
from videostep.store.stamps import sha256_of_file
from videostep.video import TimeSpan

MEDIA_FOLDER = "media"
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}")
_SAFE_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


class MediaMode(StrEnum):
    """How videos come into an export."""

    LINK = "link"
    COPY = "copy"
    CLIP = "clip"
    NONE = "none"


MEANING = {
    MediaMode.LINK: "symbolic links to the original files",
    MediaMode.COPY: "copies of the original files",
    MediaMode.CLIP: "the part that each question is about, cut to the frame, without sound",
    MediaMode.NONE: "not part of this export; records name where to put them",
}
"""The modes in the dataset card's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFolder:
    """Names and places the videos of an export."""

    mode: MediaMode
    root: Path
    """The export's folder as trainers will see it, absolute."""
    absolute: bool
    """Whether records name files by their absolute path."""

    def media_of(self, video: VideoRef, window_s: TimeSpan) -> Media:
        """Where the trainer finds a question's video; raises FormatError for an id that is no file name."""
        name = self._name_of(video, window_s)
        path = str(self.root / name) if self.absolute else name
        return Media(path=path, window_s=window_s, is_cut=self.mode is MediaMode.CLIP)

    def place(
        self, video: VideoRef, source: Path | None, windows_s: Iterable[TimeSpan], folder: Path
    ) -> None:
        """Put what the records of `video` name into `folder`, unless it is there already.

        Args:
            video: The video, as its samples name it.
            source: Its file; needed unless nothing is placed.
            windows_s: Of all its questions.
            folder: The export's folder while it is being made.

        Raises:
            MediaError: The video cannot be cut.
            RunFolderError: The folder cannot be written.
        """
        if source is None or self.mode is MediaMode.NONE:
            return
        wanted = {folder / self._name_of(video, window_s): window_s for window_s in windows_s}
        missing = {
            path: window_s for path, window_s in wanted.items() if not path.is_symlink() | path.exists()
        }
        for path in missing:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._put(source, path)
            except OSError as error:
                raise refusal(path, error) from error
        if self.mode is MediaMode.CLIP and missing:
            cut_parts(source, missing)

    def _put(self, source: Path, path: Path) -> None:
        if self.mode is MediaMode.COPY:
            shutil.copyfile(source, path)
        elif self.mode is MediaMode.LINK:
            path.symlink_to(source.resolve())

    def _name_of(self, video: VideoRef, window_s: TimeSpan) -> str:
        if not _SAFE_NAME.fullmatch(video.id):
            raise FormatError(
                f"the video id {video.id!r} cannot be a file name", remedy="mend it in the samples and graphs"
            )
        if self.mode is MediaMode.CLIP:
            start_ms, end_ms = (round(time_s * 1000) for time_s in window_s)
            return f"{MEDIA_FOLDER}/{video.id}/{start_ms:09d}-{end_ms:09d}.mp4"
        suffix = Path(video.path).suffix.lower()
        return f"{MEDIA_FOLDER}/{video.id}{suffix if _SAFE_SUFFIX.fullmatch(suffix) else ''}"


def check_content(video: VideoRef, source: Path) -> None:
    """Raise InputError unless `source` is the very file that the samples were made from."""
    try:
        digest = sha256_of_file(source)
    except OSError as error:
        raise InputError(
            f"{source} cannot be read: {error.strerror}", remedy="check the file and its disk"
        ) from error
    if digest != video.sha256:
        raise InputError(
            f"{source} is not the video that the samples of {video.id} were made from",
            remedy="restore it, or watch the new one with videostep run",
        )


def find_mode(name: str) -> MediaMode:
    """The mode of that name; raises ConfigError."""
    try:
        return MediaMode(name)
    except ValueError as error:
        raise ConfigError(
            f"--media cannot be {name!r}", remedy=f"choose one of {', '.join(MediaMode)}"
        ) from error
