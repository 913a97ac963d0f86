"""Readers: from the text or table of a source to `Project` values and notices of what was not understood."""
