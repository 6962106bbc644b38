"""Others' scene graphs -> a run folder that asks, verifies and reports like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from videostep.errors import ConfigError, FormatError, InputError, RunFolderError, VideostepError
from videostep.formats.graphs import open_reader
from videostep.formats.graphs.imported import Imported, ImportOptions, Refused
from videostep.media.decode import video_id
from videostep.pipeline.config import RunConfig
from videostep.pipeline.import_report import ImportReport, write_import_report
from videostep.pipeline.opening import open_run
from videostep.pipeline.progress import Reporter, Silent
from videostep.store.entries import ErrorEntry, remove_errors_of, write_error
from videostep.store.graph_file import check_graph, write_graph
from videostep.store.ledger import Ledger, LedgerEntry, entry_of
from videostep.store.names import name_in_utf8
from videostep.store.run_folder import RunFolder
from videostep.store.stamps import (
    code_version,
    library_versions,
    sha256_of_file,
    sha256_of_outputs,
    sha256_of_words,
)

IMPORT_STAGE = "import"
IMPORT_ROOMS = ("formats/graphs", "media", "store/graph_file.py", "store/graph_rules.py")
"""Source that decides what an imported graph is."""
IMPORT_LIBRARIES = ("av", "ijson", "lemminflect", "numpy")
"""Other people's code that decides it too."""
_ANNOTATIONS = frozenset(("", ".csv", ".json", ".pkl", ".txt"))
"""STAR's frame rates lie in a pickle without a suffix."""
_MASKS = "*/masks/*/*.png"
"""PVSG's pictures, of which there may be hundreds of thousands."""
_PROGRESS_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What to import, and how."""

    format: str
    """A name of `videostep.formats.graphs.READERS`."""
    path: Path
    """The annotation file, or the folder of the annotation files."""
    options: ImportOptions = field(default_factory=ImportOptions)

    def config(self, later: RunConfig | None = None) -> RunConfig:
        """The settings of the run folder: those of `later` stages, and what made the graphs."""
        return replace(later or RunConfig(), model=f"import {self.format}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """How an import ended."""

    run: RunFolder
    report: ImportReport | None
    """None: the graphs were there already."""
    failed: tuple[ErrorEntry, ...] = ()
    """Videos that were refused, and the files, if they broke off."""
    broken_off: bool = False
    """The files could not be read to their end, so nobody knows how many videos are missing."""

    @property
    def videos(self) -> int:
        """How many stood in the files, as far as they could be read."""
        return (self.report.videos if self.report else 0) + len(self.failed)

    @property
    def failed_share(self) -> float:
        """Share of the videos that were refused, 0..1."""
        return len(self.failed) / self.videos if self.videos else 0.0


def import_graphs(
    request: ImportRequest,
    out: Path,
    config: RunConfig | None = None,
    *,
    redo: bool = False,
    reporter: Reporter | None = None,
) -> ImportResult:
    """Read others' scene graphs into a run folder.

    One video is in memory at a time, pickles aside. A video from which no true graph can be made is an entry
    in `errors/`. A killed import is begun anew by the same command, and ends with the same bytes. Graphs that
    are there already stay until a video is found that can be used.

    Args:
        request: What to import.
        out: The run folder.
        config: Settings of the later stages.
        redo: Throw away what the folder holds.
        reporter: Hears how it goes.

    Raises:
        ConfigError: There is no such format, or `out` lies among the annotations.
        InputError: A file is missing, or there is no video in it that can be used.
        RunFolderError: The folder is another run's, was changed by hand, is in use, or cannot be written.
    """
    reporter = reporter or Silent()
    _check_apart(request.path, out)
    made_of = _made_of(request)
    intake = _Intake(request, reporter)
    if redo:
        RunFolder(out).check_free()
        intake.find_first()
    with open_run(out, request.config(config), redo=redo) as run:
        ledger = Ledger(run.ledger)
        if _is_done(run, ledger.find(IMPORT_STAGE), made_of):
            reporter.say("the graphs are there already")
            return ImportResult(run=run, report=None)
        intake.find_first()
        ledger.remove(IMPORT_STAGE)
        ledger.settle()
        _remove_graphs(run)
        intake.take_all(run)
        write_import_report(run, request.format, request.path, intake.report)
        if not intake.broken_off:
            files = run.graph_files()
            digest = sha256_of_outputs(run.root, files)
            ledger.add(entry_of(IMPORT_STAGE, "*", made_of, files=len(files), files_sha256=digest))
            ledger.settle()
    return intake.result(run)


def plan_import(request: ImportRequest, out: Path, *, reporter: Reporter | None = None) -> ImportResult:
    """What `import_graphs` would make of the files; writes nothing. Errors are the same."""
    run = RunFolder(out)
    _check_apart(request.path, out)
    run.check_free()
    _check_source(request.path)
    intake = _Intake(request, reporter or Silent())
    intake.take_all()
    return intake.result(run)


def _check_apart(path: Path, out: Path) -> None:
    """Raise ConfigError for a run in the folder of the annotations: its graphs would be taken for some."""
    if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
        raise ConfigError(
            f"the run folder {out} lies in the folder of the annotations, {path}",
            remedy="give --out a folder outside of it",
        )


def _made_of(request: ImportRequest) -> dict[str, str]:
    """All that decides the graphs, by name; raises ConfigError or InputError."""
    open_reader(request.format)
    options, videos = request.options, request.options.videos
    return {
        "format": request.format,
        "source": _digest_of(request.path),
        "fps": str(options.fps),
        "complete": str(options.complete),
        "videos": sha256_of_words(_sizes(videos, videos.rglob("*"))) if videos is not None else "none",
        "code": code_version(*IMPORT_ROOMS),
        "libraries": library_versions(*IMPORT_LIBRARIES),
    }


def _digest_of(path: Path) -> str:
    """Of all files that an import of `path` may read: names and bytes, of pictures names and sizes."""
    root = path if path.is_dir() else path.parent
    try:
        files = {file.relative_to(root).as_posix(): sha256_of_file(file) for file in _annotations(path)}
        files |= _sizes(root, root.glob(_MASKS))
    except OSError as error:
        raise InputError(
            f"{error.filename or path} cannot be read: {error.strerror}", remedy="check its permissions"
        ) from error
    return sha256_of_words(files)


def _annotations(path: Path) -> Iterator[Path]:
    """The files that an import may read: all annotations in a folder, or beside a file."""
    _check_source(path)
    found = path.rglob("*") if path.is_dir() else path.parent.iterdir()
    yield from sorted(
        file for file in found if file == path or (file.is_file() and _is_annotation(file.name))
    )


def _is_annotation(name: str) -> bool:
    return Path(name).suffix.lower() in _ANNOTATIONS and not name.startswith(".")


def _check_source(path: Path) -> None:
    if not path.exists():
        raise InputError(f"there is no file {path}", remedy="check the path")
    if not (path.is_dir() or path.is_file()):
        # A pipe or a device may never end.
        raise InputError(
            f"{path} is neither a file nor a folder", remedy="name the file or folder of the annotations"
        )


def _sizes(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Size in bytes of each that is a file, by its name from `folder` on."""
    files = (path for path in paths if path.is_file())
    return {path.relative_to(folder).as_posix(): str(path.stat().st_size) for path in files}


