"""What a graph is made of: a change elsewhere does not make it stale."""

from __future__ import annotations

import pytest

from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.pipeline import reuse
from videostep.pipeline.config import RunConfig
from videostep.pipeline.inputs import InputVideo

VIDEO = InputVideo(path="a.mp4", id="a", sha256="0")


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        ("embedded", {"induce/parsers/embedded"}),
        ("openai:m@http://x", {"induce/parsers/video_llm", "induce/prompts", "models"}),
        ("grounded", {"induce/parsers/embedded", "induce/parsers/video_llm", "induce/prompts", "models"}),
        ("brightness", {"induce/parsers/embedded", "induce/parsers/video_llm", "induce/prompts", "models"}),
    ],
)
def test_only_the_chosen_parsers_code_decides_a_graph(monkeypatch, model, parts):
    monkeypatch.setattr(reuse, "code_version", lambda *rooms: " ".join(rooms))
    config = RunConfig(model=model)
    if model == "grounded":
        config = RunConfig(model="openai:m@http://x", video_llm=VideoLlmConfig(grounding="embedded"))
    rooms = reuse.graph_made_of(VIDEO, config, "parser")["code"].split()
    assert {"media", "induce/*.py"} <= set(rooms)
    assert {room for room in rooms if room == "models" or room.startswith("induce/p")} == parts
