"""Who is linked through what: owners through methods, methods through projects, and every other sensible pair.

Pairs are found by multiplying sparse matrices and handed out as arrays; `kg.network.pair_graph` makes NetworkX graphs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from kg.errors import UsageError
from kg.network.matrices import EVERYTHING, Choice, Incidence, chosen_projects, filled, incidence
from kg.network.reading import Facts
from kg.network.weighing import Copies, Weighting, best, pairs, weighed

if TYPE_CHECKING:
    from kg.network.matrices import Floats, Integers

_BLOCK = 1024
"""Rows whose pairs are weighed at a time."""
_WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)


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
    every = weighed(ones, weighting, copies)
    if top is None:
        ranges = [range(start, min(start + _BLOCK, ones.shape[0])) for start in range(0, ones.shape[0], _BLOCK)]
        blocks = [pairs(every, rows, min_overlap) for rows in ranges]
    else:
        blocks = list(best(every, min_overlap, top))
    first, second, count = (np.concatenate([np.empty(0, np.int64), *(b[at] for b in blocks)]) for at in (0, 1, 3))
    weight = np.concatenate([np.empty(0), *(block[2] for block in blocks)])
    if top is not None:
        # A pair that is among the best of both its sides was found twice.
        low, high = np.minimum(first, second), np.maximum(first, second)
        _, once = np.unique(low * ones.shape[0] + high, return_index=True)
        first, second, weight, count = low[once], high[once], weight[once], count[once]
    return Projection(kind, through, have, first, second, weight, count, copies)


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
