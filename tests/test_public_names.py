import subprocess
import sys

import pytest

import videostep

PUBLIC_NAMES = {
    "Clip",
    "ClipGraph",
    "FrameGraph",
    "Keyframe",
    "ReasoningStep",
    "RunConfig",
    "Sample",
    "SceneParser",
    "TimeSpan",
    "Verifier",
    "Video",
    "VideoGraph",
    "VideostepError",
    "__version__",
    "ask_graph",
    "execute",
    "induce_video",
    "open_parser",
    "read_graph",
    "read_samples",
    "run_videos",
    "split_video",
    "write_graph",
    "write_report",
}


def test_the_public_names_are_these():
    assert set(videostep.__all__) == PUBLIC_NAMES
    assert set(dir(videostep)) == PUBLIC_NAMES


@pytest.mark.parametrize("name", sorted(PUBLIC_NAMES))
def test_every_public_name_can_be_imported(name):
    assert getattr(videostep, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'graph_video'"):
        _ = videostep.graph_video


def test_the_import_loads_nothing_but_the_standard_library():
    code = (
        "import sys; before = set(sys.modules); import videostep; "
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(loaded - sys.stdlib_module_names - {'videostep'}))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
