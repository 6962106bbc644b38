"""The module stands alone, and its page shows code that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

ROOT = Path(__file__).parents[3]


def test_it_knows_nothing_of_videostep_but_its_errors():
    code = (
        "import sys, videostep.learn.sharing; print(*(name for name in sys.modules if 'videostep' in name))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    others = [name for name in printed.split() if not name.startswith("videostep.learn.sharing")]
    assert sorted(others) == ["videostep", "videostep.errors", "videostep.learn"]


def test_the_code_of_its_page_runs_and_gives_the_gradients_of_plain_rows():
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "sharing.md").read_text(), flags=re.DOTALL)
    names: dict = {}
    exec(compile(code, "docs/sharing.md", "exec"), names)
    model, rows = names["model"], names["rows"]
    assert names["level"] == "tree"
    found = {name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    model.zero_grad()
    for row in rows:
        logits = model(input_ids=torch.from_numpy(row.tokens)[None]).logits[0]
        places = [target.position for target in row.targets]
        targets = torch.tensor([target.token for target in row.targets])
        torch.nn.functional.cross_entropy(logits[places], targets).backward()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(found[name], parameter.grad, rtol=1e-4, atol=1e-7)
