"""Samples -> samples in other words, each proven again; the template's words wherever that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from videostep.errors import RewriterError, RunFolderError
from videostep.pipeline.config import RunConfig
from videostep.pipeline.opening import open_run
from videostep.pipeline.progress import Reporter, Silent
from videostep.pipeline.reuse import refinement_holds, samples_are_stale, still_holds
from videostep.pipeline.stages import report
from videostep.reason.refine import PARTS, Refiner, Rewrite, rename_twins, unrefined
from videostep.reason.refinement.acceptance import SampleWords
from videostep.reason.refinement.protocol import Rewriter, Wording
from videostep.sample import Sample
from videostep.store.graph_file import read_graph_and_sha256
from videostep.store.ledger import Ledger, LedgerEntry, entry_of
from videostep.store.refinement import (
    PartCounts,
    Refinement,
    RefusedRow,
    open_refused,
    read_refinement,
    write_refinement,
)
from videostep.store.rewrite_log import RewriteLog, key_of
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import SampleFile, write_samples
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
        templates = _templates(run, ledger, config)
        made_of = _asked(ledger).made_of
        ledger.withdraw("refine", "*")
        write_samples(chain.from_iterable(templates), jsonl=run.samples_jsonl, parquet=run.samples_parquet)
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
    templates = _templates(run, ledger, config)
    log = RewriteLog(run.rewrite_log)
    texts = ((part, getattr(sample, part)) for sample in chain.from_iterable(templates) for part in PARTS)
    known = sum(log.find(key_of(rewriter.name, part, text)) is not None for part, text in texts)
    is_done = refinement_holds(run, ledger) and _is_of(ledger.find("refine"), _made_of(ledger, rewriter))
    n_samples = templates.n_samples
    return RefinePlan(samples=n_samples, texts=len(PARTS) * n_samples, known=known, is_done=is_done)


def _refine(
    run: RunFolder, ledger: Ledger, config: RunConfig, rewriter: Rewriter, reporter: Reporter
) -> Refinement:
    templates = _templates(run, ledger, config)
    made_of = _made_of(ledger, rewriter)
    before = read_refinement(run) if refinement_holds(run, ledger) else None
    if before is not None and _is_of(ledger.find("refine"), made_of):
        reporter.say(f"the samples are in the words of {rewriter.name} already")
        return before
    with open_refused(run) as refuse:
        refining = _Refining(run, rewriter, reporter, refuse)
        refined = _withdrawing(ledger, refining.all(templates))
        write_samples(refined, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    refinement = refining.refinement()
    write_refinement(run, refinement)
    files = run.files_of_refinement()
    digest = sha256_of_outputs(run.root, files)
    ledger.add(entry_of("refine", "*", made_of, files=len(files), files_sha256=digest))
    return refinement


def _withdrawing(ledger: Ledger, refined: Iterator[Sample]) -> Iterator[Sample]:
    """The samples; when they are all there, those of before are about to give way to them."""
    yield from refined
    ledger.withdraw("refine", "*")


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


class _Templates:
    """The samples of a run in the template's words, those of one video at a time."""

    def __init__(self, held: SampleFile) -> None:
        self._held = held
        self.n_samples = sum(map(held.count_of, held.videos))

    def __iter__(self) -> Iterator[list[Sample]]:
        for video in self._held.videos:
            samples = self._held.samples_of(video)
            told = [unrefined(sample) for sample in samples]
            renamed = {sample.id: template.id for sample, template in zip(samples, told, strict=True)}
            yield rename_twins(told, renamed)


def _templates(run: RunFolder, ledger: Ledger, config: RunConfig) -> _Templates:
    """The samples in the template's words; raises RunFolderError if they are not what asking made."""
    asked = ledger.find("ask")
    is_asked = asked is not None and still_holds(run, asked, asked.made_of, run.files_of_samples())
    known = is_asked or refinement_holds(run, ledger)
    if not known or samples_are_stale(run, asked, config):
        raise RunFolderError(
            f"the samples in {run.root} are not as asking left them, or not of its graphs and settings",
            remedy=f"videostep ask {run.root} makes them anew",
        )
    return _Templates(SampleFile(run.samples_jsonl))


def _refused(rewrite: Rewrite) -> RefusedRow:
    return RefusedRow(
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

    def __init__(
        self,
        run: RunFolder,
        rewriter: Rewriter,
        reporter: Reporter,
        refuse: Callable[[RefusedRow], None],
    ) -> None:
        self._run, self._rewriter, self._reporter, self._refuse = run, rewriter, reporter, refuse
        self._log = RewriteLog(run.rewrite_log)
        self._fates: Counter[tuple[str, str]] = Counter()
        self._checks: Counter[str] = Counter()

    def all(self, templates: _Templates) -> Iterator[Sample]:
        """All samples in their words of now."""
        done = 0
        self._reporter.begin("refine", templates.n_samples, "samples")
        for samples in templates:
            refined: list[Sample] = []
            for sample, rewrites in self._video(samples[0].video.id, samples):
                refined.append(sample)
                self._count(rewrites)
                done += 1
                self._reporter.advance("refine", done, {"texts": self._accepted})
            renamed = {old.id: new.id for old, new in zip(samples, refined, strict=True)}
            yield from rename_twins(refined, renamed)
        self._reporter.end("refine")

    def refinement(self) -> Refinement:
        """What became of all texts."""
        return Refinement(
            refined_by=self._rewriter.name,
            parts={
                part: PartCounts(
                    accepted=self._fates[part, "accepted"],
                    unchanged=self._fates[part, "unchanged"],
                    refused=self._fates[part, "refused"],
                )
                for part in PARTS
            },
            refused=dict(sorted(self._checks.items(), key=lambda item: (-item[1], item[0]))),
        )

    @property
    def _accepted(self) -> int:
        return sum(self._fates[part, "accepted"] for part in PARTS)

    def _count(self, rewrites: Sequence[Rewrite]) -> None:
        for rewrite in rewrites:
            self._fates[rewrite.part, rewrite.fate] += 1
            if rewrite.fate == "refused":
                self._checks[rewrite.check] += 1
                self._refuse(_refused(rewrite))

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
