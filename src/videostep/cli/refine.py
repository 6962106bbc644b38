"""`videostep refine`: a run's samples in other words, each proven again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from videostep.models.config import ModelsConfig
    from videostep.pipeline.config import RunConfig
    from videostep.reason.refinement.protocol import Rewriter
    from videostep.store.run_folder import RunFolder


def refine(
    run: options.Run,
    rewriter: Annotated[
        str | None,
        typer.Option(
            "--with",
            metavar="NAME[:ARGUMENT]",
            help="Who says it: paraphrase, scripted:FILE.json, a model as BACKEND:TARGET, or installed.",
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Give all samples the template's words back.")] = False,
    seed: options.Seed = None,
    attn: options.Attn = None,
    trust_remote_code: options.TrustRemoteCode = False,
    budget_requests: options.BudgetRequests = None,
    budget_tokens: options.BudgetTokens = None,
    budget_usd: options.BudgetUsd = None,
    prices: options.Prices = None,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Say questions and rationales in other words, where those provably mean the same."""
    from videostep.cli.model_flags import ModelFlags
    from videostep.cli.settings import gather_config
    from videostep.errors import ConfigError
    from videostep.reason.refinement.protocol import close_rewriter
    from videostep.reason.refinement.rewriters import open_rewriter
    from videostep.store.run_folder import RunFolder

    if (rewriter is None) != undo:
        raise ConfigError("refining needs words", remedy="give --with NAME, or --undo, not both")
    folder = RunFolder(run)
    folder.check_exists()
    config = gather_config(folder.config)
    if rewriter is None:
        return _undo(folder, config, dry_run, quiet, verbose)
    seeded = config if seed is None else replace(config, ask_seed=seed)
    flags = ModelFlags(
        attn=attn,
        trust_remote_code=trust_remote_code,
        budget_requests=budget_requests,
        budget_tokens=budget_tokens,
        budget_usd=budget_usd,
        prices=prices,
    )
    opened = open_rewriter(
        rewriter,
        seed=seeded.questions_seed,
        models=flags.over(_for_another_model(config.models)),
        cache=None if dry_run else folder.requests,
    )
    try:
        if dry_run:
            return _say_plan(folder, config, opened, json)
        return _refine(folder, config, opened, json, quiet, verbose)
    finally:
        close_rewriter(opened)


def _for_another_model(saved: ModelsConfig) -> ModelsConfig:
    """What was allowed to the model that watched the videos is not allowed to the one that rewrites."""
    from videostep.models.spending import Budget

    local = replace(saved.transformers, trust_remote_code=False)
    return replace(saved, transformers=local, budget=Budget())


def _refine(
    folder: RunFolder, config: RunConfig, rewriter: Rewriter, json: bool, quiet: bool, verbose: int
) -> ExitCode:
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_json, print_lines
    from videostep.cli.refinement_text import refinement_lines
    from videostep.pipeline.refining import refine_again
    from videostep.records import to_plain

    with open_listener(quiet=quiet, verbose=verbose) as listener:
        refinement = refine_again(folder.root, config, rewriter, reporter=listener)
    if json:
        print_json(to_plain(refinement))
    elif not quiet:
        print_lines(refinement_lines(folder, refinement))
    return ExitCode.OK


def _say_plan(folder: RunFolder, config: RunConfig, rewriter: Rewriter, json: bool) -> ExitCode:
    from videostep.cli.printing import print_json, print_lines
    from videostep.pipeline.refining import plan_refine
    from videostep.records import to_plain

    plan = plan_refine(folder.root, config, rewriter)
    if json:
        print_json(to_plain(plan))
    else:
        print_lines([f"would ask      {rewriter.name} for {plan.texts - plan.known} of {plan.texts} texts"])
    return ExitCode.OK


def _undo(folder: RunFolder, config: RunConfig, dry_run: bool, quiet: bool, verbose: int) -> ExitCode:
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_lines
    from videostep.pipeline.refining import restore_templates

    if dry_run:
        print_lines([f"would give     the samples of {folder.root} the template's words back"])
        return ExitCode.OK
    with open_listener(quiet=quiet, verbose=verbose) as listener:
        restore_templates(folder.root, config, reporter=listener)
    if not quiet:
        print_lines([f"the samples of {folder.root} have the template's words again"])
    return ExitCode.OK
