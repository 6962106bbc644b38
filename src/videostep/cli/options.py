"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Videos = Annotated[
    list[str], typer.Argument(metavar="VIDEO|FOLDER|GLOB|LIST.txt", help="Videos, or where they are listed.")
]
# readable=False: we say ourselves what cannot be read, with the exit code that fits.
Run = Annotated[Path, typer.Argument(metavar="RUN", readable=False, help="A run folder.")]
Out = Annotated[
    Path,
    typer.Option("--out", "-o", metavar="RUN", readable=False, help="The run folder to make or go on with."),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Scene parser that watches the videos, or a Video-LLM as BACKEND:TARGET.  [default: embedded]",
    ),
]
Grounding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Scene parser whose boxes and tracks stand under the words of a Video-LLM, such as embedded.",
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(metavar="FILE", readable=False, help="Settings as TOML (a run's run.toml, too)."),
]
Workers = Annotated[
    int | None, typer.Option(metavar="N", help="Videos watched at the same time.  [default: one per core]")
]
Seed = Annotated[int | None, typer.Option(metavar="S", help="Of everything drawn at random.  [default: 0]")]
Attn = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Attention of a transformers: model: sdpa, eager, flash_attention_2.  [default: the best]",
    ),
]
TrustRemoteCode = Annotated[
    bool,
    typer.Option(
        "--trust-remote-code",
        help="Run Python code that comes with a transformers: model's weights, with all your rights.",
    ),
]
BudgetRequests = Annotated[
    int | None,
    typer.Option(metavar="N", help="Stop when a Video-LLM was sent N requests, earlier sessions included."),
]
BudgetTokens = Annotated[
    int | None, typer.Option(metavar="N", help="Stop at N tokens, of requests and replies together.")
]
BudgetUsd = Annotated[
    float | None,
    typer.Option(metavar="USD", help="Stop at so many dollars; needs prices."),
]
Prices = Annotated[
    str | None,
    typer.Option(metavar="IN/OUT", help="US dollars for a million tokens of requests / of replies."),
]
Redo = Annotated[bool, typer.Option("--redo", help="Throw away what RUN holds and make it anew.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for machines.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Verbose = Annotated[
    int,
    typer.Option("--verbose", "-v", count=True, help="Say more; -vv adds tracebacks.", show_default=False),
]
