"""What of a run is done already and still holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from videostep.errors import RunFolderError
from videostep.models import is_model_spec
from videostep.pipeline.addresses import Move, find_copies
from videostep.pipeline.config import RunConfig
from videostep.pipeline.inputs import InputVideo
from videostep.sample import VideoRef
from videostep.store.graph_file import read_video
from videostep.store.ledger import Ledger, LedgerEntry
from videostep.store.run_folder import RunFolder
from videostep.store.stamps import code_version, library_versions, sha256_of_config, sha256_of_outputs

GRAPH_ROOMS = ("media", "induce/*.py", "store/graph_drops.py", "store/graph_file.py", "store/graph_rules.py")
"""Source that decides what a graph is, whoever parses."""
EMBEDDED_ROOMS = ("induce/parsers/embedded",)
VIDEO_LLM_ROOMS = ("induce/parsers/video_llm", "induce/prompts", "models")
GRAPH_LIBRARIES = (
    "av",
    "lemminflect",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "scenedetect-headless",
    "scipy",
)
"""Other people's code that decides it too."""
ASK_ROOMS = ("reason", "store/samples_file.py", "store/asked.py", "store/entries.py", "pipeline/asking.py")
ASK_LIBRARIES = ("inflect", "lemminflect", "numpy", "pyarrow", "scipy")
REPORT_ROOMS = (
    "viewer",
    "reason/controls",
    "store/entries.py",
    "store/graph_drops.py",
    "store/refinement.py",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which videos are to be watched."""

    todo: tuple[InputVideo, ...]
    reused: tuple[InputVideo, ...]
    """Their graphs hold, the moved ones' too."""
    moves: tuple[Move, ...] = ()
    """The reused ones that lay elsewhere, or were called otherwise, when they were watched."""
    copies: tuple[str, ...] = ()
    """Ids of graphs that are of the same content as a video's own, under other names."""


def graph_made_of(video: InputVideo, config: RunConfig, parser_name: str) -> dict[str, str]:
    """All that decides a video's graph, by name."""
    return {
        "source": video.sha256,
        "config": sha256_of_config(config.induce),
        "parser": parser_name,
        "parser config": sha256_of_config(config.parser),
        "seed": str(config.seed),
        "code": code_version(*GRAPH_ROOMS, *_rooms_of_parser(config)),
        "libraries": library_versions(*GRAPH_LIBRARIES),
    }


def _rooms_of_parser(config: RunConfig) -> tuple[str, ...]:
    """Source that decides what the chosen parser says; one of another package may build on both of ours."""
    if is_model_spec(config.model) and not config.video_llm.grounding:
        return VIDEO_LLM_ROOMS
    return EMBEDDED_ROOMS if config.model == "embedded" else (*EMBEDDED_ROOMS, *VIDEO_LLM_ROOMS)


def plan_graphs(
    run: RunFolder, ledger: Ledger, videos: Sequence[InputVideo], config: RunConfig, parser_name: str
) -> Plan:
    """Part the videos into those to watch and those whose graph still holds.

    Raises:
        RunFolderError: A graph was made by something else, or was changed since; says what and what to do.
    """
    todo: list[InputVideo] = []
    reused: list[InputVideo] = []
    moves: list[Move] = []
    copies = find_copies(run, videos)
    for video in videos:
        made_of = graph_made_of(video, config, parser_name)
        _check_made_here(run, ledger, video, copies[video.id])
        ids = (video.id, *(copy.id for copy in copies[video.id]))
        held = [id_ for id_ in ids if _holds(run, ledger.find("graph", id_), id_, made_of)]
        (reused if held else todo).append(video)
        if held and (was := read_video(run.graph(held[0]))) != _ref(video):
            moves.append(Move(video=video, was=was))
    return Plan(
        todo=tuple(todo),
        reused=tuple(reused),
        moves=tuple(moves),
        copies=tuple(copy.id for found in copies.values() for copy in found),
    )


def _check_made_here(run: RunFolder, ledger: Ledger, video: InputVideo, copies: Iterable[VideoRef]) -> None:
    """A graph that was put into the folder by hand must not be lost: the user decides which one counts."""
    for copy in copies:
        if ledger.find("graph", copy.id) is None:
            graph = run.graph(copy.id)
            raise RunFolderError(
                f"{graph} is of the same video as {video.path}, but no finished graph of this run",
                remedy="take it out of the folder, or leave the video out",
            )


def _ref(video: InputVideo) -> VideoRef:
    return VideoRef(id=video.id, path=video.path, sha256=video.sha256)


def _holds(run: RunFolder, entry: LedgerEntry | None, video_id: str, made_of: dict[str, str]) -> bool:
    files = run.files_of_graph(video_id)
    if entry is None or len(files) < entry.files:
        return False
    differing = [name for name in made_of if made_of[name] != entry.made_of.get(name)]
    if differing:
        raise RunFolderError(
            f"{run.graph(video_id)} was made with another {_in_words(differing, entry, made_of)}",
            remedy="give another --out, or --redo to make all graphs anew",
        )
    if sha256_of_outputs(run.root, files) != entry.files_sha256:
        raise RunFolderError(
            f"{run.graph(video_id)} or one of its keyframes was changed after it was made",
            remedy=f"videostep ask {run.root} uses it as it is; delete it to make it anew",
        )
    return True


def _in_words(names: Sequence[str], entry: LedgerEntry, made_of: dict[str, str]) -> str:
    return ", ".join(f"{name} ({entry.made_of.get(name, 'none')} -> {made_of[name]})" for name in names)


def samples_made_of(run: RunFolder, config: RunConfig) -> dict[str, str]:
    """All that decides a run's samples, by name."""
    return {"graphs": sha256_of_outputs(run.root, run.graph_files()), **asking_made_of(config)}


def asking_made_of(config: RunConfig) -> dict[str, str]:
    """All that decides the samples of a graph besides the graph, by name."""
    return {
        "config": sha256_of_config(config.ask),
        "balance": sha256_of_config(config.balance),
        "seed": str(config.questions_seed),
        "code": code_version(*ASK_ROOMS),
        "libraries": library_versions(*ASK_LIBRARIES),
    }


_SEEN_BY_USERS = ("graphs", "config", "balance", "seed")
"""What of the above a user changes; samples of an older videostep still hold."""


def samples_are_stale(run: RunFolder, entry: LedgerEntry | None, config: RunConfig | None) -> bool:
    """Whether there are samples that do not follow from the run's graphs as they lie there now.

    Args:
        run: The run folder.
        entry: What its ledger knows of asking; without it, asking did not come to its end.
        config: The run's settings, from which the samples must follow too; None: they are not known.
    """
    if not run.samples_jsonl.exists():
        return False
    if entry is None:
        return True
    if config is None:
        return entry.made_of.get("graphs") != sha256_of_outputs(run.root, run.graph_files())
    made_of = samples_made_of(run, config)
    return any(entry.made_of.get(name) != made_of[name] for name in _SEEN_BY_USERS)


def samples_hold(run: RunFolder, ledger: Ledger, made_of: dict[str, str]) -> bool:
    """Whether a run's samples follow from `made_of` and are as asking, or refining after it, left them."""
    asked = ledger.find("ask")
    if asked is None or asked.made_of != made_of:
        return False
    return still_holds(run, asked, made_of, run.files_of_samples()) or refinement_holds(run, ledger)


def refinement_holds(run: RunFolder, ledger: Ledger) -> bool:
    """Whether the samples are those of the last asking in other words, as refining left them."""
    asked, refined = ledger.find("ask"), ledger.find("refine")
    if asked is None or refined is None or refined.made_of["samples"] != asked.files_sha256:
        return False
    return still_holds(run, refined, refined.made_of, run.files_of_refinement())


def report_made_of(run: RunFolder) -> dict[str, str]:
    """All that decides a run's report, by name."""
    samples = dict.fromkeys((*run.files_of_samples(), *run.files_of_refinement()))
    graphs = (*run.graph_files(), *run.graph_drop_files())
    inputs = (run.config, *graphs, *samples, *run.error_files())
    keyframes = sorted((run.root / "keyframes").rglob("*.jpg"))
    return {
        "run": sha256_of_outputs(run.root, (*inputs, *keyframes)),
        "code": code_version(*REPORT_ROOMS),
    }


def still_holds(
    run: RunFolder, entry: LedgerEntry | None, made_of: dict[str, str], files: Sequence[Path]
) -> bool:
    """Whether a cheap stage was done from the same things and its files are as it left them."""
    return (
        entry is not None
        and entry.made_of == made_of
        and len(files) == entry.files
        and sha256_of_outputs(run.root, files) == entry.files_sha256
    )
