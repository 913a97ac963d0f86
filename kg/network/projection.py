"""Who is linked through what: owners through methods, methods through projects, and every other sensible pair.

Pairs are found by multiplying sparse matrices and handed out as arrays; `kg.network.pair_graph` makes NetworkX graphs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from kg.errors import UsageError
from kg.network.heaviest import alike, heaviest
from kg.network.matrices import EVERYTHING, Choice, Incidence, chosen_projects, filled, incidence
from kg.network.reading import Facts

if TYPE_CHECKING:
    from scipy import sparse

    from kg.network.heaviest import Table
    from kg.network.matrices import Floats, Integers

    _Pairs = tuple[Integers, Integers, Floats, Integers]

Weighting = Literal["count", "jaccard", "cosine", "idf", "newman"]
_BLOCK = 1024
"""Rows whose pairs are weighed at a time."""
_ROWS_CELLS, _CELLS = 4_000_000, 40_000_000
"""Cells of the tables written out whole, of 8 bytes each: what some rows weigh with all, and what all rows have."""
_WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
REUSED_TEXT_COUNTS = 0.5
"""What a shared method counts when both sides prove it with the same sentence: copied text is weak evidence."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Sentences that several things use for the same method.

    `matrix[i, j]` is 1 where row `i` proves a method by sentence group `j` and by nothing else; `columns[j]` is that
    method, as a column of the incidence it belongs to. Groups of one row are left out.
    """

    matrix: sparse.csr_array = field(repr=False)
    columns: Integers = field(repr=False)


@dataclass(frozen=True, slots=True)
class Projection:
    """Pairs of things of one kind and what they share.

    `first`, `second`, `weight` and `count` are parallel arrays with one entry a pair, ordered by pair; the first two
    are places in `nodes`. `have` says which node has which of the things it is linked through.
    """

    kind: str
    through: str
    have: Incidence = field(repr=False)
    first: Integers = field(repr=False)
    second: Integers = field(repr=False)
    weight: Floats = field(repr=False)
    count: Integers = field(repr=False)
    copies: Copies | None = field(repr=False)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The ids of the things that are linked."""
        return self.have.rows


def projection(
    facts: Facts,
    kind: str,
    *,
    through: str,
    weighting: Weighting = "count",
    min_overlap: int = 1,
    top: int | None = None,
    choice: Choice = EVERYTHING,
) -> Projection:
    """Return the pairs of things of `kind` that share things of the kind `through` in the chosen projects.

    `weighting` is ``count`` (of shared things), ``jaccard`` (of those either has), ``cosine``, ``idf`` (a thing that
    everyone has counts nothing, log(n / number that have it)), or ``newman`` (1 / (number that have it - 1)). A method
    that both sides prove with the same sentence counts half. `min_overlap` is the least number of shared things;
    with `top` only pairs stay that are among the `top` heaviest of one of their sides.

    Raises:
        UsageError: an unknown kind or weighting, or the same kind twice.
    """
    weighting = weighting_named(weighting)
    if kind == through:
        raise UsageError(f"things of the kind {kind!r} cannot be linked through their own kind")
    have = joint(facts, kind, through, choice)
    copies = _copies(facts, kind, have, choice) if through == "method" else None
    return paired(have, kind, through, weighting=weighting, min_overlap=min_overlap, top=top, copies=copies)


def weighting_named(name: str) -> Weighting:
    """Return the weighting of that name.

    Raises:
        UsageError: there is none.
    """
    for known in _WEIGHTINGS:
        if name == known:
            return known
    raise UsageError(f"unknown weighting {name!r}; there are {', '.join(_WEIGHTINGS)}")


