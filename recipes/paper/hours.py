"""What the paper's runs would cost in GPU hours: an estimate by formula, nothing that was measured.

    python recipes/paper/hours.py            # the table of README.md
    python recipes/paper/hours.py --videos 20000 --mfu-training 0.4

Reading tokens costs 2 FLOPs a parameter and token, training with frozen base weights and recomputed
activations 6 (2 forward, 2 again, 2 back). Written tokens are bound by memory, not by arithmetic: they are
counted by a rate.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields

BILLION = 1e9


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """All of it is ours to assume; the paper gives none of these."""

    videos: int = 8_000
    """About as many as Charades trains with."""
    keyframes: float = 10.0
    """A video of 30 s: one in 3 s of a still shot."""
    requests: float = 8.0
    """With a picture, a keyframe, presence checks and motions included (docs/video-llm.md)."""
    prompt_tokens: float = 900.0
    """A request: one picture of 768 x 432 (400 tokens) and its words."""
    reply_tokens: float = 600.0
    """A request: 5 samples of 120 tokens."""
    samples: float = 5.0
    """A video."""
    video_tokens: float = 2_300.0
    """16 frames of 448 x 252."""
    text_tokens: float = 120.0
    """Question, instruction and reply of an answer and a rationale row together."""
    questions: int = 10_000
    """Of a benchmark that are asked."""
    peak_tflops: float = 989.0
    """Dense bf16 of an H100 SXM, by its data sheet."""
    mfu_reading: float = 0.40
    """Share of the peak that is reached while prompts are read."""
    mfu_training: float = 0.30
    """The same, while training."""
    written_per_s: float = 6_000.0
    """Tokens a second that one GPU writes for a model of 7 billion parameters, many requests at once."""


def parse_hours(model_b: float, assumed: Assumptions) -> float:
    """All videos parsed step by step."""
    requests = assumed.videos * assumed.keyframes * assumed.requests
    reading = _seconds(2, model_b, requests * assumed.prompt_tokens, assumed.mfu_reading, assumed)
    writing_s = requests * assumed.reply_tokens / (assumed.written_per_s * 7 / model_b)
    return (reading + writing_s) / 3_600


def train_hours(model_b: float, assumed: Assumptions) -> float:
    """One epoch over all samples, the tokens of each video shared among its samples."""
    tokens = assumed.videos * (assumed.video_tokens + assumed.samples * assumed.text_tokens)
    return _seconds(6, model_b, tokens, assumed.mfu_training, assumed) / 3_600


def ask_hours(model_b: float, assumed: Assumptions) -> float:
    """One benchmark, asked once; judging is not in it."""
    tokens = assumed.questions * (assumed.video_tokens + assumed.text_tokens)
    return _seconds(2, model_b, tokens, assumed.mfu_reading, assumed) / 3_600


def _seconds(flops: float, model_b: float, tokens: float, mfu: float, assumed: Assumptions) -> float:
    return flops * model_b * BILLION * tokens / (mfu * assumed.peak_tflops * 1e12)


def table(assumed: Assumptions) -> str:
    """Hours of one GPU for each of the paper's runs, Markdown."""
    lines = ["| run | what it takes | 3B | 7B |", "|---|---|---|---|"]
    for name, parses, trains, asks in RUNS:
        parts = [(parses, "parse"), (trains, "train"), (asks, "ask")]
        what = ", ".join(f"{count} x {part}" for count, part in parts if count)
        hours = [
            parses * parse_hours(size, assumed)
            + trains * train_hours(size, assumed)
            + asks * ask_hours(size, assumed)
            for size in (3.8, 8.3)
        ]
        lines.append(f"| {name} | {what} | {hours[0]:.1f} | {hours[1]:.1f} |")
    return "\n".join(lines)


RUNS = (
    ("step", 1, 1, 0),
    ("instruct", 0, 1, 0),
    ("distillation", 0, 1, 0),
    ("lambda, 7 weights", 0, 7, 14),
    ("mixes, 5 of them", 0, 5, 10),
    ("ablations, 4 of them", 4, 4, 8),
    ("evaluate: 4 models, 5 open benchmarks x 6 ways of asking, 4 with options", 0, 0, 136),
)
"""Name, times that all videos are parsed, that a model is trained, and that a benchmark is asked."""


def main() -> None:
    """Print the table for the assumptions given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for field in fields(Assumptions):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default)
    print(table(Assumptions(**vars(parser.parse_args()))))


if __name__ == "__main__":
    main()
