"""What sharing a video between its questions saves: rows one by one, level 1 and the tree, on the same rows.

    scripts/bench sharing [--questions 1,4,8,16] [--device cuda --dtype bfloat16 --shape 7b --peak-tflops 989]
    scripts/bench sharing --questions 4 --gradients    # how far the gradients are from those of rows

Every question has two rows, an answer and a rationale, behind the same video of 768 tokens. The model is of
Qwen2.5-VL's family with random weights. On a CPU, seconds are CPU time of one thread, ways are measured in
turn, each in a process of its own, and the least of several rounds counts; memory is the peak above what lay
there before. `Trainer` is transformers' own on the same rows, one at a time, and TRL's where it is installed;
both make logits at every token, as they always do. Numbers of questions that are not measured keep theirs in
the results.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import platform
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers

from videostep.learn.objective import Objective, WindowCounts, joint_loss, target_weights
from videostep.learn.sharing import Level, Pack, Row, Target, forward, make_pack, use_segments

RESULTS = Path(__file__).parent / "results" / "sharing.json"
VIDEO_TOKENS, QUESTION_TOKENS, INSTRUCTION_TOKENS = 768, 20, 8
REPLY_TOKENS = {"answer": 12, "rationale": 92}
"""With the instruction: 20 and 100 tokens behind the question."""
GRID = (12, 16, 16)
"""Patches over time, height and width; four of them make a token."""
VIDEO_ID, START_ID, FIRST_TEXT_ID = 10, 11, 20
SHAPES = {
    "small": {"hidden": 384, "mlp": 1024, "layers": 4, "heads": 6, "kv_heads": 2, "words": 2048},
    "500m": {"hidden": 896, "mlp": 4864, "layers": 24, "heads": 14, "kv_heads": 2, "words": 151_936},
    "7b": {"hidden": 3584, "mlp": 18_944, "layers": 28, "heads": 28, "kv_heads": 4, "words": 152_064},
}
"""Decoders: a small one, and those of Qwen2.5's 0.5B and 7B."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A model and where it runs."""

    model: Any
    media: dict[str, dict[str, torch.Tensor]]
    rounds: int
    parameters: int
    """Of the decoder without its embedding: what a token is multiplied with."""

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One way, K questions."""

    seconds: float
    memory_mib: float
    tokens: int
    """That went through the language model."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what sharing saves.")
    parser.add_argument(
        "--questions", type=lambda text: [int(k) for k in text.split(",")], default=[1, 4, 8, 16]
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--shape", choices=SHAPES, default="small")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--peak-tflops", type=float, help="of the accelerator at this precision, for its share"
    )
    parser.add_argument("--gradients", action="store_true", help="compare gradients, measure nothing")
    options = parser.parse_args()
    torch.set_num_threads(1)
    bench = make_bench(options)
    for questions in options.questions:
        if options.gradients:
            compare_gradients(bench, make_rows(bench, questions))
            continue
        ways = measure_ways(bench, questions)
        report(questions, ways, bench, options.peak_tflops)
        save(questions, ways, options, bench)


def make_bench(options: argparse.Namespace) -> Bench:
    shape = SHAPES[options.shape]
    torch.manual_seed(0)
    config = transformers.Qwen2_5_VLConfig(
        text_config={
            "hidden_size": shape["hidden"], "intermediate_size": shape["mlp"],
            "num_hidden_layers": shape["layers"], "num_attention_heads": shape["heads"],
            "num_key_value_heads": shape["kv_heads"], "vocab_size": shape["words"],
            "bos_token_id": 1, "eos_token_id": 2,
            "rope_parameters": {
                "rope_type": "default", "rope_theta": 1e6, "mrope_section": mrope_section(shape),
            },
        },
        vision_config={
            "depth": 2, "hidden_size": 128, "intermediate_size": 256, "num_heads": 4,
            "out_hidden_size": shape["hidden"], "fullatt_block_indexes": [1],
        },
        video_token_id=VIDEO_ID, vision_start_token_id=START_ID, image_token_id=12, vision_end_token_id=13,
    )  # fmt: skip
    with torch.device(options.device):
        model = transformers.Qwen2_5_VLForConditionalGeneration(config).to(getattr(torch, options.dtype))
    patches = torch.randn(
        GRID[0] * GRID[1] * GRID[2], 3 * 2 * 14 * 14, device=options.device, dtype=model.dtype
    )
    grid = torch.tensor([GRID], device=options.device)
    layers = model.model.language_model.layers
    return Bench(
        model=model,
        media={"video": {"pixel_values_videos": patches, "video_grid_thw": grid}},
        rounds=options.rounds,
        parameters=sum(parameter.numel() for parameter in layers.parameters()),
    )


