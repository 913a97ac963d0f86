"""Parts lines of N-Triples and N-Quads into those that a store may load as they stand, and those that need care.

Care needs a literal that Oxigraph would keep in a form of its own, and a blank node, which loading text would rename.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.store.bulk_loader import GRAPH_AT_LINE_END
from kg.validation.facts import RDF, XSD

_BLOCK = 1 << 17
"""Text that is looked at as a whole, in bytes; only where that has something irregular, line by line."""
_NAMESPACES = {b"x": re.escape(XSD.encode()), b"r": re.escape(RDF.encode())}
_KEPT = (
    rb'"(?:(?:0|-?[1-9][0-9]{0,17})"\^\^<%(x)sinteger>'
    rb'|-?(?:[1-9][0-9]{0,11}|0(?=\.))(?:\.(?!0{4})[0-9]{0,11}[1-9])?"\^\^<%(x)sdecimal>'
    rb'|(?:true|false)"\^\^<%(x)sboolean>'
    rb'|[0-9]{4}-[0-9]{2}-[0-9]{2}"\^\^<%(x)sdate>'
    rb'|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"\^\^<%(x)sdateTime>)'
    rb'|"\^\^<(?:%(x)s(?:string|anyURI)>|(?!%(x)s|%(r)s)[^<>\\]*>)' % _NAMESPACES
)
"""The end of a typed literal that is kept as it is written, or all of it: no more than `facts.as_written` lets pass."""
_RETYPED = rb'"(?:0|[1-9][0-9]{0,8})"\^\^<%(x)s(?:nonNegativeInteger|int|long)>' % _NAMESPACES
"""A whole number of which Oxigraph keeps all but the type."""
_CERTAIN = {False: re.compile(_KEPT), True: re.compile(_KEPT + b"|" + _RETYPED)}
_WHOLE = re.compile(rb'"[-+0-9]+"\^\^<%(x)s(integer|nonNegativeInteger|int|long)>' % _NAMESPACES)
_TRIPLE_OF_IRIS = re.compile(rb"^<[^<>]*>\s*<[^<>]*>\s*<[^<>]*>\s*\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parts:
    """Lines of text: N-Triples for the default graph, N-Quads for named graphs, and those that need care."""

    union: bytes
    named: bytes
    careful: bytes


def parted(text: bytes, *, quads: bool, retyped: bool) -> Parts:
    """Part whole lines of N-Quads (`quads`) or N-Triples; what stands in a named graph goes into the default graph too.

    With `retyped` whole numbers of which only the type changes need no care.
    """
    parts = [_of_block(block, quads, retyped) for block in _blocks(text)]
    return Parts(*(b"".join(getattr(part, name) for part in parts) for name in ("union", "named", "careful")))


def types_of_whole_numbers(text: bytes) -> frozenset[tuple[str, str]]:
    """Return each predicate with the local names of the types of its whole numbers: integers, and what may be retyped.

    A predicate is given as it stands before the number, in angle brackets.
    """
    found = {(text[text.rfind(b"<", 0, each.start()) : each.start()], each[1]) for each in _WHOLE.finditer(text)}
    return frozenset((predicate.decode().strip(), kind.decode()) for predicate, kind in found)


def _blocks(text: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(text):
        end = text.find(b"\n", start + _BLOCK) + 1 or len(text)
        yield text[start:end]
        start = end


def _of_block(text: bytes, quads: bool, retyped: bool) -> Parts:
    if not _needs_care(text, retyped):
        if not quads:
            return Parts(text, b"", b"")
        union, number = GRAPH_AT_LINE_END.subn(b" .", text)
        if number == text.count(b"\n") and not _TRIPLE_OF_IRIS.search(text):
            return Parts(union, text, b"")
    lines = text.splitlines(keepends=True)
    kinds = [_kind(line, quads, retyped) for line in lines]
    careful, triples, named = (b"".join(_of_kind(kind, lines, kinds)) for kind in ("careful", "triple", "quad"))
    return Parts(GRAPH_AT_LINE_END.sub(b" .", named) + triples, named, careful)


def _kind(line: bytes, quads: bool, retyped: bool) -> str:
    if _needs_care(line, retyped):
        return "careful"
    if not quads or _TRIPLE_OF_IRIS.match(line) or line.endswith(b'" .\n'):
        return "triple"
    return "quad" if GRAPH_AT_LINE_END.search(line) else "careful"


def _needs_care(text: bytes, retyped: bool) -> bool:
    if b"_:" in text:
        return True
    typed = text.count(b"^^")
    return typed > 0 and typed != len(_CERTAIN[retyped].findall(text))


def _of_kind(wanted: str, lines: Iterable[bytes], kinds: Iterable[str]) -> Iterator[bytes]:
    return (line for line, kind in zip(lines, kinds, strict=True) if kind == wanted)
