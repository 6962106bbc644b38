"""Tables of numbers as Markdown and LaTeX, ours beside the paper's (docs/evaluate.md)."""
