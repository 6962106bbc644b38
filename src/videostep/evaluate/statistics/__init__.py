"""Statistics of an evaluation: intervals by video, paired comparison, several seeds (docs/evaluate.md)."""