def _is_done(run: RunFolder, entry: LedgerEntry | None, made_of: dict[str, str]) -> bool:
    """Whether the graphs are what `made_of` gives; RunFolderError when they were changed since."""
    if entry is None:
        return False
    files = run.graph_files()
    if len(files) != entry.files or sha256_of_outputs(run.root, files) != entry.files_sha256:
        raise RunFolderError(
            f"the graphs in {run.root} were changed after they were imported",
            remedy=f"videostep ask {run.root} uses them as they are; --redo imports them anew",
        )
    return entry.made_of == made_of


def _remove_graphs(run: RunFolder) -> None:
    """Graphs of an import that was killed, or of other files, would be taken for this one's."""
    for path in run.graph_files():
        path.unlink()
    remove_errors_of(run, IMPORT_STAGE)


class _Intake:
    """Takes what a reader yields, video by video."""

    def __init__(self, request: ImportRequest, reporter: Reporter) -> None:
        """Nothing is read yet; raises ConfigError if there is no such format."""
        self.report = ImportReport()
        self.broken_off = False
        self._request, self._reporter = request, reporter
        self._run: RunFolder | None = None
        self._items = open_reader(request.format)(request.path, request.options)
        self._waiting: list[Imported | Refused] = []
        """Read by `find_first`, not taken yet."""
        self._failed: list[ErrorEntry] = []
        self._names: set[str] = set()
        self._ids: set[str] = set()

    def find_first(self) -> None:
        """Read up to the first video that can be used; raises InputError when there is none."""
        if self._waiting:
            return
        try:
            for item in self._items:
                self._waiting.append(item)
                if isinstance(item, Imported):
                    return
        except FormatError as error:
            raise InputError(error.message, remedy=error.remedy) from error
        for item in self._waiting:
            self._take(item)
        raise self._nothing_usable()

    def take_all(self, run: RunFolder | None = None) -> None:
        """Read the files to their end.

        Args:
            run: Where graphs and errors are written; None: nowhere.

        Raises:
            InputError: There is no video in them that can be used.
        """
        self._run = run
        self._reporter.begin(IMPORT_STAGE, 1, "sources")
        try:
            for number, item in enumerate(chain(self._waiting, self._items), start=1):
                self._take(item)
                if number % _PROGRESS_EVERY == 0:
                    self._reporter.advance(IMPORT_STAGE, 0.0, self._counts())
        except FormatError as error:
            self._break_off(error)
        if not self.report.videos:
            raise self._nothing_usable()
        self._reporter.advance(IMPORT_STAGE, 0.0 if self.broken_off else 1.0, self._counts())
        self._reporter.end(IMPORT_STAGE)

    def result(self, run: RunFolder) -> ImportResult:
        """How it ended."""
        return ImportResult(
            run=run, report=self.report, failed=tuple(self._failed), broken_off=self.broken_off
        )

    def _take(self, item: Imported | Refused) -> None:
        if item.name in self._names:
            item = Refused(
                name=item.name, reason="a second record of this name", remedy="keep the one that is right"
            )
        elif isinstance(item, Imported):
            item = self._sound(item)
        self._names.add(item.name)
        if isinstance(item, Refused):
            self.report.refused[item.reason] += 1
            self._fail(item.name, item.reason, item.remedy)
            return
        self._ids.add(item.graph.video.id)
        if self._run is not None:
            write_graph(item.graph, self._run.graph(item.graph.video.id))
        self.report.add(item)

    def _sound(self, item: Imported) -> Imported | Refused:
        """The video, unless its graph breaks a rule or something of it went unseen: defects of a reader."""
        try:
            check_graph(item.graph, source=item.name)
        except FormatError as error:
            self._reporter.say(str(error))
            return Refused(name=item.name, reason="its graph would break a rule", remedy=_defect(error))
        left = item.account.imbalance()
        if left:
            text = ", ".join(f"{count} {kind}" for kind, count in left.items())
            return Refused(name=item.name, reason="statements went unseen", remedy=_defect(text))
        if item.graph.video.id in self._ids:
            return Refused(
                name=item.name,
                reason="another record gives the same video",
                remedy="join the two, or leave one out",
            )
        return item

    def _break_off(self, error: FormatError) -> None:
        if not self.report.videos:
            raise InputError(error.message, remedy=error.remedy) from error
        self.broken_off = True
        self._fail(self._request.path.name, error.message, error.remedy)

    def _fail(self, name: str, reason: str, remedy: str) -> None:
        name = name_in_utf8(name)
        # A name may stand in the files twice, and each refusal has its own entry.
        digest = sha256_of_words({"name": name, "number": str(len(self._failed))})
        entry = ErrorEntry(
            video=video_id(Path(name), digest),
            path=name,
            severity="failed",
            stage=IMPORT_STAGE,
            reason=reason,
            remedy=remedy,
        )
        self._failed.append(entry)
        if self._run is not None:
            write_error(self._run, entry)
        self._reporter.fail(entry, "")

    def _nothing_usable(self) -> VideostepError:
        if not self._failed:
            return InputError(
                f"{self._request.path} holds no video", remedy=f"check that it is {self._request.format} data"
            )
        first = self._failed[0]
        more = f" (and {len(self._failed) - 1} more)" if len(self._failed) > 1 else ""
        return InputError(f"no video can be used: {first.named_reason}{more}", remedy=first.remedy)

    def _counts(self) -> dict[str, int]:
        return {"videos": self.report.videos, "refused": len(self._failed)}


def _defect(what: object) -> str:
    return f"a defect of the reader, please report it: {what}"
