"""Hugging Face datasets: every target by its dataset card."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from datasets import disable_progress_bars, load_dataset


def main(exports: Path) -> None:
    """Every export in a folder has the same number of rows, two for each sample, and the videos it names."""
    disable_progress_bars()
    counts = {}
    for export in sorted(path for path in exports.iterdir() if (path / "export.json").exists()):
        rows = load_dataset(str(export))["train"]
        counts[export.name] = rows.num_rows
        print(f"datasets       {export.name:<14} {rows.num_rows} rows: {', '.join(rows.features)}")
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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
