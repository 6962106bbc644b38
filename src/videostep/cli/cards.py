"""Sample cards for the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from videostep.cli.printing import printable
from videostep.sample import ReasoningStep, Sample


def print_cards(samples: Iterable[Sample]) -> None:
    """Print each sample as a panel."""
    console = Console(highlight=False)
    for sample in samples:
        with console.capture() as captured:
            console.print(_card(sample))
        sys.stdout.write(captured.get())
    sys.stdout.flush()


def _card(sample: Sample) -> Panel:
    lines = [_text(sample.question, "bold")]
    if sample.choices:
        lines.append(_text(f"choose: {' / '.join(sample.choices)}", "dim"))
    lines += [_step(number, step) for number, step in enumerate(sample.steps, start=1)]
    lines.append(Text("answer: ") + _text(sample.answer, "bold green"))
    lines.append(_text(sample.program, "dim"))
    kind = sample.type
    title = f"{kind.structure} {kind.semantics}, {sample.n_steps} step{'s' if sample.n_steps > 1 else ''}"
    return Panel(
        Group(*lines),
        title=Text(title),
        subtitle=_text(PurePosixPath(sample.video.path).name),
        title_align="left",
    )


def _step(number: int, step: ReasoningStep) -> Text:
    when = ", ".join(f"{span.start_s:.1f}-{span.end_s:.1f} s" for span in step.spans_s)
    return _text(f"{number}. {step.text} ") + _text(f"[{when}]" if when else "", "dim")


def _text(words: str, style: str = "") -> Text:
    """Text, not str: brackets in a label are no markup."""
    return Text(printable(words), style=style)
