"""Projects as rows of numbers, one matrix for each side on which projects can be alike."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kg.network.reading import Facts, Use
from kg.network.texts import Places, lemma_counts, words_of

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    from kg.network.matrices import Floats

    Booleans = np.ndarray[tuple[int], np.dtype[np.bool_]]

ROLE_COUNTS: Mapping[str, float] = {"develops": 1.0, "trains": 1.0, "uses": 1.0, "builds-on": 0.8, "mentions": 0.25}
"""What a method counts by its role; a negated one counts nothing."""
SAME_ROLE = 0.3
"""How much of the likeness by a method needs the same role on both sides."""
TITLE_COUNTS = 3
"""How often the words of the title are counted."""
YEARS_APART = 6.0
"""Projects whose middles lie so many years apart are not alike in time at all."""
_TOO_COMMON = 0.5
"""Words in more than this part of the texts say nothing, once there are enough texts to tell."""
_ENOUGH_TEXTS = 20
_CELLS = 10_000_000
"""Cells that are divided at a time: what is divided by is written out for them."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of all projects, as a matrix with a row a project and a column a feature.

    `features` names the columns, `places` finds them, `worth` says what each counts: the rarer, the more. The matrix
    is kept by columns: a question has few features, and only their columns are looked at.
    """

    features: tuple[str, ...] = field(repr=False)
    places: Mapping[str, int] = field(repr=False)
    worth: Floats = field(repr=False)
    matrix: sparse.csc_array = field(repr=False)

    def vector(self, counts: Mapping[str, float]) -> Mapping[int, float]:
        """Return the counts by column, in order, with length 1; features that no project has are left out."""
        found = {
            self.places[feature]: count * float(self.worth[self.places[feature]])
            for feature, count in counts.items()
            if feature in self.places
        }
        length = math.hypot(*found.values())
        return {column: found[column] / length for column in sorted(found)} if length else {}

    def cosines(self, vector: Mapping[int, float]) -> Floats:
        """Return the cosine of every project with a vector of length 1, for a side made by `cosine_side`."""
        return self._sum(vector)

    def parts(self, vector: Mapping[int, float], place: int) -> Mapping[str, float]:
        """Return what each feature adds to the cosine of the project at `place`."""
        import numpy as np

        bounds, rows = self.matrix.indptr, self.matrix.indices
        found = {}
        for column, value in vector.items():
            at = bounds[column] + int(np.searchsorted(rows[bounds[column] : bounds[column + 1]], place))
            if at < bounds[column + 1] and rows[at] == place:
                found[self.features[column]] = value * float(self.matrix.data[at])
        return found

    def shared_worth(self, features: Iterable[str]) -> Floats:
        """Return what the features count that every project shares (0–1), for a side made by `thing_side`."""
        columns = sorted(self.places[feature] for feature in features if feature in self.places)
        return self._sum({column: float(self.worth[column]) for column in columns})

    def _sum(self, values: Mapping[int, float]) -> Floats:
        import numpy as np

        bounds, rows, data = self.matrix.indptr, self.matrix.indices, self.matrix.data
        total = np.zeros(self.matrix.shape[0])
        for column, value in values.items():
            cells = slice(bounds[column], bounds[column + 1])
            total[rows[cells]] += value * data[cells]
        # Rounding may lead a little above 1.
        found: Floats = np.minimum(total, 1.0, out=total)
        return found


def cosine_side(counts: Iterable[Mapping[str, float]]) -> Side:
    """Return the side with a row of length 1 for each of `counts`, weighted by idf; a product is then a cosine."""
    import numpy as np

    names, matrix = _table(counts)
    number, having = matrix.shape[0], np.diff(matrix.indptr)
    return _levelled(_side(names, np.log(1 + number / np.maximum(having, 1)), matrix, having > 0))


def words_side(projects: Iterable[tuple[str, str]]) -> Side:
    """Return the same of titles and texts, counted as `word_counts` does; words of most projects are left out."""
    import numpy as np

    names, matrix = _words(projects)
    number, having = matrix.shape[0], np.diff(matrix.indptr)
    kept = having <= (_TOO_COMMON * number if number >= _ENOUGH_TEXTS else number)
    kept[0] = False
    side = _side(names, np.log(1 + number / np.maximum(having, 1)), matrix, kept)
    del matrix  # a copy of all cells
    # Few numbers come up, and a logarithm in Python is the one that a question is weighted with.
    damped = [0.0, *(1 + math.log(number) for number in range(1, int(side.matrix.data.max(initial=0)) + 1))]
    side.matrix.data = np.array(damped, dtype=np.float32)[side.matrix.data]
    return _levelled(side)


def _levelled(side: Side) -> Side:
    """Return the side weighted by what its columns are worth, with rows of length 1, in place."""
    import numpy as np

    found = side.matrix
    number = found.shape[0]
    # In place, column by column: a million texts have a hundred million cells.
    squares = np.zeros(number)
    for worth, start, end in zip(side.worth.tolist(), found.indptr[:-1], found.indptr[1:], strict=True):
        found.data[start:end] *= worth
        squares[found.indices[start:end]] += found.data[start:end].astype(np.float64) ** 2
    lengths = np.sqrt(squares).astype(np.float32)
    for start in range(0, len(found.data), _CELLS):
        found.data[start : start + _CELLS] /= lengths[found.indices[start : start + _CELLS]]
    return side


def thing_side(things: Iterable[Iterable[str]]) -> Side:
    """Return the side of ones and zeros for the things of each project; a thing that all have counts least."""
    import numpy as np

    names, matrix = _table(dict.fromkeys(found, 1.0) for found in things)
    number, having = matrix.shape[0], np.diff(matrix.indptr)
    worth = np.log(1 + number / np.maximum(having, 1)) / math.log(1 + max(number, 1))
    return _side(names, worth, matrix, having > 0)


def _table(counts: Iterable[Mapping[str, float]]) -> tuple[Sequence[str], sparse.csc_array]:
    """Return the names of columns and the cells, by columns, of rows of counts that are read one at a time."""
    import numpy as np
    from scipy import sparse

    names: dict[str, int] = {}
    # Four bytes a number, and no copy before they are turned.
    columns, values, ends = array("i"), array("f"), array("q", [0])
    for row in counts:
        columns.extend([names.setdefault(name, len(names)) for name in row])
        values.extend(row.values())
        ends.append(len(columns))
    cells = np.frombuffer(values, np.float32), np.frombuffer(columns, np.int32), np.frombuffer(ends, np.int64)
    return tuple(names), sparse.csr_array(cells, shape=(len(ends) - 1, len(names))).tocsc()


def _words(projects: Iterable[tuple[str, str]]) -> tuple[Sequence[str], sparse.csc_array]:
    """Return words, and how often each project has each of them, a title's counted more; the first is no word."""
    import numpy as np
    from scipy import sparse

    places = Places()
    columns, ends = array("i"), array("q", [0])
    for title, text in projects:
        columns.extend(map(places.__getitem__, words_of(text)))
        columns.extend([*map(places.__getitem__, words_of(title))] * TITLE_COUNTS)
        ends.append(len(columns))
    # A cell for each word that is read: equal ones of a row come together when the table is turned.
    # Two bytes hold the number of any word of a text that has no more words.
    most = np.diff(np.frombuffer(ends, np.int64)).max(initial=0)
    ones = np.ones(len(columns), np.uint16 if most < 1 << 16 else np.uint32)
    cells = ones, np.frombuffer(columns, np.int32), np.frombuffer(ends, np.int64)
    matrix = sparse.csr_array(cells, shape=(len(ends) - 1, len(places.names))).tocsc()
    matrix.sum_duplicates()
    return places.names, matrix


