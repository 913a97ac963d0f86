"""Finds projects by words, filters and counts, from one SQLite file that is built beside the store."""

from __future__ import annotations

from kg.search.asking import Answered, Query
from kg.search.beside import created_beside
from kg.search.creating import FILE, create
from kg.search.facets import FACETS, KINDS, ORDERS, Count
from kg.search.figures import Sum
from kg.search.index import Index
from kg.search.rows import ProjectRow, Thing, UseRow

__all__ = [
    "FACETS",
    "FILE",
    "KINDS",
    "ORDERS",
    "Answered",
    "Count",
    "Index",
    "ProjectRow",
    "Query",
    "Sum",
    "Thing",
    "UseRow",
    "create",
    "created_beside",
]
