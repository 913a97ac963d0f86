"""Which projects have which things, as sparse matrices: the form in which pairs are cheap.

Rows are projects; columns are things of one kind. Everything is in the order of `kg.network.reading.Facts`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.model import LINKING_ROLES, ROLES
from kg.network.reading import Facts

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
    Integers = np.ndarray[tuple[int], np.dtype[np.int64]]

KINDS_OF_RELATIONS = {
    "owner": "owner",
    "region": "region",
    "fund": "fund",
    "programme": "programme",
    "programmeArea": "programme-area",
    "specificObjective": "specific-objective",
    "interventionField": "intervention-field",
    "ownerUnit": "unit",
}
"""Kinds of things that a project has through one relation; methods come from uses, so that roles can be chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which projects and uses count.

    `roles` are roles of methods, by default those that link; `period` holds the first and last day, either of them
    None for open, and takes projects that run on any day of it; a project without dates is in no period.
    `region` and `fund` are keys (``SE12``, ``ESF_PLUS``).

    Raises:
        UsageError: a role is unknown.
    """

    roles: Collection[str] = LINKING_ROLES
    period: tuple[date | None, date | None] | None = None
    region: str | None = None
    fund: str | None = None

    def __post_init__(self) -> None:
        for role in self.roles:
            if role not in ROLES:
                raise UsageError(f"unknown role {role!r}; roles are {', '.join(ROLES)}")


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Incidence:
    """A matrix of zeros and ones: `matrix[i, j]` is 1 where `rows[i]` has `columns[j]`; both are node ids."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    matrix: sparse.csr_array = field(repr=False)


def incidence(facts: Facts, kind: str, choice: Choice = EVERYTHING) -> Incidence:
    """Return which of the chosen projects have which things of `kind`; projects without any stay as empty rows.

    Raises:
        UsageError: projects have no things of that kind, or the choice names a region or fund that is not there.
    """
    projects = chosen_projects(facts, choice)
    pairs = [pair for pair in _pairs(facts, kind, choice) if pair[0] in projects]
    columns = {target for _, target in pairs}
    rows = tuple(node for node in facts.nodes if node in projects)
    return filled(rows, tuple(node for node in facts.nodes if node in columns), pairs)


def filled(rows: tuple[str, ...], columns: tuple[str, ...], pairs: Iterable[tuple[str, str]]) -> Incidence:
    """Return the matrix with a 1 for each distinct pair of row and column."""
    import numpy as np
    from scipy import sparse

    row_of = {node: place for place, node in enumerate(rows)}
    column_of = {node: place for place, node in enumerate(columns)}
    width = max(1, len(columns))
    cells = np.unique(np.fromiter((row_of[row] * width + column_of[column] for row, column in pairs), np.int64))
    at = cells // width, cells % width
    return Incidence(rows, columns, sparse.csr_array((np.ones(len(cells)), at), shape=(len(rows), len(columns))))


def chosen_projects(facts: Facts, choice: Choice) -> frozenset[str]:
    """Return the ids of the projects that a choice takes.

    Raises:
        UsageError: the choice names a region or fund that no project has.
    """
    chosen = {node.id for node in facts.nodes.values() if node.kind == "project"}
    for relation, key in (("region", choice.region), ("fund", choice.fund)):
        if key is not None:
            having = {link.source for link in facts.links if link.target == f"{relation}:{key}"}
            if not having:
                raise UsageError(f"no project has the {relation} {key!r}")
            chosen &= having
    if choice.period is not None:
        first, last = choice.period
        chosen = {project for project in chosen if _runs(facts, project, first, last)}
    return frozenset(chosen)


def _runs(facts: Facts, project: str, first: date | None, last: date | None) -> bool:
    attributes = facts.nodes[project].attributes
    start, end = attributes.get("startDate"), attributes.get("endDate")
    if start is None and end is None:
        return False
    # ISO 8601 days sort as text.
    begins_in_time = last is None or start is None or str(start) <= last.isoformat()
    return begins_in_time and (first is None or end is None or str(end) >= first.isoformat())


def _pairs(facts: Facts, kind: str, choice: Choice) -> Iterable[tuple[str, str]]:
    if kind == "method":
        return (
            (use.project, use.method) for use in facts.uses if use.role in choice.roles and use.method in facts.nodes
        )
    relations = [relation for relation, target in KINDS_OF_RELATIONS.items() if target == kind]
    if not relations:
        known = ", ".join(["method", *KINDS_OF_RELATIONS.values()])
        raise UsageError(f"projects have no things of the kind {kind!r}; there are {known}")
    return ((link.source, link.target) for link in facts.links if link.relation == relations[0])
