"""Writes the search index: one pass over the statements, then tables, full text, and columns for counting."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BuildError
from kg.model import LINKING_ROLES
from kg.search.reading import Read, Reader
from kg.search.schema import INDEXES, NUMBER, NUMERIC, PLACE, SCALARS, TABLES, VERSION
from kg.vocabulary import Names

if TYPE_CHECKING:
    import numpy as np

    from kg.search.numbering import Numbering

FILE = "search.sqlite"
"""Name of the index inside the folder of a generation."""
_COUNTED = ("owner", "ownerUnit", "region", "fund", "programme", "programmeArea", "specificObjective",
            "interventionField", "method", "source", "municipality", "county")  # fmt: skip
"""Relations by which a project counts for a thing."""
_NAMELESS = frozenset(("source", "graph", "agent", "scheme", "project"))
"""Kinds whose names are not offered beside the projects."""


def create(lines: Iterable[bytes], base: str, path: Path) -> None:
    """Write the search index of the statements into a new file.

    Args:
        lines: N-Quads in canonical form, such as the file ``data.nq`` of a build or `Store.nquads` gives.
        base: the base of our IRIs in them.
        path: the file; it must not exist yet.

    Raises:
        BuildError: the file cannot be written.
    """
    if path.exists():
        raise BuildError(f"{path} is there already: a search index is written into a new file")
    try:
        database = sqlite3.connect(path, isolation_level=None)
        try:
            _fill(database, lines, Names(base))
        finally:
            database.close()
    except sqlite3.Error as error:
        raise BuildError(f"{path} cannot be written as a search index: {error}") from error


def _fill(database: sqlite3.Connection, lines: Iterable[bytes], names: Names) -> None:
    from kg.search.full_text import write_words
    from kg.search.links import write_links
    from kg.search.numbering import Numbering

    # A file that a crash leaves half written is never read: the build is not switched to.
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;")
    database.executescript(TABLES)
    database.execute("BEGIN")
    reader = Reader(names, database)
    read = reader.lines(lines)
    numbering = Numbering(read)
    numbering.derive(NUMBER["county"], numbering.through(NUMBER["municipality"], NUMBER["broader"]))
    uses = _uses(read, numbering, reader)
    _write_things(database, read, numbering)
    write_links(database, numbering.links)
    database.executemany(
        "INSERT INTO use (project, method, role, quote, start, end, matched, rule, confidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        uses,
    )
    write_words(database, read, numbering)
    _write_columns(database, read, numbering)
    _write_meta(database, read, names)
    database.execute("COMMIT")
    database.executescript(INDEXES)
    database.execute("ANALYZE")


_Use = tuple[int, int, str, str | None, str | None, str | None, str | None, str | None, str | None]


def _uses(read: Read, numbering: Numbering, reader: Reader) -> list[_Use]:
    rows: list[_Use] = []
    for use, values in read.uses.items():
        method = reader.use_method(values.get("method", ""))
        project = read.user.get(use)
        if method is not None and project is not None:
            words = (values.get(name) for name in ("quote", "start", "end", "matched", "rule", "confidence"))
            rows.append((numbering.of(project), numbering.of(method), values.get("role", ""), *words))  # type: ignore[arg-type]
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    return rows


def _write_things(database: sqlite3.Connection, read: Read, numbering: Numbering) -> None:
    counts = numbering.counts([NUMBER[name] for name in _COUNTED])
    counts += numbering.counts_through(NUMBER["owner"], NUMBER["ownerType"])
    database.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?)", _thing_rows(read, numbering, counts))
    database.executemany(
        f"INSERT INTO project VALUES (?{', ?' * len(SCALARS)})",
        ((final, *_values(read.projects[number])) for final, number in enumerate(numbering.projects().tolist())),
    )
    database.executemany(
        "INSERT INTO names (rowid, text) VALUES (?, ?)",
        (
            (final, " | ".join(sorted({*thing.labels.values(), *thing.others, thing.notation or ""})))
            # In the order of their numbers, or the index is written away at each step back.
            for final, thing in enumerate(map(read.things.__getitem__, numbering.order.tolist()))
            if thing.kind not in _NAMELESS
        ),
    )


def _thing_rows(read: Read, numbering: Numbering, counts: np.ndarray) -> Iterator[tuple[object, ...]]:
    order = zip(numbering.order.tolist(), counts.tolist(), strict=True)
    for final, (number, projects) in enumerate(order):
        thing = read.things[number]
        swedish, english = thing.labels.get("sv") or thing.labels.get(""), thing.labels.get("en")
        yield final, thing.kind, thing.key, swedish, english, thing.notation, projects


_AMOUNTS = tuple(place for name, place in PLACE.items() if name in NUMERIC)


def _values(texts: Sequence[str | None]) -> Sequence[str | float | None]:
    values: list[str | float | None] = list(texts)
    for place in _AMOUNTS:
        text = texts[place]
        if text is not None:
            values[place] = _amount(text)
    return values


def _amount(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:  # a value that a rule of the graph forbids is shown on the page but counts as unknown
        return None


def _write_columns(database: sqlite3.Connection, read: Read, numbering: Numbering) -> None:
    from kg.search.facets import LINKED, ORDERS

    for facet, relation in LINKED.items():
        projects, things = numbering.pairs(NUMBER[relation])
        _write_facet(database, facet, projects, things)
    _write_facet(database, "owner-type", *numbering.through(NUMBER["owner"], NUMBER["ownerType"]))
    starts = ((number, values[PLACE["start"]]) for number, values in read.projects.items())
    years = ((numbering.of(number), int(start[:4])) for number, start in starts if start is not None)
    _write_facet(database, "year", *numbering.columns(years))
    for name, (column, direction) in ORDERS.items():
        if column:
            rows = database.execute(
                f"SELECT project.id FROM project JOIN thing USING (id) WHERE {column} IS NOT NULL"
                f" ORDER BY {column} {direction}, project.id"
            )
            _write_ordering(database, name, numbering.column(row[0] for row in rows))


def _write_facet(database: sqlite3.Connection, name: str, projects: np.ndarray, things: np.ndarray) -> None:
    database.execute("INSERT INTO facet VALUES (?, ?, ?)", (name, projects.tobytes(), things.tobytes()))


def _write_ordering(database: sqlite3.Connection, name: str, projects: np.ndarray) -> None:
    database.execute("INSERT INTO ordering VALUES (?, ?)", (name, projects.tobytes()))


def _write_meta(database: sqlite3.Connection, read: Read, names: Names) -> None:
    marks = ", ".join("?" * len(LINKING_ROLES))
    query = f"SELECT count(DISTINCT method) FROM use WHERE role IN ({marks})"
    linking = database.execute(query, tuple(LINKING_ROLES)).fetchone()[0]
    values = {
        "version": VERSION,
        "base": names.base,
        "projects": len(read.projects),
        "uses": len(read.uses),
        "methods": linking,
        "newest": read.newest,
        "sources": len(read.read_sources),
        "undated_sources": len(read.read_sources - read.dated_sources),
    }
    database.executemany(
        "INSERT INTO meta VALUES (?, ?)", ((name, json.dumps(value)) for name, value in values.items())
    )
