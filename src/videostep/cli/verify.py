"""`videostep verify`: every sample's program is executed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videostep.cli import options
from videostep.cli.exit_codes import code_of_verification

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from videostep.pipeline.verifying import Verification


def verify(
    run: options.Run,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Execute every sample's program on the run's graphs, and check all that its format promises."""
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_json, print_lines
    from videostep.pipeline.stages import warn_if_stale
    from videostep.pipeline.verifying import verify_run
    from videostep.store.ledger import Ledger
    from videostep.store.run_folder import RunFolder

    folder = RunFolder(run)
    folder.check_exists()
    with open_listener(quiet=quiet, verbose=verbose) as listener:
        verification = verify_run(folder, listener)
        if not verification.ok:
            warn_if_stale(folder, Ledger(folder.ledger), None, listener)
    if json:
        print_json(_plain(verification))
    elif not quiet:
        print_lines(_lines(verification))
    return code_of_verification(verification)


def _plain(verification: Verification) -> dict[str, Any]:
    from videostep.records import to_plain

    return {
        "checked": verification.checked,
        "right": verification.checked - len(verification.failed),
        "failed": [{"id": sample, "reason": reason} for sample, reason in verification.failed],
        "unchecked": verification.unchecked,
        "unread": [to_plain(entry) for entry in verification.unread],
    }


def _lines(verification: Verification) -> Iterator[str]:
    for sample, reason in verification.failed:
        yield f"failed  {sample}  {reason}"
    right = verification.checked - len(verification.failed)
    rest = f", {verification.unchecked} cannot be verified" if verification.unread else ""
    yield f"{right} of {verification.checked} samples hold{rest}"
