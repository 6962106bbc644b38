"""Blind controls: how well questions are answered by who never saw a video (docs/controls.md)."""
