"""Reads just enough of a SPARQL text: what kind of query it is, and where it is not legal."""

from __future__ import annotations

import re
from typing import Literal

QueryKind = Literal["select", "ask", "construct", "describe"]

# What may stand before the keyword: blanks, comments, BASE and PREFIX lines.
_PROLOGUE = re.compile(r"\s+|#[^\n]*|BASE\s*<[^>]*>|PREFIX\s+[^\s:]*:\s*<[^>]*>", re.IGNORECASE)
_KEYWORD = re.compile(r"(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_KINDS: dict[str, QueryKind] = {"select": "select", "ask": "ask", "construct": "construct", "describe": "describe"}
_PLACE = re.compile(r"error at (\d+):(\d+)")
_IGNORED = re.compile(r"<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*")


def query_kind(query: str) -> QueryKind | None:
    """Return the kind of a query, or None for anything else, such as an update.

    >>> query_kind("PREFIX a: <http://e/#>  # a SELECT?\\nASK { ?s ?p ?o }")
    'ask'
    """
    keyword = _KEYWORD.match(query, after_prologue(query))
    return _KINDS[keyword[1].lower()] if keyword else None


def after_prologue(query: str) -> int:
    """Return where the first word stands that is not of a BASE or PREFIX line.

    >>> after_prologue("BASE <urn:b> ASK {}")
    13
    """
    position = 0
    while found := _PROLOGUE.match(query, position):
        position = found.end()
    return position


def illegal_query(query: str, error: SyntaxError) -> str:
    """Return one sentence that says where a query is not legal.

    >>> illegal_query("SELECT {", SyntaxError("error at 1:9: expected one of …"))
    "the query is not legal SPARQL at line 1, column 9: 'SELECT {'"
    """
    place = _PLACE.search(str(error))
    if not place:
        return f"the query is not legal SPARQL: {error}"
    number, column = int(place[1]), int(place[2])
    lines = query.splitlines()
    if number > len(lines):
        return "the query is not legal SPARQL: it ends too early"
    return f"the query is not legal SPARQL at line {number}, column {column}: {lines[number - 1].strip()!r}"


def with_prefixes(query: str, prefixes: dict[str, str]) -> str:
    """Return the query with PREFIX lines for those of `prefixes` that it uses but does not declare.

    The lines go before the first one, all on it, so that line numbers in messages stay right.

    >>> with_prefixes("SELECT ?p { ?p a kg:Project }", {"kg": "https://example.org/#", "org": "https://o.example/"})
    'PREFIX kg: <https://example.org/#> SELECT ?p { ?p a kg:Project }'
    """
    bare = _IGNORED.sub(" ", query)
    declared = set(re.findall(r"PREFIX\s+([^\s:]*):", bare, re.IGNORECASE))
    used = set(re.findall(r"(?<![\w:?$-])([A-Za-z][\w-]*):", bare))
    missing = sorted(name for name in used - declared if name in prefixes)
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in missing) + query
