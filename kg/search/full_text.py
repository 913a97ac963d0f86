"""Writes the full text of the projects, every name of what they are linked to, and the words that occur in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from kg.search.numbering import Numbering
from kg.search.reading import PLACE, Read
from kg.search.schema import NUMBER
from kg.search.stems import stem
from kg.search.words import folded

_MOST_YEARS = 12
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "owner": ("owner", "ownerUnit", "partner"),
    "method": ("method",),
    "region": ("region",),
    "municipality": ("municipality",),
    "fund": ("fund", "programme"),
}
"""Columns of names, with the relations that lead to what is named."""
_Head = tuple[int, int, str, str, str, str, str]


def write_words(database: sqlite3.Connection, read: Read, numbering: Numbering) -> None:
    """Write the tables of words and of their spellings."""
    # In the order of the final numbers: the index of the full text takes them as they come.
    database.executemany("INSERT INTO temp.head VALUES (?, ?, ?, ?, ?, ?, ?)", _heads(read, numbering))
    database.execute("CREATE INDEX temp.text_project ON text (project)")
    database.execute(
        "INSERT INTO words (rowid, identifier, title, methods, owner, place, text)"
        " SELECT final, identifier, title, methods, owner, place,"
        " (SELECT group_concat(text, ' ') FROM temp.text WHERE text.project = head.project)"
        " FROM temp.head ORDER BY head.rowid"
    )
    database.execute("INSERT INTO words (words) VALUES ('optimize')")
    database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)")
    forms = database.execute("SELECT term, doc FROM temp.vocabulary")
    database.executemany("INSERT INTO word (form, stem, folded, projects) VALUES (?, ?, ?, ?)", _with_stems(forms))
    database.execute("INSERT INTO spelling (rowid, folded) SELECT id, folded FROM word")


def _heads(read: Read, numbering: Numbering) -> Iterator[_Head]:
    projects = numbering.projects()
    names = cache(partial(_names, read))
    above = {one: other for relation, one, other in _links(read) if relation == NUMBER["broader"]}
    columns = [_linked(read, [NUMBER[name] for name in relations], projects) for relations in _COLUMNS.values()]
    for final, (number, *linked) in enumerate(zip(projects.tolist(), *columns, strict=True)):
        values, thing = read.projects[number], read.things[number]
        linked[3] = [each for one in linked[3] for each in (one, above.get(one)) if each is not None]
        owners, methods, regions, seats, funds = (chain.from_iterable(map(names, targets)) for targets in linked)
        title = " ".join(dict.fromkeys(thing.labels.values()))
        place = chain((values[PLACE["place"]] or "",), regions, seats, funds, _years(values))
        parts = (" | ".join(part) for part in (methods, owners, place))
        yield final, number, values[PLACE["identifier"]] or thing.key, title, *parts


def _links(read: Read) -> Iterator[tuple[int, int, int]]:
    return zip(read.relations, read.sources, read.targets, strict=True)


def _years(values: Sequence[str | None]) -> list[str]:
    """Return the years in which a project runs."""
    printed = ((values[PLACE[name]] or "")[:4] for name in ("start", "end"))
    days = [year for year in printed if year.isdecimal()]
    return [str(year) for year in range(int(days[0]), int(days[-1]) + 1)][:_MOST_YEARS] if days else []


def _names(read: Read, number: int) -> tuple[str, ...]:
    thing = read.things[number]
    return tuple(dict.fromkeys([*thing.labels.values(), *sorted(thing.others)]))


def _with_stems(forms: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str, str, int]]:
    for form, projects in forms:
        yield form, stem(form) if form.isalpha() else form, folded(form), projects


def _linked(read: Read, relations: Sequence[int], projects: NDArray[np.int32]) -> Iterator[list[int]]:
    """Yield for each project the things that it is linked to by one of the relations, in the order of reading."""
    wanted = np.isin(np.frombuffer(read.relations, dtype=np.int32), relations)
    sources, targets = (np.frombuffer(column, dtype=np.int32)[wanted] for column in (read.sources, read.targets))
    order = np.argsort(sources, kind="stable")
    sources, targets = sources[order], targets[order]
    firsts, lasts = (np.searchsorted(sources, projects, side=side) for side in ("left", "right"))
    for first, last in zip(firsts, lasts, strict=True):
        yield targets[first:last].tolist()
