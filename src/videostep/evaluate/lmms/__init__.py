"""Tasks for lmms-eval, found by `--include_path` (docs/lmms-eval.md): YAML files and the code they name."""
