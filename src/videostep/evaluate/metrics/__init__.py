"""How replies are scored: one protocol a file, and their sums by group."""
