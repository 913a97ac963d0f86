"""Keeps the links of an index and gives them from either side: as columns of numbers, for a project has a dozen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from kg.search.numbering import Column
from kg.search.schema import NUMBER

_RELATIONS = len(NUMBER)
_SIZE = np.dtype(np.int32).itemsize
_NOT_OF_PROJECTS = frozenset(
    NUMBER[name] for name in ("unitOf", "ownerType", "broader", "related", "isPartOf", "continues")
)


def write_links(database: sqlite3.Connection, links: Column) -> None:
    """Write links that are rows of relation, target and source, each once and in order but for the relations."""
    sources = links[np.argsort(links[:, 2], kind="stable")]
    database.executemany("INSERT INTO outgoing VALUES (?, ?)", _cut(sources[:, 2], sources[:, :2]))
    sides = links[:, 1].astype(np.int64) * _RELATIONS + links[:, 0]
    order = np.argsort(sides, kind="stable")
    database.executemany("INSERT INTO incoming VALUES (?, ?)", _cut(sides[order], links[order, 2]))


def _cut(keys: np.ndarray, values: Column) -> Iterator[tuple[int, bytes]]:
    """Yield each key, of which equal ones stand together, with the values that stand beside it."""
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    data, width = np.ascontiguousarray(values).tobytes(), values[:1].nbytes
    ends = [*(firsts[1:] * width).tolist(), len(data)]
    start = 0
    for key, end in zip(keys[firsts].tolist(), ends, strict=False):
        yield key, data[start:end]
        start = end


class Links:
    """The links of one index; `connected` gives the connection of the thread that asks."""

    def __init__(self, connected: Callable[[], sqlite3.Connection]) -> None:
        self._connected = connected

    def targets(self, sources: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Yield source, relation and target of every link of some things."""
        query = "SELECT source, links FROM outgoing WHERE source IN (SELECT value FROM json_each(?))"
        for source, links in self._connected().execute(query, (json.dumps(list(sources)),)).fetchall():
            yield from ((source, relation, target) for relation, target in _column(links).reshape(-1, 2).tolist())

    def targets_by(self, sources: Iterable[int], relation: int) -> Column:
        """Return the things that any of some things leads to by a relation, each once and in order."""
        query = "SELECT links FROM outgoing WHERE source IN (SELECT value FROM json_each(?))"
        rows = self._connected().execute(query, (json.dumps(list(sources)),))
        links = _column(b"".join(row[0] for row in rows)).reshape(-1, 2)
        found: Column = np.unique(links[links[:, 0] == relation, 1])
        return found

    def sources(self, target: int, relation: int, limit: int = -1) -> Column:
        """Return the things that lead to a thing by a relation, in order, or the first of them."""
        end = limit * _SIZE if limit >= 0 else np.iinfo(np.int32).max
        query = "SELECT substr(sources, 1, ?) FROM incoming WHERE id = ?"
        row = self._connected().execute(query, (end, target * _RELATIONS + relation)).fetchone()
        return _column(row[0] if row else b"")

    def of_projects(self, target: int) -> Column:
        """Return the things that lead to a thing by any relation that projects have, each once and in order."""
        query = "SELECT id, sources FROM incoming WHERE id BETWEEN ? AND ?"
        first = target * _RELATIONS
        rows = self._connected().execute(query, (first, first + _RELATIONS - 1))
        found: Column = np.unique(_column(b"".join(row[1] for row in rows if row[0] - first not in _NOT_OF_PROJECTS)))
        return found

    def having(self, relation: int) -> Column:
        """Return the things that have a relation, each once and in order."""
        rows = self._connected().execute("SELECT sources FROM incoming WHERE id % ? = ?", (_RELATIONS, relation))
        found: Column = np.unique(_column(b"".join(row[0] for row in rows)))
        return found


def _column(data: bytes) -> Column:
    return np.frombuffer(data, np.int32)
