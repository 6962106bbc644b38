"""`videostep graph`: videos -> graphs."""

from __future__ import annotations

from videostep.cli import options


def graph(
    videos: options.Videos,
    out: options.Out,
    model: options.Model = None,
    grounding: options.Grounding = None,
    config: options.Config = None,
    workers: options.Workers = None,
    seed: options.Seed = None,
    attn: options.Attn = None,
    trust_remote_code: options.TrustRemoteCode = False,
    budget_requests: options.BudgetRequests = None,
    budget_tokens: options.BudgetTokens = None,
    budget_usd: options.BudgetUsd = None,
    prices: options.Prices = None,
    redo: options.Redo = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Watch videos and stop after the scene graphs."""
    from videostep.cli.model_flags import ModelFlags
    from videostep.cli.running import Request, carry_out

    return carry_out(
        Request(
            videos=tuple(videos),
            out=out,
            model=model,
            grounding=grounding,
            config=config,
            workers=workers,
            seed=seed,
            flags=ModelFlags(
                attn=attn,
                trust_remote_code=trust_remote_code,
                budget_requests=budget_requests,
                budget_tokens=budget_tokens,
                budget_usd=budget_usd,
                prices=prices,
            ),
            redo=redo,
            dry_run=dry_run,
            json=json,
            quiet=quiet,
            verbose=verbose,
            only_graphs=True,
        )
    )
