import pytest

from videostep.cli import main
from videostep.cli.exit_codes import ExitCode
from videostep.pipeline import stages, watch
from videostep.pipeline.local import in_this_process
from videostep.testing.clips import encode_video, shots
from videostep.testing.graphs import street_graph
from videostep.testing.parser import ScriptedParser


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
