"""An open search index: finds projects, and answers what lists and pages need to know of things."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from kg.errors import BuildError
from kg.search.asking import Answered, Query, Reading, understood
from kg.search.facets import FACETS, KINDS, Column, Columns, Mask
from kg.search.figures import Figures
from kg.search.likeness import Likeness
from kg.search.links import Links
from kg.search.ranking import Ranking
from kg.search.rows import ProjectRow, Thing, UseRow
from kg.search.schema import NUMBER, SCALARS, VERSION
from kg.search.words import is_stopword, words_of

_CACHE_BYTES = 16 << 20


_THING = "thing.id, kind, key, sv, en, notation, projects"


class Index:
    """A search index that any number of threads may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        try:
            self.meta: dict[str, Any] = {
                name: json.loads(value) for name, value in self._database.execute("SELECT name, value FROM meta")
            }
            if self.meta.get("version") != VERSION:
                raise BuildError(f"{path} is a search index of another version; build again")
            self.columns = Columns(self._database, int(self.meta["projects"]))
        except (sqlite3.Error, ValueError, KeyError) as error:
            self.close()
            raise BuildError(f"{path} is not a readable search index ({error}); build again") from error
        self._links = Links(lambda: self._database)
        self._ranking = Ranking(lambda: self._database, self.columns.size)
        self.thing_of = lru_cache(maxsize=4096)(self._thing_of)
        self.thing = lru_cache(maxsize=4096)(self._thing)
        self.joined = lru_cache(maxsize=256)(self._joined)
        self._spelt = lru_cache(maxsize=16)(self._read_spelt)
        self.figures = Figures(lambda: self._database, self.columns.size)
        """Sums and counts over everything."""

    @property
    def _database(self) -> sqlite3.Connection:
        """The connection of this thread: one for each, so that threads do not wait for each other."""
        known: sqlite3.Connection | None = getattr(self._local, "database", None)
        if known is None:
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            known = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
            known.execute(f"PRAGMA cache_size = -{_CACHE_BYTES >> 10}")
            self._local.database = known
            with self._lock:
                self._opened.append(known)
        return known

    def search(self, query: Query) -> Answered:
        """Return the projects that a query finds, with the counts of every facet.

        The counts of a facet are those that choosing another of its values would give, all other choices kept.
        """
        reading = understood(query.text, self._database)
        ranked = self._found(reading)
        loose = len(reading.needed) > 1 and not len(ranked)
        if loose:
            ranked = self._ranking.projects(reading, loose=True)
        chosen = {name: self._numbers(name, keys) for name, keys in query.chosen.items() if name in FACETS and keys}
        masks = {name: self.columns.mask(name, values) for name, values in chosen.items()}
        base = self._within(self.columns.listed(ranked), query.within)
        facets = {name: self.columns.counts(name, _all(base, masks, but=name), chosen.get(name, ())) for name in FACETS}
        kept = self.columns.ordered(ranked[_all(base, masks)[ranked]], query.order)
        pages = max(1, -(-len(kept) // query.size))
        page = kept[(query.page - 1) * query.size : query.page * query.size]
        return Answered(tuple(page.tolist()), len(kept), pages, facets, reading, loose)

    def remember_common_words(self, ended: Callable[[], bool]) -> None:
        """Find out which projects have the commonest words before anybody asks, until `ended` says so."""
        commonest = "SELECT form FROM word ORDER BY projects DESC, form LIMIT ?"
        for (form,) in self._database.execute(commonest, (self._ranking.words_ahead,)).fetchall():
            if ended():
                return
            if not is_stopword(form):
                self._ranking.remember(understood(form, self._database))

    def _found(self, reading: Reading) -> Column:
        if reading.needed:
            return self._ranking.projects(reading)
        return self.columns.everything[:0] if reading.unknown else self.columns.everything

    def _within(self, base: Mask, things: Sequence[tuple[str, str]]) -> Mask:
        for kind, key in things:
            thing = self.thing_of(kind, key)
            base = base & self.columns.listed(self.projects_of(thing.id) if thing else [])
        return base

    def _numbers(self, facet: str, keys: Iterable[str]) -> list[int]:
        if facet == "year":
            return [int(key) for key in keys if key.isdecimal() and len(key) == 4]
        found = (self.thing_of(KINDS.get(facet, facet), key) for key in keys)
        return [thing.id for thing in found if thing] or [-1]

    def _thing_of(self, kind: str, key: str) -> Thing | None:
        query = f"SELECT {_THING} FROM thing WHERE kind = ? AND key = ?"
        row = self._database.execute(query, (kind, key)).fetchone()
        return Thing(*row) if row else None

    def _thing(self, number: int) -> Thing:
        """Return the thing with a number that this index gave."""
        return Thing(*self._database.execute(f"SELECT {_THING} FROM thing WHERE id = ?", (number,)).fetchone())

    def things(self, kind: str, *, used: bool = False, limit: int = -1, skip: int = 0) -> list[Thing]:
        """Return the things of a kind, those with most projects first; with `used` only those that have projects."""
        query = (
            f"SELECT {_THING} FROM thing WHERE kind = ? AND projects >= ?"
            " ORDER BY projects DESC, coalesce(sv, en), key LIMIT ? OFFSET ?"
        )
        return [Thing(*row) for row in self._database.execute(query, (kind, int(used), limit, skip))]

    def matching(self, kind: str, text: str, *, used: bool = False) -> list[int]:
        """Return the numbers of the things of a kind in whose labels or key a text stands, those with most first."""
        wanted = text.casefold().strip()
        return [number for number, words in self._spelt(kind, used) if wanted in words]

    def _read_spelt(self, kind: str, used: bool) -> list[tuple[int, str]]:
        return [
            (thing.id, f"{thing.sv or ''} {thing.en or ''} {thing.key}".casefold())
            for thing in self.things(kind, used=used)
        ]

    def many(self, numbers: Iterable[int]) -> list[Thing]:
        """Return things by their numbers, in the order given."""
        return [self.thing(number) for number in numbers]

    def first_by_key(self, numbers: Sequence[int], most: int) -> list[Thing]:
        """Return, of things of one kind by their numbers, those whose keys come first."""
        query = f"SELECT {_THING} FROM thing WHERE id IN (SELECT value FROM json_each(?)) ORDER BY key LIMIT ?"
        return [Thing(*row) for row in self._database.execute(query, (json.dumps(numbers), most))]

    def valued(self, facet: str, *, limit: int | None = None) -> list[Thing]:
        """Return the things that are values of a facet, those of most projects first."""
        values, numbers = self.columns.spread(facet)
        return self.many(values[np.lexsort((values, -numbers))][:limit].tolist())

    def project_rows(self, numbers: Sequence[int]) -> list[ProjectRow]:
        """Return the rows of projects in the order of their numbers given."""
        columns = ", ".join(f"project.{name}" for name in SCALARS)
        query = f"SELECT {_THING}, {columns} FROM thing JOIN project USING (id) WHERE thing.id IN ({_marks(numbers)})"
        found = {row[0]: ProjectRow(Thing(*row[:7]), *row[7:]) for row in self._database.execute(query, numbers)}
        return [found[number] for number in numbers if number in found]

    def targets(self, numbers: Sequence[int], *relations: str) -> dict[int, list[tuple[str, Thing]]]:
        """Return, for each thing, the relations and things that it leads to, in the order of `relations`."""
        order = {NUMBER[name]: place for place, name in enumerate(relations)}
        rows = [row for row in self._links.targets(numbers) if row[1] in order]
        things = {thing.id: thing for thing in self.many({target for _, _, target in rows})}
        rows.sort(key=lambda row: (order[row[1]], -things[row[2]].projects, row[2]))
        found: dict[int, list[tuple[str, Thing]]] = {number: [] for number in numbers}
        for source, relation, target in rows:
            found[source].append((relations[order[relation]], things[target]))
        return found

    def targets_of_all(self, numbers: Sequence[int], relation: str) -> set[int]:
        """Return the numbers of the things that any of the things leads to by a relation."""
        return set(self._links.targets_by(numbers, NUMBER[relation]).tolist())

    def sources(self, number: int, relation: str, *, limit: int = -1) -> list[Thing]:
        """Return the things that lead to a thing by one relation, by number (projects: newest first)."""
        found = json.dumps(self._links.sources(number, NUMBER[relation], limit).tolist())
        query = f"SELECT {_THING} FROM thing WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return [Thing(*row) for row in self._database.execute(query, (found,))]

    def source_numbers(self, number: int, relation: str) -> list[int]:
        """Return the numbers of the things that lead to a thing by one relation, ascending (projects: newest first)."""
        found: list[int] = self._links.sources(number, NUMBER[relation]).tolist()
        return found

    def projects_of(self, number: int) -> list[int]:
        """Return the numbers of the projects that lead to a thing by any relation, newest first.

        To a type of owners lead the projects of these owners.
        """
        found = self._links.of_projects(number)
        found = found[found < self.columns.size]
        return found.tolist() or sorted(self.columns.having("owner-type", number).tolist())

    def _joined(self, number: int) -> frozenset[int]:
        """Return the projects that lead to a thing by any relation; such sets are kept for the next who asks."""
        return frozenset(self.projects_of(number))

    def uses(
        self, *, project: int | None = None, method: int | None = None, roles: Sequence[str] = (), limit: int = -1,
        skip: int = 0,
    ) -> list[UseRow]:  # fmt: skip
        """Return uses of methods, of one project or of one method, in some roles or all."""
        column, value = ("project", project) if project is not None else ("method", method)
        chosen = f" AND role IN ({_marks(roles)})" if roles else ""
        query = (
            "SELECT project, method, role, quote, start, end, matched, rule, confidence FROM use"
            f" WHERE {column} = ?{chosen} ORDER BY project, start, method, role LIMIT ? OFFSET ?"
        )
        return [UseRow(*row) for row in self._database.execute(query, (value, *roles, limit, skip))]

    def role_counts(self, method: int) -> dict[str, int]:
        """Return how many projects have a method in each role."""
        query = "SELECT role, count(DISTINCT project) FROM use WHERE method = ? GROUP BY role"
        return dict(self._database.execute(query, (method,)))

    def named(self, text: str, *, limit: int, begun: int = 1) -> list[Thing]:
        """Return things one of whose names holds all words of a text.

        The last word may be the beginning of one if it has `begun` letters or more.
        """
        words = words_of(text)
        if not words:
            return []
        last = f'"{words[-1]}"' + " *" * (len(words[-1]) >= begun)
        expression = " AND ".join([*(f'"{word}"' for word in words[:-1]), last])
        query = (
            f"SELECT {_THING} FROM (SELECT rowid AS place, rank AS weight FROM names WHERE names MATCH ?)"
            " JOIN thing ON thing.id = place WHERE projects > 0 OR kind IN ('method', 'region')"
            " ORDER BY lower(coalesce(sv, en, '')) <> ?, projects = 0, weight, projects DESC, thing.id LIMIT ?"
        )
        return [Thing(*row) for row in self._database.execute(query, (expression, " ".join(words), limit))]

    @cached_property
    def likeness(self) -> Likeness:
        """What is like what."""
        return Likeness(self.columns)

    def keys(self, kind: str) -> Iterator[str]:
        """Yield the keys of all things of a kind, in the order of lists."""
        return (row[0] for row in self._database.execute("SELECT key FROM thing WHERE kind = ? ORDER BY id", (kind,)))

    def close(self) -> None:
        """Release the file; the index cannot be asked afterwards."""
        with self._lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _all(base: Mask, masks: Mapping[str, Mask], but: str = "") -> Mask:
    for name, mask in masks.items():
        if name != but:
            base = base & mask
    return base
