"""`videostep evaluate`: a model on a benchmark, with error bars and blind controls."""

from __future__ import annotations

from videostep.cli import evaluation_options as of
from videostep.cli import options


def evaluate(
    benchmark: of.Name,
    model: of.Asked = None,
    data: of.Data = None,
    videos: of.VideosFolder = None,
    out: of.Out = None,
    limit: of.Limit = None,
    mode: of.Modes = None,
    blind: of.Blind = None,
    options_as: of.OptionStyleName = None,
    judge: of.Judges = None,
    wordnet: of.WordNetFolder = None,
    as_trained: of.AsTrained = False,
    shown_as: of.ShownAs = None,
    diagnose: of.Diagnose = False,
    seeds: of.Seeds = 1,
    temperature: of.Temperature = 0.0,
    frames: of.Frames = None,
    side_px: of.Side = None,
    max_tokens: of.MaxTokens = None,
    predictions: of.Predictions = None,
    label: of.Label = "",
    tag: of.Tags = None,
    submission: of.Submission = None,
    max_failed_share: of.MaxFailed = 0.1,
    config: options.Config = None,
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
    """Ask a model a benchmark's questions, or score predictions again; tables, intervals, controls."""
    # Thirty lines of `name=name` would say no more than this one.
    given = dict(locals())
    from videostep.cli.evaluation import carry_out, request_of

    return carry_out(request_of(given))
