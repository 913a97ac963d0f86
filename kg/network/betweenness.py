"""Betweenness by Brandes' method for many sources at once: each step outwards and back is one sparse product.

Ulrik Brandes, "A faster algorithm for betweenness centrality", Journal of Mathematical Sociology 25 (2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy import sparse

    from kg.network.matrices import Floats, Integers

_AT_ONCE = 32
"""Sources that are followed together: more need more memory (four rows of that many numbers a node) and gain little."""


def betweenness(graph: sparse.csr_array, sources: Sequence[int]) -> Floats:
    """Return the share (0–1) of the shortest ways between two other nodes that lead over each node.

    Args:
        graph: symmetric, with a one where two nodes are linked, and zeros on the diagonal.
        sources: different places of nodes from which ways start: all nodes for exact values, some for estimates.
    """
    import numpy as np

    total = np.zeros(graph.shape[0])
    for start in range(0, len(sources), _AT_ONCE):
        total += _dependencies(graph, np.asarray(sources[start : start + _AT_ONCE], dtype=np.int64))
    # Ways that start at a node do not lead over it, so a source is judged by the other sources only.
    asked = np.full(len(total), float(len(sources)))
    asked[np.asarray(sources, dtype=np.int64)] -= 1
    ways = asked * (len(total) - 2)
    shares: Floats = np.divide(total, ways, out=np.zeros_like(total), where=ways > 0)
    return shares


def _dependencies(graph: sparse.csr_array, sources: Integers) -> Floats:
    """Return, for each node, the parts of the ways from all sources to all targets that lead over it."""
    import numpy as np

    shape = (graph.shape[0], len(sources))
    counts, steps = _ways(graph, sources)
    parts = np.zeros_like(counts)
    for here, nearer in pairwise(reversed(steps)):
        handed = np.zeros_like(counts)
        handed[here] = (1 + parts[here]) / counts[here]
        back = (graph @ handed.reshape(shape)).ravel()
        parts[nearer] += counts[nearer] * back[nearer]
    parts[steps[0]] = 0
    found: Floats = parts.reshape(shape).sum(axis=1)
    return found


def _ways(graph: sparse.csr_array, sources: Integers) -> tuple[Floats, list[Integers]]:
    """Return the number of shortest ways to each node from each source, and the cells reached at each step.

    Cells are places in the flat table with a row a node and a column a source.
    """
    import numpy as np

    shape = (graph.shape[0], len(sources))
    counts = np.zeros(shape[0] * shape[1])
    here = np.sort(sources * shape[1] + np.arange(len(sources)))
    counts[here] = 1
    steps = [here]
    while True:
        front = np.zeros_like(counts)
        front[here] = counts[here]
        reached = (graph @ front.reshape(shape)).ravel()
        here = np.flatnonzero((reached > 0) & (counts == 0))
        if not len(here):
            return counts, steps
        counts[here] = reached[here]
        steps.append(here)
