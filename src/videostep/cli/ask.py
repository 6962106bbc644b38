"""`videostep ask`: a run's graphs -> samples and report."""

from __future__ import annotations

from videostep.cli import options


def ask(
    run: options.Run,
    config: options.Config = None,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Make samples from the graphs of a run, as they lie there."""
    from dataclasses import replace

    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_json, print_lines
    from videostep.cli.running import say_code
    from videostep.cli.settings import gather_config
    from videostep.cli.summary_text import summary_lines, summary_plain
    from videostep.pipeline.run import ask_again
    from videostep.pipeline.summary import summarise
    from videostep.store.run_folder import RunFolder

    folder = RunFolder(run)
    folder.check_exists()
    settings = gather_config(config or folder.config)
    if seed is not None:
        settings = replace(settings, ask_seed=seed)
    with open_listener(quiet=quiet, verbose=verbose) as listener:
        result = ask_again(run, settings, reporter=listener)
    if json:
        print_json(summary_plain(folder, summarise(folder)))
    elif not quiet:
        print_lines(summary_lines(folder, summarise(folder)))
    return say_code(result, settings)
