"""`videostep verify`: every sample's program is executed again."""

from __future__ import annotations

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode


def verify(
    run: options.Run,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Execute every sample's program on the run's graphs, and check all that its format promises."""
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_json, print_lines
    from videostep.pipeline.asking import verify_run
    from videostep.store.run_folder import RunFolder

    folder = RunFolder(run)
    folder.check_exists()
    with open_listener(quiet=quiet, verbose=verbose) as listener:
        verification = verify_run(folder, listener)
    right = verification.checked - len(verification.failed)
    if json:
        failed = [{"id": sample, "reason": reason} for sample, reason in verification.failed]
        print_json({"checked": verification.checked, "right": right, "failed": failed})
    elif not quiet:
        print_lines(f"failed  {sample}  {reason}" for sample, reason in verification.failed)
        print_lines([f"{right} of {verification.checked} samples hold"])
    return ExitCode.UNVERIFIED if verification.failed else ExitCode.OK
