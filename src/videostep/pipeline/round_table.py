"""The table over rounds, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from videostep.learn.history import HeldOutLosses
from videostep.pipeline.rounds import Round

_SHOWN_REASONS = 3
_STEPS = {"1": "1 step", "2": "2 steps", "3+": "3+ steps"}
_NOTES = (
    "Variety: as many words, used equally often, would be as varied.",
    "Dropped elements are those that were said of a clip and not confirmed, kept ones those of the graphs.",
    "*exact*: share of held-out answers whose every token is the model's first choice when the right ones",
    "before it are given (teacher-forced). Loss: a token, over the last steps. Self-consistency: mean",
    "confidence of graph elements.",
)

Cell = Callable[[Round], float | int | str | None]


def rounds_markdown(rounds: Sequence[Round]) -> str:
    """One column a round."""
    head = f"| | {' | '.join(f'round {each.number}' for each in rounds)} |"
    lines = [head, f"|---|{'---|' * len(rounds)}"]
    for name, cell in _rows(rounds):
        values = [_shown(cell(each)) for each in rounds]
        if set(values) != {"-"}:
            lines.append(f"| {name} | {' | '.join(values)} |")
    stops = [f"Stopped in round {each.number}: {each.stopped}." for each in rounds if each.stopped]
    stops = [*([""] if stops else []), *stops]
    return "\n".join(["# Self-training", "", *lines, "", *_NOTES, *stops, *_plots(rounds), ""])


def _plots(rounds: Sequence[Round]) -> Iterator[str]:
    """The losses of each training, where the loop's folder holds them."""
    for each in rounds:
        if each.training is not None:
            yield from ("", f"![losses of round {each.number}](round-{each.number}/ckpt/losses.svg)")


def _rows(rounds: Sequence[Round]) -> list[tuple[str, Cell]]:
    scores = list(dict.fromkeys(name for each in rounds for name in each.scores))
    return [
        ("parser", lambda each: each.parser),
        ("videos", lambda each: each.graphs.videos),
        *(
            row
            for kind in rounds[0].graphs.elements
            for row in ((f"{kind} kept", _element(kind)), (f"{kind} dropped", _not_confirmed(kind)))
        ),
        ("elements dropped, most because", _reasons_not_confirmed),
        ("doubts (may be more of a label)", lambda each: each.graphs.doubts),
        ("distinct labels", lambda each: each.graphs.labels),
        *((f"variety of {kind}", _variety(kind)) for kind in rounds[0].graphs.variety),
        ("self-consistency", lambda each: each.graphs.self_consistency),
        ("STSG accuracy", lambda each: each.graphs.stsg_accuracy),
        ("samples", lambda each: each.samples.samples),
        *((f"samples of {steps}", _by_steps(kind)) for kind, steps in _STEPS.items()),
        ("most frequent answer", _top_answer),
        ("questions dropped", lambda each: sum(each.samples.dropped.values())),
        ("questions dropped, most because", _drop_reasons),
        ("trained on samples", lambda each: each.training and each.training.samples),
        ("loss of answers", lambda each: each.training and each.training.answer),
        ("loss of rationales", lambda each: each.training and each.training.rationale),
        ("held-out loss", _held_out_loss),
        ("held-out exact", _held_out_exact),
        *((f"held-out exact, {steps}", _exact(kind)) for kind, steps in _STEPS.items()),
        *((name, _score(name)) for name in scores),
    ]


def _element(kind: str) -> Cell:
    return lambda each: each.graphs.elements[kind]


def _variety(kind: str) -> Cell:
    return lambda each: each.graphs.variety.get(kind)


def _not_confirmed(kind: str) -> Cell:
    def cell(each: Round) -> int | None:
        totals = each.graphs.not_confirmed
        return totals.kinds.get(kind) if totals else None

    return cell


def _reasons_not_confirmed(each: Round) -> str:
    totals = each.graphs.not_confirmed
    return _most(totals.reasons) if totals else ""


def _top_answer(each: Round) -> str | None:
    top = each.samples.top_answer
    return f"{top} {each.samples.top_answer_share:.0%}" if top else None


def _by_steps(kind: str) -> Cell:
    return lambda each: each.samples.by_steps[kind]


def _score(name: str) -> Cell:
    return lambda each: each.scores.get(name)


def _look(each: Round) -> HeldOutLosses | None:
    return each.training.held_out if each.training else None


def _held_out_loss(each: Round) -> float | None:
    look = _look(each)
    return look.loss if look else None


def _held_out_exact(each: Round) -> float | None:
    look = _look(each)
    return look.exact if look else None


def _exact(kind: str) -> Cell:
    def cell(each: Round) -> float | None:
        look = _look(each)
        return look.exact_by_steps.get(kind) if look else None

    return cell


def _drop_reasons(each: Round) -> str:
    return _most(each.samples.dropped)


def _most(reasons: dict[str, int]) -> str:
    return "; ".join(f"{reason} ({count})" for reason, count in list(reasons.items())[:_SHOWN_REASONS])


def _shown(value: float | int | str | None) -> str:
    if value is None or value == "":
        return "-"
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|")
