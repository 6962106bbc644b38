"""The report of an import: what became of everything that stood in the files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from videostep.formats.graphs.imported import Account, Imported
from videostep.graph import count_graph
from videostep.store.atomic import atomic_write
from videostep.store.names import name_in_utf8
from videostep.store.run_folder import RunFolder

IMPORT_FORMAT = "videostep.import/1"
IMPORT_REPORT = "import.json"
"""Its name in the run folder."""


@dataclass(slots=True)
class ImportReport:
    """Counts over all videos of an import."""

    videos: int = 0
    """With a graph."""
    graph: Counter[str] = field(default_factory=Counter)
    """Nodes and edges by kind."""
    account: Account = field(default_factory=Account)
    """What those videos' annotations said: found, carried, repaired, lost."""
    refused: Counter[str] = field(default_factory=Counter)
    """Videos without a graph, by reason."""

    def add(self, item: Imported) -> None:
        """Count one more video."""
        self.videos += 1
        self.graph.update(count_graph(item.graph))
        self.account.add(item.account)

    def plain(self) -> dict[str, Any]:
        """The counts as JSON; kinds in order, the most frequent reason first."""
        account = self.account
        return {
            "videos": self.videos,
            "graph": dict(self.graph),
            "found": dict(sorted(account.found.items())),
            "carried": dict(sorted(account.carried.items())),
            "repaired": {kind: ranked(counts) for kind, counts in sorted(account.repaired.items())},
            "lost": {kind: ranked(counts) for kind, counts in sorted(account.lost.items())},
            "refused": ranked(self.refused),
        }


def ranked(counts: Counter[str]) -> dict[str, int]:
    """Counts with the largest first, equal ones by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def write_import_report(run: RunFolder, format_name: str, path: Path, report: ImportReport) -> None:
    """Write `import.json`."""
    head = {"format": IMPORT_FORMAT, "imported": format_name, "path": name_in_utf8(path.as_posix())}
    data = msgspec.json.format(msgspec.json.encode({**head, **report.plain()})) + b"\n"
    atomic_write(run.root / IMPORT_REPORT, data)
