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
from videostep.formats.training.window import shown_part, window_of
from videostep.sample import Sample, VideoRef
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

CUT_MEANING = {
    MediaMode.LINK: "their video is a file of its own that stops there",
    MediaMode.COPY: "their video is a file of its own that stops there",
    MediaMode.CLIP: "their clip stops there",
    MediaMode.NONE: "their records say where, and a loader that shows more shows the answer",
}
"""What the modes do for samples with a cut, in the dataset card's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFolder:
    """Names and places the videos of an export."""

    mode: MediaMode
    root: Path
    """The export's folder as trainers will see it, absolute."""
    absolute: bool
    """Whether records name files by their absolute path."""

    def media_of(self, sample: Sample, duration_s: float) -> Media:
        """Where the trainer finds a question's video, which is `duration_s` seconds long.

        Raises:
            FormatError: The video's id is no file name.
        """
        window_s = window_of(sample, duration_s)
        part_s = self._part_of(sample, window_s)
        name = self._name_of(sample.video, part_s)
        path = str(self.root / name) if self.absolute else name
        return Media(path=path, window_s=window_s, part_s=part_s)

    def _part_of(self, sample: Sample, window_s: TimeSpan) -> TimeSpan | None:
        """What a file of its own holds for a question; None: it is shown the video's."""
        match self.mode:
            case MediaMode.CLIP:
                return window_s
            case MediaMode.LINK | MediaMode.COPY:
                return shown_part(sample)
            case MediaMode.NONE:
                return None

    def place(
        self, video: VideoRef, source: Path | None, parts_s: Iterable[TimeSpan | None], folder: Path
    ) -> None:
        """Put what the records of `video` name into `folder`, unless it is there already.

        Args:
            video: The video, as its samples name it.
            source: Its file; needed unless nothing is placed.
            parts_s: Which parts of it there are files of; None: all of it.
            folder: The export's folder while it is being made.

        Raises:
            MediaError: The video cannot be cut.
            RunFolderError: The folder cannot be written.
        """
        if source is None or self.mode is MediaMode.NONE:
            return
        wanted = {folder / self._name_of(video, part_s): part_s for part_s in parts_s}
        missing = {path: part_s for path, part_s in wanted.items() if not path.is_symlink() | path.exists()}
        for path, part_s in missing.items():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if part_s is None:
                    self._put(source, path)
            except OSError as error:
                raise refusal(path, error) from error
        cut_parts(source, {path: part_s for path, part_s in missing.items() if part_s is not None})

    def _put(self, source: Path, path: Path) -> None:
        if self.mode is MediaMode.COPY:
            shutil.copyfile(source, path)
        elif self.mode is MediaMode.LINK:
            path.symlink_to(source.resolve())

    def _name_of(self, video: VideoRef, part_s: TimeSpan | None) -> str:
        if not _SAFE_NAME.fullmatch(video.id):
            raise FormatError(
                f"the video id {video.id!r} cannot be a file name", remedy="mend it in the samples and graphs"
            )
        if part_s is not None:
            start_ms, end_ms = (round(time_s * 1000) for time_s in part_s)
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
