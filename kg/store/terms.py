"""Turns terms of pyoxigraph and of SPARQL JSON results into the same rdflib terms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.errors import EndpointError, UsageError
from kg.vocabulary import EXTERNAL_PREFIXES

if TYPE_CHECKING:
    import pyoxigraph
    from rdflib.term import BNode, Literal, Node, URIRef

    from kg.store.answer import Term

    PyoxigraphTerm = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple

_XSD = EXTERNAL_PREFIXES["xsd"]
_STRING, _BOOLEAN, _DECIMAL = f"{_XSD}string", f"{_XSD}boolean", f"{_XSD}decimal"
_TRUTHS = {"1": "true", "0": "false"}
# Oxigraph keeps every whole number as xsd:integer. Servers that keep the derived type must give the same answers.
_WHOLE = frozenset(
    f"{_XSD}{name}"
    for name in (
        "byte",
        "int",
        "long",
        "negativeInteger",
        "nonNegativeInteger",
        "nonPositiveInteger",
        "positiveInteger",
        "short",
        "unsignedByte",
        "unsignedInt",
        "unsignedLong",
        "unsignedShort",
    )
)


def from_pyoxigraph(term: PyoxigraphTerm) -> Term:
    """Return the rdflib term.

    Raises:
        UsageError: the term is a quoted triple, which rdflib has not.
    """
    import pyoxigraph

    match term:
        case pyoxigraph.NamedNode():
            return _iri(term.value)
        case pyoxigraph.Literal():
            return _literal(term.value, term.language, term.datatype.value)
        case pyoxigraph.BlankNode():
            return _blank(term.value)
        case _:
            raise UsageError(f"the answer holds the quoted triple {term}, which rdflib has no term for")


def to_pyoxigraph(term: Node) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    """Return the pyoxigraph term.

    Raises:
        UsageError: the term is not an IRI, a blank node or a literal.
    """
    import pyoxigraph
    from rdflib.term import BNode, Literal, URIRef

    match term:
        case URIRef():
            return pyoxigraph.NamedNode(str(term))
        case BNode():
            return pyoxigraph.BlankNode(str(term))
        case Literal(language=str() as language):
            return pyoxigraph.Literal(str(term), language=language)
        case Literal():
            return pyoxigraph.Literal(str(term), datatype=pyoxigraph.NamedNode(str(term.datatype or _STRING)))
        case _:
            raise UsageError(f"{term!r} is no term of RDF")


def from_json(binding: Mapping[str, Any]) -> Term:
    """Return the rdflib term of one binding of SPARQL 1.1 Query Results JSON.

    Raises:
        EndpointError: the binding is not of a known type.
    """
    match binding:
        case {"type": "uri", "value": str(value)}:
            return _iri(value)
        case {"type": "literal" | "typed-literal", "value": str()}:
            return _literal(canonical(binding), binding.get("xml:lang"), binding.get("datatype") or _STRING)
        case {"type": "bnode", "value": str(value)}:
            return _blank(value)
        case _:
            raise EndpointError(f"the answer holds a term that is no SPARQL JSON term: {dict(binding)!r}")


def canonical(binding: Mapping[str, Any]) -> str:
    """Return the text of one binding of SPARQL JSON as Oxigraph writes it: servers differ in truths and decimals.

    >>> boolean, decimal = (f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("boolean", "decimal"))
    >>> canonical({"type": "typed-literal", "datatype": boolean, "value": "1"})
    'true'
    >>> canonical({"type": "literal", "datatype": decimal, "value": "1000.50"})
    '1000.5'
    """
    value = str(binding["value"])
    match binding.get("datatype"):
        case None:
            return value
        case datatype if datatype == _BOOLEAN:
            return _TRUTHS.get(value, value)
        case datatype if datatype == _DECIMAL:
            return _shortest_decimal(value)
    return value


def triple(found: pyoxigraph.Quad | pyoxigraph.Triple) -> tuple[Term, Term, Term]:
    """Return subject, predicate and object as rdflib terms; raises as `from_pyoxigraph` does."""
    return from_pyoxigraph(found.subject), from_pyoxigraph(found.predicate), from_pyoxigraph(found.object)


def nquads_term(binding: Mapping[str, Any]) -> str:
    """Return one binding of SPARQL JSON results as a term of canonical N-Quads.

    >>> nquads_term({"type": "literal", "value": "a\\nb", "xml:lang": "sv"})
    '"a\\\\nb"@sv'
    """
    from kg.literals import escaped

    value = canonical(binding)
    match binding["type"]:
        case "uri":
            return f"<{value}>"
        case "bnode":
            return f"_:{value}"
    text = f'"{escaped(value)}"'
    if "xml:lang" in binding:
        return f"{text}@{binding['xml:lang']}"
    datatype = binding.get("datatype", _STRING)
    return text if datatype == _STRING else f"{text}^^<{datatype}>"


@lru_cache(maxsize=65536)
def _iri(value: str) -> URIRef:
    from rdflib.term import URIRef

    return URIRef(value)


def _blank(value: str) -> BNode:
    from rdflib.term import BNode

    return BNode(value)


def _literal(value: str, language: str | None, datatype: str) -> Literal:
    return _long_literal(value, language, datatype) if len(value) > 200 else _short_literal(value, language, datatype)


def _long_literal(value: str, language: str | None, datatype: str) -> Literal:
    from rdflib.term import Literal

    if language:
        return Literal(value, lang=language)
    if datatype == _STRING:
        return Literal(value)
    if datatype in _WHOLE:
        return Literal(value, datatype=_iri(f"{_XSD}integer"))
    return Literal(value, datatype=_iri(datatype))


# rdflib checks every typed literal when it is made, which costs more than all the rest; most values come again.
_short_literal = lru_cache(maxsize=65536)(_long_literal)


@lru_cache(maxsize=65536)
def _shortest_decimal(text: str) -> str:
    """Return a decimal as Oxigraph writes it.

    >>> _shortest_decimal("15935467.0"), _shortest_decimal("0.40"), _shortest_decimal("-.5"), _shortest_decimal("100")
    ('15935467', '0.4', '-0.5', '100')
    """
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    shown = format(number, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
