import json
import os
from pathlib import Path
from string import ascii_uppercase

import pytest

from videostep.cli import main
from videostep.cli.exit_codes import ExitCode
from videostep.evaluate.benchmarks import open_benchmark
from videostep.pipeline import stages, watch
from videostep.pipeline.local import in_this_process
from videostep.store.samples_file import write_samples
from videostep.testing.clips import encode_video, shots
from videostep.testing.graphs import street_graph
from videostep.testing.parser import ScriptedParser
from videostep.testing.samples import STREET_SAMPLES

BENCHMARK_FILES = Path(__file__).parents[1] / "evaluate" / "benchmarks" / "files"


@pytest.fixture(scope="module")
def scripted():
    """Commands watch videos in this process, and see the street whatever the pictures show."""

    def open_scripted(name, config, *, seed, cache=None, models=None, grounding=None):
        return ScriptedParser(street_graph())

    with pytest.MonkeyPatch.context() as patch:
        for module in (stages, watch):
            patch.setattr(module, "open_parser", open_scripted)
        patch.setattr("videostep.pipeline.run.in_processes", lambda workers: in_this_process)
        yield


@pytest.fixture(scope="session")
def call():
    """Runs a command line; its exit code."""

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            main(list(map(str, arguments)))
        return end.value.code

    return run


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """As long as the street that is seen in it."""
    frames = shots([25, 25, 25, 25], width_px=64, height_px=48)
    return encode_video(tmp_path_factory.mktemp("clip") / "street.mp4", frames, fps=5)


@pytest.fixture
def run(call, scripted, clip, tmp_path, capsys):
    """A finished run."""
    assert call("run", clip, "--out", tmp_path / "run", "-q") == ExitCode.OK
    assert capsys.readouterr() == ("", "")
    return tmp_path / "run"


@pytest.fixture(scope="module")
def one_clip(tmp_path_factory):
    frames = shots([24], width_px=64, height_px=48)
    return encode_video(tmp_path_factory.mktemp("clip") / "clip.mp4", frames, fps=2)


@pytest.fixture(scope="module")
def data_of(tmp_path_factory):
    """The files of a benchmark; our own samples are its fifteenth."""
    folder = tmp_path_factory.mktemp("qra")
    write_samples(
        list(STREET_SAMPLES.values()), jsonl=folder / "samples.jsonl", parquet=folder / "samples.parquet"
    )
    return lambda name: folder if name == "qra" else BENCHMARK_FILES / name


@pytest.fixture
def videos_of(one_clip, data_of, tmp_path):
    """A folder with a file for each video of a benchmark, all of them the same clip."""

    def link(name, data=None):
        folder = tmp_path / f"videos-{name}"
        folder.mkdir()
        for item in open_benchmark(name).items(data or data_of(name)):
            path = folder / f"{Path(item.video).stem}.mp4"
            if not path.exists():
                os.link(one_clip, path)
        return folder

    return link


def right_reply(item, *, lettered):
    if item.choices is None or not lettered:
        return item.answer
    return f"({ascii_uppercase[item.answer_index]})"


@pytest.fixture(scope="session")
def write_script():
    """Writes replies, (item, reply), of a scripted model; a question and its options say which is asked."""

    def write(path, replies, first=(), rest=()):
        table = (
            {"contains": [item.question, *(item.choices or ())], "replies": [reply]}
            for item, reply in replies
            if reply
        )
        path.write_text("".join(json.dumps(line) + "\n" for line in (*first, *table, *rest)))
        return f"scripted:{path}"

    return write


@pytest.fixture
def evaluate(call, write_script, data_of, videos_of, tmp_path, capsys):
    """Evaluates a model that answers by table: right, but for what `wrong` says instead, by question id."""

    def run(name, *options, wrong=None, out="evaluation", script=(), rest=(), expect=ExitCode.OK):
        replies = [
            (item, (wrong or {}).get(item.id, right_reply(item, lettered=name != "qra")))
            for item in open_benchmark(name).items(data_of(name))
        ]
        spec = write_script(tmp_path / f"{out}.jsonl", replies, script, rest)
        videos = tmp_path / f"videos-{name}"
        videos = videos if videos.exists() else videos_of(name)
        given = ["--data", data_of(name), "--videos", videos, "--model", spec, "--out", tmp_path / out]
        code = call("evaluate", name, *given, "--frames", "2", *options)
        assert code == expect, capsys.readouterr().err
        return tmp_path / out

    return run
