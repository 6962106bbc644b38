"""What sharing a video between its questions saves: rows one by one, level 1 and the tree, on the same rows.

    scripts/bench sharing [--questions 1,4,8,16]        # this machine's CPU, one thread
    scripts/bench sharing --questions 4 --gradients     # how far the gradients are from those of rows
    scripts/bench sharing --device cuda --peak-tflops 989 --results FILE   # everything about one GPU

Every question has two rows, an answer and a rationale, behind the same video of 768 tokens. The model is of
Qwen2.5-VL's family with random weights. Ways are measured in turn, and the least of several rounds counts.
On a CPU, seconds are CPU time, each way in a process of its own; memory is the peak above what lay there
before. On a GPU, gradients are compared first, then decoders of the size of 0.5B and 7B are measured in
bfloat16; a way for which memory is too short is told and left out, and after `--most-s` seconds (420) no
other number of questions is begun. `Trainer` is transformers' own on the same rows, one at a time,
and TRL's where it is installed; both make logits at every token, as they always do. Numbers of questions that
are not measured keep theirs in the results.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import platform
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers

from benchmarks.sharing_model import SHAPES, Bench, make_bench, make_rows
from benchmarks.sharing_trainers import learn_by_trainer, plain_trainer, trl_trainer
from videostep.learn.objective import Objective, WindowCounts, joint_loss, target_weights
from videostep.learn.sharing import Level, Pack, Row, forward, make_pack, use_segments

RESULTS = Path(__file__).parent / "results" / "sharing.json"
TRAINERS = ("Trainer", "TRL")
GPU_MOST_S = 420.0
PRODUCT_SIZE = 8192
"""Of the square matrices whose product shows what a GPU reaches."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One way, K questions."""

    seconds: float
    memory_mib: float
    tokens: int
    """That went through the language model."""


@dataclass(frozen=True, kw_only=True)
class Peak:
    """TFLOP/s, to compare with; None: not known."""

    declared: float | None = None
    """By whoever made the device, at this precision."""
    product: float | None = None
    """Of one large product of matrices, measured."""


def main() -> None:
    options = read_options()
    torch.set_num_threads(1)
    began_s = time.monotonic()
    if options.gradients or options.on_gpu:
        compare_all_gradients(options)
    if options.gradients:
        return
    peak = Peak(declared=options.peak_tflops, product=tflops_of_product() if options.on_gpu else None)
    for shape in options.shapes:
        bench = make_bench(shape, device=options.device, dtype=options.dtype, rounds=options.rounds)
        for questions in options.questions:
            if time.monotonic() - began_s > options.most_s:
                print(f"{shape}, {questions} questions: not begun, {options.most_s:.0f} s are over")
                continue
            ways = measure_ways(bench, questions)
            report(shape, questions, ways, bench, peak)
            save(options, bench, shape, f"{questions} questions", told(ways, bench, peak))
        del bench


def compare_all_gradients(options: argparse.Namespace) -> None:
    """On a GPU in half precision, too, where other kernels do it: there all ways are to have one noise."""
    shape = options.shapes[0] if options.gradients else "small"
    for dtype in dict.fromkeys((torch.float32, options.dtype)):
        bench = make_bench(shape, device=options.device, dtype=dtype, rounds=1)
        for questions in options.questions if options.gradients else [2]:
            print(f"\n{shape}, K = {questions}, {dtype}: gradients")
            gradients = compare_gradients(bench, make_rows(bench, questions))
            save(options, bench, shape, f"gradients, {questions} questions", {"gradients": gradients})


def read_options() -> argparse.Namespace:
    """The options, and what follows from the device where they say nothing."""
    parser = argparse.ArgumentParser(description="Measure what sharing saves.")
    parser.add_argument("--questions", type=lambda text: [int(k) for k in text.split(",")])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"))
    parser.add_argument("--shapes", type=lambda text: text.split(","), help=", ".join(SHAPES))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--most-s", type=float, help="begin nothing after so many seconds")
    parser.add_argument(
        "--peak-tflops", type=float, help="of the accelerator at this precision, for its share"
    )
    parser.add_argument("--gradients", action="store_true", help="compare gradients, measure nothing")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file that is added to")
    options = parser.parse_args()
    options.on_gpu = torch.device(options.device).type == "cuda"
    # The most telling first: time may run out.
    options.questions = options.questions or ([4, 16, 1, 8] if options.on_gpu else [1, 4, 8, 16])
    if options.on_gpu and not torch.cuda.is_available():
        parser.error(f"PyTorch {torch.__version__} sees no GPU here")
    if options.most_s is None:
        options.most_s = GPU_MOST_S if options.on_gpu else math.inf
    whole = options.on_gpu and not options.gradients
    options.shapes = options.shapes or (["500m", "7b"] if whole else ["small"])
    if unknown := set(options.shapes) - set(SHAPES):
        parser.error(f"no shape is called {', '.join(sorted(unknown))}; known: {', '.join(SHAPES)}")
    options.dtype = getattr(torch, options.dtype or ("bfloat16" if options.on_gpu else "float32"))
    return options


