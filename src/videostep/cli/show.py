"""`videostep show`: a run in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode


def show(
    run: options.Run,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="Sample cards at most.")] = 3,
    steps: Annotated[
        int | None, typer.Option(min=1, help="Only samples with so many reasoning steps.")
    ] = None,
    cards_only: Annotated[bool, typer.Option("--cards-only", help="Leave the summary out.")] = False,
    json: options.Json = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print what a run holds, and samples as cards, those of most steps first."""
    from heapq import nlargest

    from videostep.cli.cards import print_cards
    from videostep.cli.printing import print_json, print_lines, print_warning
    from videostep.cli.summary_text import summary_lines, summary_plain
    from videostep.pipeline.summary import summarise
    from videostep.records import to_plain
    from videostep.store.run_folder import RunFolder
    from videostep.store.samples_file import read_samples

    folder = RunFolder(run)
    folder.check_exists()
    samples = read_samples(folder.samples_jsonl) if folder.samples_jsonl.exists() else iter(())
    wanted = (sample for sample in samples if steps in (None, sample.n_steps))
    chosen = nlargest(limit, wanted, key=lambda sample: (sample.n_steps, sample.confidence))
    if json:
        numbers = {} if cards_only else summary_plain(folder, summarise(folder, print_warning))
        print_json({**numbers, "cards": [to_plain(sample) for sample in chosen]})
        return ExitCode.OK
    if not cards_only:
        print_lines(summary_lines(folder, summarise(folder, print_warning)))
    print_cards(chosen)
    if not chosen and limit:
        which = "" if steps is None else f" of {steps} step{'s' if steps > 1 else ''}"
        print_lines([f"no sample{which}"])
    return ExitCode.OK
