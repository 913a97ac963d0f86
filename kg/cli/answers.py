"""Writes the answers of queries: rows as a table, CSV, TSV or SPARQL JSON, graphs in the formats of RDF."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from kg.cli.output import ROW_FORMATS, Plain, write_json, write_rows
from kg.errors import UsageError
from kg.store import Answer, Term, plain
from kg.vocabulary import Names

if TYPE_CHECKING:
    import rdflib

GRAPH_FORMATS = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "pretty-xml"}
"""Names of the formats for graphs, with rdflib's names for them."""
_ALIASES = {"ttl": "turtle", "nt": "ntriples", "json-ld": "jsonld", "xml": "rdfxml", "rdf": "rdfxml"}
_CAMEL_END = re.compile(r"([A-Z]?[a-z]+)$")


def checked_format(fmt: str | None, *, graph: bool) -> str:
    """Return the format to write in, by default a table of rows or Turtle.

    Raises:
        UsageError: there is no such format, or it is for the other kind of answer.
    """
    if fmt is None:
        return "turtle" if graph else "table"
    chosen = _ALIASES.get(fmt, fmt)
    known, others = (tuple(GRAPH_FORMATS), ROW_FORMATS) if graph else (ROW_FORMATS, tuple(GRAPH_FORMATS))
    if chosen in known:
        return chosen
    made = "a graph" if graph else "rows"
    if chosen in others:
        raise UsageError(f"the query makes {made}, which cannot be written as {fmt}: use {', '.join(known)}")
    raise UsageError(f"unknown format {fmt!r}: {made} are written as {', '.join(known)}")


def write_answer(answer: Answer, fmt: str, base: str) -> None:
    """Write rows, or the truth of an ASK, to standard output; in a table IRIs are shortened to their keys."""
    if fmt == "json":
        write_json(results_json(answer))
    elif answer.truth is not None:
        write_rows(["answer"], [[answer.truth]], fmt)
    elif fmt == "table":
        shorten = _Shortener(base)
        rows = [
            [shorten(term, column) for term, column in zip(row, answer.columns, strict=True)] for row in answer.rows
        ]
        write_rows(answer.columns, rows, fmt)
    else:
        write_rows(answer.columns, (list(map(_written, row)) for row in answer.rows), fmt)


def write_graph(graph: rdflib.Graph, fmt: str) -> None:
    """Write a graph to standard output."""
    written = graph.serialize(format=GRAPH_FORMATS[fmt], encoding="utf-8").decode("utf-8")
    sys.stdout.write(written if written.endswith("\n") else written + "\n")


def results_json(answer: Answer) -> dict[str, object]:
    """Return an answer as SPARQL 1.1 Query Results JSON."""
    if answer.truth is not None:
        return {"head": {}, "boolean": answer.truth}
    bindings = [
        {column: _binding(term) for column, term in zip(answer.columns, row, strict=True) if term is not None}
        for row in answer.rows
    ]
    return {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}


def _binding(term: Term) -> dict[str, str]:
    from rdflib.term import BNode, Literal

    if isinstance(term, BNode):
        return {"type": "bnode", "value": str(term)}
    if not isinstance(term, Literal):
        return {"type": "uri", "value": str(term)}
    if term.language:
        return {"type": "literal", "value": str(term), "xml:lang": term.language}
    datatype = {"datatype": str(term.datatype)} if term.datatype else {}
    return {"type": "literal", "value": str(term), **datatype}


def _written(term: Term | None) -> str | None:
    # The literal's own text, so that no float or date is written in another way than it is stored.
    return None if term is None else str(term)


class _Shortener:
    """Shortens IRIs for people: ``…/id/project/22-014-S05`` to its key, known namespaces to their prefix."""

    def __init__(self, base: str) -> None:
        names = Names(base)
        self._things = f"{base}id/"
        self._prefixes = sorted(names.prefixes().items(), key=lambda item: -len(item[1]))

    def __call__(self, term: Term | None, column: str) -> Plain:
        from rdflib.term import URIRef

        return self._iri(str(term), column) if isinstance(term, URIRef) else plain(term)

    def _iri(self, iri: str, column: str) -> str:
        if iri.startswith(self._things):
            kind, _, key = iri.removeprefix(self._things).partition("/")
            return key if key and kind == _last_word(column) else f"{kind}/{key}".rstrip("/")
        for prefix, namespace in self._prefixes:
            if iri.startswith(namespace) and iri != namespace:
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri


def _last_word(column: str) -> str:
    """Return the last word of a column's name: the kind of thing that stands in it, by our way of naming.

    >>> _last_word("otherOwner")
    'owner'
    """
    found = _CAMEL_END.search(column)
    return found[1].lower() if found else column