def measure_ways(bench: Bench, questions: int) -> dict[str, Measured | None]:
    """What each way costs; None where memory is too short for it."""
    rows = make_rows(bench, questions)
    ways = ways_of(bench, rows)
    measure = in_a_child if bench.device.type == "cpu" else on_an_accelerator
    costs: dict[str, list[tuple[float, float] | None]] = {name: [] for name in ways}
    for _ in range(bench.rounds):
        for name, (step, _) in ways.items():
            costs[name].append(measure(bench, step) if None not in costs[name] else None)
    return {name: least(costs[name], tokens) for name, (_, tokens) in ways.items()}


def least(costs: list[tuple[float, float] | None], tokens: int) -> Measured | None:
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        return None
    seconds, memories_mib = zip(*known, strict=True)
    return Measured(seconds=min(seconds), memory_mib=min(memories_mib), tokens=tokens)


Step = Callable[[], float]
"""Forward and backward of all rows; gives the seconds that are not to be counted (a trainer's setting up)."""


def ways_of(bench: Bench, rows: list[Row]) -> dict[str, tuple[Step, int]]:
    together, single = make_pack(rows), [make_pack([row]) for row in rows]
    by_rows, shared = together.row_tokens, len(together)
    padded = len(rows) * max(len(row) for row in rows)
    ways: dict[str, tuple[Step, int]] = {
        "rows": (lambda: learn(bench, rows, single, Level.ROWS), by_rows),
        "padded rows": (lambda: learn(bench, rows, [together], Level.ROWS), padded),
        "level 1": (lambda: learn(bench, rows, [together], Level.VISION), padded),
        "tree": (lambda: learn(bench, rows, [together], Level.TREE), shared),
        "tree, segments": (lambda: learn_by_segments(bench, rows, together), shared),
        "Trainer": (lambda: learn_by_trainer(bench, rows, plain_trainer), by_rows),
    }
    if importlib.util.find_spec("trl"):
        ways["TRL"] = (lambda: learn_by_trainer(bench, rows, trl_trainer), by_rows)
    return ways


def compare_gradients(bench: Bench, rows: list[Row]) -> dict[str, dict[str, float]]:
    """How far every way is from rows one by one, in relation to the norm of the gradient; printed, too."""
    expected: dict[str, torch.Tensor] = {}
    distances: dict[str, dict[str, float]] = {}
    print("| way | worst parameter | all parameters |\n|---|---|---|")
    for name, (step, _) in ways_of(bench, rows).items():
        if name in TRAINERS:  # they have their own loss, a mean over each row
            continue
        step()
        found = {
            key: value.grad.clone()
            for key, value in bench.model.named_parameters()
            if value.grad is not None and value.grad.any()
        }
        if not expected:
            expected = found
        else:
            apart = {key: float((found[key] - expected[key]).norm()) for key in expected}
            norms = {key: float(expected[key].norm()) for key in expected}
            worst = max(apart[key] / norms[key] for key in expected)
            total = math.hypot(*apart.values()) / math.hypot(*norms.values())
            distances[name] = {"worst": float(f"{worst:.2g}"), "all": float(f"{total:.2g}")}
            print(f"| {name} | {worst:.1e} | {total:.1e} |", flush=True)
    return distances


def learn(bench: Bench, rows: list[Row], packs: list[Pack], level: Level) -> float:
    counts, objective = WindowCounts.of(rows), Objective()
    bench.model.zero_grad()
    for pack in packs:
        logits = forward(bench.model, pack, bench.media, level=level)
        weights = target_weights(pack, counts, objective).to(bench.device)
        joint_loss(logits, torch.from_numpy(pack.targets).to(bench.device), weights).backward()
    return 0.0


def learn_by_segments(bench: Bench, rows: list[Row], together: Pack) -> float:
    use_segments(bench.model)
    try:
        return learn(bench, rows, [together], Level.TREE)
    finally:
        bench.model.set_attn_implementation({"text_config": "sdpa"})