def paired(
    have: Incidence,
    kind: str,
    through: str,
    *,
    weighting: Weighting = "count",
    min_overlap: int = 1,
    top: int | None = None,
    copies: Copies | None = None,
) -> Projection:
    """Return the pairs of rows of `have` that share columns: the part of `projection` that is arrays only.

    With `top`, only pairs stay that are among the `top` heaviest of one of their two sides and weigh anything: then the
    memory grows with the number of rows and not with its square.
    """
    import numpy as np

    ones = have.matrix.copy()
    ones.data = np.ones_like(ones.data)
    measure = _Measure(ones, _worth(ones, weighting), weighting, copies)
    if top is None:
        ranges = [range(start, min(start + _BLOCK, ones.shape[0])) for start in range(0, ones.shape[0], _BLOCK)]
        blocks = [measure.pairs(rows, min_overlap) for rows in ranges]
    else:
        blocks = list(measure.best(min_overlap, top))
    first, second, count = (np.concatenate([np.empty(0, np.int64), *(b[at] for b in blocks)]) for at in (0, 1, 3))
    weight = np.concatenate([np.empty(0), *(block[2] for block in blocks)])
    if top is not None:
        # A pair that is among the best of both its sides was found twice.
        low, high = np.minimum(first, second), np.maximum(first, second)
        _, once = np.unique(low * ones.shape[0] + high, return_index=True)
        first, second, weight, count = low[once], high[once], weight[once], count[once]
    return Projection(kind, through, have, first, second, weight, count, copies)


