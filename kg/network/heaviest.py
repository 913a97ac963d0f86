"""The heaviest cells of each row of a table, found without sorting the rows, and sums of rows to find them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    from kg.network.matrices import Floats, Integers

    Table = np.ndarray[tuple[int, int], np.dtype[np.float64]]
    Places = np.ndarray[tuple[int, int], np.dtype[np.int64]]

_STRETCH = 256
"""Cells whose maximum is looked at first."""


def heaviest(table: Table, most: int) -> tuple[Places, Table]:
    """Return the columns of the `most` largest positive cells of each row, and the cells; where there are fewer, -1.

    The largest come first, and equal ones by column.
    """
    rows, columns = _candidates(table, most)
    return _ranked(rows, columns, table[rows, columns], (len(table), most))


def members(places: Places, weights: Table, of_kind: Integers, bounds: Integers) -> tuple[Places, Table]:
    """Return the heaviest members of kinds, as many in each row as there are kinds in it, in the form of `heaviest`.

    The members of kind `k` are `of_kind[bounds[k]:bounds[k + 1]]`, ascending, and kinds are numbered by their first
    members: so no member of a kind that is not among the heaviest can be among the heaviest members.
    """
    import numpy as np

    most = places.shape[1]
    several = np.where(places >= 0, np.minimum(bounds[places + 1] - bounds[places], most), 0)
    rows = np.repeat(np.arange(len(places)), several.sum(axis=1))
    found = of_kind[ranges(bounds[places].ravel(), several.ravel())]
    return _ranked(rows, found, np.repeat(weights.ravel(), several.ravel()), places.shape)


def ranges(starts: Integers, sizes: Integers) -> Integers:
    """Return the numbers from each start on, as many as its size says, one range after the other.

    >>> import numpy as np
    >>> ranges(np.array([5, 9]), np.array([3, 1])).tolist()
    [5, 6, 7, 9]
    """
    import numpy as np

    before = np.cumsum(sizes) - sizes
    found: Integers = np.repeat(starts - before, sizes) + np.arange(sizes.sum())
    return found


def sums(sets: Sequence[Sequence[int]], table: Table) -> Table:
    """Return, for each set of row numbers, the sum of these rows of `table`.

    Sets that begin alike and follow each other share the sums of what they begin with.
    """
    import numpy as np

    width = table.shape[1]
    found = np.empty((len(sets), width))
    way = np.zeros((max(map(len, sets), default=0) + 1, width))
    last: Sequence[int] = ()
    for place, numbers in enumerate(sets):
        shared = next((at for at, (one, two) in enumerate(zip(last, numbers, strict=False)) if one != two), None)
        for depth in range(min(len(last), len(numbers)) if shared is None else shared, len(numbers)):
            np.add(way[depth], table[numbers[depth]], out=way[depth + 1])
        found[place] = way[len(numbers)]
        last = numbers
    return found


def _ranked(rows: Integers, columns: Integers, values: Floats, shape: tuple[int, int]) -> tuple[Places, Table]:
    """Return a table of the columns with the largest values of each row, and one of these values."""
    import numpy as np

    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, np.arange(shape[0]))[rows]
    kept = rank < shape[1]
    places, weights = np.full(shape, -1, dtype=np.int64), np.zeros(shape)
    places[rows[kept], rank[kept]] = columns[kept]
    weights[rows[kept], rank[kept]] = values[kept]
    return places, weights


def _candidates(table: Table, most: int) -> tuple[Integers, Integers]:
    """Return rows and columns of positive cells that hold the `most` largest of each row, and not many others.

    When the largest cells of `most` stretches of a row reach a bound, none of the largest cells lies under it. Above
    it are fewer stretches than that, and of those that just reach it only the first can hold one of the largest.
    """
    import numpy as np

    size, width = table.shape
    tops = np.maximum.reduceat(table, np.arange(0, width, _STRETCH), axis=1)
    last = tops.shape[1] - most
    bound = np.partition(tops, last, axis=1)[:, [last]] if last >= 0 else np.zeros((size, 1))
    level = tops == bound
    rows, stretches = np.nonzero((tops > 0) & ((tops > bound) | (level & (np.cumsum(level, axis=1) <= most))))
    columns = stretches[:, None] * _STRETCH + np.arange(_STRETCH)
    cells = table[rows[:, None], np.minimum(columns, width - 1)]
    kept = (cells > 0) & (cells >= bound[rows]) & (columns < width)
    return np.repeat(rows, kept.sum(axis=1)), columns[kept]


def alike(*matrices: sparse.csr_array) -> tuple[Integers, Integers]:
    """Return one row for each kind of equal rows, and the kind of every row; rows are equal when all matrices say so.

    Only which cells are filled counts, and the indices of the matrices must be sorted.
    """
    import numpy as np

    kinds: dict[bytes, int] = {}
    first: list[int] = []
    kind: list[int] = []
    for row in range(matrices[0].shape[0]):
        cells = (matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]] for matrix in matrices)
        number = kinds.setdefault(b"|".join(part.astype(np.int32).tobytes() for part in cells), len(kinds))
        if number == len(first):
            first.append(row)
        kind.append(number)
    return np.array(first, dtype=np.int64), np.array(kind, dtype=np.int64)