def in_a_child(_: Bench, step: Step) -> tuple[float, float]:
    """CPU seconds of a step, and MiB of its peak above what lay there before."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            os.write(writing, json.dumps(measure_here(step)).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)  # the parent's own way on is not for its child
    os.wait()
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    if not told:
        raise SystemExit("a way of training failed, as told above")
    seconds, memory_mib = json.loads(told)
    return seconds, memory_mib


def measure_here(step: Step) -> tuple[float, float]:
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again at what lies there now
    before_kib, began_s = status_kib("VmRSS"), time.process_time()
    not_counted_s = step()
    seconds = time.process_time() - began_s - not_counted_s
    return seconds, (status_kib("VmHWM") - before_kib) / 1024


def on_an_accelerator(bench: Bench, step: Step) -> tuple[float, float] | None:
    """Seconds of a step, and MiB of its peak above what lay there before; None if memory is too short."""
    bench.model.zero_grad()  # what the step before has left is none of this one's
    torch.cuda.empty_cache()
    torch.cuda.synchronize()
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    began_s = time.perf_counter()
    try:
        not_counted_s = step()
        torch.cuda.synchronize()
    except torch.OutOfMemoryError:
        return None
    seconds = time.perf_counter() - began_s - not_counted_s
    return seconds, (torch.cuda.max_memory_allocated() - before) / 2**20


def tflops_of_product() -> float:
    """TFLOP/s of one large product of matrices in bfloat16."""
    shape = (PRODUCT_SIZE, PRODUCT_SIZE)
    first, second = (torch.randn(shape, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    for _ in range(3):
        first @ second
    torch.cuda.synchronize()
    began_s, products = time.perf_counter(), 20
    for _ in range(products):
        first @ second
    torch.cuda.synchronize()
    return 2 * PRODUCT_SIZE**3 * products / (time.perf_counter() - began_s) / 1e12


def status_kib(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def report(shape: str, questions: int, ways: dict[str, Measured | None], bench: Bench, peak: Peak) -> None:
    rows, vision = ways["rows"], ways["level 1"]
    print(f"\n{shape}, K = {questions}: {2 * questions} rows")
    print("| way | seconds | rows / it | level 1 / it | MiB | of level 1 | tokens | row tokens/s | of peak |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, way in ways.items():
        if way is None:
            print(f"| {name} | memory is too short |", flush=True)
            continue
        faster = " | ".join(
            f"{other.seconds / way.seconds:.1f}" if other else "-" for other in (rows, vision)
        )
        memory = f"{way.memory_mib:.0f} | " + (f"{way.memory_mib / vision.memory_mib:.2f}" if vision else "-")
        speed = f"{rows.tokens / way.seconds:,.0f}" if rows else "-"
        share = shares_of_peak(way, bench, peak)
        shown = ", ".join(f"{value:.0%} of {what}" for what, value in share.items())
        print(
            f"| {name} | {way.seconds:.2f} | {faster} | {memory} | {way.tokens:,} | {speed} | {shown} |",
            flush=True,
        )


def tflops(way: Measured, bench: Bench) -> float:
    """Of the products with the decoder's weights alone: 6 a weight and token, forward and backward.

    What checkpointing computes again is not counted.
    """
    return 6 * bench.parameters * way.tokens / way.seconds / 1e12


def shares_of_peak(way: Measured, bench: Bench, peak: Peak) -> dict[str, float]:
    known = {"declared": peak.declared, "product": peak.product}
    return {what: tflops(way, bench) / value for what, value in known.items() if value}


def told(ways: dict[str, Measured | None], bench: Bench, peak: Peak) -> dict[str, object]:
    """Ways as they are kept in the results; `row_tokens_per_s` counts each row's tokens, shared or not."""
    rows = ways["rows"]
    kept: dict[str, object] = {
        name: {
            "seconds": round(way.seconds, 3),
            "memory_mib": round(way.memory_mib),
            "tokens": way.tokens,
            **({"row_tokens_per_s": round(rows.tokens / way.seconds)} if rows else {}),
            **{
                f"of_{what}_peak": round(share, 3) for what, share in shares_of_peak(way, bench, peak).items()
            },
        }
        if way is not None
        else "memory is too short"
        for name, way in ways.items()
    }
    return {"ways": kept, "checkpointed": bench.is_checkpointed, "product_tflops": peak.product}


def save(
    options: argparse.Namespace, bench: Bench, shape: str, what: str, numbers: dict[str, object]
) -> None:
    on_gpu = bench.device.type == "cuda"
    entry = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": torch.cuda.get_device_name() if on_gpu else f"{platform.machine()}, one thread",
        "rounds": bench.rounds,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        **numbers,
    }
    results = json.loads(options.results.read_text()) if options.results.exists() else {}
    dtype = str(bench.model.dtype).removeprefix("torch.")
    results.setdefault(f"{options.device} {shape} {dtype}", {})[what] = entry
    options.results.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
