"""Which wrong values are suggested."""

from random import Random

import pytest

from videostep.reason.contexts import always
from videostep.reason.cores import AttributeCore
from videostep.reason.index import GraphIndex
from videostep.reason.path import Path
from videostep.reason.questions import other_value
from videostep.testing.builder import GraphBuilder


@pytest.mark.parametrize(
    ("label", "wrong"),
    [
        ("car", {"white"}),  # which the other car has: asked of that, it is right
        ("bus", {"red", "white", "black"}),  # of the only bus any
    ],
)
def test_a_wrong_value_is_best_that_of_a_thing_called_alike(label: str, wrong: set[str]) -> None:
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    for each, colour in (("car", "red"), ("car", "white"), ("bus", "green"), ("dog", "black")):
        graph.thing(clip, each, colour=colour)
    index = GraphIndex(graph.build())
    view = index.view(index.whole_s)
    core = AttributeCore(view.labelled[label][0], "colour")
    path = Path(core, (), {}, always(index), view, core.answer(view) or "")
    suggested = [other_value(path, Random(seed)) for seed in range(20)]
    assert {value for value, _ in filter(None, suggested)} == wrong
