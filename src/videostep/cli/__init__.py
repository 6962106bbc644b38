"""The command line: one file per command; heavy imports happen inside the command."""

from videostep.cli.main import main

__all__ = ["main"]
