"""Strategies for statements that are legal and unpleasant."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import strategies as st

XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "a": "http://e.org/",
    "b-1": "http://e.org/a/",
    "c": "http://e.org/a#",
    "d": "http://e.org/A.",
    "xsd": XSD,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_NAMESPACES = st.sampled_from([*PREFIXES.values(), "urn:x:", "http://example.net/å/"])
_LOCALS = st.one_of(
    st.text("abcXYZ019._-", max_size=6),
    st.text("ab:/?&%=+,;~!$'()*@é中\u00b7😀.", max_size=6).map(lambda text: text.replace("%", "%41")),
)
IRIS: st.SearchStrategy[ox.NamedNode] = st.builds("{}{}".format, _NAMESPACES, _LOCALS).map(ox.NamedNode)
_TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("ab \"'\\\n\r\t\b\f\v\0\x1f\x7f\x85\u2028\ufeff\ufffe<>@^.#å😀", max_size=12),
    st.sampled_from(['"""', "'''", '\\"', "\\u0041", "a\\", " .", "> <x> .", '" <http://e.org/g> .', "# no comment"]),
)
_LANGUAGES = st.sampled_from(["sv", "en", "sv-se", "de-1996"])
_INTEGERS = ["0", "-0", "007", "7", "+7", "-7", "123456789012345678901"]
_NUMBERS = st.sampled_from([*_INTEGERS, "0.4", ".4", "4.", "0.40", "-0.0", "7.0", "1e3", "true", "1", "false", "x"])
_DATATYPES = st.sampled_from(["integer", "decimal", "boolean", "double", "date", "nonNegativeInteger", "string"])
LITERALS: st.SearchStrategy[ox.Literal] = st.one_of(
    _TEXTS.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), _TEXTS, _LANGUAGES),
    st.builds(lambda text, name: ox.Literal(text, datatype=ox.NamedNode(XSD + name)), _NUMBERS, _DATATYPES),
    st.builds(lambda text, iri: ox.Literal(text, datatype=iri), _TEXTS, IRIS),
)
_PREDICATES = st.one_of(IRIS, st.just(ox.NamedNode(PREFIXES["rdf"] + "type")))
TRIPLES: st.SearchStrategy[ox.Triple] = st.builds(ox.Triple, IRIS, _PREDICATES, st.one_of(IRIS, LITERALS))
QUADS: st.SearchStrategy[ox.Quad] = st.builds(
    lambda triple, graph: ox.Quad(triple.subject, triple.predicate, triple.object, graph),
    TRIPLES,
    st.one_of(IRIS, st.just(ox.DefaultGraph())),
)


def lines(statements: list[ox.Triple] | list[ox.Quad]) -> list[str]:
    """Return the statements as canonical N-Quads lines."""
    return [f"{statement} .\n" for statement in statements]