def _side(names: Sequence[str], worth: Floats, matrix: sparse.csc_array, kept: Booleans) -> Side:
    """Return the side with the kept columns in the order of their names, whatever the order of the rows."""
    order = sorted(kept.nonzero()[0].tolist(), key=names.__getitem__)
    ordered = matrix[:, order]
    ordered.sort_indices()
    features = tuple(names[column] for column in order)
    return Side(features, {feature: place for place, feature in enumerate(features)}, worth[order], ordered)


def word_counts(title: str, text: str) -> dict[str, float]:
    """Return the words of a project in dictionary form, damped (1 + log), the title's counted more often."""
    counted = lemma_counts(text)
    for word, number in lemma_counts(title).items():
        counted[word] += TITLE_COUNTS * number
    return {word: 1 + math.log(number) for word, number in counted.items()}


def method_counts(uses: Iterable[Use]) -> dict[str, float]:
    """Return the methods of a project as features: each alone, and each with its role."""
    found: dict[str, float] = {}
    for use in uses:
        counts = ROLE_COUNTS.get(use.role, 0.0)
        if counts:
            found[use.method] = max(found.get(use.method, 0.0), counts * math.sqrt(1 - SAME_ROLE))
            found[f"{use.method} {use.role}"] = counts * math.sqrt(SAME_ROLE)
    return found


def middle(start: object, end: object) -> float | None:
    """Return the middle of a period in years, or None where neither day is known.

    >>> middle("2023-01-01", "2025-01-01")
    2024.0
    """
    days = [date.fromisoformat(str(day)).toordinal() for day in (start, end) if day is not None]
    # Day 1 of the calendar is in year 1.
    return round(1 + sum(days) / len(days) / 365.2425, 1) if days else None


def targets(facts: Facts, relation: str) -> Mapping[str, frozenset[str]]:
    """Return what each project has by a relation."""
    found: dict[str, set[str]] = {}
    for link in facts.links:
        if link.relation == relation:
            found.setdefault(link.source, set()).add(link.target)
    # Many projects have the same things: one set for all of them.
    same: dict[frozenset[str], frozenset[str]] = {}
    frozen = ((project, frozenset(things)) for project, things in found.items())
    return {project: same.setdefault(things, things) for project, things in frozen}
