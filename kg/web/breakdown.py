"""How projects spread over methods, regions, years and owners, as rows with bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.search import Count
from kg.web.views import View

_MOST_YEARS = 40


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
    """Return the rows of a facet over some projects: every year from the first to the last, others by size."""
    if not projects:
        return []
    counts = view.index.columns.counts(facet, view.index.columns.listed(projects), (), most)
    largest = max((count.projects for count in counts), default=1)
    language = view.asked.language
    rows = []
    for count in _every_year(counts) if facet == "year" else counts:
        share = 100 * count.projects / largest
        if facet == "year":
            year = str(count.value)
            rows.append(BarRow(year, language, view.asked.href("search", year=year), year, count.projects, share))
        else:
            link = view.link(view.index.thing(count.value))
            rows.append(BarRow(link.label, link.language, link.href, link.key, count.projects, share))
    return rows


def _every_year(counts: Sequence[Count]) -> list[Count]:
    """Return the counts of years in their order, and of the years between that have no project."""
    found = {count.value: count for count in counts}
    first, last = min(found), max(found)
    if last - first > _MOST_YEARS:  # a wrong digit in a date
        return [found[year] for year in sorted(found)]
    return [found.get(year, Count(year, 0, False)) for year in range(first, last + 1)]


def owners_of(view: View, projects: Sequence[int], most: int) -> list[BarRow]:
    """Return the owners of most of the projects."""
    return breakdown(view, projects, "owner", most=most)
