"""The benchmarks: one file each, loaded when it is chosen."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from videostep.errors import ConfigError
from videostep.evaluate.benchmarks.benchmark import Benchmark
from videostep.plugins import nearest

BENCHMARKS: Final = {
    "agqa2": "agqa2",
    "star": "star",
}
"""Name of a benchmark to the module of this folder that defines it, as `BENCHMARK`."""


def open_benchmark(name: str) -> Benchmark:
    """The benchmark of a name; raises ConfigError when there is none."""
    if name not in BENCHMARKS:
        raise ConfigError(f"no benchmark is called {name!r}", remedy=nearest(name, BENCHMARKS))
    benchmark: Benchmark = import_module(f"{__name__}.{BENCHMARKS[name]}").BENCHMARK
    return benchmark
