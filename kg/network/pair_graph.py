"""Bipartite graphs and projections as NetworkX graphs, whose edges say what is shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.model import ROLES
from kg.network.matrices import EVERYTHING, Choice
from kg.network.projection import Projection, joint, things_of_projects
from kg.network.reading import Facts

if TYPE_CHECKING:
    import networkx as nx
    from scipy import sparse


def bipartite(facts: Facts, kind: str, other: str, choice: Choice = EVERYTHING) -> nx.Graph[str]:
    """Return the graph of two kinds of things, such as projects and methods, with an edge where a project links them.

    Nodes have `bipartite` 0 or 1 and their attributes; edges have `weight`, the number of projects (1 for a project
    itself), and between projects and methods `roles`, joined by ``|``.

    Raises:
        UsageError: the kinds are equal, or projects have no things of such a kind.
    """
    import networkx as nx

    if kind == other:
        raise UsageError(f"the two sides of a bipartite graph are of two kinds, not both {kind!r}")
    links = joint(facts, kind, other, choice)
    graph: nx.Graph[str] = nx.Graph(name=f"{kind}–{other}")
    for side, ids in enumerate((links.rows, links.columns)):
        for node in ids:
            found = facts.nodes[node]
            graph.add_node(node, bipartite=side, kind=found.kind, key=found.key, label=found.label, **found.attributes)
    roles = _roles(facts, choice) if {kind, other} == {"project", "method"} else {}
    cells = links.matrix.tocoo()
    for row, column, weight in zip(cells.row, cells.col, cells.data, strict=True):
        ends = links.rows[row], links.columns[column]
        named = roles.get(ends) or roles.get(ends[::-1])
        graph.add_edge(*ends, weight=int(weight), **({"roles": "|".join(named)} if named else {}))
    return graph


def graph_of_pairs(pairs: Projection, facts: Facts, *, choice: Choice = EVERYTHING) -> nx.Graph[str]:
    """Return the pairs of a projection as a NetworkX graph.

    Nodes have their attributes; things without a pair are nodes too. Edges have `weight`, `count`, `shared` (the ids
    of what is shared) and `same_words` (those of them that both sides prove with the same sentence); through methods
    also `roles`, parallel to `shared`: the roles on either side, such as ``trains|builds-on – uses``, in the `choice`
    that the projection was made with. All of these are tuples.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph(name=f"{pairs.kind} through {pairs.through}")
    for node in pairs.nodes:
        found = facts.nodes[node]
        graph.add_node(node, kind=found.kind, key=found.key, label=found.label, **found.attributes)
    roles = _roles_of_rows(pairs, facts, choice) if pairs.through == "method" else {}
    weights = zip(pairs.weight.tolist(), pairs.count.tolist(), strict=True)
    for (one, two, shared, same), (weight, count) in zip(_shared(pairs), weights, strict=True):
        ends = pairs.nodes[one], pairs.nodes[two]
        graph.add_edge(*ends, weight=weight, count=count, shared=shared, same_words=same)
        if roles:
            graph.edges[ends]["roles"] = tuple(f"{roles[one, method]} – {roles[two, method]}" for method in shared)
    return graph


def _shared(pairs: Projection) -> Iterator[tuple[int, int, tuple[str, ...], tuple[str, ...]]]:
    """Yield the places of each pair, what it shares, and what of that it proves with the same sentence."""
    columns = pairs.have.columns
    # Sets are kept as the bits of a number, so that equal ones are listed once.
    masks = [0] * len(pairs.nodes)
    for row, column in _cells(pairs.have.matrix):
        masks[row] |= 1 << column
    listed: dict[int, tuple[str, ...]] = {}
    groups = _groups(pairs)
    nothing: dict[int, int] = {}
    for one, two in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        mask = masks[one] & masks[two]
        if mask not in listed:
            listed[mask] = tuple(columns[place] for place in range(mask.bit_length()) if mask >> place & 1)
        same = sorted(groups.get(one, nothing).keys() & groups.get(two, nothing).keys())
        yield one, two, listed[mask], tuple(columns[groups[one][group]] for group in same)


def _groups(pairs: Projection) -> Mapping[int, dict[int, int]]:
    """Return the sentence groups of each row, with the column of the method of each."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    if pairs.copies is not None:
        for row, group in _cells(pairs.copies.matrix):
            found[row][group] = int(pairs.copies.columns[group])
    return found


def _cells(matrix: sparse.csr_array) -> Iterator[tuple[int, int]]:
    cells = matrix.tocoo()
    return zip(cells.row.tolist(), cells.col.tolist(), strict=True)


def _roles_of_rows(pairs: Projection, facts: Facts, choice: Choice) -> Mapping[tuple[int, str], str]:
    """Return the roles, strongest first and joined by ``|``, in which each row of a projection has each method."""
    things = things_of_projects(facts, pairs.kind, choice)
    row_of = {node: place for place, node in enumerate(pairs.nodes)}
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for use in facts.uses:
        if use.role in choice.roles:
            for thing in things.get(use.project, ()):
                found[row_of[thing], use.method].add(use.role)
    return {cell: "|".join(role for role in ROLES if role in roles) for cell, roles in found.items()}


def _roles(facts: Facts, choice: Choice) -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for use in facts.uses:
        if use.role in choice.roles:
            found[use.project, use.method].append(use.role)
    return found
