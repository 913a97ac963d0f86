"""Reads a SPARQL query just far enough to refuse what must not run and to know what it is.

Oxigraph has the grammar; this is no second one. A single pass over the text tells strings, IRIs and comments from the
rest, and the rest is searched for what the endpoint refuses. Two things make that safe without a full parser:

* Where this scan and Oxigraph's parser could see a text differently, the scan refuses. Oxigraph reads keywords without
  looking at what stands beside them (``trueSERVICE <…>`` and ``SERVICE:x {…}`` are SERVICE clauses to it), so any word
  or prefix that merely holds the letters is refused. So is a text that is not closed.
  Escapes such as ``\\u0053`` are judged both as written and resolved.
* The engine cannot open a connection whatever it is asked (`kg.web.sparql.guard`). A parser that agreed with Oxigraph's
  in every corner would be the only guard of a design that needs it; here the scan is the first of two, there for the
  clear message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kg.web.refusal import Refusal

QueryKind = Literal["select", "ask", "construct", "describe"]

_TOKEN = re.compile(
    r"""
      \#[^\n\r]*
    | <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>
    | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?!"")(?:[^"\\\n\r]|\\[^\n\r])*" | '(?!'')(?:[^'\\\n\r]|\\[^\n\r])*'
    | [?$]\w+
    | @[A-Za-z]+(?:-[A-Za-z0-9]+)*
    | (?P<word>[\w.\-]*)(?P<local>:(?:[\w.\-:%]|\\[_~.\-!$&'()*+,;=/?\#@%])*)
    | (?P<bare>[\w.\-]+)
    | (?P<unclosed>["'].*)
    """,
    re.VERBOSE | re.DOTALL,
)
"""Comments, IRIs, texts, variables and language tags have no group: nothing in them is looked at.
A text that is not closed takes all the rest, so that the work stays in proportion to the length."""
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_KINDS: tuple[QueryKind, ...] = ("select", "ask", "construct", "describe")
_PROLOGUE = frozenset(("PREFIX", "BASE", "VERSION"))
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_VOLATILE = re.compile("NOW|RAND|UUID|BNODE")
_ELSEWHERE = "service"
_NEEDS_A_LOOK = (_ELSEWHERE, "now", "rand", "uuid", "bnode", "\\")
_ASKS_ELSEWHERE = Refusal(403, "this endpoint answers from its own data only: SERVICE is refused")
_UPDATES_DATA = Refusal(403, "this endpoint is read-only: an update is refused")
_NO_QUERY = Refusal(400, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX and BASE lines")
_NOT_CLOSED = Refusal(400, "the query is not legal SPARQL: a quotation mark opens a text and none closes it")


@dataclass(frozen=True, slots=True)
class QueryText:
    """A query that may run; `volatile` if its answer can differ from one time to the next."""

    text: str
    kind: QueryKind
    undeclared: frozenset[str]
    volatile: bool


@dataclass(frozen=True, slots=True)
class _Scan:
    words: tuple[str, ...]
    prefixes: frozenset[str]
    declared: frozenset[str]
    closed: bool


def is_plain(text: str) -> bool:
    """Return whether nothing in a query needs a closer look before it runs: it asks nobody else and is not volatile.

    Told in a hundredth of the time that `read` takes; of what is not plain, most is harmless all the same.

    >>> is_plain("SELECT ?s { ?s a kg:Project }"), is_plain("SELECT (now() AS ?now) {}")
    (True, False)
    """
    folded = text.casefold()
    return not any(word in folded for word in _NEEDS_A_LOOK)


def read(text: str) -> QueryText | Refusal:
    """Return the query, or why it is refused.

    >>> read("SELECT ?s { ?s a kg:Project }")
    QueryText(text='SELECT ?s { ?s a kg:Project }', kind='select', undeclared=frozenset({'kg'}), volatile=False)
    >>> read("SELECT * { s\\u0065rvice <http://example.org/> { ?s ?p ?o } }").detail
    'this endpoint answers from its own data only: SERVICE is refused'
    """
    scan = _scan(text)
    if _asks_elsewhere(text, scan) or _asks_elsewhere_when_resolved(text):
        return _ASKS_ELSEWHERE
    if not scan.closed:
        return _NOT_CLOSED
    first = next((word for word in scan.words if word not in _PROLOGUE), "")
    kind = next((kind for kind in _KINDS if first.startswith(kind.upper())), None)
    if kind is None:
        return _UPDATES_DATA if first.startswith(_UPDATES) else _NO_QUERY
    volatile = _VOLATILE.search(" ".join(scan.words)) is not None
    return QueryText(text, kind, scan.prefixes - scan.declared, volatile)


def _scan(text: str) -> _Scan:
    words: list[str] = []
    prefixes: set[str] = set()
    declared: set[str] = set()
    for word, local, bare, unclosed in _TOKEN.findall(text):
        if bare:
            words.append(bare.upper())
        elif local:
            # A number or an operator may stand against the prefix: `?x-kg:rate`.
            prefix = word.lstrip("-.0123456789")
            (declared if words and words[-1] == "PREFIX" else prefixes).add(prefix)
        elif unclosed:
            return _Scan(tuple(words), frozenset(prefixes), frozenset(declared), closed=False)
    return _Scan(tuple(words), frozenset(prefixes), frozenset(declared), closed=True)


def _asks_elsewhere(text: str, scan: _Scan) -> bool:
    if _ELSEWHERE not in text.casefold():
        return False
    if not scan.closed:
        return True
    # Prefixes as well: to Oxigraph `SERVICEhere:x { … }` is the keyword before a name.
    return any(_ELSEWHERE in word.casefold() for word in (*scan.words, *scan.prefixes, *scan.declared))


def _asks_elsewhere_when_resolved(text: str) -> bool:
    # SPARQL 1.1, 19.2: escapes stand for their characters before the grammar is applied. More than once is not asked
    # for there; it costs nothing and leaves no doubt.
    for _ in range(3 if "\\" in text else 0):
        resolved = _ESCAPE.sub(_character, text)
        if resolved == text:
            return False
        text = resolved
        if _asks_elsewhere(text, _scan(text)):
            return True
    return False


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2], 16)
    return chr(number) if number <= 0x10FFFF else escape[0]
