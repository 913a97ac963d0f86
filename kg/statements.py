"""N-Triples and N-Quads lines taken apart and put in order, as text: the common ground of every exporter.

A *line* is one statement in canonical form (one space between terms, ``" ."`` at the end), as `kg build` and
pyoxigraph write them. A *triple* is the same text without graph and full stop: ``<s> <p> <o>``.
Working on text keeps every literal exactly as it was written; a store may not (Oxigraph turns
``xsd:nonNegativeInteger`` into ``xsd:integer``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, zip_longest

from kg.errors import InputError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = f"<{RDF}type>"

_ESCAPE = re.compile(r"\\(?:([tbnrf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: its lexical form, unescaped, and its language tag or datatype IRI (both None for a plain string)."""

    value: str
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What a graph says of one subject: its predicates in order, and the sorted values of each, all as terms."""

    subject: str
    values: Mapping[str, Sequence[str]]


def triples(lines: Iterable[str]) -> list[str]:
    """Return the distinct triples of N-Triples or N-Quads `lines`, sorted; graph names are dropped.

    Raises:
        InputError: a line is not a canonical statement without blank nodes.

    >>> triples(['<http://e/s> <http://e/p> "b c" <http://e/g> .', '<http://e/s> <http://e/p> "b c" .'])
    ['<http://e/s> <http://e/p> "b c"']
    """
    return _distinct([triple for triple, _ in _split(lines)])


def graphs(lines: Iterable[str]) -> dict[str, list[str]]:
    """Return the distinct triples of each graph, sorted; the key is ``<iri>``, or ``""`` for the default graph.

    Raises:
        InputError: a line is not a canonical statement without blank nodes.
    """
    found: dict[str, list[str]] = {}
    for triple, graph in _split(lines):
        known = found.get(graph)
        if known is None:
            found[graph] = [triple]
        else:
            known.append(triple)
    return {graph: _distinct(found[graph]) for graph in sorted(found)}


def union(parts: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the distinct triples of all graphs together, sorted."""
    return _distinct([triple for part in parts.values() for triple in part])


def descriptions(found: Iterable[str]) -> Iterator[Description]:
    """Yield one description a subject from sorted triples."""
    subject = ""
    values: dict[str, list[str]] = {}
    for triple in found:
        this, predicate, value = triple.split(" ", 2)
        if this != subject:
            if values:
                yield Description(subject, values)
            subject, values = this, {}
        known = values.get(predicate)
        if known is None:
            values[predicate] = [value]
        else:
            known.append(value)
    if values:
        yield Description(subject, values)


def unescaped(text: str) -> str:
    r"""Return the characters that an escaped IRI or literal stands for.

    >>> unescaped('a\\n\\u00e5')
    'a\nå'
    """
    if "\\" not in text:
        return text
    if "\\\\" not in text:
        # No escape can hide another, so the frequent ones are taken at once: long texts are full of line breaks.
        text = text.replace("\\n", "\n").replace('\\"', '"')
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def literal(term: str) -> Literal:
    """Return the literal that a term of a triple writes.

    Raises:
        InputError: the term is not a literal.

    >>> literal('"Projekt"@sv')
    Literal(value='Projekt', language='sv', datatype=None)
    """
    last = term[-1:]
    if last == '"':
        end, language, datatype = len(term) - 1, None, None
    elif last == ">":
        end = term.rfind('"^^<')
        language, datatype = None, iri(term[end + 3 :])
    else:
        end = term.rfind('"@')
        language, datatype = term[end + 2 :], None
    if end < 1 or term[0] != '"':
        raise InputError(f"{_shown(term)} is not a literal of N-Triples")
    return Literal(unescaped(term[1:end]), language, datatype)


@lru_cache(maxsize=65536)
def iri(term: str) -> str:
    """Return the IRI of a term such as ``<http://…>``, without brackets and escapes."""
    return unescaped(term[1:-1])


def _character(found: re.Match[str]) -> str:
    plain, short, long = found.groups()
    return _PLAIN[plain] if plain else chr(int(short or long, 16))


def _distinct(found: list[str]) -> list[str]:
    found.sort()
    return [text for text, following in zip_longest(found, islice(found, 1, None)) if text != following]


def _split(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield triple and graph of each line; empty lines and comments are passed over."""
    for number, line in enumerate(lines, 1):
        parts = line.rstrip().rsplit(" ", 2)
        if parts[0][:1] in ("", "#"):
            continue
        if len(parts) < 3 or parts[2] != "." or line[0] != "<" or "> <" not in line:
            raise InputError(_unusable(number, line))
        head, last, _ = parts
        # An IRI holds neither quotation marks nor spaces: a last IRI is the graph if three terms stand before it.
        if last[0] == "<" and '"' not in last and head.count(" ") > 1:
            triple, graph, value = head, last, head
        else:
            triple, graph, value = f"{head} {last}", "", last
        if value[-1] not in '">' and '"@' not in value:
            raise InputError(_unusable(number, line))
        yield triple, graph


def _unusable(number: int, body: str) -> str:
    if re.search(r'(?:^|[>"] )_:', body):
        return f"statement {number} holds a blank node, and our graphs have none: {_shown(body)}"
    return f"statement {number} is not in canonical N-Quads form: {_shown(body)}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 120 else text[:119] + "…")
