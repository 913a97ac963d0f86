"""What pairs of rows of a table of ones weigh: of all pairs, or of the heaviest of each row only."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from kg.network.heaviest import alike, heaviest, members, ranges, sums

if TYPE_CHECKING:
    from scipy import sparse

    from kg.network.heaviest import Table
    from kg.network.matrices import Floats, Integers

    Pairs = tuple[Integers, Integers, Floats, Integers]

Weighting = Literal["count", "jaccard", "cosine", "idf", "newman"]
REUSED_TEXT_COUNTS = 0.5
"""What a shared method counts when both sides prove it with the same sentence: copied text is weak evidence."""
_ROWS_CELLS, _CELLS = 4_000_000, 40_000_000
"""Cells of the tables written out whole, of 8 bytes each: what some rows weigh with all, and what all rows have."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Sentences that several things use for the same method.

    `matrix[i, j]` is 1 where row `i` proves a method by sentence group `j` and by nothing else; `columns[j]` is that
    method, as a column of the incidence it belongs to. Groups of one row are left out.
    """

    matrix: sparse.csr_array = field(repr=False)
    columns: Integers = field(repr=False)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Rows of ones, what each column counts, how pairs are weighed by it, and what is copied (None: nothing)."""

    ones: sparse.csr_array = field(repr=False)
    worth: Floats = field(repr=False)
    weighting: Weighting
    copies: Copies | None = field(repr=False)

    @property
    def sizes(self) -> Floats:
        """How many columns each row has."""
        import numpy as np

        sizes: Floats = np.diff(self.ones.indptr).astype(np.float64)
        return sizes


def weighed(ones: sparse.csr_array, weighting: Weighting, copies: Copies | None) -> Weighed:
    """Return the rows with what their columns count, by how many rows have each."""
    import numpy as np

    having: Floats = np.asarray(ones.sum(axis=0), dtype=np.float64).ravel()
    worth = np.ones_like(having)
    if weighting == "idf":
        worth = np.log(max(1, ones.shape[0]) / np.maximum(having, 1))
    elif weighting == "newman":
        worth = 1 / np.maximum(having - 1, 1)
    return Weighed(ones, worth, weighting, copies if copies is not None and copies.matrix.shape[1] else None)


def pairs(every: Weighed, rows: range, min_overlap: int) -> Pairs:
    """Return first, second, weight and count of the pairs of `rows` with later rows that share `min_overlap`."""
    import numpy as np

    # One product gives both: the count is the real part, the weight the imaginary one. Two products would differ
    # in their zeros (a thing that everyone has is worth nothing by idf), and so in their pairs.
    both = (every.ones[rows.start : rows.stop] * (1 + 1j * every.worth)) @ every.ones.T.tocsr()
    both.sort_indices()
    cells = both.tocoo()
    first, second = cells.row.astype(np.int64) + rows.start, cells.col.astype(np.int64)
    count = cells.data.real.round().astype(np.int64)
    kept = (second > first) & (count >= min_overlap)
    first, second, count, weight = first[kept], second[kept], count[kept], cells.data.imag[kept]
    if every.copies is not None:
        matrix = every.copies.matrix
        copied = (matrix[rows.start : rows.stop] * every.worth[every.copies.columns]) @ matrix.T
        weight = weight - (1 - REUSED_TEXT_COUNTS) * np.asarray(copied[first - rows.start, second]).ravel()
    if every.weighting == "jaccard":
        weight = weight / (every.sizes[first] + every.sizes[second] - count)
    elif every.weighting == "cosine":
        weight = weight / np.sqrt(every.sizes[first] * every.sizes[second])
    return first, second, weight, count


def best(every: Weighed, min_overlap: int, top: int) -> Iterator[Pairs]:
    """Yield the same of each row's `top` heaviest pairs with any row, equally heavy ones by place."""
    import numpy as np

    # Rows that have the same, in the same words, weigh the same with all others: one of each kind is weighed.
    matrices = [every.ones] if every.copies is None else [every.ones, every.copies.matrix]
    rows, kind = alike(*matrices)
    of_kind = np.argsort(kind, kind="stable")
    bounds = np.searchsorted(kind[of_kind], np.arange(len(rows) + 1))
    kinds = _Kinds(
        replace(
            every,
            ones=every.ones[rows],
            copies=every.copies and replace(every.copies, matrix=every.copies.matrix[rows]),
        )
    )
    size = max(1, min(1024, _ROWS_CELLS // max(1, len(rows))))
    for start in range(0, len(rows), size):
        block = kinds.order[start : start + size]
        # One more than is wanted, since each row is nearest to itself.
        near, weights = members(*heaviest(kinds.table(block, min_overlap), top + 1), of_kind, bounds)
        several = bounds[block + 1] - bounds[block]
        first = of_kind[ranges(bounds[block], several)]
        second, weight = np.repeat(near, several, axis=0), np.repeat(weights, several, axis=0)
        kept = (second >= 0) & (second != first[:, None])
        kept &= np.cumsum(kept, axis=1) <= top
        first, second, weight = np.repeat(first, kept.sum(axis=1)), second[kept], weight[kept]
        shared = every.ones[first].multiply(every.ones[second])
        yield first, second, weight, np.asarray(shared.sum(axis=1)).ravel().round().astype(np.int64)


class _Kinds:
    """Different rows, and what they weigh with each other; `order` brings those together that begin alike."""

    def __init__(self, every: Weighed) -> None:
        import numpy as np

        self._every = every
        ones = every.ones
        self._sets = [row.tolist() for row in np.split(ones.indices, ones.indptr[1:-1])]
        self.order: Integers = np.array(sorted(range(len(self._sets)), key=self._sets.__getitem__), dtype=np.int64)
        self._turned = ones.T.tocsr()
        self._tables: dict[bool, Table] = {}

    def table(self, rows: Integers, min_overlap: int) -> Table:
        """Return the weights of `rows` with all rows; those with too little in common weigh nothing."""
        import numpy as np

        every = self._every
        weight = self._sums(rows, worth=True)
        # By Jaccard the weight begins as the count, and what is copied is taken off.
        count = weight.copy() if every.weighting == "jaccard" else weight
        if min_overlap > 1 and count is weight:
            count = self._sums(rows, worth=False)
        if every.copies is not None:
            matrix = every.copies.matrix
            copied = ((matrix[rows] * every.worth[every.copies.columns]) @ matrix.T).tocoo()
            weight[copied.row, copied.col] -= (1 - REUSED_TEXT_COUNTS) * copied.data
        size = every.sizes[rows, None]
        if every.weighting == "jaccard":
            weight /= np.maximum(size + every.sizes - count, 1)
        elif every.weighting == "cosine":
            weight /= np.sqrt(np.maximum(size * every.sizes, 1))
        if min_overlap > 1:
            weight[count < min_overlap] = 0
        return weight

    def _sums(self, rows: Integers, *, worth: bool) -> Table:
        """Return the number of columns that each of `rows` shares with every row, or what they count together."""
        ones = self._every.ones
        if math.prod(ones.shape) > _CELLS:
            product: Table = (
                (ones[rows] * self._every.worth if worth else ones[rows]).tocsr() @ self._turned
            ).toarray()
            return product
        if worth not in self._tables:
            table = self._turned.toarray()
            self._tables[worth] = table * self._every.worth[:, None] if worth else table
        return sums([self._sets[row] for row in rows.tolist()], self._tables[worth])
