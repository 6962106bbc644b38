"""docs/: links lead somewhere, and the parser that docs/design.md shows is one."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from videostep import plugins
from videostep.errors import ConfigError
from videostep.induce.parse import SceneParser
from videostep.induce.parsers import ENTRY_POINT_GROUP, open_parser
from videostep.induce.video import induce_video
from videostep.store.graph_file import check_graph
from videostep.testing.clips import encode_video, shots

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))
DESIGN = (ROOT / "docs" / "design.md").read_text()


def anchors_of(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
        name, _, anchor = target.partition("#")
        linked = page.parent / name if name else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors_of(linked), target


PAPER_PAGE = (ROOT / "docs" / "paper.md").read_text()
PLACES = sorted(set(re.findall(r"`([\w/]+/|[\w/]+\.py)(?:: ([\w.]+))?`", PAPER_PAGE)))


@pytest.mark.parametrize(("place", "name"), PLACES, ids=str)
def test_the_paper_page_points_at_code_that_exists(place: str, name: str) -> None:
    path = ROOT / "src" / "videostep" / place
    assert path.exists()
    code = path.read_text() if name else ""
    owner, _, member = name.partition(".")
    assert owner in {"", *(getattr(node, "name", None) for node in ast.walk(ast.parse(code)))}
    assert not member or re.search(rf"^    (?:def )?{member}\b", code, flags=re.MULTILINE)


def block_of(language: str) -> str:
    (block,) = re.findall(rf"```{language}\n(.*?)```", DESIGN, flags=re.DOTALL)
    return block


def test_the_parser_of_the_design_page_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ((name, value),) = tomllib.loads(block_of("toml"))["project"]["entry-points"]["videostep.parsers"].items()
    module = ModuleType(value.partition(":")[0])
    exec(block_of("python"), module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    point = EntryPoint(name=name, value=value, group=ENTRY_POINT_GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point])

    with pytest.raises(ConfigError, match="brightness has no setting 'bright'; known: bright_from"):
        open_parser(name, {"bright": 0.5})
    parser = open_parser(name, {"bright_from": 0.4}, seed=1)
    assert parser.bright_from == 0.4
    assert isinstance(parser, SceneParser)
    clip = encode_video(tmp_path / "clip.mp4", shots([30, 30]))
    induced = induce_video(clip, parser)
    check_graph(induced.graph, source="the page's graph")
    assert {node.label for node in induced.graph.objects} == {"scene"}
    assert {node.value for node in induced.graph.attributes} <= {"bright", "dark"}
    assert len(induced.graph.clips) == len(induced.graph.attributes) == 2
