"""Sample cards for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from videostep.sample import ReasoningStep, Sample


def print_cards(samples: Iterable[Sample]) -> None:
    """Print each sample as a panel."""
    console = Console(highlight=False)
    for sample in samples:
        console.print(_card(sample))


def _card(sample: Sample) -> Panel:
    lines = [Text(sample.question, style="bold")]
    if sample.choices:
        lines.append(Text(f"choose: {' / '.join(sample.choices)}", style="dim"))
    lines += [_step(number, step) for number, step in enumerate(sample.steps, start=1)]
    lines.append(Text.assemble("answer: ", (sample.answer, "bold green")))
    lines.append(Text(sample.program, style="dim"))
    kind = sample.type
    title = f"{kind.structure} {kind.semantics}, {sample.n_steps} step{'s' if sample.n_steps > 1 else ''}"
    # Text, not str: brackets in a label are no markup.
    return Panel(Group(*lines), title=Text(title), subtitle=Text(sample.video.path), title_align="left")


def _step(number: int, step: ReasoningStep) -> Text:
    when = ", ".join(f"{span.start_s:.1f}-{span.end_s:.1f} s" for span in step.spans_s)
    return Text.assemble(f"{number}. {step.text} ", (f"[{when}]" if when else "", "dim"))
