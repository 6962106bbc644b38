"""Load exports with the libraries that read them; run by scripts/check_export in their environments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def load_with_datasets(folder: Path) -> None:
    """Every target by its dataset card: the same number of rows, two for each sample."""
    from datasets import disable_progress_bars, load_dataset

    disable_progress_bars()
    counts = {}
    for export in sorted(path for path in folder.iterdir() if (path / "export.json").exists()):
        rows = load_dataset(str(export))["train"]
        counts[export.name] = rows.num_rows
        print(f"{export.name:<14} {rows.num_rows} rows: {', '.join(rows.features)}")
        for video in videos_of(rows[0]):
            assert (export / video).exists(), video
    assert len(set(counts.values())) == 1, counts
    assert counts["hf"] % 2 == 0, counts


def videos_of(value: Any) -> list[str]:
    """All paths of videos in a row."""
    if isinstance(value, dict):
        return [video for item in value.values() for video in videos_of(item)]
    if isinstance(value, list):
        return [video for item in value for video in videos_of(item)]
    return [value] if isinstance(value, str) and "media/" in value and value.endswith(".mp4") else []


def load_with_ms_swift(folder: Path) -> None:
    """The rows after ms-swift's own preprocessing: every one must survive it."""
    from swift.dataset import load_dataset

    path = folder / "ms-swift" / "train.jsonl"
    rows, _ = load_dataset([str(path)], split_dataset_ratio=0.0, strict=True)
    assert len(rows) == len(path.read_text().splitlines())
    print(f"ms-swift       {len(rows)} rows: {rows[0]}")


if __name__ == "__main__":
    {"datasets": load_with_datasets, "ms-swift": load_with_ms_swift}[sys.argv[1]](Path(sys.argv[2]))
