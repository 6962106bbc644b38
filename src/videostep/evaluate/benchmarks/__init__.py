"""The benchmarks: one file each, loaded when it is chosen."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from videostep.errors import ConfigError
from videostep.evaluate.benchmarks.benchmark import Benchmark
from videostep.plugins import nearest

BENCHMARKS: Final = {
    "agqa2": "agqa2:BENCHMARK",
    "star": "star:BENCHMARK",
    "msvd-qa": "open_questions:MSVD",
    "msrvtt-qa": "open_questions:MSRVTT",
    "activitynet-qa": "open_questions:ACTIVITYNET",
    "nextqa": "nextqa:CHOICES",
    "nextqa-open": "nextqa:OPEN",
    "tgif-qa": "tgif_qa:BENCHMARK",
    "mvbench": "mvbench:BENCHMARK",
    "tempcompass": "tempcompass:BENCHMARK",
    "moviechat-1k": "moviechat:BENCHMARK",
    "mlvu": "mlvu:BENCHMARK",
    "video-mme": "video_mme:BENCHMARK",
    "qra": "qra:BENCHMARK",
}
"""Name of a benchmark to the module of this folder that defines it, and its name there."""


def open_benchmark(name: str) -> Benchmark:
    """The benchmark of a name; raises ConfigError when there is none."""
    if name not in BENCHMARKS:
        raise ConfigError(f"no benchmark is called {name!r}", remedy=nearest(name, BENCHMARKS))
    module, _, constant = BENCHMARKS[name].partition(":")
    benchmark: Benchmark = getattr(import_module(f"{__name__}.{module}"), constant)
    return benchmark
