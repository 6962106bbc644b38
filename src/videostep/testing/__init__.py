"""For tests and examples: small graphs whose truth is known, and a parser that answers from a table."""
