"""Constrained decoding: even random weights keep to a form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta

from videostep.models import open_model
from videostep.models.forms import read_form
from videostep.models.local.config import TransformersConfig
from videostep.models.protocol import Message, Reply, Request, Sampling, ask_all

torch = pytest.importorskip("torch", reason="needs videostep[train]")
torch.set_num_threads(1)
pytestmark = pytest.mark.filterwarnings("default")
tiny = pytest.importorskip("videostep.testing.tiny_models")


@dataclass(frozen=True, kw_only=True)
class Thing:
    label: Annotated[str, Meta(max_length=6)]
    kind: Literal["static", "dynamic"]
    number: Annotated[int, Meta(ge=0, le=9)]


@dataclass(frozen=True, kw_only=True)
class Things:
    things: Annotated[tuple[Thing, ...], Meta(max_length=2)]


CPU = TransformersConfig(device_map="cpu", batch_size=4, max_attempts=1)


def says(text: str, form: type | None, n: int = 1) -> Request:
    sampling = Sampling(n=n, temperature=1.0, max_tokens=200)
    return Request(messages=(Message(role="user", parts=(text,)),), form=form, sampling=sampling)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_tiny("qwen2_5_vl", tmp_path_factory.mktemp("weights") / "tiny")


def test_random_weights_keep_to_a_form(folder: Path) -> None:
    pytest.importorskip("xgrammar", reason="needs xgrammar")
    model = open_model(f"transformers:{folder}", CPU)
    assert model.name.endswith(":xgrammar")
    (outcome,) = ask_all(model, [says("what is there?", Things, n=4)])
    assert isinstance(outcome, Reply)
    assert outcome.missing == ()
    assert all(len(read_form(text, Things).things) <= 2 for text in outcome.texts)
    assert len(set(outcome.texts)) > 1


def test_free_text_in_the_same_batch_stays_free(folder: Path) -> None:
    pytest.importorskip("xgrammar", reason="needs xgrammar")
    model = open_model(f"transformers:{folder}", CPU)
    formed, free = ask_all(model, [says("what is there?", Things), says("say something", None)])
    alone, _ = ask_all(model, [says("say something", None), says("say something", None)])
    assert isinstance(formed, Reply)
    assert str(free) == str(alone)


def test_without_constraints_random_weights_do_not(folder: Path) -> None:
    model = open_model(f"transformers:{folder}", replace(CPU, constrain=False))
    assert model.name.endswith(":auto")
    (outcome,) = ask_all(model, [says("what is there?", Things)])
    assert not isinstance(outcome, Reply)
