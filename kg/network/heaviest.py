"""The heaviest cells of each row of a table, found without sorting the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    from kg.network.matrices import Integers

    Table = np.ndarray[tuple[int, int], np.dtype[np.float64]]
    Places = np.ndarray[tuple[int, int], np.dtype[np.int64]]

_STRETCH = 256
"""Cells whose maximum is looked at first."""


def heaviest(table: Table, most: int) -> tuple[Places, Table]:
    """Return the columns of the `most` largest positive cells of each row, and the cells; where there are fewer, -1.

    The largest come first, and equal ones by column.
    """
    import numpy as np

    size = len(table)
    rows, columns = _candidates(table, most)
    values = table[rows, columns]
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, np.arange(size))[rows]
    kept = rank < most
    places, weights = np.full((size, most), -1, dtype=np.int64), np.zeros((size, most))
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