class _Measure:
    """Weighs the pairs of a block of rows with all rows."""

    def __init__(self, ones: sparse.csr_array, worth: Floats, weighting: Weighting, copies: Copies | None) -> None:
        import numpy as np

        self._ones, self._worth, self._weighting = ones, worth, weighting
        self._turned = ones.T.tocsr()
        self._size: Floats = np.asarray(ones.sum(axis=1), dtype=np.float64).ravel()
        self._copies = copies if copies is not None and copies.matrix.shape[1] else None

    def pairs(self, rows: range, min_overlap: int) -> _Pairs:
        """Return first, second, weight and count of the pairs of `rows` with later rows."""
        import numpy as np

        # One product gives both: the count is the real part, the weight the imaginary one. Two products would differ
        # in their zeros (a thing that everyone has is worth nothing by idf), and so in their pairs.
        both = (self._ones[rows.start : rows.stop] * (1 + 1j * self._worth)) @ self._turned
        both.sort_indices()
        cells = both.tocoo()
        first, second = cells.row.astype(np.int64) + rows.start, cells.col.astype(np.int64)
        count = cells.data.real.round().astype(np.int64)
        kept = (second > first) & (count >= min_overlap)
        return self._weighed(first[kept], second[kept], count[kept], cells.data.imag[kept])

    def best(self, min_overlap: int, top: int) -> Iterator[_Pairs]:
        """Yield the same of each row's `top` heaviest pairs with any row, equally heavy ones by place."""
        import numpy as np

        # Rows that have the same, in the same words, are equally near to all others.
        matrices = [self._ones] if self._copies is None else [self._ones, self._copies.matrix]
        rows, kind = alike(*matrices)
        order = np.argsort(kind, kind="stable")
        size = max(1, min(_BLOCK, _ROWS_CELLS // max(1, self._ones.shape[0])))
        turned = self._turned.toarray() if math.prod(self._turned.shape) <= _CELLS else self._turned
        for start in range(0, len(rows), size):
            block = rows[start : start + size]
            # One more than is wanted, since each row is nearest to itself.
            places, weights = heaviest(self._table(block, turned, min_overlap), top + 1)
            first = order[slice(*np.searchsorted(kind[order], (start, start + len(block))))]
            second, weight = places[kind[first] - start], weights[kind[first] - start]
            kept = (second >= 0) & (second != first[:, None])
            kept &= np.cumsum(kept, axis=1) <= top
            first, second, weight = np.repeat(first, kept.sum(axis=1)), second[kept], weight[kept]
            shared = self._ones[first].multiply(self._ones[second])
            yield first, second, weight, np.asarray(shared.sum(axis=1)).ravel().round().astype(np.int64)

    def _table(self, rows: Integers, turned: sparse.csr_array | Table, min_overlap: int) -> Table:
        """Return the weights of `rows` with all rows; those with too little in common weigh nothing."""
        import numpy as np

        block = self._ones[rows]
        weight = _dense((block * self._worth).tocsr() @ turned)
        # By Jaccard the weight begins as the count, and what is copied is taken off.
        count = weight.copy() if self._weighting == "jaccard" else weight
        if min_overlap > 1 and count is weight:
            count = _dense(block @ turned)
        if self._copies is not None:
            matrix = self._copies.matrix
            copied = ((matrix[rows] * self._worth[self._copies.columns]) @ matrix.T).tocoo()
            weight[copied.row, copied.col] -= (1 - REUSED_TEXT_COUNTS) * copied.data
        size = self._size[rows, None]
        if self._weighting == "jaccard":
            weight /= np.maximum(size + self._size - count, 1)
        elif self._weighting == "cosine":
            weight /= np.sqrt(np.maximum(size * self._size, 1))
        if min_overlap > 1:
            weight[count < min_overlap] = 0
        return weight

    def _weighed(self, first: Integers, second: Integers, count: Integers, weight: Floats) -> _Pairs:
        import numpy as np

        if self._copies is not None:
            low, high = first.min(initial=0), first.max(initial=-1) + 1
            matrix = self._copies.matrix
            copied = (matrix[low:high] * self._worth[self._copies.columns]) @ matrix.T
            weight = weight - (1 - REUSED_TEXT_COUNTS) * np.asarray(copied[first - low, second]).ravel()
        if self._weighting == "jaccard":
            weight = weight / (self._size[first] + self._size[second] - count)
        elif self._weighting == "cosine":
            weight = weight / np.sqrt(self._size[first] * self._size[second])
        return first, second, weight, count


def _dense(product: sparse.csr_array | Table) -> Table:
    return product.toarray() if hasattr(product, "toarray") else product


def joint(facts: Facts, kind: str, other: str, choice: Choice = EVERYTHING) -> Incidence:
    """Return how many of the chosen projects link each thing of `kind` with each of `other`.

    Raises:
        UsageError: projects have no things of such a kind.
    """
    left, right = _of(facts, kind, choice), _of(facts, other, choice)
    return Incidence(left.columns, right.columns, (left.matrix.T @ right.matrix).tocsr())


def _of(facts: Facts, kind: str, choice: Choice) -> Incidence:
    if kind != "project":
        return incidence(facts, kind, choice)
    projects = chosen_projects(facts, choice)
    ids = tuple(node for node in facts.nodes if node in projects)
    return filled(ids, ids, ((node, node) for node in ids))


def _worth(ones: sparse.csr_array, weighting: Weighting) -> Floats:
    """Return what each column counts."""
    import numpy as np

    having: Floats = np.asarray(ones.sum(axis=0), dtype=np.float64).ravel()
    worth = np.ones_like(having)
    if weighting == "idf":
        worth = np.log(max(1, ones.shape[0]) / np.maximum(having, 1))
    elif weighting == "newman":
        worth = 1 / np.maximum(having - 1, 1)
    return worth


def _copies(facts: Facts, kind: str, have: Incidence, choice: Choice) -> Copies:
    """Return the sentences that are all that two or more rows prove a method with."""
    import numpy as np
    from scipy import sparse

    things = things_of_projects(facts, kind, choice)
    row_of = {node: place for place, node in enumerate(have.rows)}
    column_of = {node: place for place, node in enumerate(have.columns)}
    quotes: dict[tuple[int, int], set[str]] = defaultdict(set)
    for use in facts.uses:
        if use.role in choice.roles and use.method in column_of and use.quote:
            for thing in things.get(use.project, ()):
                quotes[row_of[thing], column_of[use.method]].add(use.quote)
    rows_of: dict[tuple[int, frozenset[str]], list[int]] = defaultdict(list)
    for (row, column), sentences in quotes.items():
        rows_of[column, frozenset(sentences)].append(row)
    groups = [(column, rows) for (column, _), rows in rows_of.items() if len(rows) > 1]
    at = np.array([(row, group) for group, (_, rows) in enumerate(groups) for row in rows], dtype=np.int64).reshape(
        -1, 2
    )
    shape = (len(have.rows), len(groups))
    matrix = sparse.csr_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=shape)
    return Copies(matrix, np.array([column for column, _ in groups], dtype=np.int64))


def things_of_projects(facts: Facts, kind: str, choice: Choice) -> Mapping[str, list[str]]:
    """Return the things of `kind` that each of the chosen projects has; for projects, itself."""
    have = _of(facts, kind, choice)
    cells = have.matrix.tocoo()
    found: dict[str, list[str]] = defaultdict(list)
    for row, column in zip(cells.row.tolist(), cells.col.tolist(), strict=True):
        found[have.rows[row]].append(have.columns[column])
    return found
