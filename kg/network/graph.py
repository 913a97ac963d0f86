"""The network as a NetworkX graph of typed, labelled nodes and edges."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.network.reading import Facts, Use, read
from kg.store import Store

if TYPE_CHECKING:
    import networkx as nx


def network(store: Store) -> nx.MultiDiGraph[str]:
    """Return the graph of all projects and everything that they lead to, in a stable order.

    A node is named by kind and key (``project:22-045-S01``, ``owner:2220002485``, ``method:bip``) and has ``kind``,
    ``key``, ``iri``, ``label`` and the attributes that `kg.network.reading.Node` describes. An edge has its relation
    as key and as ``relation``. An edge to a method also has ``role`` (the strongest), ``roles`` (all that link, joined
    by ``|``), ``quote``, ``matched``, ``rule`` and ``confidence`` (0–1), those of the strongest role.

    Raises:
        EndpointError: the server fails.
    """
    return graph_of(read(store))


def graph_of(facts: Facts) -> nx.MultiDiGraph[str]:
    """Return the same graph from facts already read."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="ESF-KG")
    linked = {node for link in facts.links for node in (link.source, link.target)}
    for node in facts.nodes.values():
        if node.kind == "project" or node.id in linked:
            graph.add_node(node.id, kind=node.kind, key=node.key, iri=node.iri, label=node.label, **node.attributes)
    uses: dict[tuple[str, str], list[Use]] = defaultdict(list)
    for use in facts.linking_uses():
        uses[use.project, use.method].append(use)
    for link in facts.links:
        found = uses.get((link.source, link.target), []) if link.relation == "method" else []
        evidence = _evidence(found) if found else {}
        graph.add_edge(link.source, link.target, key=link.relation, relation=link.relation, **evidence)
    return graph


def _evidence(uses: list[Use]) -> dict[str, str | float]:
    strongest = uses[0]
    return {
        "role": strongest.role,
        "roles": "|".join(use.role for use in uses),
        "quote": strongest.quote,
        "matched": strongest.matched,
        "rule": strongest.rule,
        "confidence": strongest.confidence,
    }
