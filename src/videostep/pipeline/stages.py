"""The stages of a run, in STEP's order (Figure 2): watch (split, parse, merge, bridge), ask, verify, report.

Each stage does what is not done yet and leaves its files and its line in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from videostep.errors import BudgetError, FormatError, RunFolderError, UnavailableError
from videostep.induce.parse import close_parser
from videostep.induce.parsers import check_installed, open_parser
from videostep.pipeline.addresses import find_replaced, follow, forget, forget_replaced_errors
from videostep.pipeline.asking import ask_run
from videostep.pipeline.config import RunConfig
from videostep.pipeline.inputs import InputVideo
from videostep.pipeline.local import Executor
from videostep.pipeline.progress import Reporter, Tally, in_words
from videostep.pipeline.reuse import (
    Plan,
    graph_made_of,
    plan_graphs,
    report_made_of,
    samples_are_stale,
    samples_hold,
    samples_made_of,
    still_holds,
)
from videostep.pipeline.verifying import Verification, verify_run
from videostep.pipeline.work import GraphMade, GraphOutcome, GraphProgress
from videostep.store.entries import ErrorEntry, remove_error, write_error
from videostep.store.ledger import Ledger, entry_of
from videostep.store.run_folder import RunFolder
from videostep.store.stamps import sha256_of_outputs
from videostep.viewer.report import write_report


def name_of_parser(config: RunConfig) -> str:
    """What the chosen scene parser calls itself; raises ParserError or ConfigError if it cannot be opened."""
    check_installed(config.parsers)
    parser = open_parser(
        config.model, config.parser, seed=config.seed, models=config.models, grounding=config.grounding
    )
    try:
        return parser.name
    finally:
        close_parser(parser)


class WatchStage:
    """Video -> graph, for every video that has none yet."""

    def __init__(
        self, run: RunFolder, ledger: Ledger, config: RunConfig, parser_name: str, reporter: Reporter
    ) -> None:
        self._run, self._ledger, self._config, self._reporter = run, ledger, config, reporter
        self._parser_name = parser_name
        self._tally = Tally()
        self.failed: list[ErrorEntry] = []

    def watch(self, videos: Sequence[InputVideo], execute: Executor) -> None:
        """Watch `videos`; a video that fails is an entry in `errors/` and the rest goes on.

        Raises:
            RunFolderError: A graph in the folder does not fit, or the folder cannot be written.
            BudgetError: The budget is spent; the graphs that are finished stay.
            UnavailableError: The Video-LLM answers no request; the graphs that are finished stay.
        """
        plan = plan_graphs(self._run, self._ledger, videos, self._config, self._parser_name)
        self._follow(plan)
        self._tell_replaced(videos)
        if plan.reused:
            self._reporter.say(f"{len(plan.reused)} of {len(videos)} graphs are there already")
        self._reporter.begin("watch", len(plan.todo), "videos")
        for outcome in execute(self._run, plan.todo, self._hear):
            self._take(outcome)
        self._reporter.end("watch")

    def _follow(self, plan: Plan) -> None:
        for move in plan.moves:
            follow(self._run, self._ledger, move)
            # Whoever moves a folder moves it knowingly; a new name may be a copy that was forgotten.
            tell = self._reporter.say if move.was.id == move.video.id else self._reporter.warn
            what = f"{move.video.path} is the video that was watched as {move.was.path}"
            tell(f"{what}: its graph is kept, under the new name")
        for copy in plan.copies:
            forget(self._run, self._ledger, copy)
        self._ledger.keep_graphs({path.stem for path in self._run.graph_files()})
        self._ledger.settle()

    def _tell_replaced(self, videos: Sequence[InputVideo]) -> None:
        forget_replaced_errors(self._run, videos)
        for video, graph in find_replaced(self._run, videos):
            self._reporter.warn(
                f"{video.path} is another video than the one that {graph} was made of; "
                f"that graph stays and is asked: delete it if the video is gone"
            )

    def _hear(self, progress: GraphProgress) -> None:
        self._tally.hear(progress.video, progress.share, progress.counts)
        self._reporter.advance("watch", self._tally.done, self._tally.counts)

    def _take(self, outcome: GraphOutcome) -> None:
        if outcome.made is not None:
            self._settle_made(outcome.video, outcome.made)
        if outcome.failed is not None:
            self._settle_failed(outcome.failed, outcome)
        self._tally.finish(outcome.video.id, outcome.made.counts if outcome.made else {})
        self._reporter.advance("watch", self._tally.done, self._tally.counts)

    def _settle_made(self, video: InputVideo, made: GraphMade) -> None:
        remove_error(self._run, video.id, "watch")
        if warning := _warning(video, made):
            write_error(self._run, warning)
            self._reporter.warn(f"{video.path}: {_shown(made)}")
        made_of = graph_made_of(video, self._config, self._parser_name)
        self._ledger.add(
            entry_of("graph", video.id, made_of, files=made.files, files_sha256=made.files_sha256)
        )
        self._reporter.say(f"{video.path}: {in_words(made.counts)}")

    def _settle_failed(self, entry: ErrorEntry, outcome: GraphOutcome) -> None:
        if outcome.ends_run == "budget":
            raise BudgetError(entry.reason, remedy=entry.remedy)
        if outcome.ends_run == "model":
            raise UnavailableError(entry.reason, remedy=entry.remedy)
        if outcome.ends_run == "folder":
            raise RunFolderError(entry.reason, remedy=entry.remedy)
        self._run.remove_graph(entry.video)
        self._ledger.remove("graph", entry.video)
        write_error(self._run, entry)
        self.failed.append(entry)
        self._reporter.fail(entry, outcome.trace)


def _shown(made: GraphMade) -> str:
    """What the graph lacks, for the screen: the entry names every question, there may be thousands."""
    more = len(made.unanswered) - 1
    return "; ".join(
        (*made.warnings, *made.unanswered[:1], *([f"{more} more without an answer"] if more > 0 else []))
    )


def _warning(video: InputVideo, made: GraphMade) -> ErrorEntry | None:
    """What the graph lacks, for want of a sound file or of answers; None: nothing."""
    remedies: list[str] = []
    if made.warnings:
        remedies.append("the part that could be read was used; get a complete copy if you need the rest")
    if made.unanswered:
        remedies.append("run again with --redo to ask once more: what was answered is kept")
    if not remedies:
        return None
    return ErrorEntry(
        video=video.id,
        path=video.path,
        severity="warning",
        stage="decode" if made.warnings else "parse",
        reason="; ".join((*made.warnings, *made.unanswered)),
        remedy="; ".join(remedies),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Questioned:
    """What asking came to."""

    failed: tuple[ErrorEntry, ...] = ()
    """Videos whose graph could not be asked."""
    verification: Verification | None = None
    """None: the samples were there already."""


def ask_and_verify(run: RunFolder, ledger: Ledger, config: RunConfig, reporter: Reporter) -> Questioned:
    """Graphs -> samples, each checked by execution, unless they are there already."""
    made_of = samples_made_of(run, config)
    if samples_hold(run, ledger, made_of):
        reporter.say("the samples are there already")
        return Questioned()
    ledger.remove("ask")
    ledger.remove("refine")
    run.remove_refinement()
    failed = ask_run(run, config, reporter)
    verification = verify_run(run, reporter)
    if verification.ok:
        files = run.files_of_samples()
        digest = sha256_of_outputs(run.root, files)
        # With failures no later run fits the entry: it asks again. Whose samples these are is known.
        failures = {"failed": " ".join(entry.video for entry in failed)} if failed else {}
        ledger.add(entry_of("ask", "*", {**made_of, **failures}, files=len(files), files_sha256=digest))
    return Questioned(failed=failed, verification=verification)


def warn_if_stale(run: RunFolder, ledger: Ledger, config: RunConfig | None, reporter: Reporter) -> None:
    """Say that the samples do not follow from the graphs (and settings) as they are now, if so."""
    if samples_are_stale(run, ledger.find("ask"), config):
        reporter.warn(
            f"the samples in {run.root} are not of its graphs and settings as they are now; "
            f"videostep ask {run.root} makes samples and report anew"
        )


def report(
    run: RunFolder, ledger: Ledger, reporter: Reporter, hear: Callable[[FormatError], None] | None = None
) -> None:
    """Write the page to look at, unless it shows this very run already.

    Args:
        run: The run folder.
        ledger: Its ledger; a page without the damaged graphs is not taken for done.
        reporter: Hears how it goes.
        hear: Is told of every damaged graph; None: the user has been told already.
    """
    made_of = report_made_of(run)
    if still_holds(run, ledger.find("report"), made_of, run.files_of_report()):
        reporter.say("the report is there already")
        return
    reporter.begin("report", 1, "pages")
    ledger.remove("report")
    damaged: list[FormatError] = []
    write_report(run.root, hear=damaged.append)
    if hear is not None:
        for error in damaged:
            hear(error)
    if not damaged:
        files = run.files_of_report()
        digest = sha256_of_outputs(run.root, files)
        ledger.add(entry_of("report", "*", made_of, files=len(files), files_sha256=digest))
    reporter.advance("report", 1, {})
    reporter.end("report")
