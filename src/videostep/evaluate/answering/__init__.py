"""Asking a model the questions of a benchmark: frames, words, blind controls (docs/evaluate.md)."""
