"""How projects spread over methods, regions, years and owners, as rows with bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.web.views import View


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row: a thing or a year, how many projects it has, and its share of the largest row (0–100)."""

    label: str
    language: str
    href: str
    key: str
    projects: int
    share: float


def breakdown(view: View, projects: Sequence[int], facet: str, *, most: int = 60) -> list[BarRow]:
    """Return the rows of a facet over some projects: years from the first to the last, others by size."""
    if not projects:
        return []
    counts = view.index.columns.counts(facet, view.index.columns.listed(projects), (), most)
    largest = max((count.projects for count in counts), default=1)
    language = view.asked.language
    rows = []
    for count in sorted(counts, key=lambda count: count.value) if facet == "year" else counts:
        share = 100 * count.projects / largest
        if facet == "year":
            year = str(count.value)
            rows.append(BarRow(year, language, view.asked.href("search", year=year), year, count.projects, share))
        else:
            link = view.link(view.index.thing(count.value))
            rows.append(BarRow(link.label, link.language, link.href, link.key, count.projects, share))
    return rows


def owners_of(view: View, projects: Sequence[int], most: int) -> list[BarRow]:
    """Return the owners of most of the projects."""
    return breakdown(view, projects, "owner", most=most)
