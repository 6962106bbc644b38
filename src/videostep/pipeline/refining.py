"""Samples -> samples in other words, each proven again; the template's words wherever that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from videostep.errors import RewriterError, RunFolderError
from videostep.pipeline.config import RunConfig
from videostep.pipeline.opening import open_run
from videostep.pipeline.progress import Reporter, Silent
from videostep.pipeline.reuse import refinement_holds, samples_are_stale, still_holds
from videostep.pipeline.stages import report
from videostep.reason.refine import PARTS, Refiner, Rewrite, rename_twins, unrefined
from videostep.reason.refinement.acceptance import SampleWords
from videostep.reason.refinement.rewriters import Rewriter, Wording
from videostep.sample import Sample
from videostep.store.graph_file import read_graph_and_sha256
from videostep.store.ledger import Ledger, LedgerEntry, entry_of
from videostep.store.refinement import (
    PartCounts,
    Refinement,
    RefusedRow,
    read_refinement,
    write_refinement,
)
from videostep.store.rewrite_log import RewriteLog, key_of
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples, write_samples
from videostep.store.stamps import (
    code_version,
    library_versions,
    sha256_of_outputs,
)

REFINE_ROOMS = ("reason", "store/samples_file.py", "store/refinement.py", "pipeline/refining.py")
REFINE_LIBRARIES = ("inflect", "lemminflect", "pyarrow")
BATCH = 32
"""Samples whose words go to the rewriter together: enough to keep a server busy, few to lose when killed."""
MOST_READ = 20_000
"""Of a text that comes back so many characters are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefinePlan:
    """What refining a run would do."""

    samples: int
    texts: int
    """Questions and rationales."""
    known: int
    """Of those, what the rewriter wrote already, in a run that was broken off."""
    is_done: bool
    """Nothing is to be done: the samples are in this rewriter's words."""


def refine_again(
    out: Path, config: RunConfig, rewriter: Rewriter, *, reporter: Reporter | None = None
) -> Refinement:
    """Say the samples of a run folder in a rewriter's words, from the template's, and write the report.

    Raises:
        RunFolderError: It is no run folder, its samples are not those of its graphs and settings, it is in
            use, or it cannot be written.
        VideostepError: The rewriter cannot go on; what it wrote is kept for the next time.
    """
    RunFolder(out).check_exists()
    hearer = reporter or Silent()
    with open_run(out, config) as run:
        ledger = Ledger(run.ledger)
        refinement = _refine(run, ledger, config, rewriter, hearer)
        report(run, ledger, hearer)
        ledger.settle()
    return refinement


