"""Writes the full text of the projects, every name of what they are linked to, and the words that occur in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from kg.search.numbering import Numbering
from kg.search.reading import Read
from kg.search.schema import NUMBER, PLACE
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
_Head = tuple[int, str, str, str, str, str, int]


def write_words(database: sqlite3.Connection, read: Read, numbering: Numbering) -> None:
    """Write the tables of words and of their spellings."""
    database.execute("CREATE INDEX temp.text_project ON text (project)")
    # In the order of the final numbers: the index of the full text takes them as they come.
    database.executemany(
        "INSERT INTO words (rowid, identifier, title, methods, owner, place, text)"
        " VALUES (?, ?, ?, ?, ?, ?, (SELECT group_concat(text, ' ') FROM temp.text WHERE text.project = ?))",
        _heads(read, numbering),
    )
    database.execute("INSERT INTO words (words) VALUES ('optimize')")
    database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)")
    forms = database.execute("SELECT term, doc FROM temp.vocabulary")
    database.executemany("INSERT INTO word (form, stem, folded, projects) VALUES (?, ?, ?, ?)", _with_stems(forms))
    database.execute("INSERT INTO spelling (rowid, folded) SELECT id, folded FROM word")


def _heads(read: Read, numbering: Numbering) -> Iterator[_Head]:
    projects = numbering.projects()
    above = {one: other for relation, one, other in _links(read) if relation == NUMBER["broader"]}
    texts = [_Names(read, above if name == "municipality" else {}).__getitem__ for name in _COLUMNS]
    linked = (_linked(read, [NUMBER[name] for name in relations], projects) for relations in _COLUMNS.values())
    columns = (map(text, targets) for text, targets in zip(texts, linked, strict=True))
    for final, (number, owners, methods, *places) in enumerate(zip(projects.tolist(), *columns, strict=True)):
        values, thing = read.projects[number], read.things[number]
        years = _years(*((values[PLACE[name]] or "")[:4] for name in ("start", "end")))
        place = " | ".join(filter(None, (values[PLACE["place"]], *places, years)))
        title = " ".join(dict.fromkeys(thing.labels.values()))
        yield final, values[PLACE["identifier"]] or thing.key, title, methods, owners, place, number


class _Names(dict[tuple[int, ...], str]):
    """All names of some things in one text, with those of what is above them; many projects share them."""

    def __init__(self, read: Read, above: Mapping[int, int]) -> None:
        super().__init__()
        self._read, self._above = read, above

    def __missing__(self, numbers: tuple[int, ...]) -> str:
        found = (each for one in numbers for each in (one, self._above.get(one)) if each is not None)
        text = self[numbers] = " | ".join(chain.from_iterable(_names(self._read, each) for each in found))
        return text


def _links(read: Read) -> Iterator[tuple[int, int, int]]:
    return zip(read.relations, read.sources, read.targets, strict=True)


@lru_cache
def _years(start: str, end: str) -> str:
    """Return the years in which a project runs that starts and ends in some years, if they are known."""
    days = [int(year) for year in (start, end) if year.isdecimal()]
    return " | ".join(map(str, range(days[0], days[-1] + 1)[:_MOST_YEARS])) if days else ""


def _names(read: Read, number: int) -> tuple[str, ...]:
    thing = read.things[number]
    return tuple(dict.fromkeys([*thing.labels.values(), *sorted(thing.others)]))


def _with_stems(forms: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str, str, int]]:
    for form, projects in forms:
        # Most are numbers, in large lists.
        if form.isdecimal() and form.isascii():
            yield form, form, form, projects
        else:
            yield form, stem(form) if form.isalpha() else form, folded(form), projects


def _linked(read: Read, relations: Sequence[int], projects: NDArray[np.int32]) -> Iterator[tuple[int, ...]]:
    """Yield for each project the things that it is linked to by one of the relations, in the order of reading."""
    wanted = np.isin(np.frombuffer(read.relations, dtype=np.int32), relations)
    sources, targets = (np.frombuffer(column, dtype=np.int32)[wanted] for column in (read.sources, read.targets))
    order = np.argsort(sources, kind="stable")
    sources, things = sources[order], targets[order].tolist()
    firsts, lasts = (np.searchsorted(sources, projects, side=side).tolist() for side in ("left", "right"))
    return (tuple(things[first:last]) for first, last in zip(firsts, lasts, strict=True))
