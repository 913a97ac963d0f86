"""Puts the sources of a build together: one organisation becomes one owner, pages of one project are compared."""

from __future__ import annotations

from kg.joining.pages import GraphText, Joined, MappedPage, own_text, with_uses

__all__ = ["GraphText", "Joined", "MappedPage", "own_text", "with_uses"]
