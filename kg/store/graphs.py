"""The graphs that only copies on servers need, and graphs made here from the rows that a server gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kg.store.terms import nquads_term, triple
from kg.vocabulary import Names

if TYPE_CHECKING:
    import rdflib

    from kg.store.answer import Term
    from kg.store.paging import Rows
    from kg.store.rewriting import Template

_BLANK = "urn:kg:blank:"


def union_graph(base: str) -> str:
    """Return the graph that holds the union where a server's default graph shows a triple once for each graph."""
    return Names(base).thing("graph", "union")


def pushed_graph(base: str) -> str:
    """Return the graph in which a push remembers what it has sent."""
    return Names(base).thing("graph", "pushed")


def works_graphs(base: str) -> frozenset[str]:
    """Return the graphs that are no part of the data."""
    return frozenset((union_graph(base), pushed_graph(base)))


def instantiated(template: Template, rows: Rows, prefixes: Mapping[str, str]) -> rdflib.Graph:
    """Return the graph that the template of a CONSTRUCT makes from rows, with the prefixes bound."""
    import pyoxigraph
    import rdflib

    graph = rdflib.Graph()
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace)
    made = pyoxigraph.Store().query(_query(template, rows))
    for found in made if isinstance(made, pyoxigraph.QueryTriples) else ():
        graph.add(_with_blanks(triple(found)))
    return graph


def _query(template: Template, rows: Rows) -> str:
    variables = " ".join(f"?{name}" for name in template.variables)
    if not template.variables:
        values = "" if rows.bindings else "FILTER(false)"
    else:
        lines = (" ".join(_value(binding, name) for name in template.variables) for binding in rows.bindings)
        values = f"VALUES ({variables}) {{ {' '.join(f'({line})' for line in lines)} }}"
    return f"{template.prologue}CONSTRUCT {template.triples} WHERE {{ {values} }}"


def _value(binding: Mapping[str, Mapping[str, str]], name: str) -> str:
    if name not in binding:
        return "UNDEF"
    term = binding[name]
    # VALUES takes no blank node.
    return f"<{_BLANK}{term['value']}>" if term["type"] == "bnode" else nquads_term(term)


def _with_blanks(found: tuple[Term, Term, Term]) -> tuple[Term, Term, Term]:
    subject, predicate, value = found
    return _with_blank(subject), predicate, _with_blank(value)


def _with_blank(term: Term) -> Term:
    from rdflib.term import BNode, URIRef

    return BNode(term.removeprefix(_BLANK)) if isinstance(term, URIRef) and term.startswith(_BLANK) else term