def mrope_section(shape: dict[str, int]) -> list[int]:
    pairs = shape["hidden"] // shape["heads"] // 2
    return [pairs - 2 * (pairs * 3 // 8), pairs * 3 // 8, pairs * 3 // 8]


def make_rows(bench: Bench, questions: int) -> list[Row]:
    """Two rows a question, of random words."""
    noise = torch.Generator().manual_seed(questions)

    def text(length: int) -> list[int]:
        words = bench.model.config.text_config.vocab_size
        return torch.randint(FIRST_TEXT_ID, words, (length,), generator=noise).tolist()

    instructions = {task: text(INSTRUCTION_TOKENS) for task in REPLY_TOKENS}
    rows = []
    for _ in range(questions):
        question = text(QUESTION_TOKENS)
        for task, length in REPLY_TOKENS.items():
            reply = text(length)
            tokens = [START_ID, *[VIDEO_ID] * VIDEO_TOKENS, *question, *instructions[task], *reply]
            first = len(tokens) - length - 1
            targets = [Target(position=first + at, token=token, task=task) for at, token in enumerate(reply)]
            rows.append(row_of(bench, tokens, targets))
    return rows


def row_of(bench: Bench, tokens: list[int], targets: Sequence[Target]) -> Row:
    ids = torch.tensor([tokens])
    kinds = (ids == VIDEO_ID).int() * 2
    positions, _ = bench.model.model.get_rope_index(ids, kinds, video_grid_thw=torch.tensor([GRID]))
    return Row(tokens=tokens, targets=tuple(targets), media="video", positions=positions[:, 0].numpy())


def measure_ways(bench: Bench, questions: int) -> dict[str, Measured]:
    rows = make_rows(bench, questions)
    ways = ways_of(bench, rows)
    measure = in_a_child if bench.device.type == "cpu" else on_an_accelerator
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(bench.rounds):
        for name, (step, _) in ways.items():
            costs[name].append(measure(step))
    return {
        name: Measured(
            seconds=min(seconds for seconds, _ in costs[name]),
            memory_mib=min(memory for _, memory in costs[name]),
            tokens=tokens,
        )
        for name, (_, tokens) in ways.items()
    }


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


def compare_gradients(bench: Bench, rows: list[Row]) -> None:
    """Print how far every way is from rows one by one, in relation to the norm of the gradient."""
    expected: dict[str, torch.Tensor] = {}
    print("| way | worst parameter | all parameters |\n|---|---|---|")
    for name, (step, _) in ways_of(bench, rows).items():
        step()
        found = {
            key: value.grad.clone()
            for key, value in bench.model.named_parameters()
            if value.grad is not None and value.grad.any()
        }
        if not expected:
            expected = found
        elif "T" not in name:  # trainers have their own loss, a mean over each row
            apart = {key: float((found[key] - expected[key]).norm()) for key in expected}
            norms = {key: float(expected[key].norm()) for key in expected}
            worst = max(apart[key] / norms[key] for key in expected)
            print(
                f"| {name} | {worst:.1e} | {math.hypot(*apart.values()) / math.hypot(*norms.values()):.1e} |"
            )


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
    learn(bench, rows, [together], Level.TREE)
    bench.model.set_attn_implementation({"text_config": "sdpa"})
    return 0.0


def learn_by_trainer(bench: Bench, rows: list[Row], make: Callable[..., Any]) -> float:
    """One step of a trainer of rows, one row at a time, that is not to change the weights."""
    clock_s = time.process_time if bench.device.type == "cpu" else time.perf_counter
    began_s = clock_s()
    with tempfile.TemporaryDirectory() as folder:
        trainer = make(
            bench.model,
            lambda batch: inputs_of(bench, rows[batch[0]["number"]]),
            len(rows),
            output_dir=folder, per_device_train_batch_size=1, gradient_accumulation_steps=len(rows),
            max_steps=1, learning_rate=0.0, optim="sgd", max_grad_norm=0.0, report_to=[], save_strategy="no",
            disable_tqdm=True, remove_unused_columns=False, use_cpu=bench.device.type == "cpu",
            logging_strategy="no", label_names=["labels"],
        )  # fmt: skip
        started_s = clock_s()
        trainer.train()
    return started_s - began_s


def plain_trainer(model: Any, collator: Any, rows: int, **arguments: Any) -> Any:
    return transformers.Trainer(
        model=model,
        args=transformers.TrainingArguments(**arguments),
        train_dataset=[{"number": number} for number in range(rows)],
        data_collator=collator,
    )


def trl_trainer(model: Any, collator: Any, rows: int, **arguments: Any) -> Any:
    from datasets import Dataset
    from tokenizers import Tokenizer, models
    from trl import SFTConfig, SFTTrainer

    words = Tokenizer(models.WordLevel({"<end>": 0}, unk_token="<end>"))
    settings = {
        "dataset_kwargs": {"skip_prepare_dataset": True},
        "gradient_checkpointing": False,
        "bf16": False,
    }
    return SFTTrainer(
        model=model,
        args=SFTConfig(**arguments, **settings),
        train_dataset=Dataset.from_dict({"number": list(range(rows))}),
        data_collator=collator,
        processing_class=transformers.PreTrainedTokenizerFast(tokenizer_object=words, eos_token="<end>"),
    )


def inputs_of(bench: Bench, row: Row) -> dict[str, torch.Tensor]:
    labels = torch.full((1, len(row)), -100)
    for target in row.targets:
        labels[0, target.position + 1] = target.token
    inputs = {
        "input_ids": torch.from_numpy(row.tokens)[None],
        "attention_mask": torch.ones(1, len(row), dtype=torch.long),
        "position_ids": torch.from_numpy(row.axes)[:, None],
        "labels": labels,
    }
    return inputs | {name: value.cpu() for name, value in bench.media[row.media].items()}


def in_a_child(step: Step) -> tuple[float, float]:
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


def on_an_accelerator(step: Step) -> tuple[float, float]:
    """Seconds of a step, and MiB of its peak above what lay there before."""
    torch.cuda.synchronize()
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    began_s = time.perf_counter()
    not_counted_s = step()
    torch.cuda.synchronize()
    seconds = time.perf_counter() - began_s - not_counted_s
    return seconds, (torch.cuda.max_memory_allocated() - before) / 2**20


def status_kib(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def report(questions: int, ways: dict[str, Measured], bench: Bench, peak_tflops: float | None) -> None:
    rows, vision = ways["rows"], ways["level 1"]
    print(f"\nK = {questions}: {2 * questions} rows, {rows.tokens:,} tokens")
    print("| way | seconds | rows / it | level 1 / it | MiB | of level 1 | tokens | row tokens/s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, way in ways.items():
        faster = f"{rows.seconds / way.seconds:.1f} | {vision.seconds / way.seconds:.1f}"
        memory = f"{way.memory_mib:.0f} | {way.memory_mib / vision.memory_mib:.2f}"
        speed = f"{rows.tokens / way.seconds:,.0f}"
        share = f", {tflops(way, bench) / peak_tflops:.0%} of peak" if peak_tflops else ""
        print(
            f"| {name} | {way.seconds:.2f} | {faster} | {memory} | {way.tokens:,} | {speed}{share} |",
            flush=True,
        )


def tflops(way: Measured, bench: Bench) -> float:
    """Of the products with the decoder's weights alone: 6 a weight and token, forward and backward."""
    return 6 * bench.parameters * way.tokens / way.seconds / 1e12


def save(questions: int, ways: dict[str, Measured], options: argparse.Namespace, bench: Bench) -> None:
    on_gpu = bench.device.type == "cuda"
    entry = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": torch.cuda.get_device_name() if on_gpu else f"{platform.machine()}, one thread",
        "rounds": options.rounds,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "ways": {
            name: {
                "seconds": round(way.seconds, 3),
                "memory_mib": round(way.memory_mib),
                "tokens": way.tokens,
            }
            for name, way in ways.items()
        },
    }
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kind = results.setdefault(f"{options.device} {options.shape} {options.dtype}", {})
    kind[f"{questions} questions"] = entry
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
