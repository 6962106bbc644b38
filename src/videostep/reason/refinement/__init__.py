"""Other words for a sample, from a language model or a rule: taken only when they provably say the same."""
