"""`videostep report`: the page to look at."""

from __future__ import annotations

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode


def report(run: options.Run, quiet: options.Quiet = False, verbose: options.Verbose = 0) -> int:
    """Write the page of a run anew."""
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_lines
    from videostep.cli.settings import gather_config
    from videostep.pipeline.run import report_again
    from videostep.store.run_folder import RunFolder

    folder = RunFolder(run)
    folder.check_exists()
    with open_listener(quiet=quiet, verbose=verbose) as listener:
        page = report_again(run, gather_config(folder.config), reporter=listener)
    if not quiet:
        print_lines([str(page)])
    return ExitCode.OK
