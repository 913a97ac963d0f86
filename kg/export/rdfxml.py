"""RDF/XML from sorted triples: one element a subject, one property a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.errors import InputError
from kg.markup import attribute, content
from kg.statements import RDF, RDF_TYPE, XSD, Description, descriptions, iri, literal

_NAME = re.compile(r"(.*?)([A-Za-z_][A-Za-z0-9_.-]*)", re.DOTALL)
# RDF/XML, section 5.1: names that mean something else as an element.
_SYNTAX = re.compile(
    f"{re.escape(RDF)}(?:Description|RDF|ID|about|aboutEach|aboutEachPrefix|bagID|datatype|li|nodeID|parseType|resource)"
).fullmatch


def rdf_xml(found: Sequence[str], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield the pieces of an RDF/XML document of sorted triples.

    Raises:
        InputError: a text holds a character that XML 1.0 cannot carry, or a property's IRI cannot be split into a
            namespace and an XML name; the message names it.
    """
    names = _Names(found, prefixes)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    for name, namespace in names.declared():
        yield f'\n    xmlns:{name}="{attribute(namespace, namespace)}"'
    yield ">\n"
    for described in descriptions(found):
        yield _element(described, names)
    yield "</rdf:RDF>\n"


class _Names:
    """Gives each property and class its element name, and knows the namespaces that these need."""

    def __init__(self, found: Iterable[str], prefixes: Mapping[str, str]) -> None:
        by_namespace = {namespace: name for name, namespace in sorted(prefixes.items(), reverse=True)}
        by_namespace[RDF] = "rdf"
        self._elements: dict[str, str] = {}
        self._used = {RDF: "rdf"}
        for term in sorted(_element_terms(found)):
            namespace, name = _parts(term)
            prefix = self._used.get(namespace) or by_namespace.get(namespace) or f"ns{len(self._used)}"
            self._used[namespace] = prefix
            self._elements[term] = f"{prefix}:{name}"

    def declared(self) -> list[tuple[str, str]]:
        return sorted((name, namespace) for namespace, name in self._used.items())

    def of(self, term: str) -> str:
        return self._elements[term]


def _element_terms(found: Iterable[str]) -> set[str]:
    return {predicate for _, predicate, _ in (triple.split(" ", 2) for triple in found)}


def _parts(term: str) -> tuple[str, str]:
    full = iri(term)
    split = _NAME.fullmatch(full)
    if not split or not split[1] or _SYNTAX(full):
        raise InputError(f"the property <{full}> cannot be the name of an element, so the graph cannot be RDF/XML")
    return split[1], split[2]


def _element(described: Description, names: _Names) -> str:
    about = attribute(iri(described.subject), described.subject)
    lines = [
        _property(described.subject, names.of(predicate), value)
        for predicate, values in sorted(described.values.items(), key=lambda pair: pair[0] != RDF_TYPE)
        for value in values
    ]
    return f'<rdf:Description rdf:about="{about}">\n{"".join(lines)}</rdf:Description>\n'


def _property(subject: str, name: str, term: str) -> str:
    if term[0] == "<":
        return f'    <{name} rdf:resource="{attribute(iri(term), subject)}"/>\n'
    value = literal(term)
    if value.language:
        kind = f' xml:lang="{value.language}"'
    elif value.datatype and value.datatype != f"{XSD}string":
        kind = f' rdf:datatype="{attribute(value.datatype, subject)}"'
    else:
        kind = ""
    return f"    <{name}{kind}>{content(value.value, subject)}</{name}>\n"
