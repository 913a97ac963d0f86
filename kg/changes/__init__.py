"""What changed between two graphs: releases, builds or files, in words, as values and as RDF."""

from __future__ import annotations

from kg.changes.comparing import Difference, difference
from kg.changes.reading import Side, side
from kg.changes.summary import Changes, ThingChange, ValueChange, changes

__all__ = ["Changes", "Difference", "Side", "ThingChange", "ValueChange", "changes", "difference", "side"]
