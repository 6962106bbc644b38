"""Imports go one way, rooms are small, heavy libraries are loaded late."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "videostep"
MODULES = sorted(SOURCE.rglob("*.py"))

# A room may import from rooms of a lower layer and from itself.
LAYERS = (
    ("errors",),
    ("plugins", "records", "video"),
    ("graph", "sample"),
    ("instruction", "part_words"),
    ("media",),
    ("frames",),
    ("families",),
    ("models",),
    ("store",),
    ("evaluate", "formats", "induce", "learn", "reason"),
    ("viewer",),
    ("pipeline",),
    ("cli",),
)
LAYER_OF = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}
# The package's root names the version for everyone; the test kit may be used by nobody in the package.
ROOT, TEST_KIT = "videostep", "testing"
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def imports_of(path: Path) -> Iterator[str]:
    return imports_in(ast.parse(path.read_text()), path)


def imports_in(tree: ast.AST, path: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def rooms_imported_by(path: Path) -> set[str]:
    names = (name.split(".") for name in imports_of(path))
    return {parts[1] for parts in names if parts[0] == ROOT and len(parts) > 1}


def named(paths: list[Path]) -> list:
    return [pytest.param(path, id=path.relative_to(SOURCE).as_posix()) for path in paths]


@pytest.mark.parametrize("path", named([path for path in MODULES if room_of(path) in LAYER_OF]))
def test_a_room_imports_only_rooms_of_lower_layers(path):
    room = room_of(path)
    allowed = {lower for lower, layer in LAYER_OF.items() if layer < LAYER_OF[room]} | {room, "__version__"}
    assert rooms_imported_by(path) <= allowed


def test_every_room_has_a_layer():
    assert {room_of(path) for path in MODULES} == {*LAYER_OF, TEST_KIT, "__init__", "__main__"}


def test_the_design_page_shows_the_layers():
    line = " <- ".join(", ".join(rooms) for rooms in LAYERS)
    assert f"```\n{line}\n```" in (SOURCE.parents[1] / "docs" / "design.md").read_text()


def test_the_verifier_shares_nothing_with_the_sampler():
    modules = [path for path in MODULES if path.is_relative_to(SOURCE / "reason" / "verify")]
    assert modules
    for path in modules:
        reason = {name for name in imports_of(path) if name.startswith("videostep.reason")}
        assert {name for name in reason if not name.startswith("videostep.reason.verify")} == set(), path


def test_no_files_import_one_another_in_a_circle():
    files = {f"{ROOT}.{'.'.join(path.relative_to(SOURCE).with_suffix('').parts)}": path for path in MODULES}
    files = {name.removesuffix(".__init__"): path for name, path in files.items()}
    needs = {name: {file_of(found, files) for found in run_imports_of(path)} for name, path in files.items()}
    order = TopologicalSorter({name: found - {name, ROOT, ""} for name, found in needs.items()})
    assert set(order.static_order()) == files.keys()


def file_of(name: str, files: dict[str, Path]) -> str:
    """The file that an imported name comes from: `videostep.video` of `videostep.video.TimeSpan`."""
    return name if name in files else name.rpartition(".")[0] if name.startswith(ROOT) else ""


def run_imports_of(path: Path) -> Iterator[str]:
    """What a file imports while it runs, late or not: leaves out what only its types need."""
    return imports_in(WithoutTypes().visit(ast.parse(path.read_text())), path)


class WithoutTypes(ast.NodeTransformer):
    """Takes out `if TYPE_CHECKING:`."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        is_for_types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return None if is_for_types else self.generic_visit(node)


def test_there_is_no_room_for_odds_and_ends():
    names = {part for path in MODULES for part in path.relative_to(SOURCE).with_suffix("").parts}
    assert names.isdisjoint({"utils", "util", "helpers", "helper", "common", "misc", "tools"})


@pytest.mark.parametrize("path", named(MODULES))
def test_files_and_functions_are_short(path):
    text = path.read_text()
    assert text.count("\n") <= MOST_LINES_OF_A_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= MOST_LINES_OF_A_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("statement", ["import videostep", "import videostep.cli"])
def test_heavy_libraries_are_not_loaded_by(statement):
    code = f"import sys; {statement}; print(*(name for name in sys.modules if '.' not in name))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    heavy = {"av", "cv2", "numpy", "onnxruntime", "openai", "pyarrow", "scipy", "torch", "transformers"}
    assert heavy.isdisjoint(printed.split())
