"""Who is linked through what: owners through methods, methods through projects, and every other sensible pair.

Pairs are found by multiplying sparse matrices and handed out as arrays; `kg.network.pair_graph` makes NetworkX graphs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from kg.errors import UsageError
from kg.network.matrices import EVERYTHING, Choice, Incidence, chosen_projects, filled, incidence
from kg.network.reading import Facts

if TYPE_CHECKING:
    from scipy import sparse

    from kg.network.matrices import Floats, Integers

Weighting = Literal["count", "jaccard", "cosine", "idf", "newman"]
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
    choice: Choice = EVERYTHING,
) -> Projection:
    """Return the pairs of things of `kind` that share things of the kind `through` in the chosen projects.

    `weighting` is ``count`` (of shared things), ``jaccard`` (of those either has), ``cosine``, ``idf`` (a thing that
    everyone has counts nothing, log(n / number that have it)), or ``newman`` (1 / (number that have it - 1)). A method
    that both sides prove with the same sentence counts half. `min_overlap` is the least number of shared things.

    Raises:
        UsageError: an unknown kind or weighting, or the same kind twice.
    """
    weighting = weighting_named(weighting)
    if kind == through:
        raise UsageError(f"things of the kind {kind!r} cannot be linked through their own kind")
    have = joint(facts, kind, through, choice)
    copies = _copies(facts, kind, have, choice) if through == "method" else None
    return paired(have, kind, through, weighting=weighting, min_overlap=min_overlap, copies=copies)


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
    copies: Copies | None = None,
) -> Projection:
    """Return the pairs of rows of `have` that share columns: the part of `projection` that is arrays only."""
    import numpy as np
    from scipy import sparse

    ones = have.matrix.copy()
    ones.data = np.ones_like(ones.data)
    worth = _worth(ones, weighting)
    # One product gives both: the count is the real part, the weight the imaginary one. Two products would differ in
    # their zeros (a thing that everyone has is worth nothing by idf), and so in the order of their pairs.
    both = sparse.triu((ones * (1 + 1j * worth)) @ ones.T, k=1, format="csr").tocoo()
    first, second = both.row.astype(np.int64), both.col.astype(np.int64)
    count, weight = both.data.real, both.data.imag.copy()
    if copies is not None and copies.matrix.shape[1]:
        copied = (copies.matrix * worth[copies.columns]) @ copies.matrix.T
        weight -= (1 - REUSED_TEXT_COUNTS) * np.asarray(copied[first, second]).ravel()
    if weighting in ("jaccard", "cosine"):
        size = np.asarray(ones.sum(axis=1)).ravel()
        most = size[first] + size[second] - count if weighting == "jaccard" else np.sqrt(size[first] * size[second])
        weight = weight / most
    enough = count >= min_overlap
    return Projection(
        kind=kind,
        through=through,
        have=have,
        first=first[enough],
        second=second[enough],
        weight=weight[enough],
        count=count[enough].astype(np.int64),
        copies=copies,
    )


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