def restore_templates(out: Path, config: RunConfig, *, reporter: Reporter | None = None) -> None:
    """Give the samples of a run folder the template's words back, and write the report."""
    RunFolder(out).check_exists()
    hearer = reporter or Silent()
    with open_run(out, config) as run:
        ledger = Ledger(run.ledger)
        samples = _templates(run, ledger, config)
        made_of = _asked(ledger).made_of
        ledger.withdraw("refine", "*")
        write_samples(samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
        run.remove_refinement()
        files = run.files_of_samples()
        digest = sha256_of_outputs(run.root, files)
        ledger.add(entry_of("ask", "*", made_of, files=len(files), files_sha256=digest))
        report(run, ledger, hearer)
        ledger.settle()


def plan_refine(out: Path, config: RunConfig, rewriter: Rewriter) -> RefinePlan:
    """What `refine_again` would do; writes nothing."""
    run = RunFolder(out)
    run.check_exists()
    ledger = Ledger(run.ledger)
    samples = _templates(run, ledger, config)
    log = RewriteLog(run.rewrite_log)
    texts = [(part, getattr(sample, part)) for sample in samples for part in PARTS]
    known = sum(log.find(key_of(rewriter.name, part, text)) is not None for part, text in texts)
    is_done = refinement_holds(run, ledger) and _is_of(ledger.find("refine"), _made_of(ledger, rewriter))
    return RefinePlan(samples=len(samples), texts=len(texts), known=known, is_done=is_done)


def _refine(
    run: RunFolder, ledger: Ledger, config: RunConfig, rewriter: Rewriter, reporter: Reporter
) -> Refinement:
    samples = _templates(run, ledger, config)
    made_of = _made_of(ledger, rewriter)
    before = read_refinement(run) if refinement_holds(run, ledger) else None
    if before is not None and _is_of(ledger.find("refine"), made_of):
        reporter.say(f"the samples are in the words of {rewriter.name} already")
        return before
    refined, rewrites = _Refining(run, rewriter, reporter).all(samples)
    ledger.withdraw("refine", "*")
    write_samples(refined, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    refinement = _counts(rewriter.name, rewrites)
    write_refinement(run, refinement, _refused(rewrites))
    files = run.files_of_refinement()
    digest = sha256_of_outputs(run.root, files)
    ledger.add(entry_of("refine", "*", made_of, files=len(files), files_sha256=digest))
    return refinement


def _made_of(ledger: Ledger, rewriter: Rewriter) -> dict[str, str]:
    return {
        "samples": _asked(ledger).files_sha256,
        "rewriter": rewriter.name,
        "code": code_version(*REFINE_ROOMS),
        "libraries": library_versions(*REFINE_LIBRARIES),
    }


def _asked(ledger: Ledger) -> LedgerEntry:
    """The entry of asking, which `_templates` has seen."""
    asked = ledger.find("ask")
    assert asked is not None
    return asked


def _is_of(entry: LedgerEntry | None, made_of: dict[str, str]) -> bool:
    return entry is not None and entry.made_of == made_of


def _templates(run: RunFolder, ledger: Ledger, config: RunConfig) -> list[Sample]:
    """The samples in the template's words; raises RunFolderError if they are not what asking made."""
    asked = ledger.find("ask")
    is_asked = asked is not None and still_holds(run, asked, asked.made_of, run.files_of_samples())
    known = is_asked or refinement_holds(run, ledger)
    if not known or samples_are_stale(run, asked, config):
        raise RunFolderError(
            f"the samples in {run.root} are not as asking left them, or not of its graphs and settings",
            remedy=f"videostep ask {run.root} makes them anew",
        )
    samples = list(read_samples(run.samples_jsonl))
    told = [unrefined(sample) for sample in samples]
    renamed = {sample.id: template.id for sample, template in zip(samples, told, strict=True)}
    return rename_twins(told, renamed)


def _counts(refined_by: str, rewrites: Sequence[Rewrite]) -> Refinement:
    fates = Counter((rewrite.part, rewrite.fate) for rewrite in rewrites)
    checks = Counter(rewrite.check for rewrite in rewrites if rewrite.check)
    return Refinement(
        refined_by=refined_by,
        parts={
            part: PartCounts(
                accepted=fates[part, "accepted"],
                unchanged=fates[part, "unchanged"],
                refused=fates[part, "refused"],
            )
            for part in PARTS
        },
        refused=dict(sorted(checks.items(), key=lambda item: (-item[1], item[0]))),
    )


def _refused(rewrites: Sequence[Rewrite]) -> Iterator[RefusedRow]:
    for rewrite in rewrites:
        if rewrite.fate == "refused":
            yield RefusedRow(
                video=rewrite.video,
                sample=rewrite.sample,
                part=rewrite.part,
                check=rewrite.check,
                reason=rewrite.reason,
                template=rewrite.template,
                text=rewrite.text,
            )


class _Refining:
    """Takes samples to the rewriter, batch by batch, and judges what comes back."""

    def __init__(self, run: RunFolder, rewriter: Rewriter, reporter: Reporter) -> None:
        self._run, self._rewriter, self._reporter = run, rewriter, reporter
        self._log = RewriteLog(run.rewrite_log)
        self._accepted = 0

    def all(self, templates: Sequence[Sample]) -> tuple[list[Sample], list[Rewrite]]:
        """All samples in their words of now, and what became of every text."""
        refined, rewrites = list[Sample](), list[Rewrite]()
        self._reporter.begin("refine", len(templates), "samples")
        for video, samples in groupby(templates, key=lambda sample: sample.video.id):
            for sample, fates in self._video(video, list(samples)):
                refined.append(sample)
                rewrites += fates
                self._accepted += sum(rewrite.fate == "accepted" for rewrite in fates)
                self._reporter.advance("refine", len(refined), {"texts": self._accepted})
        self._reporter.end("refine")
        renamed = {old.id: new.id for old, new in zip(templates, refined, strict=True)}
        return rename_twins(refined, renamed), rewrites

    def _video(self, video: str, samples: Sequence[Sample]) -> Iterator[tuple[Sample, tuple[Rewrite, ...]]]:
        graph, digest = read_graph_and_sha256(self._run.graph(video))
        refiner = Refiner(graph, digest, refined_by=self._rewriter.name)
        asked = {sample.question for sample in samples}
        for start in range(0, len(samples), BATCH):
            words = [refiner.words_of(sample) for sample in samples[start : start + BATCH]]
            for one, texts in zip(words, self._texts(words), strict=True):
                sample, rewrites = refiner.refine(one, texts, asked)
                asked.add(sample.question)
                yield sample, rewrites

    def _texts(self, words: Sequence[SampleWords]) -> list[list[str]]:
        """What the rewriter says, now or in a run that was broken off, for the parts of each sample."""
        wordings = [one.wording(part) for one in words for part in PARTS]
        keys = [key_of(self._rewriter.name, wording.part, wording.text) for wording in wordings]
        todo = {
            key: wording for key, wording in zip(keys, wordings, strict=True) if self._log.find(key) is None
        }
        self._log.add(zip(todo, self._asked(list(todo.values())), strict=True))
        texts = [self._log.find(key) or "" for key in keys]
        return [texts[start : start + len(PARTS)] for start in range(0, len(texts), len(PARTS))]

    def _asked(self, wordings: Sequence[Wording]) -> list[str]:
        """The rewriter's words; raises RewriterError when it breaks its protocol."""
        texts = self._rewriter.rewrite(wordings) if wordings else []
        if len(texts) != len(wordings) or not all(isinstance(text, str) for text in texts):
            raise RewriterError(
                f"the rewriter {self._rewriter.name!r} gave {len(texts)} texts for {len(wordings)}",
                remedy="mend it: it must give one text for each",
            )
        # Half a character, as a model may leave at its end, cannot be written to a file.
        return [text[:MOST_READ].encode("utf-8", "replace").decode() for text in texts]
