"""Takes a query apart just far enough to ask for it in another form: page by page, or as rows instead of a graph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.store.syntax import after_prologue

# Text in which words and braces mean nothing: long and short strings, IRIs and comments.
_OPAQUE = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|<[^<>\"{}|^`\s]*>"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*",
    re.DOTALL,
)
_VARIABLE = re.compile(r"[?$](\w+)")
_LIMIT = re.compile(r"(?<![?$\w])LIMIT\s+(\d+)", re.IGNORECASE)
_ORDER = re.compile(r"(?<![?$\w])ORDER\s+BY\b", re.IGNORECASE)
_FROM = re.compile(r"(?<![?$\w])FROM\s", re.IGNORECASE)
_GRAPH = re.compile(r"(?<![?$\w:])GRAPH\b([^{}]*)\{", re.IGNORECASE)
_DATASET_OR_PATTERN = re.compile(r"(?<![?$\w:])(?:FROM|WHERE)\b|\{", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Template:
    """A CONSTRUCT as the rows it needs: `select` gives them, `variables` go into `triples`, after `prologue`."""

    prologue: str
    triples: str
    variables: tuple[str, ...]
    select: str


@dataclass(frozen=True, slots=True)
class Description:
    """A DESCRIBE: the things named in it, and the query whose answers are things to describe as well, if any."""

    prologue: str
    things: str
    select: str | None


def row_limit(query: str) -> int | None:
    """Return the number of rows that the query itself asks for at most.

    >>> row_limit("SELECT ?s { ?s ?p 'LIMIT 3' . { SELECT ?s { ?s ?p ?o } LIMIT 9 } } LIMIT 5"), row_limit("ASK {}")
    (5, None)
    """
    found = _LIMIT.search(_outside(query))
    return int(found[1]) if found else None


def names_graphs(query: str) -> bool:
    """Return whether the query says itself which graphs it asks, and so cannot stand inside another.

    >>> names_graphs("SELECT ?s FROM <urn:g> { ?s ?p ?o }"), names_graphs("SELECT ?from { ?from ?p 'FROM <a>' }")
    (True, False)
    """
    return _FROM.search(_outside(query)) is not None


def page(query: str, columns: Sequence[str], start: int, size: int, *, sorts_inside: bool = False) -> str:
    """Return a query for `size` rows of the answer from row `start` on, in the query's own order or else a total one.

    `sorts_inside`: put the sorting into a query of its own, for servers that refuse to sort and skip many rows at once.

    >>> page("PREFIX a: <urn:a> SELECT ?s { ?s a a:b }", ["s"], 20, 10)
    'PREFIX a: <urn:a> SELECT ?s WHERE { { SELECT ?s { ?s a a:b }\\n } } ORDER BY ?s LIMIT 10 OFFSET 20'
    """
    position = after_prologue(query)
    names = " ".join(f"?{column}" for column in columns)
    rows = f"SELECT {names} WHERE {{ {{ {query[position:]}\n }} }}"
    if not _ORDER.search(_outside(query)):
        rows += f" ORDER BY {names}"
        if sorts_inside:
            rows = f"SELECT {names} WHERE {{ {{ {rows} }} }}"
    return f"{query[:position]}{rows} LIMIT {size} OFFSET {start}"


def any_row(query: str, columns: Sequence[str], start: int) -> str:
    """Return a query that has a row only if the answer has one after the first `start`."""
    position = after_prologue(query)
    names = " ".join(f"?{column}" for column in columns)
    return f"{query[:position]}SELECT {names} WHERE {{ {{ {query[position:]}\n }} }} LIMIT 1 OFFSET {start}"


def row_count(query: str) -> str:
    """Return a query for the number of rows, as ?n.

    >>> row_count("PREFIX a: <urn:a> SELECT ?s { ?s a a:b }")
    'PREFIX a: <urn:a> SELECT (COUNT(*) AS ?n) WHERE { { SELECT ?s { ?s a a:b }\\n } }'
    """
    position = after_prologue(query)
    return f"{query[:position]}SELECT (COUNT(*) AS ?n) WHERE {{ {{ {query[position:]}\n }} }}"


HIDDEN_VARIABLE = "kgGraph"
"""How the variables begin that `naming_graphs` adds; they are no columns of an answer."""


def naming_graphs(query: str, hidden: Sequence[str]) -> str:
    """Return the query in such words that ``GRAPH`` reaches every graph but those `hidden`.

    Where the default graph is chosen by a parameter, Virtuoso still lets a variable range over all graphs, but finds
    nothing in a graph that is named.

    >>> naming_graphs("SELECT ?g { GRAPH ?g { ?s ?p 'GRAPH ?x {' } }", ["urn:u"])
    "SELECT ?g { GRAPH ?g { ?s ?p 'GRAPH ?x {' } FILTER(?g NOT IN (<urn:u>)) }"
    >>> naming_graphs("SELECT ?s { GRAPH <urn:g> { ?s ?p ?o } }", ["urn:u"])
    'SELECT ?s { GRAPH ?kgGraph12 { ?s ?p ?o } FILTER(?kgGraph12 = <urn:g>) }'
    """
    masked = _masked(query)
    names = ", ".join(f"<{graph}>" for graph in hidden)
    changes: list[tuple[int, int, str]] = []
    for found in _GRAPH.finditer(masked):
        closing = _closing(masked, found.end() - 1)
        name = query[found.start(1) : found.end(1)].strip()
        if closing is None:
            continue
        if name[:1] in ("?", "$"):
            changes.append((closing, closing, f" FILTER({name} NOT IN ({names}))"))
        else:
            variable = f"?{HIDDEN_VARIABLE}{found.start()}"
            changes.append((found.start(1), found.end(1), f" {variable} "))
            changes.append((closing, closing, f" FILTER({variable} = {name})"))
    for start, end, text in sorted(changes, reverse=True):
        query = query[:start] + text + query[end:]
    return query


def template(query: str) -> Template | None:
    """Return the parts of a CONSTRUCT, or None for a text that is none.

    >>> found = template("CONSTRUCT { ?s a ?o } WHERE { ?s ?p ?o } LIMIT 3")
    >>> found.triples, found.variables, found.select
    ('{ ?s a ?o }', ('s', 'o'), 'SELECT ?s ?o  WHERE { ?s ?p ?o } LIMIT 3')
    """
    position = after_prologue(query)
    masked = _masked(query)
    opening = masked.find("{", position)
    closing = _closing(masked, opening)
    if closing is None:
        return None
    triples = query[opening:closing]
    short = bool(_DATASET_OR_PATTERN.match(masked[position + len("CONSTRUCT") : opening].strip()))
    rest = query[position + len("CONSTRUCT") :] if short else query[closing:]
    variables = tuple(dict.fromkeys(_VARIABLE.findall(masked[opening:closing])))
    chosen = " ".join(f"?{name}" for name in variables) or "(1 AS ?row)"
    return Template(query[:position], triples, variables, f"{query[:position]}SELECT {chosen} {rest}")


def description(query: str) -> Description:
    """Return the parts of a DESCRIBE.

    >>> description("DESCRIBE <urn:a> ?s { ?s a <urn:c> }")
    Description(prologue='', things='<urn:a>', select='SELECT ?s { ?s a <urn:c> }')
    >>> description("DESCRIBE <urn:a>").select is None
    True
    """
    position = after_prologue(query)
    start = position + len("DESCRIBE")
    masked = _masked(query)
    rest = _DATASET_OR_PATTERN.search(masked, start)
    end = rest.start() if rest else len(query)
    variables = list(_VARIABLE.finditer(masked, start, end))
    things = "".join(
        character
        for place, character in enumerate(query[start:end], start)
        if not any(found.start() <= place < found.end() for found in variables)
    )
    chosen = "*" if "*" in masked[start:end] else " ".join(found[0] for found in variables)
    select = f"{query[:position]}SELECT {chosen} {query[end:]}" if chosen and rest else None
    return Description(query[:position], "" if chosen == "*" else things.strip(), select)


def _masked(query: str) -> str:
    """Return the text with blanks for what is opaque, so that places stay the same."""
    return _OPAQUE.sub(lambda found: " " * len(found[0]), query)


def _outside(query: str) -> str:
    """Return what stands outside all braces."""
    kept: list[str] = []
    depth = 0
    for character in _masked(query):
        depth += (character == "{") - (character == "}")
        kept.append(" " if depth or character == "}" else character)
    return "".join(kept)


def _closing(masked: str, opening: int) -> int | None:
    """Return the place after the brace that closes the one at `opening`."""
    depth = 0
    for place in range(opening, len(masked)) if opening >= 0 else ():
        depth += (masked[place] == "{") - (masked[place] == "}")
        if not depth:
            return place + 1
    return None
