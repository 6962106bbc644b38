"""Videos that lie elsewhere, are called otherwise, or hold something else than when a run watched them.

A run holds one graph of each content, under the video's present name: a renamed or moved file is not watched
again, and what comes out is what watching it there would have given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from videostep.errors import FormatError
from videostep.graph import GraphClip
from videostep.pipeline.inputs import InputVideo
from videostep.sample import VideoRef
from videostep.store.atomic import atomic_write
from videostep.store.entries import find_error, read_errors, remove_error, write_error
from videostep.store.graph_file import read_graph, read_video, write_graph
from videostep.store.ledger import Ledger, entry_of
from videostep.store.run_folder import RunFolder
from videostep.store.stamps import sha256_of_outputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A video that was watched elsewhere or under another name."""

    video: InputVideo
    """As it is now."""
    was: VideoRef
    """As its graph says."""


def find_copies(run: RunFolder, videos: Iterable[InputVideo]) -> dict[str, tuple[VideoRef, ...]]:
    """Video id to what the run's graphs of the same content say, those under other names.

    Ids end in the first digits of the content's digest, so few files are opened.
    """
    alike: dict[str, list[Path]] = {}
    for path in run.graph_files():
        alike.setdefault(_digest_of(path.stem), []).append(path)
    return {
        video.id: tuple(
            replace(watched, id=path.stem)
            for path, watched in _readable(alike.get(_digest_of(video.id), ()), left_out={video.id})
            if watched.sha256 == video.sha256
        )
        for video in videos
    }


def find_replaced(run: RunFolder, videos: Sequence[InputVideo]) -> tuple[tuple[InputVideo, Path], ...]:
    """The videos in whose place another one lay when the run watched it, with the graph of that other one."""
    slugs, ids = {_slug_of(video.id) for video in videos}, {video.id for video in videos}
    alike = (path for path in run.graph_files() if _slug_of(path.stem) in slugs)
    graphs = {watched.path: path for path, watched in _readable(alike, left_out=ids)}
    return tuple((video, graphs[video.path]) for video in videos if video.path in graphs)


def forget_replaced_errors(run: RunFolder, videos: Iterable[InputVideo]) -> None:
    """Remove the error entries of what lay in the videos' places before: a broken download, for example."""
    ids = {video.path: video.id for video in videos}
    for entry in read_errors(run):
        if ids.get(entry.path, entry.video) != entry.video:
            remove_error(run, entry.video, entry.stage)


def follow(run: RunFolder, ledger: Ledger, move: Move) -> None:
    """Put the graph of a moved video under its present name; can be killed at any moment.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    new, old = move.video, move.was.id
    entry = ledger.find("graph", old)
    assert entry is not None, "only finished graphs are followed"
    if old == new.id:
        # The ledger must not vouch for bytes that are about to change.
        ledger.withdraw("graph", old)
    else:
        run.remove_graph(new.id)
        for picture in run.pictures_of_graph(old):
            atomic_write(run.keyframes(new.id) / picture.name, picture.read_bytes())
        if run.graph_drops(old).exists():
            atomic_write(run.graph_drops(new.id), run.graph_drops(old).read_bytes())
    graph = read_graph(run.graph(old))
    video = replace(graph.video, id=new.id, path=new.path)
    clips = tuple(_with_images(clip, old, new.id) for clip in graph.clips)
    write_graph(replace(graph, video=video, clips=clips), run.graph(new.id))
    _follow_error(run, old, new)
    files = run.files_of_graph(new.id)
    digest = sha256_of_outputs(run.root, files)
    ledger.add(entry_of("graph", new.id, entry.made_of, files=len(files), files_sha256=digest))


def forget(run: RunFolder, ledger: Ledger, video_id: str) -> None:
    """Remove a graph whose video the run holds under another name."""
    run.remove_graph(video_id)
    for stage in ("watch", "ask"):
        remove_error(run, video_id, stage)
    ledger.remove("graph", video_id)


def _with_images(clip: GraphClip, old: str, new: str) -> GraphClip:
    before, after = f"keyframes/{old}/", f"keyframes/{new}/"
    frames = (
        replace(frame, image=after + frame.image.removeprefix(before))
        if frame.image.startswith(before)
        else frame
        for frame in clip.keyframes
    )
    return replace(clip, keyframes=tuple(frames))


def _follow_error(run: RunFolder, old: str, new: InputVideo) -> None:
    entry = find_error(run, old, "watch")
    if entry is not None:
        write_error(run, replace(entry, video=new.id, path=new.path))


def _readable(paths: Iterable[Path], *, left_out: Collection[str]) -> Iterator[tuple[Path, VideoRef]]:
    """What graphs say of their video; a damaged one is told of when it is asked."""
    for path in paths:
        if path.stem not in left_out:
            with suppress(FormatError):
                yield path, read_video(path)


def _slug_of(video_id: str) -> str:
    return video_id.rpartition("-")[0]


def _digest_of(video_id: str) -> str:
    return video_id.rpartition("-")[2]
