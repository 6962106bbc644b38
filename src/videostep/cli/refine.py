"""`videostep refine`: a run's samples in other words, each proven again."""

from __future__ import annotations

from typing import Annotated

import typer

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode


def refine(
    run: options.Run,
    rewriter: Annotated[
        str | None,
        typer.Option(
            "--with",
            metavar="NAME[:ARGUMENT]",
            help="Who says it: paraphrase, scripted:FILE.json, or installed.",
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Give all samples the template's words back.")] = False,
    seed: options.Seed = None,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Say questions and rationales in other words, where those provably mean the same."""
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_json, print_lines
    from videostep.cli.refinement_text import refinement_lines
    from videostep.cli.settings import gather_config
    from videostep.errors import ConfigError
    from videostep.pipeline.refining import plan_refine, refine_again, restore_templates
    from videostep.reason.refinement.rewriters import open_rewriter
    from videostep.records import to_plain
    from videostep.store.run_folder import RunFolder

    if (rewriter is None) != undo:
        raise ConfigError("refining needs words", remedy="give --with NAME, or --undo, not both")
    folder = RunFolder(run)
    folder.check_exists()
    config = gather_config(folder.config)
    if rewriter is None:
        with open_listener(quiet=quiet, verbose=verbose) as listener:
            restore_templates(run, config, reporter=listener)
        return ExitCode.OK
    opened = open_rewriter(rewriter, seed=config.questions_seed if seed is None else seed)
    if dry_run:
        plan = plan_refine(run, config, opened)
        if json:
            print_json(to_plain(plan))
        else:
            print_lines([f"would ask      {opened.name} for {plan.texts - plan.known} of {plan.texts} texts"])
        return ExitCode.OK
    with open_listener(quiet=quiet, verbose=verbose) as listener:
        refinement = refine_again(run, config, opened, reporter=listener)
    if json:
        print_json(to_plain(refinement))
    elif not quiet:
        print_lines(refinement_lines(folder, refinement))
    return ExitCode.OK
