"""Lists of operations to N-Quads, by columns and in bounded memory, with the statements that pages would give."""
