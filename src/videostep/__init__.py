"""videostep: raw videos in; scene graphs and verified question-rationale-answer data out.

The names below are the public ones. Each is imported from its room when it is first used, so that
`import videostep` is quick and loads no heavy library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from videostep.errors import VideostepError as VideostepError
    from videostep.graph import ClipGraph as ClipGraph
    from videostep.graph import FrameGraph as FrameGraph
    from videostep.graph import VideoGraph as VideoGraph
    from videostep.induce.parse import SceneParser as SceneParser
    from videostep.induce.parsers import open_parser as open_parser
    from videostep.induce.split import split_video as split_video
    from videostep.induce.video import induce_video as induce_video
    from videostep.pipeline.config import RunConfig as RunConfig
    from videostep.pipeline.run import run_videos as run_videos
    from videostep.reason.ask import ask_graph as ask_graph
    from videostep.reason.verify import Verifier as Verifier
    from videostep.reason.verify import execute as execute
    from videostep.sample import ReasoningStep as ReasoningStep
    from videostep.sample import Sample as Sample
    from videostep.store.graph_file import read_graph as read_graph
    from videostep.store.graph_file import write_graph as write_graph
    from videostep.store.samples_file import read_samples as read_samples
    from videostep.video import Clip as Clip
    from videostep.video import Keyframe as Keyframe
    from videostep.video import TimeSpan as TimeSpan
    from videostep.video import Video as Video
    from videostep.viewer.report import write_report as write_report

_HOMES = {
    "Clip": "video",
    "ClipGraph": "graph",
    "FrameGraph": "graph",
    "Keyframe": "video",
    "ReasoningStep": "sample",
    "RunConfig": "pipeline.config",
    "Sample": "sample",
    "SceneParser": "induce.parse",
    "TimeSpan": "video",
    "Verifier": "reason.verify",
    "Video": "video",
    "VideoGraph": "graph",
    "VideostepError": "errors",
    "ask_graph": "reason.ask",
    "execute": "reason.verify",
    "induce_video": "induce.video",
    "open_parser": "induce.parsers",
    "read_graph": "store.graph_file",
    "read_samples": "store.samples_file",
    "run_videos": "pipeline.run",
    "split_video": "induce.split",
    "write_graph": "store.graph_file",
    "write_report": "viewer.report",
}

__all__ = [*_HOMES, "__version__"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'videostep' has no attribute {name!r}")
    return getattr(import_module(f"videostep.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
