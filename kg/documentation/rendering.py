"""Fills the templates of the documentation, and hands out the style of pages that stand alone."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style sheet of pages that stand alone."""
    return Path(__file__).with_name("pages.css").read_text(encoding="utf-8")
