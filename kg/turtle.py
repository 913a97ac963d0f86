"""Turtle and TriG from sorted triples: grouped by subject, one statement a line, the same bytes for the same graph.

Literals are passed through as they are written in N-Triples, which Turtle reads alike, so nothing is escaped anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kg.statements import RDF_TYPE, XSD, Description, descriptions

_LOCAL = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
# Only canonical forms may be written bare: every reader gives them back letter for letter.
_BARE: dict[str, Callable[[str], object]] = {
    f"<{XSD}integer>": re.compile(r"0|-?[1-9][0-9]*").fullmatch,
    f"<{XSD}decimal>": re.compile(r"(?!-0\.0$)-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])").fullmatch,
    f"<{XSD}boolean>": re.compile(r"true|false").fullmatch,
}
_REMEMBERED = 120
"""Longest object, in characters, that is worth remembering: dates, numbers, codes, IRIs, not descriptions."""


def turtle(found: Iterable[str], prefixes: Mapping[str, str], order: Sequence[str] = ()) -> Iterator[str]:
    """Yield the pieces of a Turtle document for sorted distinct triples, as `kg.statements.triples` returns them.

    `prefixes` maps names to namespaces; those that are used are declared. `order` lists beginnings of subject IRIs;
    subjects come in that order, others after them, each part sorted by IRI.

    >>> triple = '<http://e/b> <http://e/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    >>> print("".join(turtle([triple], {"e": "http://e/"})), end="")
    PREFIX e: <http://e/>
    <BLANKLINE>
    e:b
        e:p 1 .
    """
    terms = _Terms(prefixes)
    blocks = list(_blocks(found, terms, order))
    yield terms.header()
    yield "\n".join(blocks)


def trig(graphs: Mapping[str, Iterable[str]], prefixes: Mapping[str, str], order: Sequence[str] = ()) -> Iterator[str]:
    """Yield the pieces of a TriG document for the graphs that `kg.statements.graphs` returns, in their order."""
    terms = _Terms(prefixes)
    pieces = [_graph(graph, _blocks(found, terms, order), terms) for graph, found in graphs.items()]
    yield terms.header()
    yield "\n".join(pieces)


def _graph(graph: str, blocks: Iterable[str], terms: _Terms) -> str:
    if not graph:
        return "\n".join(blocks)
    # No line of a block begins inside a literal: line ends in literals are escaped.
    body = re.sub(r"(?m)^(?=.)", "    ", "\n".join(blocks))
    return f"{terms[graph]} {{\n{body}}}\n"


class _Terms(dict[str, str]):
    """Remembers the short form of each term; a miss makes it."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._names = {namespace: name for name, namespace in sorted(prefixes.items(), reverse=True)}
        longest_first = sorted(self._names, key=len, reverse=True)
        namespaces = "|".join(re.escape(namespace) for namespace in longest_first) or "(?!)"
        self._match = re.compile(f"<({namespaces})({_LOCAL})>").fullmatch
        self._used: set[str] = set()

    def __missing__(self, term: str) -> str:
        short = self._iri(term) if term[0] == "<" else self._literal(term)
        if len(term) <= _REMEMBERED:
            self[term] = short
        return short

    def _iri(self, term: str) -> str:
        found = self._match(term)
        if not found:
            return term
        self._used.add(found[1])
        return f"{self._names[found[1]]}:{found[2]}"

    def _literal(self, term: str) -> str:
        if term[-1] != ">":
            return term
        end = term.rfind('"^^<')
        datatype = term[end + 3 :]
        bare = _BARE.get(datatype)
        text = term[1:end]
        return text if bare and bare(text) else f'"{text}"^^{self[datatype]}'

    def header(self) -> str:
        """Return the declarations of the prefixes used so far, sorted by name, and an empty line."""
        used = sorted((self._names[namespace], namespace) for namespace in self._used)
        return "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in used) + ("\n" if used else "")


def _blocks(found: Iterable[str], terms: _Terms, order: Sequence[str]) -> Iterator[str]:
    """Yield one block a subject, in the order asked for; `found` are sorted distinct triples."""
    parts: list[list[str]] = [[] for _ in range(len(order) + 1)]
    ranked = [(f"<{beginning}", part) for beginning, part in zip(order, parts, strict=False)]
    for described in descriptions(found):
        part = next((part for beginning, part in ranked if described.subject.startswith(beginning)), parts[-1])
        part.append(_block(described, terms))
    for part in parts:
        yield from part


def _block(described: Description, terms: _Terms) -> str:
    values = described.values
    clauses = [f"{terms[name]} {_objects(found, terms)}" for name, found in values.items() if name != RDF_TYPE]
    if RDF_TYPE in values:
        clauses.insert(0, f"a {_objects(values[RDF_TYPE], terms)}")
    return f"{terms[described.subject]}\n    " + " ;\n    ".join(clauses) + " .\n"


def _objects(values: Sequence[str], terms: _Terms) -> str:
    if len(values) == 1:
        return terms[values[0]]
    return " ,\n        ".join([terms[value] for value in values])
